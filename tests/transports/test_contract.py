"""What every transport promises, whichever it is (see bulletin.transports.base)."""

from __future__ import annotations

import mailbox
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from consigned import (
    CONTENT,
    Arrived,
    as_mail,
    as_meant,
    consignment,
    copy_for,
    letter,
    outcomes,
    readers,
    unbuildable,
)
from mail_send import KEY, MailSend

from bulletin.models.deliveries import Copy, Outcome
from bulletin.models.editions import EditionContent, Field
from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.base import Transport
from bulletin.transports.memory import MemoryTransport
from bulletin.transports.outbox import OutboxTransport
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.smtp import SmtpTransport


@dataclass(frozen=True, slots=True)
class Place:
    """A transport, and what has arrived at its other end."""

    transport: Transport
    arrived: Callable[[], list[Arrived]]


class _Inbox:
    """aiosmtpd: a mail server that nobody here wrote."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.accepted: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        assert isinstance(envelope.content, bytes)
        with self._lock:
            self.accepted.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@contextmanager
def _smtp() -> Iterator[Place]:
    inbox = _Inbox()
    port = _free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    try:
        transport = SmtpTransport(SmtpServer("127.0.0.1", port, Tls.NONE), timeout=20)
        yield Place(transport, lambda: [as_mail(raw, to) for to, raw in inbox.accepted])
        transport.close()
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _sendgrid() -> Iterator[Place]:
    with MailSend() as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        yield Place(transport, provider.arrived)


def _outbox(folder: Path) -> Place:
    def arrived() -> list[Arrived]:
        found = mailbox.Maildir(folder, factory=None, create=False)
        raws = [found.get_bytes(key) for key in sorted(found.keys())]
        return [as_mail(raw, _to(raw)) for raw in raws]

    return Place(OutboxTransport(folder), arrived)


def _to(raw: bytes) -> list[str]:
    line = raw.partition(b"\r\nTo: ")[2].partition(b"\r\nMessage-ID")[0].decode()
    return [line.rpartition(" ")[2].strip("<>")]


def _memory() -> Place:
    transport = MemoryTransport()
    return Place(
        transport, lambda: [as_mail(raw, [copy.address]) for copy, raw in transport.accepted]
    )


@pytest.fixture(params=["memory", "outbox", "smtp", "sendgrid"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    if request.param == "smtp":
        with _smtp() as smtp:
            yield smtp
    elif request.param == "sendgrid":
        with _sendgrid() as sendgrid:
            yield sendgrid
    else:
        yield _outbox(tmp_path / "outbox") if request.param == "outbox" else _memory()


def arrived_to(place: Place) -> dict[str, Arrived]:
    """By address; nobody got two."""
    found = place.arrived()
    assert all(len(each.recipients) == 1 for each in found)
    by_address = {each.recipients[0]: each for each in found}
    assert len(by_address) == len(found)
    return by_address


def test_each_person_gets_their_own_content_and_links_and_nobody_elses(place: Place) -> None:
    """Requirement 44."""
    handed = readers(7)
    assert set(outcomes(place.transport, handed).values()) == {Outcome.SUBMITTED}
    assert arrived_to(place) == {copy.address: as_meant(copy) for copy in handed.copies}


def test_a_letter_says_that_a_machine_wrote_it_and_belongs_to_no_list(place: Place) -> None:
    """Requirement 19; whoever is not on the list yet has nothing to unsubscribe from."""
    outcomes(place.transport, letter(1))
    (found,) = place.arrived()
    assert found.recipients == ("reader1@school.example",)
    assert found.about == {"Auto-Submitted": "auto-generated"}


def test_a_name_is_escaped_in_html_and_as_it_is_in_text_and_subject(place: Place) -> None:
    copy = copy_for(1, name="O'Brien & <b>")
    outcomes(place.transport, consignment([copy]))
    (found,) = place.arrived()
    assert found == as_meant(copy)
    assert "O'Brien & <b>" in found.text
    assert "O&#x27;Brien &amp; &lt;b&gt;" in found.html
    assert found.subject == "December for O'Brien & <b>"


@pytest.mark.parametrize(
    "name",
    ["O'Brien, Pat", "a; b <c@d.example>", 'Sam "Sunny"', "Llŷr ap Siôn", "👩🏽‍🏫", "W" * 300,
     "BLT0role0BLT", "{{role}}", "%(role)s"],
)  # fmt: skip
def test_whatever_somebody_is_called_the_copy_reaches_them_alone(place: Place, name: str) -> None:
    copy = copy_for(1, name=name)
    outcomes(place.transport, consignment([copy]))
    assert place.arrived() == [as_meant(copy)]


def test_there_is_one_receipt_for_each_of_a_thousand_copies(place: Place) -> None:
    handed = readers(1000)
    assert set(outcomes(place.transport, handed).values()) == {Outcome.SUBMITTED}
    assert set(arrived_to(place)) == {copy.address for copy in handed.copies}


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_copy_that_no_message_can_be_made_of_fails_and_the_others_go(
    place: Place, position: int
) -> None:
    copies = [copy_for(number) for number in range(1, 4)]
    copies[position] = unbuildable(position + 1)
    receipts = {each.delivery_id: each for each in place.transport.send(consignment(copies))}
    assert len(receipts) == 3
    failed = receipts.pop(position + 1)
    assert failed.outcome is Outcome.FAILED
    assert "before the @" in failed.detail
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.SUBMITTED}
    good = [copy for copy in copies if copy.delivery_id != position + 1]
    assert arrived_to(place) == {copy.address: as_meant(copy) for copy in good}


def _without(copy: Copy, field: Field) -> Copy:
    fields = {key: value for key, value in copy.fields.items() if key is not field}
    return Copy(
        copy.delivery_id, copy.address, copy.name, copy.message_id, copy.list_unsubscribe, fields
    )


def _with_link(copy: Copy, link: str) -> Copy:
    return Copy(copy.delivery_id, copy.address, copy.name, copy.message_id, link, copy.fields)


@pytest.mark.parametrize(
    "broken",
    [
        copy_for(2, name="x\r\nBcc: victim@elsewhere.example"),
        copy_for(2, address="a@x.example>b@y.example"),
        _without(copy_for(2), Field.ROLE),
        _with_link(copy_for(2), "https://a.example/u/1\r\nBcc: victim@elsewhere.example"),
        _with_link(copy_for(2), "http://bulletin.school.example/u/1"),
    ],
    ids=["name", "address", "field", "link", "plain-http"],
)
def test_what_one_transport_refuses_to_say_no_other_says(place: Place, broken: Copy) -> None:
    """Requirements 6 and 63: a provider would pass on, or drop without a word, what is broken."""
    found = outcomes(place.transport, consignment([copy_for(1), broken, copy_for(3)]))
    assert found == {1: Outcome.SUBMITTED, 2: Outcome.FAILED, 3: Outcome.SUBMITTED}
    assert set(arrived_to(place)) == {"reader1@school.example", "reader3@school.example"}


def test_words_that_look_like_anybodys_tags_stay_words(place: Place) -> None:
    """What stands in for a field on its way to a provider must not stand in an editor's text."""
    words = "".join(
        f"BLT{n}{h}{field.value}{h}BLT{n} BLT{n}{field.value}{n}BLT "
        for n in range(1, 4)
        for h in ("", "H", "T")
        for field in Field
    )
    content = EditionContent(
        CONTENT.subject, html=f"{CONTENT.html}{words}\n", text=f"{CONTENT.text}{words}\n"
    )
    copy = copy_for(1)
    outcomes(place.transport, consignment([copy], content))
    assert place.arrived() == [as_meant(copy, content)]


def test_a_transport_can_be_used_again_after_close(place: Place) -> None:
    outcomes(place.transport, readers(2))
    place.transport.close()
    place.transport.close()
    outcomes(place.transport, readers(2, start=3))
    assert set(arrived_to(place)) == {f"reader{n}@school.example" for n in range(1, 5)}


def test_handing_over_nothing_does_nothing(place: Place) -> None:
    assert list(place.transport.send(readers(0))) == []
    assert place.arrived() == []


def test_it_says_its_name_and_how_many_copies_a_crash_can_leave_uncertain(place: Place) -> None:
    assert place.transport.name in {"memory", "outbox", "smtp", "sendgrid"}
    assert 1 <= place.transport.window <= 1000
