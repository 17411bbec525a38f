"""Messages of the bounce mailbox: opened so far as they are needed, whatever is in them.

Anybody can write to that mailbox. What is read is bounded, and what is shown is one printable line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from bulletin.errors import InvalidInput
from bulletin.models.lines import in_one_line

MOST_READ = 512 * 1024
"""Bytes of a message that are read. A report comes before the copy that it returns."""

_MOST_PARTS = 60  # "boundary=" in a message; a returned copy of ours has one of its own
_MOST_HEADER = 2000  # characters
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


def opened(data: bytes) -> Message:
    """The message in these bytes, of which no more than MOST_READ count.

    Raises InvalidInput for what is nested as no mail server does it.
    """
    if len(_BOUNDARY.findall(data[:MOST_READ])) > _MOST_PARTS:
        raise InvalidInput(f"The message has more than {_MOST_PARTS} levels of parts.")
    try:
        return message_from_bytes(data[:MOST_READ])
    except (RecursionError, ValueError, LookupError) as error:
        raise InvalidInput("The message cannot be taken apart.") from error


def header(message: Message, name: str) -> str:
    """A header as one printable line; "" if there is none."""
    return in_one_line(str(message.get(name, ""))[:_MOST_HEADER], _MOST_HEADER)


def headers(message: Message) -> Iterator[tuple[str, str]]:
    """(name in lower case, value) of every header, in order."""
    for name, value in message.items():
        yield name.lower(), str(value)[:_MOST_HEADER]


def text_of(part: Message) -> str:
    """The text of one part that is no container, decoded as well as it can be."""
    if part.is_multipart():
        return ""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        payload = str(part.get_payload()).encode("utf-8", "replace")
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(str(part.get_content_charset("utf-8")), "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def texts(message: Message) -> str:
    """The texts of all parts, one after another; pictures and other files are left out."""
    kinds = {"text", "message"}
    return "\n".join(
        text_of(part) for part in message.walk() if part.get_content_maintype() in kinds
    )
