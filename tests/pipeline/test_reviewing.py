"""What is sent for approval is frozen, looked at, and signed by somebody who did not write it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desks import LONDON, RENDERER, Desk

from bulletin.errors import Conflict, InvalidInput, NotFound, Refused
from bulletin.models.issues import Issue, IssueState, Length, Sender
from bulletin.models.people import User, UserRole
from bulletin.models.reviews import Decision, Review, fingerprint_of
from bulletin.pipeline.approve import Approval, OtherVersion, SomebodyElse
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.reviewing.proving import Proving
from bulletin.pipeline.reviewing.reviewing import Reviewing
from bulletin.pipeline.showing.forecasting import Forecasting
from bulletin.pipeline.showing.galley import Galleys
from example_issue import SENDER

if TYPE_CHECKING:
    from collections.abc import Callable

EDITOR, ANN, BEN = "editor@school.example", "ann@school.example", "ben@school.example"


@pytest.fixture
def december(quick_desk: Desk) -> Desk:
    """A desk with an editor, two approvers, and the editor's issue `december`."""
    quick_desk.issue()
    enrol_users(quick_desk)
    return quick_desk


def enrol_users(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.users.add(EDITOR, UserRole.EDITOR, "", desk.clock())
        tx.users.add(ANN, UserRole.APPROVER, "", desk.clock())
        tx.users.add(BEN, UserRole.APPROVER, "", desk.clock())


def user(desk: Desk, email: str) -> User:
    with desk.store.read() as tx:
        found = tx.users.by_email(email)
    assert found
    return found


def reviewing(desk: Desk) -> Reviewing:
    return Reviewing(desk.store, desk.approval, Forecasting(desk.store, LONDON))


def test_what_is_approved_is_byte_for_byte_what_was_sent_for_approval(december: Desk) -> None:
    review = december.approval.ask("december", EDITOR)
    later = Sender("Another name", SENDER.email, SENDER.reply_to, "Elsewhere", SENDER.list_id)
    checking = december.proving._checking  # the same, with another sender
    proving = Proving(december.store, Galleys(december.store, RENDERER, lambda: later), checking)
    approval = Approval(december.store, proving, self_approval=False)
    with december.store.read() as tx:
        looked_at = tx.issues.frozen(review.issue_id, review.hash)
    approved = approval.approve("december", ANN, expected=review.hash)
    with december.store.read() as tx:
        signed = tx.issues.snapshot(approved)
    assert approved.approved_hash == review.hash
    assert (signed.document, signed.compiled) == (looked_at.document, looked_at.compiled)
    assert (looked_at.approved_by, signed.approved_by) == ("", ANN)


def _edit_words(desk: Desk) -> Issue:
    return desk.drafting.edit("december", {"intro": "Hello"}, EDITOR)


def _edit_an_item(desk: Desk) -> Issue:
    desk.change(1, title="Another title")
    return desk.drafting.issue("december")


def _take_one_out(desk: Desk) -> Issue:
    return desk.drafting.remove("december", [1], EDITOR)


@pytest.mark.parametrize("edit", [_edit_words, _edit_an_item, _take_one_out])
def test_any_edit_ends_the_review_and_says_so(
    december: Desk, edit: Callable[[Desk], Issue]
) -> None:
    review = december.approval.ask("december", EDITOR)
    issue = edit(december)
    assert issue.state is IssueState.DRAFT
    assert "needs approval again" in issue.state_reason
    assert "after it was sent for approval" in issue.state_reason
    with december.store.read() as tx:
        [ended] = tx.reviews.of(issue.id)
    assert ended.decision is Decision.ENDED
    with pytest.raises(OtherVersion, match="edited"):
        december.approval.approve("december", ANN, expected=review.hash)
    with pytest.raises(OtherVersion, match="version 1 needs to be sent for approval again"):
        december.approval.give_back("december", ANN, "Too long", expected=review.hash)


def test_an_approver_who_looked_at_an_earlier_version_approves_nothing(december: Desk) -> None:
    first = december.approval.ask("december", EDITOR)
    _edit_words(december)
    second = december.approval.ask("december", EDITOR)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(OtherVersion, match="version 2 waits for approval now"):
        december.approval.approve("december", ANN, expected=first.hash)
    assert december.drafting.issue("december").state is IssueState.IN_REVIEW
    assert december.approval.approve("december", ANN, expected=second.hash).approved_hash


def test_of_two_approvers_at_once_one_decides_and_the_other_hears_who(desk: Desk) -> None:
    desk.issue()
    enrol_users(desk)
    review = desk.approval.ask("december", EDITOR)

    def decide(actor: str) -> str:
        try:
            desk.approval.approve("december", actor, expected=review.hash)
        except (Conflict, Refused) as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(decide, (ANN, BEN)))
    assert said[0] == ""
    assert "at the same moment" in said[1] or "was approved by" in said[1]
    with desk.store.read() as tx:
        [decided] = tx.reviews.of(review.issue_id)
    assert decided.decision is Decision.APPROVED


