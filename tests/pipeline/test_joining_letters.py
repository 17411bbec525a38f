"""Letters: who gets which, what stands in them, and what becomes of each when sending fails."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bulletin.errors import StoreUnavailable, TransportBlocked, TransportError, TransportUnavailable
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.letters import Correspondence
from bulletin.rendering import Stationery
from bulletin.store.letters import Letters
from bulletin.store.store import Store
from bulletin.store.tables import letters, requests
from bulletin.tokens import Purpose, TokenSigner
from bulletin.transports.memory import MemoryTransport
from example_issue import SENDER
from sent_issues import open_house

if TYPE_CHECKING:
    from desks import Desk

SIGNER = TokenSigner("x" * 40)
ADDRESSING = Addressing(SIGNER, "https://bulletin.school.example", [])
STATIONERY = Stationery()
SAM = "sam@school.example"


class Office:
    """Letters over a desk's store and one transport."""

    def __init__(self, desk: Desk, transport: MemoryTransport | None = None) -> None:
        self.desk = desk
        self.transport = transport or MemoryTransport()
        self.asking = Asking(
            desk.store, per_hour=1000, per_client=1000, zone=ZoneInfo("Europe/London")
        )
        self.correspondence = Correspondence(
            desk.store,
            STATIONERY,
            SIGNER,
            open_transport=lambda: self.transport,
            addressing=lambda: ADDRESSING,
            sender=lambda: SENDER,
        )

    def ask(self, address: str = SAM, kind: LetterKind = LetterKind.CONFIRM_JOIN) -> None:
        request = RequestKind.JOIN
        wish = Wish(request, address, "192.0.2.1", name="Visitor's name", roles=("dsl",))
        self.asking.ask(wish, kind)

    def send(self) -> Exception | None:
        return self.correspondence.send(threading.Event())

    def sent(self) -> list[EmailMessage]:
        """What the transport accepted, parsed."""
        return [parsed(raw) for _, raw in self.transport.accepted]

    def states(self) -> list[tuple[str, str, int]]:
        """(state, detail, attempts) of every letter, oldest first."""
        return all_letters(self.desk.store)


def all_letters(store: Store) -> list[tuple[str, str, int]]:
    with store.read() as tx:
        query = select(letters.c.state, letters.c.detail, letters.c.attempt).order_by(letters.c.id)
        return [tuple(row) for row in tx._connection.execute(query)]


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_somebody_unknown_is_asked_to_confirm(office: Office) -> None:
    office.ask()
    assert office.send() is None
    (message,) = office.sent()
    assert message["To"] == SAM
    assert message["Subject"] == f"Confirm that you want the bulletin from {SENDER.name}"
    link = f"https://bulletin.school.example/confirm/{SIGNER.sign(Purpose.CONFIRM, 1)}"
    assert link in text(message).splitlines()
    assert f'href="{link}"' in text(message, "html")
    assert text(message, "html").count(link) == 2  # as a link, and written out
    assert office.states() == [("submitted", "", 1)]


def test_somebody_who_gets_it_already_is_told_so_and_led_to_their_preferences(
    office: Office,
) -> None:
    office.desk.enrol((SAM, "dsl"))
    office.ask()
    office.send()
    (message,) = office.sent()
    assert message["Subject"] == f"You get the bulletin from {SENDER.name} already"
    assert f"/p/{SIGNER.sign(Purpose.PREFERENCES, 1)}" in text(message)
    assert "/confirm/" not in text(message)


def test_somebody_on_the_list_who_never_agreed_is_asked_to_confirm(office: Office) -> None:
    """Requirement 34: no issue goes to them, so they do not "get it already"."""
    draft = SubscriberDraft(SAM, ("governor",), kind=SubscriberKind.INDIVIDUAL)
    with office.desk.store.write() as tx:
        tx.roster_import(office.desk.clock(), "test").run([(draft, False)])
    office.ask()
    office.send()
    assert "/confirm/" in text(office.sent()[0])


def test_somebody_who_left_by_themselves_is_asked_to_confirm(office: Office) -> None:
    office.desk.enrol((SAM, "dsl"))
    suppress(office, SuppressionReason.UNSUBSCRIBED)
    office.ask()
    office.send()
    assert "/confirm/" in text(office.sent()[0])


@pytest.mark.parametrize(
    "reason", [each for each in SuppressionReason if each is not SuppressionReason.UNSUBSCRIBED]
)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("kind", [LetterKind.CONFIRM_JOIN, LetterKind.CONFIRM_ADDRESS])
def test_nothing_goes_to_whom_we_may_not_write(
    quick_desk: Desk, reason: SuppressionReason, known: bool, kind: LetterKind
) -> None:
    """Requirements 35 and 41: not even the question whether they want it."""
    office = Office(quick_desk)
    if known:
        quick_desk.enrol((SAM, "dsl"))
    suppress(office, reason)
    office.ask(kind=kind)
    assert office.send() is None
    assert office.sent() == []
    assert office.states() == [("withheld", "", 1)]


