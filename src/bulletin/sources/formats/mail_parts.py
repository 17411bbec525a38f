"""The parts of a mail, within bounds: a few kilobytes of headers could take hours to read."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Policy, compat32
from typing import Final

from bulletin.errors import InvalidInput

MAX_BYTES: Final = 20_000_000  # pictures make newsletters large; their text has its own limit
_MAX_LINES: Final = 300_000
_MAX_BOUNDARIES: Final = 600  # two of each mail that may come with one
_MAX_COMPARED: Final = 3_000_000  # lines with boundaries
_BOUNDARY: Final = re.compile(rb"\bboundary(?:\*\d{0,3}){0,2}[ \t]{0,9}=", re.IGNORECASE)
_MAX_PARTS: Final = 2000  # a page saved as one file brings all its pictures
_MAX_HEADERS: Final = 1000  # of a part
_MAX_HEADER: Final = 10_000  # characters
_MAX_PARAMETERS: Final = 100
_PIECE: Final = 65_536


class _Part(Message):
    """A part as the library reads it, with few headers, and few parameters in each.

    The library takes parameters apart in quadratic time, again and again.
    """

    def set_raw(self, name: str, value: str) -> None:
        described = name.lower().startswith("content-")
        if len(self) == _MAX_HEADERS or (described and value.count(";") > _MAX_PARAMETERS):
            raise _intricate()
        super().set_raw(name, value[:_MAX_HEADER])


class _Parts:
    """Makes the parts of one mail, and counts them."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, policy: Policy[Message] = compat32) -> Message:
        self._made += 1
        if self._made > _MAX_PARTS:
            raise _intricate()
        return _Part(policy)


def parsed(data: bytes) -> Message:
    """A mail taken apart. Raises InvalidInput for one that is too large or built to do harm."""
    _refuse_excess(data)
    # The newer policy takes headers apart that nobody asks for; read at once, a mail takes five
    # times its size more.
    parser = BytesFeedParser(_Parts(), policy=compat32)
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
        return parser.close()
    except RecursionError as error:
        raise _intricate() from error


def parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail, without those of mails within it."""
    waiting = deque([mail])
    while waiting:
        part = waiting.popleft()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extendleft(reversed(inner(part)))
        else:
            yield part


def inner(part: Message) -> list[Message]:
    """What is in a part; of text there is nothing to take apart."""
    found = part.get_payload() if part.is_multipart() else []
    return [one for one in found if isinstance(one, Message)]


def _refuse_excess(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            f"This mail has {len(data) / 1_000_000:.0f} MB; up to {MAX_BYTES // 1_000_000} MB can "
            "be read. Open it, copy the news and paste it."
        )
    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    boundaries = len(_BOUNDARY.findall(data))
    # Each line is compared with all boundaries that are open.
    compared = lines * boundaries
    if lines > _MAX_LINES or boundaries > _MAX_BOUNDARIES or compared > _MAX_COMPARED:
        raise _intricate()


def _intricate() -> InvalidInput:
    return InvalidInput("This mail is built too intricately. Open it, and paste its news.")
