"""Pace: one allowance for everybody who sends, kept to the copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import NOON, enrol, person, sending_issue

from bulletin.errors import InvalidInput
from bulletin.models.pace import NO_LIMITS, Limits, Rate, domain_rates, rate, warm_up_plan
from bulletin.store.database import Database
from bulletin.store.ledger import Claim, Take
from bulletin.store.store import Store, Transaction

LEASE = timedelta(seconds=60)
TEN = Limits(rate=Rate(40))  # a quarter of a second's worth
SMALL = Limits(domains={"small.example": Rate(16)})
PLAN = Limits(warm_up=(3, 5))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def claimed(store: Store, issue_id: int) -> Claim:
    with store.write() as tx:
        claim = tx.ledger.claim(issue_id, "here:1", NOON, LEASE)
    assert claim is not None
    return claim


def taken(
    store: Store, claim: Claim, limits: Limits, *, seconds: float = 0, days: int = 0, most: int = 50
) -> Take:
    with store.write() as tx:
        pace = tx.pace(limits, after(seconds), NOON.date() + timedelta(days=days))
        return tx.ledger.take(claim, most, timedelta(days=9), pace)


def readers(number: int, domain: str = "school.example") -> list[object]:
    return [person(f"p{n:03}@{domain}") for n in range(number)]


@given(
    per_second=st.floats(0.01, 5000),
    steps=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 2000)), max_size=40),
)
def test_no_stretch_of_time_holds_more_than_the_rate_and_a_quarter_of_a_second_ahead(
    per_second: float, steps: list[tuple[float, int]]
) -> None:
    limit = Rate(per_second)
    now = used = NOON
    went: list[tuple[datetime, int]] = []
    for wait, wanted in steps:
        now += timedelta(seconds=wait)
        copies = min(wanted, limit.fits(used, now))
        if copies:
            used = limit.after(used, now, copies)
            went.append((now, copies))
    for first, (start, _) in enumerate(went):
        total = 0
        for moment, copies in went[first:]:
            total += copies
            allowed = (moment - start).total_seconds() * per_second + max(per_second / 4, 1)
            assert total <= allowed + 1e-3 * max(1, per_second)


@given(per_second=st.floats(0.01, 5000), copies=st.integers(1, 10_000))
def test_whoever_waits_until_the_moment_named_may_go_then(per_second: float, copies: int) -> None:
    limit = Rate(per_second)
    used = limit.after(NOON, NOON, copies)
    if not limit.fits(used, NOON):
        assert limit.fits(used, limit.free_at(used) + timedelta(microseconds=2)) >= 1


def test_a_take_gets_what_fits_and_learns_when_to_come_back(
    store: Store,
) -> None:
    enrol(store, readers(30))
    claim = claimed(store, sending_issue(store).id)
    assert len(taken(store, claim, TEN).copies) == 10
    nothing = taken(store, claim, TEN)
    assert (nothing.copies, nothing.wait_until) == ((), after(0.125))
    assert taken(store, claim, TEN, seconds=0.1).copies == ()
    assert len(taken(store, claim, TEN, seconds=0.125).copies) == 5


def test_a_rate_below_one_a_second_lets_single_copies_go(store: Store) -> None:
    enrol(store, readers(3))
    claim = claimed(store, sending_issue(store).id)
    slow = Limits(rate=Rate(0.1))
    found = [len(taken(store, claim, slow, seconds=at).copies) for at in (0, 5, 10, 15, 20)]
    assert found == [1, 0, 1, 0, 1]


@pytest.fixture
def second_store(store: Store) -> Iterator[Store]:
    """Another process's store over the same database."""
    url = store._database.engine.url.render_as_string(hide_password=False)
    other = Store(Database(url), lambda: NOON)
    yield other
    other.close()


def test_two_processes_share_one_allowance(store: Store, second_store: Store) -> None:
    enrol(store, readers(40))
    issue = sending_issue(store, chunk_size=20)
    first, second = claimed(store, issue.id), claimed(second_store, issue.id)
    assert len(taken(store, first, TEN, most=4).copies) == 4
    assert len(taken(second_store, second, TEN).copies) == 6
    assert taken(store, first, TEN).copies == ()
    assert taken(second_store, second, TEN).copies == ()


def test_what_a_full_domain_cannot_take_stays_and_the_others_go_on(store: Store) -> None:
    enrol(store, readers(10, "small.example") + readers(10, "large.example"))
    claim = claimed(store, sending_issue(store).id)
    first = taken(store, claim, SMALL)
    assert len(first.copies) == 14
    assert sum(copy.email.endswith("@small.example") for copy in first.copies) == 4
    rest = taken(store, claim, SMALL)
    assert (rest.copies, rest.shut_until) == ((), after(0.125))
    with store.write() as tx:
        tx.ledger.finish(claim, NOON, not_before=rest.shut_until)
        assert tx.chunks.next_moment(claim.issue_id) == after(0.125)
        assert tx.ledger.claim(claim.issue_id, "here:1", after(0.1), LEASE) is None
        again = tx.ledger.claim(claim.issue_id, "here:1", after(0.125), LEASE)
    assert again is not None
    late = taken(store, again, SMALL, seconds=0.125)
    assert len(late.copies) == 2


