"""Resending: whoever was missed gets a copy, and nobody who may have one gets another."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from desks import LONDON, Clock, Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bulletin.errors import Refused
from bulletin.models.deliveries import MAY_HAVE_A_COPY, Copy, DeliveryState, Outcome
from bulletin.models.issues import Audience, IssueState
from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.models.segments import Condition, SegmentField
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.missing import Missing
from bulletin.pipeline.resend import Resending, Resent
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.tokens import TokenSigner
from bulletin.transports.memory import MemoryTransport

if TYPE_CHECKING:
    from bulletin.store.store import Transaction

ADDRESSING = Addressing(TokenSigner("x" * 40), "http://127.0.0.1:8025", [])


def resending(desk: Desk) -> Resending:
    return Resending(desk.store, chunk_size=10, zone=LONDON)


def counted(desk: Desk, reference: str, *, uncertain: bool = False) -> Resent:
    return Missing(desk.store, LONDON).count(reference, uncertain=uncertain)


def resend(desk: Desk, reference: str, *, uncertain: bool = False) -> Resent:
    """What was prepared, which is what was counted before."""
    before = counted(desk, reference, uncertain=uncertain)
    resent = resending(desk).resend_missed(reference, "test", uncertain=uncertain)
    assert resent == before
    return resent


class Mail:
    """Sends a desk's issues and counts what arrives where."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.answers: dict[str, Outcome] = {}
        self.transport = MemoryTransport(self._answer)

    def _answer(self, copy: Copy) -> Outcome:
        return self.answers.get(copy.address, Outcome.SUBMITTED)

    def send(self, reference: str) -> None:
        delivery = Delivery(
            self._desk.store,
            open_transport=lambda: self.transport,
            addressing=lambda: ADDRESSING,
            connections=1,
            lease=timedelta(seconds=60),
            zone=ZoneInfo("Europe/London"),
        )
        delivery.run(reference, threading.Event(), lambda _: None)

    @property
    def arrived(self) -> Counter[str]:
        return Counter(copy.address for copy, _ in self.transport.accepted)


def reader(number: int) -> str:
    return f"reader{number}@school.example"


def sent(desk: Desk, mail: Mail, *, readers: int = 3) -> str:
    reference = desk.approved(readers=readers)
    desk.planning.start(reference, None, "test")
    mail.send(reference)
    return reference


def test_what_failed_goes_again_and_what_arrived_does_not(desk: Desk) -> None:
    mail = Mail(desk)
    mail.answers = {reader(1): Outcome.FAILED}
    reference = sent(desk, mail)
    assert resend(desk, reference) == Resent(1, 0, 0, 0)
    assert desk.drafting.issue(reference).state is IssueState.SENDING
    assert resend(desk, reference).prepared == 0
    mail.answers = {}
    mail.send(reference)
    assert desk.drafting.issue(reference).state is IssueState.SENT
    assert mail.arrived == {reader(0): 1, reader(1): 1, reader(2): 1}


def test_what_goes_again_has_all_its_time_to_try_again(quick_desk: Desk) -> None:
    """Requirement 76; the number of the try goes on, so that no late answer is taken for its."""
    mail = Mail(quick_desk)
    mail.answers = {reader(1): Outcome.FAILED}
    reference = sent(quick_desk, mail)
    resend(quick_desk, reference)
    with quick_desk.store.read() as tx:
        query = "SELECT attempt, first_attempt_at FROM deliveries WHERE email = :email"
        row = tx._connection.execute(text(query), {"email": reader(1)}).one()
        assert (row.attempt, row.first_attempt_at) == (1, None)


def test_what_is_not_confirmed_goes_again_only_if_a_person_says_so(desk: Desk) -> None:
    mail = Mail(desk)
    mail.answers = {reader(1): Outcome.UNCERTAIN}
    reference = sent(desk, mail)
    assert resend(desk, reference) == Resent(0, 0, 0, held=1)
    assert desk.drafting.issue(reference).state is IssueState.SENT
    again = resend(desk, reference, uncertain=True)
    assert again == Resent(0, 1, 0, held=0)
    mail.answers = {}
    mail.send(reference)
    assert mail.arrived == {reader(0): 1, reader(1): 1, reader(2): 1}


def test_people_who_joined_late_get_it_in_the_edition_that_others_of_their_roles_had(
    desk: Desk,
) -> None:
    """Acknowledgements hold the number of an edition, so it stays."""
    mail = Mail(desk)
    reference = sent(desk, mail)
    before = editions(desk)
    desk.enrol(
        ("late@school.example", "dsl"),
        ("deputy@school.example", "dsl", "governor"),
        ("office@school.example", "staff"),
    )
    assert resend(desk, reference) == Resent(0, 0, late=3, held=0)
    mail.send(reference)
    assert mail.arrived.total() == len(mail.arrived) == 6
    after = editions(desk)
    assert before.items() <= after.items()
    assert {after["dsl"], after["dsl;governor"]} == {before["dsl"]}
    assert after["staff"] not in set(before.values())


