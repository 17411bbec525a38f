"""Approved means frozen, by somebody who may, and only when nothing blocks it (invariant 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions

if TYPE_CHECKING:
    from desks import Desk


def add_users(desk: Desk) -> None:
    with desk.store.write() as tx:
        for address, role in (
            ("editor@school.example", UserRole.EDITOR),
            ("approver@school.example", UserRole.APPROVER),
        ):
            tx.users.add(address, role, "", desk.clock())


def test_an_empty_issue_cannot_be_approved(quick_desk: Desk) -> None:
    quick_desk.drafting.new("Empty", {}, Visibility.PRIVATE, "test")
    with pytest.raises(Refused, match=r"to fix before issue 'empty'"):
        quick_desk.approval.approve("empty", "test")


def test_a_blocked_issue_goes_out_only_with_a_recorded_reason(quick_desk: Desk) -> None:
    quick_desk.drafting.new("Empty", {}, Visibility.PRIVATE, "test")
    issue = quick_desk.approval.approve("empty", "test", override="a rehearsal")
    assert issue.state is IssueState.APPROVED
    with quick_desk.store.read() as tx:
        assert tx.issues.snapshot(issue).override_reason == "a rehearsal"
        assert tx.audit.history(f"issue:{issue.id}")[-1][3]["override"] == "a rehearsal"


def test_any_edit_voids_an_approval_and_says_so(desk: Desk) -> None:
    reference = desk.approved()
    item = desk.drafting.content(reference)[1].topics[0].items[0]
    edits = [
        lambda: desk.drafting.edit(reference, {"subject": "Changed"}, "test"),
        lambda: desk.drafting.remove(reference, [item.id], "test"),
        lambda: desk.drafting.place(reference, [item.id], PlacingOptions(), "test"),
        lambda: desk.change(item.id, title="New"),
        lambda: desk.change(item.id, roles=["governor"]),
    ]
    for edit in edits:
        edit()
        issue = desk.drafting.issue(reference)
        assert issue.state is IssueState.DRAFT
        assert issue.approved_hash is None
        assert "needs approval again" in issue.state_reason
        desk.approval.approve(reference, "test")


def test_what_goes_out_is_what_was_approved_even_if_the_library_changes_meanwhile(
    desk: Desk,
) -> None:
    reference = desk.approved()
    desk.planning.start(reference, None, "test")
    item = desk.drafting.content(reference)[1].topics[0].items[0]
    desk.change(item.id, title="Rewritten")
    issue = desk.drafting.issue(reference)
    assert issue.state is IssueState.SENDING
    with desk.store.read() as tx:
        assert "Rewritten" not in tx.issues.snapshot(issue).compiled.html


def test_nothing_of_an_issue_that_is_being_sent_can_be_edited(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    quick_desk.planning.start(reference, None, "test")
    with pytest.raises(Refused, match="sending"):
        quick_desk.drafting.edit(reference, {"subject": "Too late"}, "test")


def test_one_person_alone_may_approve_their_own_issue(quick_desk: Desk) -> None:
    assert quick_desk.approval.approve(quick_desk.issue(), "editor@school.example").approved_hash


def test_among_several_people_somebody_else_has_to_approve(quick_desk: Desk) -> None:
    reference = quick_desk.issue()
    add_users(quick_desk)
    with pytest.raises(Refused, match="approver or admin"):
        quick_desk.approval.approve(reference, "editor@school.example")
    with pytest.raises(Refused, match="approver or admin"):
        quick_desk.approval.approve(reference, "stranger@school.example")
    assert quick_desk.approval.approve(reference, "approver@school.example").approved_hash


def test_an_approver_cannot_approve_what_they_made(quick_desk: Desk) -> None:
    add_users(quick_desk)
    quick_desk.drafting.new("Mine", {}, Visibility.PRIVATE, "approver@school.example")
    with pytest.raises(Refused, match="cannot approve it"):
        quick_desk.approval.approve("mine", "approver@school.example", override="in a hurry")


def test_placing_is_all_or_nothing(desk: Desk) -> None:
    (item,) = desk.add_items("One")
    desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    with pytest.raises(NotFound, match="item 999"):
        desk.drafting.place("december", [item, 999], PlacingOptions(), "test")
    with pytest.raises(InvalidInput, match="no role 'king'"):
        desk.drafting.place("december", [item], PlacingOptions(roles=["king"]), "test")
    with pytest.raises(InvalidInput, match="no role 'queen'"):
        desk.drafting.place("december", [item], PlacingOptions(notes={"queen": "x"}), "test")
    assert desk.drafting.content("december")[1].topics == ()


@pytest.mark.parametrize("field", ["subject", "standfirst"])
@pytest.mark.parametrize("bad", ["two\nlines", "two\rlines", "a\x00b"])
def test_no_field_of_one_line_takes_a_line_break(quick_desk: Desk, field: str, bad: str) -> None:
    """Requirement 63."""
    with pytest.raises(InvalidInput, match="one line"):
        quick_desk.drafting.new("Title", {field: bad}, Visibility.PRIVATE, "test")
    with pytest.raises(InvalidInput, match="one line"):
        quick_desk.drafting.new(f"Title {bad}", {}, Visibility.PRIVATE, "test")


def test_titles_become_addresses_that_never_clash(quick_desk: Desk) -> None:
    slugs = [
        quick_desk.drafting.new(title, {}, Visibility.PRIVATE, "test").slug
        for title in ("Bwletin Diogelu: Rhagfyr!", "bwletin diogelu rhagfyr", "2026", "2026")
    ]
    assert slugs == [
        "bwletin-diogelu-rhagfyr",
        "bwletin-diogelu-rhagfyr-2",
        "issue-2026",
        "issue-2026-2",
    ]
    with pytest.raises(InvalidInput, match="letters or digits"):
        quick_desk.drafting.new("???", {}, Visibility.PRIVATE, "test")
