"""Messages of the bounce mailbox: opened so far as they are needed, whatever is in them.

Anybody can write to that mailbox. What is read is bounded, and what is shown is one printable line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from functools import wraps
from typing import TypeVar

from bulletin.errors import InvalidInput
from bulletin.models.lines import in_one_line

Read = TypeVar("Read")

MOST_READ = 512 * 1024
"""Bytes of a message that are read. A report comes before the copy that it returns."""

MOST_LINES = 5000
"""Lines of a message that are read. Each may begin a part or a group of fields, and is looked at
once for every part that is open."""

_MOST_PARTS = 60  # "boundary=" in a message; a returned copy of ours has one of its own
_MOST_HEADER = 2000  # characters
# Not the library's parser: it follows comments in comments until the stack is full.
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,128}@[^\s<>()\[\],;:\"\\@]{1,253}")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


def opened(data: bytes) -> Message:
    """The message in these bytes, of which no more than MOST_READ and MOST_LINES count.

    Raises InvalidInput for what is nested as no mail server does it.
    """
    if len(_BOUNDARY.findall(data[:MOST_READ])) > _MOST_PARTS:
        raise InvalidInput(f"The message has more than {_MOST_PARTS} levels of parts.")
    lines = data[:MOST_READ].splitlines(keepends=True)
    return message_from_bytes(b"".join(lines[:MOST_LINES]))


def whatever_comes(read: Callable[[bytes], Read]) -> Callable[[bytes], Read]:
    """Lets a function that takes a message apart raise InvalidInput and nothing else.

    The library's parsers were made for mail, and fail on the rest in ways that nobody lists.
    """

    @wraps(read)
    def guarded(data: bytes) -> Read:
        try:
            return read(data)
        except InvalidInput:
            raise
        except Exception as error:
            raise InvalidInput("The message cannot be taken apart.") from error

    return guarded


def addresses_in(text: str) -> list[str]:
    """The bare addresses in a header or a field, however they are dressed up."""
    return [in_one_line(found, 254) for found in _ADDRESS.findall(text)]


def header(message: Message, name: str) -> str:
    """A header as one printable line; "" if there is none."""
    found = (value for each, value in headers(message) if each == name)
    return in_one_line(next(found, ""), _MOST_HEADER)


def headers(message: Message) -> Iterator[tuple[str, str]]:
    """(name in lower case, value) of every header, in order, as UTF-8 where it is not ASCII."""
    for name, value in message.raw_items():
        octets = str(value)[:_MOST_HEADER].encode("utf-8", "surrogateescape")
        yield name.lower(), octets.decode("utf-8", "replace")


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
        return payload.decode(_charset(part), "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def _charset(part: Message) -> str:
    # Not the library's: it takes the square of the number of parameters.
    named = _CHARSET.search(header(part, "content-type"))
    return named[1] if named else "utf-8"


def texts(message: Message) -> str:
    """The texts of all parts, one after another; pictures and other files are left out."""
    kinds = {"text", "message"}
    return "\n".join(
        text_of(part) for part in message.walk() if part.get_content_maintype() in kinds
    )
