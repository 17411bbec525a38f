"""The Check page: what is to fix and to consider, and sending an issue for approval."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.issues import Visibility
from bulletin.models.items import Action, ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

AsRole = Callable[..., Desk]


@pytest.fixture
def issue(services: Services) -> str:
    """The address of an issue with one item that is in order but for its nation and date."""
    with services.store.write() as tx:
        draft = ItemDraft(
            "Safer corridors",
            body="Pupils chose the places that need light.",
            source="Example Institute",
            actions=(Action("Read the report", url="https://guidance.example/report"),),
        )
        item = tx.items.add(draft, services.store.clock())
    made = services.drafting.new("December", {}, Visibility.PRIVATE, "writer@school.example")
    services.drafting.place(made.slug, [item], PlacingOptions(), "writer@school.example")
    return f"/app/issues/{made.id}"


def test_what_is_to_fix_to_consider_and_in_order_is_counted_and_named(
    as_role: AsRole, issue: str
) -> None:
    page = as_role(UserRole.AUTHOR).get(f"{issue}/check").text
    assert "0 to fix, 4 to consider, 33 passed" in page
    assert "does not say which nation it is about" in page
    assert "Every item has a title" in page


def test_items_that_nobody_chose_readers_for_are_said_to_be_for_everybody_by_one_press(
    as_role: AsRole, issue: str, services: Services
) -> None:
    number = issue.rpartition("/")[2]
    author = as_role(UserRole.AUTHOR)
    with services.store.write() as tx:
        tx.accounts.signed_in(author.user.id, services.store.clock())
        other = tx.items.add(ItemDraft("Lamps", body="More light."), services.store.clock())
    services.drafting.place(number, [other], PlacingOptions(), "writer@school.example")
    page = author.get(f"{issue}/check").text
    assert "2 items have no readers chosen, so everybody gets them." in page
    assert f'href="{issue}/compose?item={other}#readers-{other}"' in page
    form = page.partition("These 2 are for everybody")[0].rpartition("<form")[2]
    keys = re.findall(r'name="finding" value="([0-9a-f]{64})"', form)
    author.change(f"{issue}/check/mend", finding=keys)
    after = author.get(f"{issue}/check").text
    assert "2 items are for everybody." in after
    assert "no readers chosen" not in after
    author.change(f"{issue}/check/undo", everybody=f"1 {other}")
    assert "These 2 are for everybody" in author.get(f"{issue}/check").text


def test_an_editor_sends_an_issue_for_approval_and_another_person_approves_it(
    as_role: AsRole, issue: str, services: Services
) -> None:
    editor, approver = as_role(UserRole.EDITOR), as_role(UserRole.APPROVER)
    sent = editor.change(f"{issue}/submit", remark="The date of item 1 is not known.")
    assert sent.headers["location"] == f"{issue}/approve"
    page = approver.get(f"{issue}/approve").text
    assert "Version 1</strong>, frozen" in page
    assert "The date of item 1 is not known." in page
    assert "Approve version 1" in page
    number = int(issue.rpartition("/")[2])
    with services.store.read() as tx:
        review = tx.reviews.waiting(number)
    assert review
    done = approver.change(f"{issue}/approve", hash=review.hash)
    assert done.status_code == 303
    approved = services.drafting.issue(str(number))
    assert (approved.state.value, approved.approved_hash) == ("approved", review.hash)
