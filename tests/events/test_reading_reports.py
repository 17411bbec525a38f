"""What mail servers write back is understood as far as it goes, and never further."""

from __future__ import annotations

import pytest
from returned import (
    DSL,
    EXCHANGE,
    EXIM,
    EXIM_WARNING,
    INTERNATIONAL,
    OPENSMTPD,
    QMAIL,
    QMAIL_FULL,
    SENDMAIL_BLOCKED,
    arf,
    dsn,
    field,
    gone,
    lines,
    reply,
)

from bulletin.events.codes import HARD, codes_in
from bulletin.events.reports import read_origin, read_report
from bulletin.models.events import Fate, ReportKind

Kind = ReportKind


@pytest.mark.parametrize(
    ("message", "address", "status"),
    [
        (gone(), DSL, "5.1.1"),
        (EXCHANGE, "DSL@School.example", "5.1.10"),
        (OPENSMTPD, DSL, "5.1.1"),
        (INTERNATIONAL, "siân@ysgol.example", "5.1.1"),
        (EXIM, DSL, ""),
        (QMAIL, DSL, ""),
    ],
    ids=["Postfix", "Exchange", "OpenSMTPD", "RFC 6533", "Exim", "qmail"],
)
def test_a_mailbox_that_is_gone_is_hard_however_it_is_told(
    message: bytes, address: str, status: str
) -> None:
    report = read_report(message)
    assert report.kind is Kind.BOUNCE
    (recipient,) = report.recipients
    assert (recipient.address, recipient.status, recipient.hard) == (address, status, True)


@pytest.mark.parametrize("code", sorted(HARD))
def test_the_codes_of_a_mailbox_that_is_gone(code: str) -> None:
    (recipient,) = read_report(dsn(field(DSL, "failed", code))).recipients
    assert recipient.hard


@pytest.mark.parametrize(
    "code",
    ["5.0.0", "5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.4", "5.4.1", "5.4.7", "5.7.1", "4.4.7"],
)
def test_every_other_failure_came_back_and_is_not_hard(code: str) -> None:
    """A full mailbox, a policy, a reputation: not the same as a mailbox that is gone."""
    report = read_report(dsn(field(DSL, "failed", code)))
    assert report.kind is Kind.BOUNCE
    assert not report.recipients[0].hard


@pytest.mark.parametrize(
    ("status", "said", "hard"),
    [
        ("5.0.0", "550 5.1.1 User unknown", True),
        ("5.0.0", "550 User unknown", False),
        ("5.1.1", "550 5.7.1 Message rejected as spam", False),
        ("5.1.1", "550 User unknown at 5.1.1.7", True),
        ("5.7.1", "550 5.1.1 User unknown", False),
        ("4.0.0", "450 4.1.1 User unknown for now", False),
    ],
)
def test_words_beside_a_code_make_it_certain_or_doubtful(
    status: str, said: str, hard: bool
) -> None:
    (recipient,) = read_report(dsn(field(DSL, "failed", status, said))).recipients
    assert recipient.hard is hard


def test_a_code_is_no_part_of_an_ip_address() -> None:
    assert codes_in("550 5.1.1 from 5.1.1.7, 192.5.1.1 and 1.5.1.1: (#5.2.2) v5.1.10.") == [
        "5.1.1", "5.2.2", "5.1.10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "message",
    [
        dsn(field(DSL, "delayed", "4.4.1", "450 try again")),
        dsn(field(DSL, "delayed", "5.1.1", "550 5.1.1 User unknown")),
        EXIM_WARNING,
        dsn(field(DSL, "relayed", "2.1.9"), field("b@school.example", "expanded", "2.1.5")),
        dsn(field(DSL, "delivered", "2.1.5")),
    ],
    ids=["delayed", "delayed for a hard reason", "delayed, in words", "passed on", "delivered"],
)
def test_a_delay_or_a_success_is_no_bounce_and_never_hard(message: bytes) -> None:
    """Requirement 16: only `failed` can suppress, `delayed` never."""
    report = read_report(message)
    assert report.kind is Kind.OTHER
    assert report.recipients
    assert not any(each.hard for each in report.recipients)


