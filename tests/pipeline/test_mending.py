"""One press puts right what cannot be wrong, and another takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from desks import Desk

from bulletin.errors import Conflict, NotFound
from bulletin.models.checks import LinkCheck, Verdict
from bulletin.models.issues import Length, Visibility
from bulletin.models.items import Action, Deadline, Item, ItemDraft, ItemState
from bulletin.models.people import UserRole
from bulletin.models.reviews import fingerprint_of
from bulletin.pipeline.composing.changing import EndsApproval
from bulletin.pipeline.composing.composing import Composing
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.history import steps
from bulletin.pipeline.reviewing.mending import Mended, Mending
from bulletin.pipeline.reviewing.mends import offers

if TYPE_CHECKING:
    from bulletin.models.issues import IssueContent

OLD, NEW = "https://old.example/page", "https://new.example/page"
DRAFT = ItemDraft(
    "Age checks",
    body=f"See [the page]({OLD}), [part two]({OLD}#two) and [others]({OLD}s).",
    source="Example Office",
    actions=(Action("Read it", url=OLD),),
)


def an_issue(desk: Desk, *drafts: ItemDraft) -> str:
    """An issue `march` with these items, numbered from 1."""
    with desk.store.write() as tx:
        items = [tx.items.add(draft, desk.clock()) for draft in drafts]
    desk.drafting.new("March", {}, Visibility.PRIVATE, "test")
    desk.drafting.place("march", items, PlacingOptions(), "test")
    return "march"


def mending(desk: Desk) -> Mending:
    return Mending(desk.store, desk.proving, desk.editing, Composing(desk.store))


def press(desk: Desk, code: str) -> Mended:
    """Press what the first finding with this code offers."""
    proof = desk.approval.preflight("march")
    [finding, *_] = [one for one in proof.findings if one.code == code]
    assert fingerprint_of(finding) in offers(proof)
    return mending(desk).mend("march", fingerprint_of(finding), "test")


def take_back(desk: Desk, done: Mended) -> None:
    if done.item_id is not None:
        mending(desk).take_back_edit(done.item_id, done.version or 0, "test")
    else:
        assert done.part
        mending(desk).take_back("march", done.part, done.present, "test")


def item(desk: Desk) -> Item:
    """Item 1."""
    with desk.store.read() as tx:
        return tx.items.get(1)


def content(desk: Desk) -> IssueContent:
    return desk.drafting.content("march")[1]


def moved(desk: Desk) -> None:
    found = LinkCheck(OLD, Verdict.MOVED, desk.clock(), 200, NEW, f"has moved for good to {NEW}")
    with desk.store.write() as tx:
        tx.link_checks.keep(found)


def test_a_link_that_moved_gets_its_new_address_and_no_other_link_does(quick_desk: Desk) -> None:
    an_issue(quick_desk, DRAFT)
    moved(quick_desk)
    done = press(quick_desk, "link_moved")
    draft = item(quick_desk).draft
    assert draft.actions[0].url == NEW
    assert draft.body == f"See [the page]({NEW}), [part two]({OLD}#two) and [others]({OLD}s)."
    assert press(quick_desk, "link_moved").done  # the one with a fragment, which it keeps
    assert f"[part two]({NEW}#two)" in item(quick_desk).draft.body
    with pytest.raises(Conflict, match="changed it since"):
        take_back(quick_desk, done)


def test_a_mended_item_says_again_what_it_said(quick_desk: Desk) -> None:
    an_issue(quick_desk, DRAFT)
    moved(quick_desk)
    take_back(quick_desk, press(quick_desk, "link_moved"))
    assert item(quick_desk).draft == DRAFT


def test_a_link_of_the_intro_is_mended_and_taken_back_alone(quick_desk: Desk) -> None:
    an_issue(quick_desk)
    moved(quick_desk)
    quick_desk.drafting.edit("march", {"intro": f"See [it]({OLD})."}, "test")
    done = press(quick_desk, "link_moved")
    assert content(quick_desk).intro == f"See [it]({NEW})."
    take_back(quick_desk, done)
    # Both edits are of one sitting, and only the mend goes.
    assert content(quick_desk).intro == f"See [it]({OLD})."


def test_no_new_address_is_taken_that_leads_inside_or_could_break_the_text(
    quick_desk: Desk,
) -> None:
    an_issue(quick_desk, DRAFT)
    for bad in ("http://192.168.0.1/x", "javascript:alert(1)", "https://new.example/a(b"):
        with quick_desk.store.write() as tx:
            tx.link_checks.keep(
                LinkCheck(OLD, Verdict.MOVED, quick_desk.clock(), 200, bad, "moved")
            )
        assert not offers(quick_desk.approval.preflight("march"))


def test_a_passed_deadline_leaves_the_diary(quick_desk: Desk) -> None:
    an_issue(quick_desk, replace(DRAFT, deadline=Deadline(date(2026, 11, 1), "Respond by")))
    done = press(quick_desk, "deadline_passed")
    assert item(quick_desk).draft.deadline is None
    take_back(quick_desk, done)
    assert item(quick_desk).draft.deadline


def test_of_two_that_say_the_same_the_second_goes_and_comes_back_to_its_place(
    quick_desk: Desk,
) -> None:
    text = replace(DRAFT, body="Police tell schools of what happened at home. " * 9)
    an_issue(quick_desk, text, text, replace(DRAFT, title="Another"))
    done = press(quick_desk, "item_doubled")
    assert [one.id for one in content(quick_desk).topics[0].items] == [1, 3]
    take_back(quick_desk, done)
    assert [one.id for one in content(quick_desk).topics[0].items] == [1, 2, 3]


def test_a_newer_version_takes_the_place_and_the_readers_of_the_older_one(
    quick_desk: Desk,
) -> None:
    an_issue(quick_desk, DRAFT, replace(DRAFT, title="Last"))
    quick_desk.change(1, roles=["dsl"])
    with quick_desk.store.write() as tx:
        tx.items.add(replace(DRAFT, title="Age checks, put right", updates=1), quick_desk.clock())
    done = press(quick_desk, "newer_version")
    items = content(quick_desk).topics[0].items
    assert [(one.id, one.roles) for one in items] == [(3, {"dsl"}), (2, frozenset())]
    assert item(quick_desk).state is ItemState.KEPT
    take_back(quick_desk, done)
    assert [one.id for one in content(quick_desk).topics[0].items] == [1, 2]


def test_a_subject_stops_pretending_to_be_an_answer(quick_desk: Desk) -> None:
    an_issue(quick_desk, DRAFT)
    quick_desk.drafting.edit("march", {"subject": "Re: FW: March"}, "test")
    done = press(quick_desk, "fake_reply")
    assert content(quick_desk).subject == "March"
    take_back(quick_desk, done)
    assert content(quick_desk).subject == "Re: FW: March"


def test_a_length_that_somebody_chose_gives_way_to_one_that_fits(quick_desk: Desk) -> None:
    long = replace(DRAFT, body="A long text about safeguarding in schools. " * 3000)
    an_issue(quick_desk, long)
    quick_desk.drafting.edit("march", {"length": Length.FULL}, "test")
    press(quick_desk, "too_large")
    assert quick_desk.drafting.issue("march").length is None


def unchosen(desk: Desk) -> list[str]:
    """The fingerprints of what says that nobody chose who an item is for."""
    found = desk.approval.preflight("march").findings
    return [fingerprint_of(one) for one in found if one.code == "readers_unchosen"]


def test_whoever_works_at_the_desk_hears_of_items_without_readers_and_says_they_are_for_all(
    quick_desk: Desk,
) -> None:
    an_issue(quick_desk, DRAFT, replace(DRAFT, title="Lamps"), replace(DRAFT, title="Doors"))
    assert unchosen(quick_desk) == [], "on the command line they are for everybody"
    with quick_desk.store.write() as tx:
        user = tx.users.add("sam@school.example", UserRole.EDITOR, "", quick_desk.clock())
        tx.accounts.signed_in(user.id, quick_desk.clock())
    quick_desk.editing.revise(3, lambda content: content, "sam", for_readers=True)
    keys = unchosen(quick_desk)
    assert len(keys) == 2
    done = mending(quick_desk).say_everybody("march", keys, "sam")
    assert (done.done, done.for_everybody) == ("2 items are for everybody.", (1, 2))
    assert unchosen(quick_desk) == []
    mending(quick_desk).take_back_readers(done.for_everybody, "sam")
    assert unchosen(quick_desk) == keys
    with quick_desk.store.read() as tx:
        told = steps(tx.items.get(1), [], tx.audit.history("item:1"))
    assert [one.what for one in told][-2:] == [
        "said to be for everybody", "left without readers again",
    ]  # fmt: skip
    assert press(quick_desk, "readers_unchosen").done == "Item 1 is for everybody."


def test_both_halves_of_an_item_are_for_those_it_was_chosen_for(quick_desk: Desk) -> None:
    an_issue(quick_desk, replace(DRAFT, body="One.\nTwo."))
    quick_desk.editing.revise(1, lambda content: content, "sam", for_readers=True)
    _, second = quick_desk.editing.split(1, 2, "sam", title="Two")
    with quick_desk.store.read() as tx:
        assert tx.composing.with_readers([1, second.id]) == {1, second.id}


def test_what_waits_for_approval_is_not_mended_behind_its_approver(quick_desk: Desk) -> None:
    an_issue(quick_desk, DRAFT)
    moved(quick_desk)
    proof = quick_desk.approval.preflight("march")
    key = next(iter(offers(proof)))
    quick_desk.approval.ask("march", "test")
    with pytest.raises(EndsApproval):
        mending(quick_desk).mend("march", key, "test")


def test_what_is_no_longer_found_is_not_mended(quick_desk: Desk) -> None:
    an_issue(quick_desk, DRAFT)
    with pytest.raises(NotFound, match="put right meanwhile"):
        mending(quick_desk).mend("march", "0" * 64, "test")
