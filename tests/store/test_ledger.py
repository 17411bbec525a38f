"""The ledger: one delivery a person, intent before the call, and honest outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from stored import NOON, enrol, person, sending_issue

from bulletin.models.deliveries import DeliveryState, Outcome, Receipt
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.pace import NO_LIMITS
from bulletin.models.people import SubscriberKind, SuppressionReason
from bulletin.models.segments import Condition, SegmentField
from bulletin.store.ledger import Claim, Ledger, Taken, Verdict
from bulletin.store.store import Store
from bulletin.store.tables import deliveries

LEASE = timedelta(seconds=60)


def school(number: int) -> list[object]:
    return [person(f"p{n:04}@school.example") for n in range(number)]


def claim(store: Store, issue_id: int, *, seconds: int = 0) -> Claim | None:
    with store.write() as tx:
        return tx.ledger.claim(issue_id, "here:1", NOON + timedelta(seconds=seconds), LEASE)


def take(store: Store, held: Claim, limit: int = 1000, *, seconds: int = 0) -> list[int]:
    return [copy.delivery_id for copy in copies_taken(store, held, limit, seconds=seconds)]


def copies_taken(
    store: Store, held: Claim, limit: int = 1000, *, seconds: int = 0
) -> Sequence[Taken]:
    with store.write() as tx:
        pace = tx.pace(NO_LIMITS, NOON + timedelta(seconds=seconds), NOON.date())
        return tx.ledger.take(held, limit, LEASE, pace).copies


def put_back(store: Store, copies: Sequence[Taken]) -> None:
    with store.write() as tx:
        tx.ledger.release(copies, tx.pace(NO_LIMITS, NOON, NOON.date()))


def last_take(store: Store, ids: list[int]) -> int:
    """The number under which these copies were taken together."""
    with store.read() as tx:
        query = select(deliveries.c.take).where(deliveries.c.id.in_(ids)).distinct()
        return int(tx._connection.execute(query).scalar_one())


def settle(
    store: Store, ids: list[int], outcome: Outcome = Outcome.SUBMITTED, *, take: int | None = None
) -> None:
    took = last_take(store, ids) if take is None else take
    with store.write() as tx:
        tx.ledger.record([Verdict(Receipt(number, outcome), took) for number in ids], NOON)


def states(store: Store, issue_id: int) -> Counter[str]:
    with store.read() as tx:
        counts: Counter[str] = Counter()
        for (state, _), people in tx.deliveries.counts(issue_id).items():
            counts[state] += people
        return counts


def test_every_candidate_is_prepared_or_excluded_with_a_reason(store: Store) -> None:
    """Invariant 4, requirements 27, 34, 35."""
    individual = {"kind": SubscriberKind.INDIVIDUAL}
    enrol(
        store,
        [
            person("yes@school.example"),
            person("left@school.example"),
            person("bounced@school.example"),
            person("private@home.example", **individual),
            person("agreed@home.example", consent_basis="form", **individual),
            person("nothing@school.example", "senco"),
            person("other@school.example", "governor"),
        ],
    )
    with store.write() as tx:
        tx.suppressions.add("left@school.example", SuppressionReason.UNSUBSCRIBED, NOON)
        tx.suppressions.add("bounced@school.example", SuppressionReason.HARD_BOUNCE, NOON)
        issue = tx.issues.add(
            slug="one", title="One", texts={}, visibility=Visibility.PRIVATE, actor="t", now=NOON
        )
        groups = tx.planning.groups([])
        tx.planning.set_editions(
            issue.id, [(group, 1, 0 if "senco" in group.kind.roles else 2) for group in groups]
        )
        governors = [Condition(SegmentField.ROLE, ("governor",))]
        forecast = tx.planning.forecast(issue.id, [], governors, today=NOON.date())
        assert tx.planning.plan(issue.id, [], governors, 1000, today=NOON.date()) == 2
        counts = tx.deliveries.counts(issue.id)
    expected = {
        ("prepared", ""): 2,
        ("excluded", "unsubscribed"): 1,
        ("excluded", "suppressed"): 1,
        ("excluded", "no_consent"): 1,
        ("excluded", "nothing_for_roles"): 1,
        ("excluded", "excluded_segment"): 1,
    }
    assert counts == expected
    assert Counter({row.reason: row.people for row in forecast if row.reason}) == Counter(
        {reason: people for (_, reason), people in expected.items() if reason}
    )
    assert sum(row.people for row in forecast) == 7


def test_planning_again_gives_nobody_a_second_delivery(store: Store) -> None:
    enrol(store, school(25))
    issue = sending_issue(store)
    enrol(store, school(30))
    with store.write() as tx:
        tx.planning.set_editions(issue.id, [(g, 1, 1) for g in tx.planning.groups([])])
        assert tx.planning.plan(issue.id, [], [], 1000, today=NOON.date()) == 5
    assert states(store, issue.id) == {"prepared": 30}


def test_chunks_hold_at_most_their_size_and_everybody_once(store: Store) -> None:
    enrol(store, school(25))
    issue = sending_issue(store, chunk_size=10)
    seen: list[int] = []
    sizes = []
    while held := claim(store, issue.id):
        ids = take(store, held)
        sizes.append(len(ids))
        settle(store, ids)
        seen += ids
        with store.write() as tx:
            tx.ledger.finish(held, NOON)
    assert (sizes, len(set(seen))) == ([10, 10, 5], 25)
    assert states(store, issue.id) == {"submitted": 25}


def test_two_senders_never_hold_one_chunk(store: Store) -> None:
    enrol(store, school(5))
    issue = sending_issue(store)
    assert claim(store, issue.id) is not None
    assert claim(store, issue.id, seconds=59) is None


def test_what_a_dead_sender_had_in_hand_is_uncertain_and_never_sent_again(store: Store) -> None:
    """Requirement 79."""
    enrol(store, school(10))
    issue = sending_issue(store)
    first = claim(store, issue.id)
    assert first
    in_hand = take(store, first, 4)
    second = claim(store, issue.id, seconds=61)
    assert second
    rest = take(store, second, seconds=61)
    assert set(in_hand).isdisjoint(rest)
    assert states(store, issue.id) == {"uncertain": 4, "sending": 6}


def test_a_sender_that_lost_its_chunk_takes_no_more_but_may_still_report(store: Store) -> None:
    """research: a frozen worker. Taking is fenced, recording is not."""
    enrol(store, school(10))
    issue = sending_issue(store)
    frozen = claim(store, issue.id)
    assert frozen
    in_hand = take(store, frozen, 4)
    assert claim(store, issue.id, seconds=61)
    assert take(store, frozen, 4, seconds=62) == []
    settle(store, in_hand)
    assert states(store, issue.id) == {"submitted": 4, "prepared": 6}


def test_a_late_record_never_moves_a_delivery_back(store: Store) -> None:
    enrol(store, school(1))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    ids = take(store, held)
    settle(store, ids)
    settle(store, ids, Outcome.FAILED)
    assert states(store, issue.id) == {"submitted": 1}


@pytest.mark.parametrize("reason", [SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINT])
def test_whoever_leaves_in_mid_issue_gets_no_copy(store: Store, reason: SuppressionReason) -> None:
    """Requirement 27."""
    enrol(store, school(3))
    issue = sending_issue(store)
    with store.write() as tx:
        tx.suppressions.add("p0001@school.example", reason, NOON)
        tx.erasure.person(tx.subscribers.by_email("p0002@school.example"), NOON)
    held = claim(store, issue.id)
    assert held
    assert len(take(store, held)) == 1
    assert states(store, issue.id) == {"sending": 1, "excluded": 2}


def test_a_paused_issue_hands_out_nothing(store: Store) -> None:
    enrol(store, school(3))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    with store.write() as tx:
        tx.issues.move(issue, IssueState.PAUSED, NOON)
    assert take(store, held) == []
    assert claim(store, issue.id, seconds=999) is None


def test_a_copy_to_try_again_waits_for_its_time(store: Store) -> None:
    enrol(store, school(2))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    first, second = take(store, held)
    took = last_take(store, [first, second])
    later = NOON + timedelta(minutes=5)
    with store.write() as tx:
        again = Verdict(Receipt(first, Outcome.RETRY, "451 later"), took, retry_at=later)
        tx.ledger.record([again, Verdict(Receipt(second, Outcome.SUBMITTED), took)], NOON)
        tx.ledger.finish(held, NOON)
    assert claim(store, issue.id, seconds=299) is None
    with store.read() as tx:
        assert tx.chunks.next_moment(issue.id) == later
    held = claim(store, issue.id, seconds=301)
    assert held
    assert take(store, held, seconds=301) == [first]


def test_released_copies_go_to_the_next_sender(store: Store) -> None:
    enrol(store, school(2))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    put_back(store, copies_taken(store, held))
    with store.write() as tx:
        tx.ledger.finish(held, NOON)
    assert states(store, issue.id) == {DeliveryState.PREPARED: 2}
    assert claim(store, issue.id) is not None


def test_cancelling_excludes_only_what_has_not_gone(store: Store) -> None:
    enrol(store, school(5))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    settle(store, take(store, held, 2))
    with store.write() as tx:
        assert tx.ledger.cancel(issue.id, NOON) == 3
    assert states(store, issue.id) == {"submitted": 2, "excluded": 3}


def doubtful_since(store: Store, issue_id: int) -> list[tuple[str, object]]:
    with store.read() as tx:
        return [(doubt.known, doubt.since) for doubt in tx.doubts.listed(issue_id, 100)]


def test_every_way_into_doubt_says_since_when(store: Store) -> None:
    enrol(store, school(3))
    issue = sending_issue(store, chunk_size=1)
    for how in (lambda tx, held: tx.ledger.finish(held, NOON), None):
        held = claim(store, issue.id)
        assert held
        ids = take(store, held)
        if how is None:
            settle(store, ids, Outcome.UNCERTAIN)
            continue
        with store.write() as tx:
            how(tx, held)
    held = claim(store, issue.id)
    assert held
    take(store, held)
    with store.write() as tx:
        tx.ledger.cancel(issue.id, NOON + timedelta(seconds=61))
    found = doubtful_since(store, issue.id)
    assert [since for _, since in found] == [NOON, NOON, NOON + timedelta(seconds=61)]


def test_news_of_what_became_ends_a_doubt(store: Store) -> None:
    enrol(store, school(1))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    ids = take(store, held)
    settle(store, ids, Outcome.UNCERTAIN)
    settle(store, ids)
    assert (states(store, issue.id), doubtful_since(store, issue.id)) == ({"submitted": 1}, [])


def overtaken(store: Store) -> tuple[Claim, list[int], int]:
    """A sender that lost its chunk with copies in hand, which a person had prepared again."""
    enrol(store, school(2))
    issue = sending_issue(store)
    frozen = claim(store, issue.id)
    assert frozen
    ids = take(store, frozen)
    rival = claim(store, issue.id, seconds=61)
    assert rival
    with store.write() as tx:
        assert tx.doubts.prepare_again(issue.id, None, today=NOON.date()) == 2
    return rival, ids, issue.id


def test_a_late_refusal_says_nothing_of_a_try_that_was_begun_since(store: Store) -> None:
    """Else the copy in the second sender's hand would be sent a third time."""
    rival, ids, issue_id = overtaken(store)
    first = last_take(store, ids)
    assert take(store, rival, seconds=61) == ids
    with store.write() as tx:
        late = [Verdict(Receipt(n, Outcome.RETRY), first, NOON) for n in ids]
        tx.ledger.record(late, NOON)
    assert states(store, issue_id) == {"sending": 2}
    settle(store, ids)
    assert states(store, issue_id) == {"submitted": 2}


