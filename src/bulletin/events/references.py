"""Which copy a report is about, from nothing but what we signed (requirements 17 and 18).

Addresses and words in a report are anybody's to write. A token is not: whoever has one has seen
the copy that it is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from bulletin.events.messages import headers, opened, texts, whatever_comes
from bulletin.tokens import Purpose

_SIGNED = r"([0-9a-z]{1,20}-[a-z2-7]{24})"
_ENVELOPE = frozenset(
    {"delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "x-delivered-to", "to", "cc",
     "received", "return-path", "x-failed-recipients"}
)  # fmt: skip
_OWN_ADDRESS = re.compile(rf"\+{_SIGNED}@", re.IGNORECASE)
# What proves most comes first: an address that only this copy had, its own number, its own links,
# and last the link that all copies of a reader have.
_ANYWHERE = (
    (Purpose.BOUNCE, _OWN_ADDRESS),
    (Purpose.MESSAGE_ID, re.compile(rf"<{_SIGNED}@", re.IGNORECASE)),
    (Purpose.VIEW, re.compile(rf"/v/{_SIGNED}\b", re.IGNORECASE)),
    (Purpose.ACKNOWLEDGE, re.compile(rf"/a/{_SIGNED}\b", re.IGNORECASE)),
    (Purpose.UNSUBSCRIBE, re.compile(rf"/u/{_SIGNED}\b", re.IGNORECASE)),
)
_MOST_EACH = 20


@whatever_comes
def references(data: bytes) -> list[tuple[Purpose, str]]:
    """What may be tokens of ours in a message, the most telling first; none is checked here.

    Raises InvalidInput if the message cannot be taken apart.
    """
    message = opened(data)
    envelope = " ".join(value for name, value in headers(message) if name in _ENVELOPE)
    everything = "\n".join([*_all_headers(message), texts(message)])
    found = list(_found(Purpose.BOUNCE, _OWN_ADDRESS, envelope))
    for purpose, pattern in _ANYWHERE:
        found += _found(purpose, pattern, everything)
    return found


def _all_headers(message: Message) -> Iterator[str]:
    for part in message.walk():
        for name, value in headers(part):
            yield f"{name}: {value}"


def _found(purpose: Purpose, pattern: re.Pattern[str], text: str) -> Iterator[tuple[Purpose, str]]:
    for _, match in zip(range(_MOST_EACH), pattern.finditer(text), strict=False):
        yield purpose, match[1].lower()
