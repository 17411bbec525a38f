"""Events are recorded once, in any order, and what follows from them follows at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bulletin.models.deliveries import DeliveryState
from bulletin.models.events import KEEP_EVENTS, MADE_UP, Event, EventKind
from bulletin.models.issues import Issue
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.events import WITHDRAWN, Tally
from bulletin.store.tables import deliveries, events, issues, subscribers, suppressions
from bulletin.tokens import Purpose
from sent_issues import House, open_house

DSL, HEAD = "dsl@school.example", "head@school.example"
Kind, State, Reason = EventKind, DeliveryState, SuppressionReason


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """An issue's readers, on both databases."""
    made = open_house(database_url, tmp_path)
    made.enrol(DSL)
    made.enrol(HEAD)
    yield made
    made.services.close()


@pytest.fixture
def quick_house(sqlite_database: str, tmp_path: Path) -> Iterator[House]:
    """The same on SQLite alone, for what no database decides."""
    made = open_house(sqlite_database, tmp_path)
    made.enrol(DSL)
    made.enrol(HEAD)
    yield made
    made.services.close()


def told(
    house: House, issue: Issue, kind: Kind, email: str = DSL, *, number: str = "", **more: Any
) -> Event:
    return Event(
        **{
            "provider": "sendgrid",
            "event_id": f"{kind}-{issue.id}-{email}-{number}",
            "kind": kind,
            "delivery_id": house.delivery(issue, email),
            "occurred_at": house.now,
            "address": email,
            "raw": {"event": kind.value},
            **more,
        }
    )


def record(house: House, *happened: Event) -> Tally:
    return house.services.intake.record(happened)


def copy_of(house: House, issue: Issue, email: str = DSL) -> Any:
    query = select(deliveries).where(deliveries.c.id == house.delivery(issue, email))
    with house.services.store.read() as tx:
        return tx._connection.execute(query).one()


def put(house: House, issue: Issue, email: str = DSL, **values: object) -> None:
    statement = update(deliveries).where(deliveries.c.id == house.delivery(issue, email))
    with house.services.store.write() as tx:
        tx._connection.execute(statement.values(**values))


def reason(house: House, email: str = DSL) -> SuppressionReason | None:
    with house.services.store.read() as tx:
        return tx.suppressions.reason(email)


def start_over(house: House) -> None:
    """As if nothing had been told of the copies."""
    with house.services.store.write() as tx:
        tx._connection.execute(delete(events))
        tx._connection.execute(delete(suppressions))
        tx._connection.execute(
            update(deliveries).values(
                state="submitted", detail="", complained=False, unsubscribed=False,
                submitted_at=house.now + timedelta(hours=1),
            )
        )  # fmt: skip


def rows(house: House, *tables: Any) -> list[Any]:
    with house.services.store.read() as tx:
        found = [tx._connection.execute(select(table)).mappings().all() for table in tables]
    hidden = {"id", "received_at"}
    return [
        sorted(str({k: v for k, v in row.items() if k not in hidden}) for row in some)
        for some in found
    ]


MOVES = [
    (State.PREPARED, Kind.PROCESSED, State.SUBMITTED),
    (State.SENDING, Kind.PROCESSED, State.SUBMITTED),
    (State.RETRY_WAIT, Kind.DEFERRED, State.DEFERRED),
    (State.FAILED, Kind.DELIVERED, State.DELIVERED),
    (State.UNCERTAIN, Kind.PROCESSED, State.SUBMITTED),
    (State.UNCERTAIN, Kind.COMPLAINED, State.SUBMITTED),
    (State.UNCERTAIN, Kind.DROPPED, State.DROPPED),
    (State.SUBMITTED, Kind.DEFERRED, State.DEFERRED),
    (State.DEFERRED, Kind.PROCESSED, State.DEFERRED),
    (State.DEFERRED, Kind.DELIVERED, State.DELIVERED),
    (State.DELIVERED, Kind.DEFERRED, State.DELIVERED),
    (State.DELIVERED, Kind.DROPPED, State.DELIVERED),
    (State.DELIVERED, Kind.BOUNCED_SOFT, State.BOUNCED_SOFT),
    (State.DELIVERED, Kind.BOUNCED_HARD, State.BOUNCED_HARD),
    (State.BOUNCED_SOFT, Kind.DELIVERED, State.BOUNCED_SOFT),
    (State.BOUNCED_HARD, Kind.BOUNCED_SOFT, State.BOUNCED_HARD),
    (State.EXCLUDED, Kind.DELIVERED, State.EXCLUDED),
]


