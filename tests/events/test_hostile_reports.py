"""Anybody can write to the bounce mailbox: what they write is bounded, printable and harmless."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returned import DSL, EXIM, QMAIL, arf, dsn, field, gone, reply

from bulletin.errors import InvalidInput
from bulletin.events import prose
from bulletin.events.dsn import recipients as dsn_recipients
from bulletin.events.messages import MOST_LINES, MOST_READ, opened
from bulletin.events.references import references
from bulletin.events.reports import read_origin, read_report
from bulletin.models.events import ReportKind

HARMLESS = (ReportKind.OTHER, ReportKind.AUTO_REPLY)


def nested(depth: int) -> bytes:
    begun = b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
    for level in range(1, depth):
        begun += b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (
            level - 1,
            level,
        )
    return b"From: MAILER-DAEMON@mx.example\r\n" + begun + b"hello\r\n"


@pytest.mark.parametrize(
    "message",
    [nested(1000), b"Content-Type: message/rfc822\r\n\r\n" * 3000],
    ids=["parts in parts", "messages in messages"],
)
def test_what_is_nested_without_end_is_unreadable(message: bytes) -> None:
    for read in (read_report, read_origin, references):
        with pytest.raises(InvalidInput, match="The message"):
            read(message)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0" * 100_000,
        bytes(range(256)) * 500,
        b"From: a@b.example\r\n\r\n" + b"a" * 50_000_000,
        b"X-A: b\r\n" * 20_000 + b"\r\nhi",
        b"From: " + b"(" * 100_000 + b"\r\n\r\nhi",
        b"From: MAILER-DAEMON@x\r\nContent-Type: text/plain; charset=\"\xff\xfe\"\r\n\r\n\xff",
        b"From: MAILER-DAEMON@x\r\nContent-Type: text/plain; charset=idna\r\n\r\n" + b"a..b " * 99,
        b"Content-Type: text/plain; charset*=utf-8''%ff\r\n\r\nhi",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 6 x\r\n!!",
        b"Content-Type: text/plain; " + b"a*0=\"b\\\"; " * 20_000 + b"\r\n\r\n",
        b"Date: Mon, 99 Foo 999999999999 99:99:99 +9999\r\n\r\n",
    ],
    ids=["empty", "NUL", "binary", "50 MB", "headers", "comments", "charset", "idna", "rfc2231",
         "uuencode", "parameters", "date"],
)  # fmt: skip
def test_rubbish_is_no_bounce(message: bytes) -> None:
    assert read_report(message).kind in HARMLESS
    assert read_origin(message).identity
    assert references(message) == []


def test_no_more_of_a_message_is_read_than_a_report_takes() -> None:
    behind = b"From: a@b.example\r\n\r\n" + b"a\r\n" * (MOST_READ // 3) + gone()
    assert read_report(behind).recipients == ()


def in_report(kind: str, inside: bytes) -> bytes:
    head, _, _ = gone().partition(b"Content-Type: message/delivery-status")
    return head + b"Content-Type: " + kind.encode() + b"\r\n\r\n" + inside


@pytest.mark.parametrize(
    "message",
    [
        b"Content-Type: message/delivery-status\r\n\r\n" + b"\n\n" * 262_000,
        in_report("message/delivery-status", b"\n\n" * 262_000),
        in_report("message/delivery-status", b"a: b\n\n" * 90_000),
        in_report("message/global-delivery-status", b"a: b\n\n" * 90_000),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
        b"X-A: b\n" * 70_000,
        nested(50) + b"\n" * 500_000,
    ],
    ids=["groups", "groups in a report", "fields", "RFC 6533", "parts", "headers", "lines"],
)
def test_of_many_small_things_only_the_first_are_looked_at(
    message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a megabyte of empty lines is twenty seconds' work for the library."""
    made: list[Message] = []
    begin = Message.__init__

    def spy(part: Message, **policy: Any) -> None:
        made.append(part)
        begin(part, **policy)

    monkeypatch.setattr(Message, "__init__", spy)
    parsed = opened(message)
    assert len(made) <= MOST_LINES
    assert parsed.as_bytes().count(b"\n") <= 2 * MOST_LINES
    made.clear()
    assert dsn_recipients(parsed) == ()
    assert len(made) <= 101


def test_the_detectors_never_see_a_long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their patterns take the square of a line's length: 50,000 spaces are three minutes."""
    seen: list[str] = []

    def spy(message: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
        seen.append(message.as_string())
        return frozenset(), frozenset()

    monkeypatch.setattr(prose, "all_failures", spy)
    read_report(b"From: MAILER-DAEMON@x\r\nX-Long: " + b"b" * 9000 + b"\r\n\r\n" + b" " * 300_000)
    assert len(seen[0]) < 60_000
    assert max(map(len, seen[0].splitlines())) <= 401
    assert "X-Long" in seen[0].partition("\n\n")[0]


def test_a_detector_that_trips_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(_message: Message) -> None:
        raise UnicodeEncodeError("ascii", "é", 0, 1, "in a detector")

    monkeypatch.setattr(prose, "all_failures", trip)
    assert read_report(QMAIL).recipients == ()


def test_no_more_recipients_are_taken_than_a_report_has() -> None:
    many = [field(f"reader{n}@school.example", "failed", "5.1.1") for n in range(3000)]
    assert len(read_report(dsn(*many)).recipients) == 100


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 \x1b[31mred\x1b[0m \x07",
        "550 5.1.1 \u202egnp.exe\u2066 \u2028 \x9b2J",
        "550 5.1.1 <script>alert(1)</script>",
    ],
)
def test_what_a_server_says_is_one_printable_line(said: str) -> None:
    """Requirement 59: a bounce's text has been used to attack whoever reads it."""
    message = dsn(field(f"{DSL}\x1b[2J", "failed", "5.1.1", said))
    (recipient,) = read_report(message).recipients
    for text in (recipient.address, recipient.diagnostic, recipient.status):
        assert text.isprintable()
        assert len(text) <= 300


PIECES = [gone(), EXIM, QMAIL, arf("Feedback-Type: abuse"), reply("Auto-Submitted: auto-replied")]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PIECES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=40)), max_size=6),
)
def test_a_damaged_report_is_read_or_refused_and_never_worse(
    message: bytes, damages: list[tuple[int, bytes]]
) -> None:
    for place, damage in damages:
        message = message[:place] + damage + message[place:]
    try:
        report = read_report(message)
        read_origin(message)
        references(message)
    except InvalidInput:
        return
    assert all(each.address.isprintable() for each in report.recipients)