def test_an_issue_is_returned_with_a_reason_and_comes_again_as_the_next_version(
    december: Desk,
) -> None:
    review = december.approval.ask("december", EDITOR)
    with pytest.raises(InvalidInput, match="Say what has to change"):
        december.approval.give_back("december", ANN, "  ", expected=review.hash)
    issue = december.approval.give_back("december", ANN, "No date", expected=review.hash)
    assert (issue.state, issue.state_reason) == (
        IssueState.DRAFT, "returned for changes: No date",
    )  # fmt: skip
    again = december.approval.ask("december", EDITOR, "The date is there")
    sheet = reviewing(december).sheet("december", user(december, ANN))
    assert [one.decision for one in sheet.history] == [Decision.WAITING, Decision.RETURNED]
    assert (again.number, sheet.history[1].reason, sheet.base) == (2, "No date", sheet.history[1])
    assert not sheet.changes


@pytest.mark.parametrize("write", [
    lambda desk: desk.drafting.edit("december", {"closing": "Bye"}, ANN),
    lambda desk: desk.drafting.remove("december", [1], ANN),
    lambda desk: desk.editing.revise(
        1, lambda was: replace(was, draft=replace(was.draft, title="By Ann")), ANN
    ),
])  # fmt: skip
def test_who_changed_any_of_it_cannot_approve_it(
    december: Desk, write: Callable[[Desk], object]
) -> None:
    write(december)
    december.approval.ask("december", EDITOR)
    with pytest.raises(SomebodyElse, match="Whoever wrote an issue cannot approve it"):
        december.approval.approve("december", ANN)
    assert december.approval.approve("december", BEN).state is IssueState.APPROVED


def test_what_was_written_before_the_last_approval_bars_nobody(december: Desk) -> None:
    december.drafting.edit("december", {"closing": "By Ann"}, ANN)
    december.approval.approve("december", BEN)
    december.drafting.edit("december", {"intro": "By Ben"}, BEN)
    with pytest.raises(SomebodyElse):
        december.approval.approve("december", BEN)
    assert december.approval.approve("december", ANN).state is IssueState.APPROVED


def test_who_is_switched_off_approves_nothing_and_counts_for_nobody(december: Desk) -> None:
    with december.store.write() as tx:
        for email in (ANN, BEN):
            found = tx.users.by_email(email)
            assert found
            tx.users.set(found.id, disabled_at=december.clock())
    # One is left, and there is nobody else to ask.
    assert december.approval.approve("december", EDITOR).state is IssueState.APPROVED


