"""What comes back, in the shapes of many mail servers; all people and hosts are made up."""

from __future__ import annotations

from collections.abc import Sequence

DSL = "dsl@school.example"


def lines(*text: str) -> bytes:
    return "\r\n".join([*text, ""]).encode()


def field(recipient: str, action: str, status: str, said: str = "") -> tuple[str, ...]:
    """A group of fields of RFC 3464 section 2.3."""
    return (
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        *([f"Diagnostic-Code: smtp; {said}"] if said else []),
    )


def dsn(
    *groups: Sequence[str],
    to: str = "bulletin@school.example",
    original: Sequence[str] = ("Subject: December", "", "Dear colleague,"),
    message_id: str = "<1@mx.school.example>",
    headers: Sequence[str] = (),
) -> bytes:
    """A delivery status notification, as Postfix writes them."""
    reports = [line for group in groups for line in (*group, "")]
    return lines(
        "From: MAILER-DAEMON@mx.school.example (Mail Delivery System)",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        "Date: Tue, 01 Dec 2026 08:00:00 +0000",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-replied",
        *headers,
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"',
        "MIME-Version: 1.0",
        "",
        "--=_r",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I am sorry to have to inform you that your message could not be delivered.",
        "",
        "--=_r",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.school.example",
        "",
        *reports,
        "--=_r",
        "Content-Type: message/rfc822",
        "",
        *original,
        "--=_r--",
    )


def gone(recipient: str = DSL, **more: object) -> bytes:
    """A notification that there is no such mailbox."""
    failed = field(recipient, "failed", "5.1.1", "550 5.1.1 User unknown")
    return dsn(failed, **more)  # type: ignore[arg-type]


def arf(
    *fields: str,
    original: Sequence[str] = ("Subject: December", "", "Dear colleague,"),
    message_id: str = "<2@feedback.example>",
) -> bytes:
    """A feedback report of RFC 5965."""
    return lines(
        "From: <feedback@mailbox.example>",
        "To: <complaints@school.example>",
        "Date: Tue, 01 Dec 2026 08:00:00 +0000",
        f"Message-ID: {message_id}",
        "Subject: FW: December",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="=_f"',
        "MIME-Version: 1.0",
        "",
        "--=_f",
        'Content-Type: text/plain; charset="us-ascii"',
        "",
        "This is an email abuse report for a message received on Tue, 01 Dec 2026.",
        "",
        "--=_f",
        "Content-Type: message/feedback-report",
        "",
        *fields,
        "User-Agent: Example-Feedback/1.0",
        "Version: 1",
        "",
        "--=_f",
        "Content-Type: message/rfc822",
        "",
        *original,
        "--=_f--",
    )


def reply(
    *headers: str,
    sender: str = "Siân Example <dsl@school.example>",
    subject: str = "Re: December",
    said: str = "I am away until Monday. 550 5.1.1 is only a number here.",
) -> bytes:
    """What a person's mailbox answers by itself, if its headers say so."""
    return lines(
        f"From: {sender}",
        "To: bulletin@school.example",
        f"Subject: {subject}",
        *headers,
        "Content-Type: text/plain; charset=utf-8",
        "",
        said,
    )


EXIM = lines(
    "From: Mail Delivery System <Mailer-Daemon@mx.school.example>",
    "To: bulletin@school.example",
    "X-Failed-Recipients: dsl@school.example",
    "Auto-Submitted: auto-replied",
    "Subject: Mail delivery failed: returning message to sender",
    "",
    "This message was created automatically by mail delivery software.",
    "",
    "A message that you sent could not be delivered to one or more of its",
    "recipients. This is a permanent error. The following address(es) failed:",
    "",
    "  dsl@school.example",
    "    host mx.school.example [192.0.2.1]",
    "    SMTP error from remote mail server after RCPT TO:<dsl@school.example>:",
    "    550 5.1.1 <dsl@school.example>: no mailbox here by that name",
)
QMAIL = lines(
    "From: MAILER-DAEMON@mx.school.example",
    "To: bulletin@school.example",
    "Subject: failure notice",
    "",
    "Hi. This is the qmail-send program at mx.school.example.",
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    "",
    "<dsl@school.example>:",
    "Sorry, no mailbox here by that name. (#5.1.1)",
    "",
    "--- Below this line is a copy of the message.",
    "",
    "Subject: December",
)
QMAIL_FULL = QMAIL.replace(
    b"Sorry, no mailbox here by that name. (#5.1.1)", b"The mailbox is over its quota. (#5.2.2)"
)
EXIM_WARNING = lines(
    "From: Mail Delivery System <Mailer-Daemon@mx.school.example>",
    "Auto-Submitted: auto-replied",
    "Subject: Warning: message 1ABC delayed 24 hours",
    "",
    "This message was created automatically by mail delivery software.",
    "A message that you sent has not yet been delivered to one or more of its",
    "recipients after more than 24 hours on the queue on mx.school.example.",
    "",
    "The address to which the message has not yet been delivered is:",
    "",
    "  dsl@school.example",
    "    451 4.1.1 and later perhaps 550 5.1.1",
    "",
    "No action is required on your part. Delivery attempts will continue.",
)
EXCHANGE = dsn(
    (
        "Original-Recipient: rfc822;DSL@School.example",
        "Final-Recipient: rfc822;head.office@tenant.mail.example",
        "Action: failed",
        "Status: 5.1.10",
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound;",
        " Recipient not found by SMTP address lookup",
    )
)
OPENSMTPD = dsn(("Final-Recipient: rfc822; dsl@school.example", "Action: error", "Status: 5.1.1"))
SENDMAIL_BLOCKED = dsn(field(DSL, "failed", "5.1.1", "550 5.7.1 Message rejected as spam"))
INTERNATIONAL = dsn(
    (
        "Final-Recipient: utf-8; siân@ysgol.example",
        "Action: failed",
        "Status: 5.1.1",
    )
).replace(b"message/delivery-status", b"message/global-delivery-status")