def editions(desk: Desk) -> dict[str, int]:
    with desk.store.read() as tx:
        return {
            ";".join(sorted(group.kind.roles)): number for group, number in tx.planning.numbered(1)
        }


def test_only_people_of_the_audience_it_was_sent_to_are_late(quick_desk: Desk) -> None:
    """The segments of the issue, not everybody on the list."""
    reference = quick_desk.approved()
    with quick_desk.store.write() as tx:
        tx.segments.add("leads", Condition(SegmentField.ROLE, ("dsl",)), quick_desk.clock())
        tx.segments.add("heads", Condition(SegmentField.ROLE, ("headteacher",)), quick_desk.clock())
    quick_desk.planning.start(reference, Audience(("leads",), ("heads",)), "test")
    mail = Mail(quick_desk)
    mail.send(reference)
    quick_desk.enrol(
        ("late@school.example", "dsl"),
        ("head@school.example", "dsl", "headteacher"),
        ("governor@school.example", "governor"),
    )
    assert resend(quick_desk, reference).late == 1
    mail.send(reference)
    assert "late@school.example" in mail.arrived
    assert not {"head@school.example", "governor@school.example"} & set(mail.arrived)


def test_whoever_was_excluded_and_is_welcome_now_is_late_too(desk: Desk) -> None:
    reference = desk.approved()
    with desk.store.write() as tx:
        tx.suppressions.add(reader(1), SuppressionReason.MANUAL, desk.clock())
    desk.planning.start(reference, None, "test")
    mail = Mail(desk)
    mail.send(reference)
    assert mail.arrived == {reader(0): 1, reader(2): 1}
    assert resend(desk, reference).prepared == 0
    with desk.store.write() as tx:
        tx.suppressions.remove(reader(1), SuppressionReason.MANUAL)
    assert resend(desk, reference) == Resent(0, 0, 1, 0)
    mail.send(reference)
    assert mail.arrived == {reader(0): 1, reader(1): 1, reader(2): 1}
    assert desk.reporting.status(reference)[1].audience == 3


def test_an_address_that_has_a_copy_gets_none_for_its_next_holder(desk: Desk) -> None:
    """Somebody moves on, and their successor takes the mailbox over: one copy is in it."""
    mail = Mail(desk)
    reference = sent(desk, mail)
    with desk.store.write() as tx:
        person = tx.subscribers.by_email(reader(1))
        today = desk.clock().date()
        assert tx.subscribers.move(person, "new@home.example", "asked", desk.clock(), today=today)
        assert tx.subscribers.hand_over(reader(1))
    desk.enrol((reader(1), "dsl"))
    assert resend(desk, reference).prepared == 0
    status = desk.reporting.status(reference)[1]
    assert status.excluded_by_reason == {"address_has_copy": 1}
    mail.send(reference)
    assert mail.arrived == {reader(0): 1, reader(1): 1, reader(2): 1}


def test_whom_an_issue_missed_is_counted_and_nothing_changes(quick_desk: Desk) -> None:
    mail = Mail(quick_desk)
    mail.answers = {reader(1): Outcome.FAILED}
    reference = sent(quick_desk, mail)
    quick_desk.enrol(("late@school.example", "dsl"))
    before = quick_desk.reporting.status(reference)
    assert counted(quick_desk, reference) == Resent(1, 0, 1, 0)
    assert quick_desk.reporting.status(reference) == before
    assert resend(quick_desk, reference) == Resent(1, 0, 1, 0)