def test_what_happened_since_somebody_asked_decides(office: Office) -> None:
    office.ask()
    suppress(office, SuppressionReason.OBJECTION)
    office.send()
    assert office.sent() == []


def test_a_new_address_is_asked_to_confirm_unless_it_is_on_the_list(office: Office) -> None:
    office.desk.enrol((SAM, "dsl"))
    office.ask("new@school.example", LetterKind.CONFIRM_ADDRESS)
    office.ask(SAM, LetterKind.CONFIRM_ADDRESS)
    office.send()
    new, known = office.sent()
    assert f"/p/address/{SIGNER.sign(Purpose.CHANGE_ADDRESS, 1)}" in text(new)
    assert "already" in known["Subject"]


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_a_new_address_whose_reader_gets_nothing_is_not_written_to(
    quick_desk: Desk, reason: SuppressionReason
) -> None:
    """They cannot move there, and they do not "get it already"."""
    office = Office(quick_desk)
    quick_desk.enrol((SAM, "dsl"))
    suppress(office, reason)
    office.ask(kind=LetterKind.CONFIRM_ADDRESS)
    office.send()
    assert office.states() == [("withheld", "", 1)]


def test_nobody_is_told_that_they_get_what_they_do_not_get(office: Office) -> None:
    """Requirement 34: an individual who never agreed is on the list and gets no issue."""
    draft = SubscriberDraft(SAM, ("governor",), kind=SubscriberKind.INDIVIDUAL)
    with office.desk.store.write() as tx:
        tx.roster_import(office.desk.clock(), "test").run([(draft, False)])
    office.ask(kind=LetterKind.CONFIRM_ADDRESS)
    office.send()
    assert office.sent() == []


@pytest.mark.parametrize("reason", list(SuppressionReason))
@pytest.mark.parametrize(
    ("kind", "withheld"),
    [
        (LetterKind.CONFIRM_ERASURE, {"complaint", "objection", "erased", "hard_bounce"}),
        (LetterKind.MOVED_AWAY, {"complaint", "objection", "erased"}),
    ],
)
def test_a_letter_that_guards_its_reader_goes_unless_they_forbade_it(
    quick_desk: Desk, kind: LetterKind, withheld: set[str], reason: SuppressionReason
) -> None:
    office = Office(quick_desk)
    quick_desk.enrol((SAM, "dsl"))
    suppress(office, reason)
    office.ask(kind=kind)
    office.send()
    assert [state for state, _, _ in office.states()] == [
        "withheld" if reason in withheld else "submitted"
    ]


def test_a_letter_is_marked_as_automatic_and_belongs_to_no_list(office: Office) -> None:
    """Requirement 19; RFC 3834 section 5."""
    office.ask()
    office.send()
    (message,) = office.sent()
    assert message["Auto-Submitted"] == "auto-generated"
    assert [name for name in message if name.lower().startswith(("list-", "feedback-"))] == []
    for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version"):
        assert len(message.get_all(name, [])) == 1


def test_nothing_that_a_visitor_typed_stands_in_a_letter(office: Office) -> None:
    """Requirement 71: a form must not let anybody write to somebody else."""
    office.ask()
    office.send()
    assert b"Visitor" not in office.transport.accepted[0][1]


def test_no_two_letters_and_no_copy_share_a_message_id(office: Office) -> None:
    for number in range(3):
        office.ask(f"reader{number}@school.example")
    office.send()
    domain = SENDER.email.rpartition("@")[2]
    of_copies = {f"<{SIGNER.sign(Purpose.MESSAGE_ID, number)}@{domain}>" for number in range(1, 4)}
    of_letters = {str(message["Message-ID"]) for message in office.sent()}
    assert len(of_letters) == 3
    assert not of_letters & of_copies


def suppress(office: Office, reason: SuppressionReason) -> None:
    with office.desk.store.write() as tx:
        tx.suppressions.add(SAM, reason, office.desk.clock())


def answering(*answers: Callable[[], Outcome]) -> MemoryTransport:
    """A transport that answers one letter after another so; it accepts what comes later."""
    queue = iter(answers)
    return MemoryTransport(lambda _copy: next(queue, lambda: Outcome.SUBMITTED)())


def saying(outcome: Outcome) -> Callable[[], Outcome]:
    return lambda: outcome