def test_what_blocks_is_sent_with_a_word_and_approved_with_a_reason(quick_desk: Desk) -> None:
    quick_desk.issue()
    quick_desk.drafting.edit("december", {"subject": "Re: December"}, "test")
    with pytest.raises(Refused, match="1 to fix"):
        quick_desk.approval.ask("december", EDITOR)
    review = quick_desk.approval.ask("december", EDITOR, "It is an answer")
    with pytest.raises(Refused, match="1 to fix"):
        quick_desk.approval.approve("december", EDITOR, expected=review.hash)
    quick_desk.approval.approve("december", EDITOR, "They asked for it", expected=review.hash)
    with quick_desk.store.read() as tx:
        [decided] = tx.reviews.of(review.issue_id)
    assert (decided.remark, decided.reason) == ("It is an answer", "They asked for it")


def test_the_same_version_is_not_sent_twice(december: Desk) -> None:
    december.approval.ask("december", EDITOR)
    with pytest.raises(Refused, match="waits for approval already"):
        december.approval.ask("december", EDITOR)


def test_advice_that_is_left_counts_again_once_it_says_something_else(december: Desk) -> None:
    desk, shown = december, reviewing(december)
    advice = next(one for one in desk.approval.preflight("december").advice if one.item_id == 1)
    with pytest.raises(InvalidInput, match="Say why"):
        shown.accept("december", [fingerprint_of(advice)], " ", EDITOR)
    shown.accept("december", [fingerprint_of(advice)], "It is for all", EDITOR)
    proof = desk.approval.preflight("december")
    assert [(one, why.reason, why.accepted_by) for one, why in proof.left] == [
        (advice, "It is for all", EDITOR)
    ]
    assert advice not in proof.advice
    desk.change(1, title="Something else")
    proof = desk.approval.preflight("december")
    assert (proof.left, {one.code for one in proof.advice if one.item_id == 1}) >= (
        (),
        {advice.code},
    )
    with pytest.raises(NotFound):
        shown.accept("december", [fingerprint_of(advice)], "Once more", EDITOR)


def test_an_acceptance_is_taken_back(december: Desk) -> None:
    advice = december.approval.preflight("december").advice[0]
    key = fingerprint_of(advice)
    reviewing(december).accept("december", [key], "Fine", EDITOR)
    assert reviewing(december).take_back("december", [key], EDITOR) == 1
    assert advice in december.approval.preflight("december").advice


def test_each_edition_that_somebody_gets_is_shown_once_and_kept_as_seen_per_user(
    december: Desk,
) -> None:
    december.enrol(("gov@school.example", "governor"), ("both@school.example", "dsl", "governor"))
    december.approval.ask("december", EDITOR)
    shown, ann, ben = reviewing(december), user(december, ANN), user(december, BEN)
    editions = shown.sheet("december", ann).editions
    # Three DSLs and one who is governor, too, get both items; the governor gets one.
    assert [(edition.items, edition.people) for edition in editions] == [(2, 4), (1, 1)]
    shown.look("december", ann, editions[0].key)
    shown.look("december", ann, editions[0].key)
    assert shown.sheet("december", ann).seen == 1
    assert shown.sheet("december", ben).seen == 0
    _edit_words(december)
    december.approval.ask("december", EDITOR)
    assert shown.sheet("december", ann).seen == 0


def test_what_changed_is_told_since_the_last_approval_or_any_version(december: Desk) -> None:
    december.approval.approve("december", ANN)
    december.drafting.edit("december", {"length": Length.FULL, "closing": "Bye now"}, EDITOR)
    december.approval.ask("december", EDITOR)
    december.drafting.remove("december", [1], EDITOR)
    [new] = december.add_items("New here")
    december.drafting.place("december", [new], PlacingOptions(), EDITOR)
    december.approval.ask("december", EDITOR)
    shown, ann = reviewing(december), user(december, ANN)
    sheet = shown.sheet("december", ann)
    assert isinstance(sheet.base, Review)
    assert (sheet.base.number, sheet.base.decision) == (1, Decision.APPROVED)
    assert [change.field for change in sheet.changes.texts] == ["closing words"]
    assert [here.item.title for here in sheet.changes.added] == ["New here"]
    assert [here.item.title for here in sheet.changes.removed] == ["For everybody"]
    assert shown.sheet("december", ann, since=2).changes.texts == ()