def test_nothing_was_missed_before_an_issue_has_gone_out(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    with pytest.raises(Refused, match="nothing was missed"):
        counted(quick_desk, reference)
    with pytest.raises(Refused, match="nothing was missed"):
        resending(quick_desk).resend_missed(reference, "test")


PEOPLE = 6


@dataclass(frozen=True)
class Person:
    """One person of a drawn list: what became of their copy, and how they stand now.

    copy_went_to: whose address their copy went to, by number; they may have moved since.
    """

    state: DeliveryState | None
    tried: bool
    copy_went_to: int
    suppressed: bool
    paused: bool
    consents: bool
    role: str

    @property
    def mailable(self) -> bool:
        return self.consents and not self.suppressed and not self.paused


PERSON = st.builds(
    Person,
    state=st.none() | st.sampled_from(DeliveryState),
    tried=st.booleans(),
    copy_went_to=st.integers(0, PEOPLE - 1),
    suppressed=st.sampled_from([False, False, True]),
    paused=st.sampled_from([False, False, True]),
    consents=st.sampled_from([True, True, False]),
    role=st.sampled_from(["dsl", "governor", "staff"]),
)


class Town:
    """A sent issue whose ledger and readers a test sets as it likes; one item is for DSLs only."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(Store(Database(f"sqlite:///{folder / 'town.db'}"), Clock()), Clock())
        self.desk.store.prepare()
        self.desk.approved(readers=0)
        with self.desk.store.write() as tx:
            self.role_sets = {
                role: tx.roles.set_id([role]) for role in ("dsl", "governor", "staff")
            }
        drafts = [
            SubscriberDraft(reader(n), ("dsl",), kind=SubscriberKind.CORPORATE)
            for n in range(PEOPLE)
        ]
        with self.desk.store.write() as tx:
            tx.roster_import(self.desk.clock(), "test").run((draft, False) for draft in drafts)

    def settle(self, people: list[Person]) -> None:
        """Make it so."""
        with self.desk.store.write() as tx:
            run = _runner(tx)
            for table in ("deliveries", "chunks", "editions", "suppressions"):
                run(f"DELETE FROM {table}")
            run("UPDATE issues SET state = 'sent', started_at = created_at")
            run("INSERT INTO chunks (issue_id, position, state) VALUES (1, 0, 'done')")
            for role_set in self.role_sets.values():
                run("INSERT INTO editions VALUES (1, :set, '', :set, 1)", set=role_set)
            for number, person in enumerate(people):
                self._stand(tx, number, person)

    def _stand(self, tx: Transaction, number: int, person: Person) -> None:
        run = _runner(tx)
        role_set = self.role_sets[person.role]
        if person.suppressed:
            tx.suppressions.add(reader(number), SuppressionReason.MANUAL, self.desk.clock())
        run(
            "UPDATE subscribers SET role_set_id = :set, kind = :kind, paused_until = :until"
            " WHERE email = :email",
            set=role_set,
            kind="corporate" if person.consents else "individual",
            until="2099-01-01" if person.paused else None,
            email=reader(number),
        )
        if person.state is not None:
            run(
                "INSERT INTO deliveries (issue_id, subscriber_id, email, role_set_id, nation,"
                " chunk, state, reason, attempt)"
                " SELECT 1, id, :went, :set, '', 0, :state, :reason, :tried FROM subscribers"
                " WHERE email = :email",
                went=reader(person.copy_went_to),
                set=role_set,
                state=person.state.value,
                reason="paused" if person.state is DeliveryState.EXCLUDED else "",
                tried=int(person.tried),
                email=reader(number),
            )

    def states(self) -> dict[str, str]:
        query = (
            "SELECT s.email, d.state FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
        )
        with self.desk.store.read() as tx:
            return {row.email: row.state for row in tx._connection.execute(text(query))}


def _runner(tx: Transaction) -> Callable[..., object]:
    return lambda statement, **values: tx._connection.execute(text(statement), values)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("town"))
    yield made
    made.desk.store.close()


def expected(people: list[Person], *, uncertain: bool) -> set[str]:
    """Who should have a copy prepared now, that was not prepared before."""
    going = set()
    for number, person in enumerate(people):
        served = any(
            other.state in MAY_HAVE_A_COPY and other.copy_went_to == number
            for n, other in enumerate(people)
            if not (uncertain and n == number)
        )
        never = person.state is None or (
            person.state is DeliveryState.EXCLUDED and not person.tried
        )
        again = person.state in {DeliveryState.FAILED, DeliveryState.DROPPED} or (
            uncertain and person.state is DeliveryState.UNCERTAIN
        )
        if person.mailable and not served and (never or again):
            going.add(reader(number))
    return going


@settings(max_examples=80)
@given(people=st.lists(PERSON, min_size=PEOPLE, max_size=PEOPLE), uncertain=st.booleans())
def test_whatever_the_states_nobody_who_may_have_a_copy_gets_another(
    town: Town, people: list[Person], uncertain: bool
) -> None:
    """Neither the person nor the address; and everybody who was missed is prepared."""
    town.settle(people)
    before = town.states()
    waiting = {email for email, state in before.items() if state == "prepared"}
    resent = resend(town.desk, "1", uncertain=uncertain)
    after = town.states()
    going = {email for email, state in after.items() if state == "prepared"} - waiting
    assert going == expected(people, uncertain=uncertain)
    assert resent.prepared == len(going)
    for number, person in enumerate(people):
        kept = person.state in MAY_HAVE_A_COPY - {DeliveryState.UNCERTAIN}
        assert not kept or after[reader(number)] == person.state
    with town.desk.store.read() as tx:
        query = "SELECT count(*) FROM deliveries WHERE state = 'prepared' AND chunk IS NULL"
        assert tx._connection.scalar(text(query)) == 0