@pytest.mark.parametrize(
    ("moment", "believed"),
    [
        (datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 11, 30, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 7, 30, tzinfo=UTC), True),
        (datetime(2026, 12, 2, 9, 4, tzinfo=UTC), True),
        (datetime(2026, 12, 2, 9, 6, tzinfo=UTC), False),
        (datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC), False),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))), False),
    ],
)
def test_nothing_happens_to_a_copy_before_its_issue_goes_out_or_in_the_future(
    quick_house: House, moment: datetime, believed: bool
) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    house.now = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    record(house, told(house, issue, Kind.DELIVERED, occurred_at=moment))
    with house.services.store.read() as tx:
        kept = tx._connection.scalar(select(events.c.occurred_at))
    assert kept == (moment if believed else house.now)


def test_an_event_moves_a_copy_up_and_never_back(quick_house: House) -> None:
    """Whatever is told of a copy proves that it was accepted (requirement 80)."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    for before, kind, after in MOVES:
        start_over(house)
        put(house, issue, state=before)
        record(house, told(house, issue, kind, detail="what was said"))
        assert copy_of(house, issue).state == after, (before, kind)


def test_what_was_not_confirmed_is_settled_by_an_event(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    put(house, issue, state=State.UNCERTAIN, uncertain_at=house.now, submitted_at=None)
    moment = house.now - timedelta(minutes=1)
    assert record(house, told(house, issue, Kind.PROCESSED, occurred_at=moment)).recorded == 1
    copy = copy_of(house, issue)
    assert (copy.state, copy.uncertain_at, copy.submitted_at) == (State.SUBMITTED, None, moment)


def test_a_copy_that_an_event_proves_is_never_sent_again(quick_house: House) -> None:
    """A crash between the provider's answer and our record; then its event comes in."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    for email, state in ((DSL, State.PREPARED), (HEAD, State.RETRY_WAIT)):
        put(house, issue, email, state=state, retry_at=house.now)
        record(house, told(house, issue, Kind.PROCESSED, email))
    with house.services.store.write() as tx:
        tx._connection.execute(update(issues).values(state="sending"))
    before = sorted(house.services.settings.outbox_dir.rglob("*"))
    house.services.delivery.run(issue.id, threading.Event(), lambda _: None)
    assert sorted(house.services.settings.outbox_dir.rglob("*")) == before


def test_late_news_of_a_dropped_copy_says_nothing_of_the_one_that_goes_again(house: House) -> None:
    """Otherwise nothing is sent, and their reader is left without."""
    issue = house.send("December", "2026-12-01")
    drop = told(house, issue, Kind.DROPPED, detail="Invalid SMTPAPI header")
    record(house, drop)
    assert house.services.resending.resend_missed(issue.slug, "test").failed == 1
    accepted = told(house, issue, Kind.PROCESSED, occurred_at=house.now - timedelta(seconds=5))
    record(house, accepted, told(house, issue, Kind.DROPPED, number="told twice"), drop)
    assert copy_of(house, issue).state == State.PREPARED
    house.services.delivery.run(issue.id, threading.Event(), lambda _: None)
    assert copy_of(house, issue).state == State.SUBMITTED
    later = house.now + timedelta(seconds=1)
    record(house, told(house, issue, Kind.DELIVERED, occurred_at=later))
    assert copy_of(house, issue).state == State.DELIVERED


def test_late_news_of_a_failed_copy_proves_that_it_was_accepted_after_all(
    quick_house: House,
) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    put(house, issue, state=State.FAILED)
    house.services.resending.resend_missed(issue.slug, "test")
    record(house, told(house, issue, Kind.PROCESSED, occurred_at=house.now - timedelta(hours=1)))
    assert copy_of(house, issue).state == State.SUBMITTED


