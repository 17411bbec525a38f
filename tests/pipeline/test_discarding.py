"""A draft that nobody wants is deleted; what anybody may have to answer for is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desks import Desk

from bulletin.errors import NotFound, Refused
from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft, ItemState
from bulletin.models.people import UserRole
from bulletin.pipeline.discarding import Discarding
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.reviewing.approvers import approvers_of
from bulletin.pipeline.reviewing.commenting import Commenting

if TYPE_CHECKING:
    from bulletin.models.issues import Issue

LAMPS = ItemDraft("Lamps", source="Example Office")


def draft(desk: Desk, title: str, *items: int) -> Issue:
    issue = desk.drafting.new(title, {}, Visibility.PRIVATE, "sam@school.example")
    return desk.drafting.place(issue.slug, items, PlacingOptions(), "sam@school.example")


def an_item(desk: Desk, body: str = "One.") -> int:
    with desk.store.write() as tx:
        return tx.items.add(replace(LAMPS, body=body), desk.clock())


def test_a_draft_goes_with_what_is_its_own_and_its_items_stay(desk: Desk) -> None:
    both, alone = an_item(desk), an_item(desk)
    draft(desk, "March", both, alone)
    draft(desk, "April", both)
    Commenting(desk.store).say("march", "Is this needed?", "sam@school.example")
    gone = Discarding(desk.store).discard("march", "sam@school.example")
    assert gone.items == 2
    with pytest.raises(NotFound):
        desk.drafting.issue("march")
    with desk.store.read() as tx:
        states = [item.state for item in tx.items.get_all([both, alone])]
        [*_, last] = tx.audit.history(f"issue:{gone.issue.id}")
    assert states == [ItemState.USED, ItemState.KEPT]
    assert last[1:3] == ("sam@school.example", "issue.delete")
    assert last[3]["title"] == "March"


def test_what_was_approved_once_or_waits_for_that_stays(quick_desk: Desk) -> None:
    draft(quick_desk, "March", an_item(quick_desk))
    discarding = Discarding(quick_desk.store)
    quick_desk.approval.approve("march", "test", override="a test")
    with pytest.raises(Refused, match="'March' is approved"):
        discarding.discard("march", "test")
    quick_desk.drafting.edit("march", {"title": "March news"}, "test")
    assert "was approved once" in discarding.look("march").why_not
    draft(quick_desk, "April", an_item(quick_desk))
    quick_desk.approval.ask("april", "test", "Look at the source.")
    with pytest.raises(Refused, match="'April' is waiting for its approval"):
        discarding.discard("april", "test")


def test_who_wrote_a_deleted_issue_may_approve_the_one_that_has_its_number(
    quick_desk: Desk,
) -> None:
    draft(quick_desk, "March", an_item(quick_desk))
    with quick_desk.store.write() as tx:
        for name in ("sam", "kim"):
            tx.users.add(f"{name}@school.example", UserRole.APPROVER, "", quick_desk.clock())
    old = Discarding(quick_desk.store).discard("march", "kim@school.example").issue
    new = quick_desk.drafting.new("April", {}, Visibility.PRIVATE, "kim@school.example")
    assert new.id == old.id
    with quick_desk.store.read() as tx:
        found = approvers_of(tx, new, self_approval=False)
    assert [user.email for user in found.may] == ["sam@school.example"]


def test_an_item_whose_issue_was_deleted_comes_back_without_it(quick_desk: Desk) -> None:
    first, second = an_item(quick_desk), an_item(quick_desk, "Two.")
    draft(quick_desk, "March", first, second)
    quick_desk.editing.join(first, second, "test")
    Discarding(quick_desk.store).discard("march", "test")
    back = quick_desk.editing.revert(first, 1, "test")
    assert back.elsewhere == ((second, "march"),)
    assert back.followed[0].state is ItemState.KEPT