@pytest.mark.parametrize("by_hand", [DeliveryState.FAILED, None])
def test_a_late_acceptance_undoes_what_was_decided_in_doubt(
    store: Store, by_hand: DeliveryState | None
) -> None:
    """Nobody who has a copy gets another, although a person had said that they should."""
    rival, ids, issue_id = overtaken(store)
    if by_hand:
        with store.write() as tx:
            tx._connection.execute(update(deliveries).values(state=by_hand, uncertain_at=None))
    settle(store, ids)
    assert states(store, issue_id) == {"submitted": 2}
    assert take(store, rival, seconds=61) == []


@pytest.mark.parametrize(
    ("issue_state", "found"),
    [
        (IssueState.SENDING, "prepared"),
        (IssueState.SENT, "prepared"),
        (IssueState.CANCELLED, "excluded"),
    ],
)
def test_what_a_sender_puts_back_after_it_lost_its_chunk_goes_again_or_is_seen(
    store: Store, issue_state: IssueState, found: str
) -> None:
    enrol(store, school(2))
    issue = sending_issue(store)
    frozen = claim(store, issue.id)
    assert frozen
    copies = copies_taken(store, frozen)
    rival = claim(store, issue.id, seconds=61)
    assert rival
    with store.write() as tx:
        tx.ledger.finish(rival, NOON)
        tx.issues.move(tx.issues.get(issue.id), issue_state, NOON)
    put_back(store, copies)
    with store.write() as tx:
        assert tx.chunks.settle(issue.id) is (found == "excluded")
    assert states(store, issue.id) == {found: 2}