def test_of_several_recipients_each_has_a_fate_of_its_own() -> None:
    report = read_report(
        dsn(
            field("gone@school.example", "failed", "5.1.1"),
            field("slow@school.example", "delayed", "4.4.1"),
            field("fine@school.example", "delivered", "2.0.0"),
        )
    )
    assert report.kind is Kind.BOUNCE
    assert [(each.fate, each.hard) for each in report.recipients] == [
        (Fate.FAILED, True),
        (Fate.DELAYED, False),
        (Fate.DELIVERED, False),
    ]


def test_what_programs_wrote_is_believed_before_words_for_people() -> None:
    message = dsn(field(DSL, "failed", "5.2.2")).replace(
        b"I am sorry", b"<other@school.example>: 550 5.1.1 User unknown. I am sorry"
    )
    (recipient,) = read_report(message).recipients
    assert (recipient.address, recipient.hard) == (DSL, False)


def test_a_full_mailbox_in_words_is_not_hard() -> None:
    (recipient,) = read_report(QMAIL_FULL).recipients
    assert (recipient.address, recipient.hard) == (DSL, False)
    assert "over its quota" in recipient.diagnostic


def test_a_server_that_writes_the_same_code_for_every_refusal_suppresses_nobody() -> None:
    assert not read_report(SENDMAIL_BLOCKED).recipients[0].hard


@pytest.mark.parametrize(
    "message",
    [
        reply("Auto-Submitted: auto-replied"),
        reply("Auto-Submitted: auto-replied (vacation)"),
        reply("Auto-Submitted: auto-generated; owner=x"),
        reply("X-Autoreply: yes"),
        reply("X-Autorespond: December"),
        reply("Precedence: auto_reply"),
        reply(subject="Automatic reply: December"),
        reply(subject="Out of Office: December"),
        reply(subject="Ateb awtomatig: Rhagfyr"),
        reply("Auto-Submitted: auto-replied", sender="Desk <it@school.example>"),
    ],
)
def test_out_of_office_is_an_automatic_reply_whatever_it_says(message: bytes) -> None:
    """Requirement 19, RFC 3834: it never counts as a bounce or an acknowledgement."""
    report = read_report(message)
    assert report.kind is Kind.AUTO_REPLY
    assert report.recipients == ()


def test_what_a_person_writes_is_something_else() -> None:
    report = read_report(reply("Auto-Submitted: no", subject="Thank you for December"))
    assert (report.kind, report.recipients) == (Kind.OTHER, ())


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "opt-out"])
def test_a_feedback_report_is_a_complaint(kind: str) -> None:
    """RFC 5965; requirement 18."""
    report = read_report(arf(f"Feedback-Type: {kind}", f"Original-Rcpt-To: <{DSL}>"))
    assert report.kind is Kind.COMPLAINT
    assert [each.address for each in report.recipients] == [DSL]
    assert not report.recipients[0].hard


def test_a_complaint_whose_provider_hides_the_address_is_one_all_the_same() -> None:
    assert read_report(arf("Feedback-Type: abuse")).kind is Kind.COMPLAINT


@pytest.mark.parametrize("kind", ["not-spam", "virus", "auth-failure", "something new"])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    report = read_report(arf(f"Feedback-Type: {kind}", f"Original-Rcpt-To: <{DSL}>"))
    assert report.kind is Kind.OTHER


def test_a_message_is_the_same_wherever_a_copy_of_it_is_kept() -> None:
    delivered = lines("Delivered-To: bounces@school.example", "Received: from mx").rstrip()
    assert read_origin(delivered + b"\r\n" + gone()) == read_origin(gone())
    nameless = gone().replace(b"Message-ID", b"X-Was")
    assert read_origin(delivered + b"\r\n" + nameless) == read_origin(nameless)
    assert read_origin(nameless) != read_origin(nameless.replace(b"5.1.1", b"5.1.2"))