def test_a_domain_is_the_same_in_any_case_and_no_part_of_another(store: Store) -> None:
    enrol(store, readers(5, "not-small.example") + readers(5, "deep.small.example"))
    claim = claimed(store, sending_issue(store).id)
    limits = Limits(domains=domain_rates("SMALL.example = 1"))
    assert len(taken(store, claim, limits).copies) == 10


def test_a_chunk_that_holds_nobody_of_a_full_domain_is_simply_done(store: Store) -> None:
    enrol(store, readers(4, "small.example"))
    claim = claimed(store, sending_issue(store).id)
    assert len(taken(store, claim, SMALL).copies) == 4
    rest = taken(store, claim, SMALL)
    with store.write() as tx:
        tx.ledger.finish(claim, NOON, not_before=rest.shut_until)
        assert tx.chunks.open(claim.issue_id) == 0


def test_a_warm_up_plan_counts_days_on_which_something_went(store: Store) -> None:
    enrol(store, readers(20))
    claim = claimed(store, sending_issue(store).id)
    gone = []
    for day in (0, 0, 3, 3, 4):
        take = taken(store, claim, PLAN, seconds=day * 86_400, days=day)
        gone.append((len(take.copies), take.spent))
    assert gone == [(3, False), (0, True), (5, False), (0, True), (12, False)]


def test_what_was_not_handed_over_is_given_back_to_the_day(store: Store) -> None:
    enrol(store, readers(5))
    claim = claimed(store, sending_issue(store).id)
    take = taken(store, claim, PLAN)
    with store.write() as tx:
        pace = tx.pace(PLAN, NOON, NOON.date())
        tx.ledger.release(take.copies[:2], pace)
        assert pace.day().left == 2  # type: ignore[union-attr]
    assert len(taken(store, claim, PLAN).copies) == 2


def test_what_is_given_back_after_midnight_makes_no_room_that_the_plan_does_not_have(
    store: Store,
) -> None:
    with store.write() as tx:
        pace = tx.pace(PLAN, NOON, NOON.date())
        pace.give_back(2)
        assert pace.day().left == 3  # type: ignore[union-attr]
        pace.book(["reader1@school.example"])
        pace.give_back(2)
        assert pace.day().left == 3  # type: ignore[union-attr]


def test_letters_never_wait_and_copies_leave_room_for_them(store: Store) -> None:
    """A confirmation is waited for; an issue is not."""
    enrol(store, readers(30, "small.example"))
    claim = claimed(store, sending_issue(store).id)
    both = Limits(rate=Rate(10), domains={"small.example": Rate(4)}, warm_up=(8,))

    def book(tx: Transaction) -> None:
        tx.pace(both, NOON, NOON.date()).book(["sam@small.example"])

    for _ in range(3):
        with store.write() as tx:
            book(tx)
    assert taken(store, claim, both).copies == ()
    for _ in range(9):
        with store.write() as tx:
            book(tx)
    with store.read() as tx:
        day = tx.pace(both, NOON, NOON.date()).day()
    assert day is not None
    assert (day.gone, day.left) == (12, 0)


def test_without_limits_nothing_is_written_about_pace(store: Store) -> None:
    enrol(store, readers(3))
    claim = claimed(store, sending_issue(store).id)
    assert len(taken(store, claim, NO_LIMITS).copies) == 3
    with store.read() as tx:
        for table in ("pace", "sending_days"):
            count = tx._connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert count.scalar_one() == 0


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (domain_rates, "gmail.com"),
        (domain_rates, "gmail.com=fast"),
        (domain_rates, "gmail.com=0"),
        (domain_rates, "gmail=1"),
        (domain_rates, "a b.com=1"),
        (domain_rates, "gmail.com=-1"),
        (domain_rates, "gmail.com=nan"),
        (rate, "1e9"),
        (rate, "0.0001"),
        (warm_up_plan, "100, many"),
        (warm_up_plan, "100,,200"),
        (warm_up_plan, "0"),
        (warm_up_plan, "²"),
    ],
)
def test_a_limit_that_cannot_be_understood_is_refused(read: object, text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text)  # type: ignore[operator]


def test_limits_are_read_as_people_write_them() -> None:
    assert domain_rates(" Gmail.com=20, outlook.com = 0.5,") == {
        "gmail.com": Rate(20),
        "outlook.com": Rate(0.5),
    }
    assert warm_up_plan("200, 500,1000") == (200, 500, 1000)
    assert (warm_up_plan("  "), domain_rates(""), rate(0)) == ((), {}, None)
