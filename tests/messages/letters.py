"""Editions, senders and copies to make messages of, and messages taken apart again."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

from hypothesis import strategies as st

from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Sender

NOW = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)

SENDER = Sender(
    name="Oakshire Safeguarding Partnership",
    email="bulletin@school.example",
    reply_to="safeguarding@school.example",
    postal_address="County Hall, 1 Example Street, Oakshire",
    list_id="bulletin.school.example",
)

CONTENT = EditionContent(
    subject="Safeguarding Bulletin, December",
    html=f"<p>Dear {Field.FIRST_NAME.token} of {Field.ORGANISATION.token}</p>\n"
    f'<a href="{Field.UNSUBSCRIBE_URL.token}">Unsubscribe</a>\n',
    text=f"Dear {Field.FIRST_NAME.token} of {Field.ORGANISATION.token}\n\n"
    f"Unsubscribe: {Field.UNSUBSCRIBE_URL.token}\n",
)

COPY = Copy(
    delivery_id=7,
    address="dsl@school.example",
    name="Alys Jones",
    message_id="<7-abcdefgh@school.example>",
    list_unsubscribe="https://bulletin.school.example/u/7-abcdefgh",
    fields={
        Field.FIRST_NAME: "Alys",
        Field.FULL_NAME: "Alys Jones",
        Field.ORGANISATION: "Oak Primary School",
        Field.ROLE: "designated safeguarding lead",
        Field.UNSUBSCRIBE_URL: "https://bulletin.school.example/u/7-abcdefgh",
        Field.PREFERENCES_URL: "https://bulletin.school.example/p/7-abcdefgh",
        Field.VIEW_URL: "https://bulletin.school.example/v/7-abcdefgh",
        Field.ACKNOWLEDGE_URL: "https://bulletin.school.example/a/7-abcdefgh",
    },
)

# Surrogates and control characters are no part of a line; those are refused (injection tests).
_LINE_CHARACTERS = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x00"
)
_AWKWARD = st.sampled_from(
    [
        *("O'Brien, Siân", "Ysgol Tŷ-du", "Mòrag NicDhòmhnaill", "👩🏽\u200d🏫", "🇬🇧 e\u0301 Ł"),
        *('"Bob" <bob@evil.example>', "a;b:c,d", "back\\slash", "=?utf-8?q?=41?=", "=41"),
        *("x" * 200, "ŵ" * 60, "  two  spaces  ", ".", "..", "From here", "A & B <i>", "'"),
    ]
)
LINES = st.one_of(
    _AWKWARD,
    st.text(_LINE_CHARACTERS, max_size=120),
    st.lists(_AWKWARD, min_size=1, max_size=4).map(" ".join),
)


def written(content: EditionContent = CONTENT, copy: Copy = COPY, sender: Sender = SENDER) -> bytes:
    """The finished bytes of a copy."""
    return Skeleton(content, sender, static_headers(issue_id=42, sender=sender)).dated(NOW)(copy)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    for part in message.walk():
        assert not part.defects
        for value in part.values():
            assert not value.defects, (value, value.defects)
    return message


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def header_block(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]


def raw_headers(raw: bytes) -> list[tuple[str, str]]:
    """Names and unfolded values, read without the library that wrote none of them."""
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", header_block(raw))
    pairs = (line.partition(b": ") for line in unfolded.split(b"\r\n"))
    return [(name.decode("ascii"), value.decode("ascii")) for name, _, value in pairs]


def decoded(text: str) -> str:
    """Encoded words read (RFC 2047), and any other text as it is."""
    return str(make_header(decode_header(text)))


def mailbox_of(value: str) -> tuple[str, str]:
    """The display name and the address of a From or To.

    Not by the library's parser of addresses: it puts spaces between the encoded words of a name.
    """
    phrase, _, address = value.rpartition(" ")
    if phrase.startswith('"'):
        assert phrase.endswith('"')
        return re.sub(r"\\(.)", r"\1", phrase[1:-1]), address.strip("<>")
    return decoded(phrase), address.strip("<>")


def with_fields(copy: Copy = COPY, **values: Any) -> Copy:
    """The copy with other values: names of Copy, or names of merge fields."""
    fields = {Field(name): text for name, text in values.items() if name in set(Field)}
    rest = {name: value for name, value in values.items() if name not in set(Field)}
    return replace(copy, fields={**copy.fields, **fields}, **rest)