def raising(error: BaseException) -> Callable[[], Outcome]:
    def fail() -> Outcome:
        raise error

    return fail


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SUBMITTED, "submitted"),
        (Outcome.FAILED, "failed"),
        (Outcome.UNCERTAIN, "uncertain"),
        (Outcome.RETRY, "prepared"),
    ],
)
def test_what_became_of_a_letter_is_on_record(desk: Desk, outcome: Outcome, state: str) -> None:
    office = Office(desk, answering(saying(outcome)))
    office.ask()
    assert office.send() is None
    assert [state for state, _, _ in office.states()] == [state]


@pytest.mark.parametrize(
    "error",
    [TransportUnavailable("mail.school.example does not answer"), TransportBlocked("bad password")],
)
def test_a_transport_that_is_out_keeps_letters_back_for_later(
    desk: Desk, error: TransportError
) -> None:
    office = Office(desk, answering(raising(error)))
    office.ask("one@school.example")
    office.ask("two@school.example")
    assert office.send() is error
    assert office.states() == [("prepared", str(error), 1), ("prepared", "", 0)]
    assert office.send() is None  # the second is not held up by the wait of the first
    desk.clock.now += timedelta(minutes=5)
    assert office.send() is None
    assert [state for state, _, _ in office.states()] == ["submitted", "submitted"]
    assert len(office.sent()) == 2


def test_waits_double_and_end_after_a_day(quick_desk: Desk) -> None:
    """A confirmation that comes later than that is no use to anybody."""
    office = Office(quick_desk, MemoryTransport(lambda _: Outcome.RETRY))
    office.ask()
    start, tries = quick_desk.clock.now, []
    for _ in range(26 * 60):
        if office.correspondence.send(threading.Event()) is None and (
            office.states()[0][2] > len(tries)
        ):
            tries.append((quick_desk.clock.now - start) // timedelta(minutes=1))
        quick_desk.clock.now += timedelta(minutes=1)
    assert tries[:6] == [0, 5, 15, 35, 75, 155]
    assert tries[-1] <= 24 * 60
    assert office.states()[0][0] == "failed"


def test_a_letter_that_nobody_could_send_for_a_day_is_not_sent_then(desk: Desk) -> None:
    office = Office(desk)
    office.ask()
    desk.clock.now += timedelta(days=1, minutes=1)
    assert office.send() is None
    assert office.states() == [("failed", "it waited for longer than a day", 1)]
    assert office.sent() == []


class PowerCut(BaseException):
    """The process ends at this point."""


def test_a_letter_is_on_record_as_being_sent_before_the_transport_is_called(desk: Desk) -> None:
    seen = []

    def look(_copy: Copy) -> Outcome:
        seen.extend(office.states())
        return Outcome.SUBMITTED

    office = Office(desk, MemoryTransport(look))
    office.ask()
    office.send()
    assert seen == [("sending", "", 1)]


def test_a_crash_between_the_call_and_its_outcome_leaves_it_uncertain_for_good(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requirement 79: it may have been accepted, so it is never sent again by itself."""
    office = Office(desk)
    office.ask()
    with monkeypatch.context() as patch:
        patch.setattr(office.correspondence, "_record", raising_record)
        with pytest.raises(PowerCut):
            office.send()
    assert [state for state, _, _ in office.states()] == ["sending"]
    restarted = Office(desk)
    assert restarted.correspondence.recover(alone=True) == 1
    desk.clock.now += timedelta(hours=2)
    assert restarted.send() is None
    assert restarted.sent() == []
    assert office.states() == [("uncertain", "the sender stopped before the answer", 1)]


def away_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database does not answer when an outcome is first written."""
    record, away = Letters.record, iter([True])

    def vanish(self: Letters, *what: Any, **more: Any) -> None:
        if next(away, False):
            raise StoreUnavailable("restarting")
        record(self, *what, **more)

    monkeypatch.setattr(Letters, "record", vanish)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (saying(Outcome.SUBMITTED), "submitted"),
        (raising(TransportUnavailable("not here")), "prepared"),
    ],
)
def test_an_outcome_is_kept_until_the_database_takes_it(
    quick_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[], Outcome],
    state: str,
) -> None:
    office = Office(quick_desk, answering(answer))
    office.ask()
    away_for_a_moment(monkeypatch)
    office.send()
    assert [state for state, _, _ in office.states()] == [state]


