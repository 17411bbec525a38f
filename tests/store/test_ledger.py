"""The ledger: one delivery a person, intent before the call, and honest outcomes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from stored import NOON, enrol, person, sending_issue

from bulletin.models.deliveries import DeliveryState, Outcome, Receipt
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.pace import NO_LIMITS
from bulletin.models.people import SubscriberKind, SuppressionReason
from bulletin.models.segments import Condition, SegmentField
from bulletin.store.ledger import Claim, Verdict
from bulletin.store.store import Store

LEASE = timedelta(seconds=60)


def school(number: int) -> list[object]:
    return [person(f"p{n:04}@school.example") for n in range(number)]


def claim(store: Store, issue_id: int, *, seconds: int = 0) -> Claim | None:
    with store.write() as tx:
        return tx.ledger.claim(issue_id, "here:1", NOON + timedelta(seconds=seconds), LEASE)


def take(store: Store, held: Claim, limit: int = 1000, *, seconds: int = 0) -> list[int]:
    with store.write() as tx:
        pace = tx.pace(NO_LIMITS, NOON + timedelta(seconds=seconds), NOON.date())
        return [copy.delivery_id for copy in tx.ledger.take(held, limit, LEASE, pace).copies]


def settle(store: Store, ids: list[int], outcome: Outcome = Outcome.SUBMITTED) -> None:
    with store.write() as tx:
        tx.ledger.record([Verdict(Receipt(number, outcome), 1) for number in ids], NOON)


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
    later = NOON + timedelta(minutes=5)
    with store.write() as tx:
        again = Verdict(Receipt(first, Outcome.RETRY, "451 later"), 1, retry_at=later)
        tx.ledger.record([again, Verdict(Receipt(second, Outcome.SUBMITTED), 1)], NOON)
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
    with store.write() as tx:
        pace = tx.pace(NO_LIMITS, NOON, NOON.date())
        tx.ledger.release(held, tx.ledger.take(held, 2, LEASE, pace).copies, pace)
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
