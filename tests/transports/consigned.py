"""Consignments to hand over, and how a copy reads once it has arrived."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from html import escape
from itertools import islice

import pytest

from bulletin.errors import TransportUnavailable
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Sender
from bulletin.transports.base import Transport

NOW = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
SENDER = Sender(
    name="Oakshire Safeguarding Partnership",
    email="bulletin@school.example",
    reply_to="safeguarding@school.example",
    postal_address="County Hall, 1 Example Street, Oakshire OA1 1AA",
    list_id="bulletin.school.example",
)
CONTENT = EditionContent(
    subject=f"December for {Field.FULL_NAME.token}",
    html="".join(f"<p>{field.value}: {field.token}</p>\n" for field in Field),
    text="".join(f"{field.value}: {field.token}\n" for field in Field),
)

TOKEN = re.compile("|".join(re.escape(field.token) for field in Field))


def copy_for(number: int, name: str = "", address: str = "") -> Copy:
    """One person's copy; every value in it holds their number."""
    unsubscribe = f"https://bulletin.school.example/u/{number}-abc?a=1&b=2"
    return Copy(
        delivery_id=number,
        address=address or f"reader{number}@school.example",
        name=name or f"Reader {number}",
        message_id=f"<{number}-abc@school.example>",
        list_unsubscribe=unsubscribe,
        fields={
            Field.FIRST_NAME: f"First {number}",
            Field.FULL_NAME: name or f"Reader {number}",
            Field.ORGANISATION: f"Oak & Ash School {number}",
            Field.ROLE: f"governor {number}",
            Field.UNSUBSCRIBE_URL: unsubscribe,
            Field.PREFERENCES_URL: f"https://bulletin.school.example/p/{number}-abc",
            Field.VIEW_URL: f"https://bulletin.school.example/v/{number}-abc",
            Field.ACKNOWLEDGE_URL: f"https://bulletin.school.example/a/{number}-abc",
        },
    )


def letter(number: int) -> Consignment:
    """Mail to one person that belongs to no issue, as pipeline/letters.py hands it over."""
    content = EditionContent("One step is left", "<p>Press the button</p>", "Press the button")
    headers = (("Auto-Submitted", "auto-generated"),)
    copy = Copy(
        delivery_id=-number,
        address=f"reader{number}@school.example",
        name="",
        message_id=f"<letter-{number}@school.example>",
        list_unsubscribe=None,
        fields={},
    )
    return Consignment(
        reference=f"letter-{number}",
        sender=SENDER,
        content=content,
        headers=headers,
        copies=(copy,),
        mime=Skeleton(content, SENDER, headers).dated(NOW),
    )


def unbuildable(number: int) -> Copy:
    """A copy that no message can be made of: its address has a letter that mail cannot carry."""
    return copy_for(number, address=f"siân{number}@school.example")


def consignment(
    copies: Sequence[Copy],
    content: EditionContent = CONTENT,
    sender: Sender = SENDER,
    mime: Callable[[Copy], bytes] | None = None,
) -> Consignment:
    headers = static_headers(issue_id=12, sender=sender)
    return Consignment(
        reference="12-3",
        sender=sender,
        content=content,
        headers=headers,
        copies=tuple(copies),
        mime=mime or Skeleton(content, sender, headers).dated(NOW),
    )


def readers(count: int, start: int = 1) -> Consignment:
    return consignment([copy_for(number) for number in range(start, start + count)])


def outcomes(transport: Transport, handed: Consignment) -> dict[int, Outcome]:
    """Hand over, and see that each copy has exactly one receipt."""
    receipts = list(transport.send(handed))
    assert sorted(receipt.delivery_id for receipt in receipts) == sorted(
        copy.delivery_id for copy in handed.copies
    )
    return {receipt.delivery_id: receipt.outcome for receipt in receipts}


def left_in_doubt(transport: Transport, handed: Consignment) -> list[Receipt]:
    """See that no copy is known to be taken or not, and that the transport asks for a pause."""
    sending = transport.send(handed)
    found = list(islice(sending, len(handed.copies)))
    with pytest.raises(TransportUnavailable):
        next(sending)
    assert [each.delivery_id for each in found] == [copy.delivery_id for copy in handed.copies]
    assert {each.outcome for each in found} == {Outcome.UNCERTAIN}
    return found


def only(transport: Transport, handed: Consignment) -> Receipt:
    """The receipt for a consignment of one copy."""
    (receipt,) = transport.send(handed)
    return receipt


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one reader finds: to whom it went, and what it says."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    about: Mapping[str, str]


# The headers that say to a mail program what kind of mail this is.
ABOUT = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Auto-Submitted")


def as_meant(copy: Copy, content: EditionContent = CONTENT) -> Arrived:
    """What should arrive, worked out without any of the code that builds it."""
    values = {field.token: copy.fields[field] for field in Field}
    return Arrived(
        recipients=(copy.address,),
        subject=TOKEN.sub(lambda found: values[found[0]], content.subject),
        text=TOKEN.sub(lambda found: values[found[0]], content.text),
        html=TOKEN.sub(lambda found: escape(values[found[0]]), content.html),
        about={
            "List-Unsubscribe": f"<{copy.list_unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": '"Oakshire Safeguarding Partnership" <bulletin.school.example>',
        },
    )


def as_mail(raw: bytes, recipients: Sequence[str]) -> Arrived:
    """A MIME message as a mail program shows it. recipients: of the envelope."""
    message = BytesParser(EmailMessage, policy=SMTP).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    assert [to.addr_spec for to in message["To"].addresses] == list(recipients)
    return Arrived(
        recipients=tuple(recipients),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        about={name: str(message[name]) for name in ABOUT if name in message},
    )


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def large(megabytes: int) -> Consignment:
    """One copy that is larger than what waits in two sockets."""
    body = b"Subject: large\r\n\r\n" + (b"x" * 74 + b"\r\n") * (megabytes * 1_000_000 // 76)
    return replace(readers(1), mime=lambda _: body)