def test_the_clock_finds_letters_that_nobody_can_have_in_hand_any_more(tmp_path: Path) -> None:
    """A server that runs for weeks does not wait for its next start."""
    house = open_house(f"sqlite:///{tmp_path / 'bulletin.db'}", tmp_path)
    store = house.services.store
    with store.write() as tx:
        tx.letters.post(LetterKind.CONFIRM_JOIN, SAM, None, house.now)
        tx.letters.take(house.now)
    states = []
    for minutes in (9, 11):
        house.now = datetime(2026, 1, 5, 9, minutes, tzinfo=UTC)
        clock = house.services.clock()
        clock.start()
        clock.stop()
        states += [state for state, _, _ in all_letters(store)]
    house.services.close()
    assert states == ["sending", "uncertain"]


def raising_record(*_: object) -> None:
    raise PowerCut


@pytest.mark.parametrize("error", [RuntimeError("a fault of ours"), PowerCut()])
def test_any_other_fault_leaves_the_letter_uncertain(desk: Desk, error: BaseException) -> None:
    office = Office(desk, answering(raising(error)))
    office.ask()
    with pytest.raises(type(error)):
        office.send()
    assert office.states() == [("uncertain", "the transport stopped without an answer", 1)]


class SilentTransport(MemoryTransport):
    """Takes what it is given, and says nothing."""

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        yield from ()


class LateError(MemoryTransport):
    """Accepts a letter, then loses the connection."""

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        yield from super().send(consignment)
        raise TransportUnavailable("the connection was lost")


def test_no_answer_is_no_proof_of_anything(quick_desk: Desk) -> None:
    office = Office(quick_desk, SilentTransport())
    office.ask()
    office.send()
    assert office.states()[0][0] == "uncertain"


def test_what_was_accepted_stays_accepted_whatever_comes_after(quick_desk: Desk) -> None:
    office = Office(quick_desk, LateError())
    office.ask()
    assert isinstance(office.send(), TransportUnavailable)
    assert office.states()[0][0] == "submitted"


def test_a_sender_whose_name_breaks_a_header_loses_no_letter(quick_desk: Desk) -> None:
    office = Office(quick_desk)
    office.ask()
    office.correspondence._sender = lambda: replace(SENDER, name="Two\nlines")
    with pytest.raises(Exception, match="line break"):
        office.send()
    office.correspondence._sender = lambda: SENDER
    office.send()
    assert office.states() == [("submitted", "", 1)]


def test_somebody_says_stop_and_the_rest_waits(quick_desk: Desk) -> None:
    stop = threading.Event()

    def stopping(_copy: Copy) -> Outcome:
        stop.set()
        return Outcome.SUBMITTED

    office = Office(quick_desk, MemoryTransport(stopping))
    office.ask("one@school.example")
    office.ask("two@school.example")
    assert office.correspondence.send(stop) is None
    assert [state for state, _, _ in office.states()] == ["submitted", "prepared"]


def test_somebody_says_stop_among_letters_that_nobody_may_get(quick_desk: Desk) -> None:
    office = Office(quick_desk)
    for number in range(3):
        office.ask(f"reader{number}@school.example")
    quick_desk.clock.now += timedelta(days=2)  # too late for all of them
    office.correspondence.send(StopAfter(2))
    assert [state for state, _, _ in office.states()].count("prepared") == 2


class StopAfter(threading.Event):
    """Says stop once it was looked at so often."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._left = looks

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_without_letters_nothing_is_opened_and_nothing_needed(quick_desk: Desk) -> None:
    office = Office(quick_desk)
    office.correspondence._open_transport = raising(AssertionError("opened"))  # type: ignore[assignment]
    office.correspondence._sender = raising(AssertionError("asked"))  # type: ignore[assignment]
    assert office.send() is None


def test_where_a_request_came_from_is_forgotten_after_a_day(desk: Desk) -> None:
    """Requirement 45: only the caps need it, and they look back an hour."""
    office = Office(desk)
    office.ask("one@school.example")
    desk.clock.now += timedelta(days=1, minutes=1)
    office.ask("two@school.example")
    office.correspondence.tidy()
    with desk.store.read() as tx:
        query = select(requests.c.client_hash).order_by(requests.c.id)
        kept = [len(found) for found in tx._connection.execute(query).scalars()]
    assert kept == [0, 16]


def test_old_requests_and_letters_are_tidied_away(desk: Desk) -> None:
    """Requirement 45."""
    office = Office(desk)
    office.ask("one@school.example")
    office.send()
    assert office.correspondence.tidy() == (0, 0)
    desk.clock.now += timedelta(days=7, minutes=1)
    office.ask("two@school.example")
    assert office.correspondence.tidy() == (1, 0)
    with desk.store.write() as tx:
        tx.requests.confirm(2, desk.clock())
    desk.clock.now += timedelta(days=30, minutes=1)
    assert office.correspondence.tidy() == (1, 1)
    assert office.states() == []