class Undone(Exception):
    """What undoes a transaction here."""


@pytest.mark.parametrize("undone", [True, False])
def test_nobody_puts_back_what_another_sender_has_in_hand_or_in_doubt(
    store: Store, undone: bool
) -> None:
    """Whether a transaction was kept is not always known to whoever made it: it puts back what
    it may have taken, and what it did take and put back already."""
    enrol(store, school(2))
    issue = sending_issue(store)
    slow = claim(store, issue.id)
    assert slow
    with suppress(Undone), store.write() as tx:
        copies = tx.ledger.take(slow, 2, LEASE, tx.pace(NO_LIMITS, NOON, NOON.date())).copies
        if undone:
            raise Undone
    if not undone:
        put_back(store, copies)
    rival = claim(store, issue.id, seconds=61)
    assert rival
    ids = take(store, rival, seconds=61)
    put_back(store, copies)
    assert states(store, issue.id) == {"sending": 2}
    settle(store, ids, Outcome.UNCERTAIN)
    put_back(store, copies)
    settle(store, ids, Outcome.FAILED, take=copies[0].take)
    assert states(store, issue.id) == {"uncertain": 2}


def test_whoever_is_erased_between_the_look_and_the_taking_is_left_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(store, school(3))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    mark = Ledger._mark

    def erase_first(self: Ledger, *args: Any) -> list[Taken]:
        nobody = update(deliveries).where(deliveries.c.email.like("p0001@%"))
        self._connection.execute(nobody.values(subscriber_id=None, email=None))
        return mark(self, *args)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Ledger, "_mark", erase_first)
        assert len(copies_taken(store, held)) == 2
    assert copies_taken(store, held) == ()
    assert states(store, issue.id) == {"sending": 2, "excluded": 1}