def test_the_latest_words_stay_whatever_came_in_between(quick_house: House) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    later = house.now + timedelta(hours=1)
    second = told(house, issue, Kind.DEFERRED, number="2", occurred_at=later, detail="still busy")
    record(house, second)
    record(house, told(house, issue, Kind.DEFERRED, number="1", detail="busy"))
    assert copy_of(house, issue).detail == "still busy"
    record(house, told(house, issue, Kind.PROCESSED, detail=""))
    assert copy_of(house, issue).detail == "still busy"


def test_mere_acceptance_leaves_the_transports_words(quick_house: House) -> None:
    issue = quick_house.send("December", "2026-12-01")
    put(quick_house, issue, detail="250 2.0.0 queued as 7A")
    record(quick_house, told(quick_house, issue, Kind.PROCESSED))
    assert copy_of(quick_house, issue).detail == "250 2.0.0 queued as 7A"


KINDS = st.sampled_from(list(Kind))


@st.composite
def posts(draw: st.DrawFn) -> tuple[list[tuple[Kind, int, int]], list[list[int]]]:
    """Things that happen, as (kind, whose copy, when); and posts that tell of all of them."""
    happened = draw(
        st.lists(st.tuples(KINDS, st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=6)
    )
    order = draw(st.permutations(range(len(happened))))
    repeated = draw(st.lists(st.integers(0, len(happened) - 1), max_size=4))
    cuts = sorted(draw(st.lists(st.integers(0, len(order) + len(repeated)), max_size=3)))
    line = [*order, *repeated]
    edges = [0, *cuts, len(line)]
    return happened, [line[a:b] for a, b in pairwise(edges)]


def test_any_order_and_any_repetition_leave_the_same_rows(house: House) -> None:
    """Requirement 80: also however the events are spread over posts."""
    issue = house.send("December", "2026-12-01")
    readers = (DSL, HEAD)
    start = rows(house, deliveries)

    def event(number: int, happened: tuple[Kind, int, int]) -> Event:
        kind, who, when = happened
        at = house.now + timedelta(minutes=when)
        words = f"words {number}"
        return told(
            house, issue, kind, readers[who], number=str(number), occurred_at=at, detail=words
        )

    def outcome(line: Sequence[Sequence[Event]]) -> list[Any]:
        start_over(house)
        for post in line:
            house.services.intake.record(list(post))
        return rows(house, events, deliveries, suppressions)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(posts())
    def check(drawn: tuple[list[tuple[Kind, int, int]], list[list[int]]]) -> None:
        happened, line = drawn
        all_of_them = [event(number, each) for number, each in enumerate(happened)]
        in_order = outcome([all_of_them])
        assert in_order[1] != start
        assert outcome([[all_of_them[n] for n in post] for post in line]) == in_order

    check()


def test_who_is_suppressed_and_who_is_not(quick_house: House) -> None:
    """Requirements 18, 27 and 31."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    why = {
        Kind.BOUNCED_HARD: Reason.HARD_BOUNCE,
        Kind.COMPLAINED: Reason.COMPLAINT,
        Kind.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    }
    for kind in Kind:
        start_over(house)
        record(house, told(house, issue, kind))
        assert reason(house) is why.get(kind), kind
        assert reason(house, HEAD) is None


def test_what_the_provider_knows_of_an_address_counts(quick_house: House) -> None:
    issue = quick_house.send("December", "2026-12-01")
    record(quick_house, told(quick_house, issue, Kind.DROPPED, knows=Reason.COMPLAINT))
    assert reason(quick_house) is Reason.COMPLAINT
    assert copy_of(quick_house, issue).state == State.DROPPED


def test_leaving_at_the_provider_is_on_record_as_the_readers_own_wish(quick_house: House) -> None:
    """Requirement 37; and coming back lifts it, whatever the provider repeats afterwards."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    left = told(house, issue, Kind.UNSUBSCRIBED)
    record(house, left, told(house, issue, Kind.UNSUBSCRIBED, number="2"))
    with house.services.store.read() as tx:
        said = tx.consents.history(DSL)
        reader = tx.subscribers.by_email(DSL)
    assert [entry[1:] for entry in said[-1:]] == [("withdrawn", WITHDRAWN, "reader")]
    assert sum(entry[1] == "withdrawn" for entry in said) == 1
    token = house.services.signer.sign(Purpose.UNSUBSCRIBE, reader.id)
    house.services.recording.resubscribe(token)
    assert record(house, left).repeated == 1
    assert reason(house) is None


def test_a_suppression_counts_in_the_middle_of_a_send(house: House) -> None:
    """Requirement 27: whoever complains about one copy gets no other that still waits."""
    first = house.send("December", "2026-12-01")
    second = house.send("January", "2027-01-05")
    put(house, second, state=State.PREPARED)
    with house.services.store.write() as tx:
        again = update(issues).where(issues.c.id == second.id)
        tx._connection.execute(again.values(state="sending", finished_at=None))
    record(house, told(house, first, Kind.COMPLAINED))
    house.services.delivery.run(second.id, threading.Event(), lambda _: None)
    copy = copy_of(house, second)
    assert (copy.state, copy.reason) == (State.EXCLUDED, "suppressed")


def test_a_wish_follows_a_reader_who_moved_and_a_dead_mailbox_does_not(quick_house: House) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    bounced, complained = (told(house, issue, k) for k in (Kind.BOUNCED_HARD, Kind.COMPLAINED))
    with house.services.store.write() as tx:
        reader = tx.subscribers.by_email(DSL)
        tx.subscribers.move(
            reader, "new@school.example", "moved", house.now, today=house.now.date()
        )
    record(house, bounced)
    assert (reason(house), reason(house, "new@school.example")) == (Reason.HARD_BOUNCE, None)
    record(house, complained)
    assert reason(house, "new@school.example") is Reason.COMPLAINT


def test_an_event_for_another_address_is_nobodys(quick_house: House) -> None:
    """Two installations may send through one account, and number their copies alike."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    before = rows(house, deliveries, suppressions)
    tally = record(
        house,
        told(house, issue, Kind.BOUNCED_HARD, address="stranger@elsewhere.example", detail="no"),
        told(house, issue, Kind.BOUNCED_SOFT, address="dsl@school.example.org"),
        told(house, issue, Kind.COMPLAINED, delivery_id=99_999),
    )
    assert (tally.recorded, tally.unmatched) == (0, 3)
    assert rows(house, deliveries, suppressions) == before
    with house.services.store.read() as tx:
        kept = tx._connection.execute(select(events)).all()
    assert [(each.delivery_id, each.raw, each.detail) for each in kept] == [(None, {}, "")] * 3


def test_a_strangers_event_beside_ours_stays_a_strangers(quick_house: House) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    strangers = told(house, issue, Kind.COMPLAINED, address="stranger@elsewhere.example")
    tally = record(house, told(house, issue, Kind.DELIVERED), strangers)
    assert (tally.recorded, tally.unmatched) == (1, 1)
    assert not copy_of(house, issue).complained
    assert reason(house) is None


def test_an_address_is_the_same_in_capitals(quick_house: House) -> None:
    house = quick_house
    issue = house.send("December", "2026-12-01")
    assert record(
        house, told(house, issue, Kind.DELIVERED, address=" DSL@School.Example ")
    ).recorded


def test_events_are_counted_as_recorded_or_repeated(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    processed, delivered = (told(house, issue, k) for k in (Kind.PROCESSED, Kind.DELIVERED))
    assert record(house, processed, processed) == Tally(recorded=1, repeated=1)
    assert record(house, delivered, processed) == Tally(recorded=1, repeated=1)
    assert record(house) == Tally()


def sent_monthly(house: House, months: int, days: int) -> list[Issue]:
    first = datetime(2026, 9, 1, tzinfo=UTC)
    dates = [first + timedelta(days=days * n) for n in range(months)]
    return [house.send(f"Issue {date:%d %B}", f"{date:%Y-%m-%d}") for date in dates]


def test_three_issues_in_a_row_that_came_back_softly_are_enough(house: House) -> None:
    issues_sent = sent_monthly(house, 3, 30)
    for issue in issues_sent[:2]:
        record(
            house, told(house, issue, Kind.BOUNCED_SOFT), told(house, issue, Kind.DELIVERED, HEAD)
        )
        assert reason(house) is None
    record(house, told(house, issues_sent[2], Kind.DROPPED, detail="Bounced Address"))
    assert reason(house) is Reason.SOFT_BOUNCE
    assert reason(house, HEAD) is None


@pytest.mark.parametrize("what", ["delivered between", "within a fortnight", "dropped for content"])
def test_what_is_no_row_of_soft_bounces(quick_house: House, what: str) -> None:
    house = quick_house
    sent = sent_monthly(house, 3, 3 if what == "within a fortnight" else 30)
    kinds = [Kind.BOUNCED_SOFT] * 3
    if what == "delivered between":
        kinds[1] = Kind.DELIVERED
    if what == "dropped for content":
        kinds[1] = Kind.DROPPED
    for issue, kind in zip(sent, kinds, strict=True):
        record(house, told(house, issue, kind, detail="Spam Content"))
    assert reason(house) is None


def test_a_later_issue_that_arrived_ends_the_row(quick_house: House) -> None:
    sent = sent_monthly(quick_house, 4, 30)
    for issue in sent[:3]:
        record(quick_house, told(quick_house, issue, Kind.BOUNCED_SOFT))
    assert reason(quick_house) is None


def test_nobody_is_suppressed_for_a_rehearsal_or_for_what_was_made_up(quick_house: House) -> None:
    house = quick_house
    real = house.send("December", "2026-12-01")
    record(house, told(house, real, Kind.COMPLAINED, provider=MADE_UP))
    assert copy_of(house, real).complained
    assert reason(house) is None
    with house.services.store.write() as tx:
        tx._connection.execute(update(issues).values(rehearsal_of=real.id))
    record(house, told(house, real, Kind.BOUNCED_HARD))
    assert copy_of(house, real).state == State.BOUNCED_HARD
    assert reason(house) is None


def test_of_who_is_erased_no_words_stay_and_none_are_added(quick_house: House) -> None:
    """Requirement 41; what is held is shown before."""
    house = quick_house
    issue = house.send("December", "2026-12-01")
    bounced = told(house, issue, Kind.BOUNCED_SOFT, detail="mailbox full")
    late = told(house, issue, Kind.COMPLAINED, detail="late words")
    record(house, bounced)
    held = house.services.enrolment.holdings(DSL)["events"]
    assert [(each["kind"], each["detail"]) for each in held] == [("bounced_soft", "mailbox full")]
    house.services.enrolment.forget(DSL, "test")
    record(house, late)
    with house.services.store.read() as tx:
        kept = tx._connection.execute(select(events)).all()
    assert [(each.raw, each.detail) for each in kept] == [({}, "")] * 2
    assert reason(house) is Reason.ERASED


def test_events_are_forgotten_after_their_time(house: House) -> None:
    """Requirement 45."""
    issue = house.send("December", "2026-12-01")
    record(house, told(house, issue, Kind.PROCESSED))
    house.now += timedelta(days=300)
    record(house, told(house, issue, Kind.DELIVERED))
    assert house.services.intake.tidy() == 0
    house.now += KEEP_EVENTS - timedelta(days=299)
    assert house.services.intake.tidy() == 1
    assert [each.kind for each in _kept(house)] == ["delivered"]


def _kept(house: House) -> Sequence[Any]:
    with house.services.store.read() as tx:
        return tx._connection.execute(select(events)).all()


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Do several things at the same time; what went wrong with them."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def move(house: House, email: str) -> None:
    with house.services.store.write() as tx:
        reader, today = tx.subscribers.by_email(email), house.now.date()
        tx.subscribers.move(reader, f"new-{email}", "moved", house.now, today=today)


def test_posts_and_an_erasure_at_once_wait_for_each_other_and_end(house: House) -> None:
    """Whoever holds what the other needs would wait for ever, and be thrown out by the server."""
    readers = [f"reader{n}@school.example" for n in range(12)]
    for email in readers:
        house.enrol(email)
    issue = house.send("December", "2026-12-01")
    happened = [
        told(house, issue, kind, email)
        for email in readers
        for kind in (Kind.DELIVERED, Kind.COMPLAINED, Kind.BOUNCED_HARD)
    ]
    for email in readers[::2]:
        move(house, email)

    def tell(order: int) -> None:
        for start in range(0, len(happened), 9):
            house.services.intake.record(happened[start : start + 9][::order])

    def erase() -> None:
        for email in readers:
            house.services.enrolment.forget(email, "test")

    assert at_once(lambda: tell(1), lambda: tell(-1), erase) == []
    with house.services.store.read() as tx:
        assert tx._connection.execute(select(subscribers.c.email)).scalars().all() == [DSL, HEAD]