@pytest.mark.parametrize(
    ("issue_state", "found"), [(IssueState.SENT, "retry_wait"), (IssueState.CANCELLED, "failed")]
)
def test_a_late_refusal_for_now_is_tried_again_or_is_seen(
    store: Store, issue_state: IssueState, found: str
) -> None:
    enrol(store, school(1))
    issue = sending_issue(store)
    frozen = claim(store, issue.id)
    assert frozen
    (copy,) = copies_taken(store, frozen)
    assert claim(store, issue.id, seconds=61)
    with store.write() as tx:
        tx.issues.move(tx.issues.get(issue.id), issue_state, NOON)
        late = Receipt(copy.delivery_id, Outcome.RETRY, "451")
        tx.ledger.record([Verdict(late, copy.take, NOON)], NOON)
    assert states(store, issue.id) == {found: 1}


def test_alike_outcomes_of_many_copies_are_all_recorded(store: Store) -> None:
    enrol(store, school(40))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    copies = copies_taken(store, held)
    with store.write() as tx:
        verdicts = [
            Verdict(Receipt(copy.delivery_id, Outcome.SUBMITTED, "", f"call-{n // 15}"), copy.take)
            for n, copy in enumerate(copies)
        ]
        tx.ledger.record(verdicts, NOON)
        rows = tx._connection.execute(select(deliveries.c.provider_ref)).scalars()
        assert Counter(rows) == {"call-0": 15, "call-1": 15, "call-2": 10}
    assert states(store, issue.id) == {"submitted": 40}


def test_an_issue_is_settled_once_nothing_waits_or_is_in_hand(store: Store) -> None:
    enrol(store, school(2))
    issue = sending_issue(store)
    held = claim(store, issue.id)
    assert held
    ids = take(store, held)
    with store.write() as tx:
        assert not tx.chunks.settle(issue.id)
    settle(store, ids)
    with store.write() as tx:
        tx.ledger.finish(held, NOON)
        assert tx.chunks.settle(issue.id)
