"""Which copy a report is about, from nothing but what we signed (requirements 17 and 18).

Addresses and words in a report are anybody's to write. A token is not; but links are passed on, so
what counts is only what a copy shows to mail servers: its envelope sender, its Message-ID and, for
complaints, where to unsubscribe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from itertools import islice

from bulletin.events.messages import headers, opened, texts, whatever_comes
from bulletin.tokens import Purpose

_SIGNED = r"([0-9a-z]{1,20}-[a-z2-7]{24})"
_ENVELOPE = (
    "delivered-to|x-original-to|x-envelope-to|envelope-to|x-delivered-to|to|cc|received|"
    "return-path|x-failed-recipients|original-mail-from"
)
# What proves most comes first: an address that only this copy had, its own number, and last the
# link that all copies of a reader have.
_FIELDS = {
    Purpose.BOUNCE: rf"^(?:{_ENVELOPE}):.*?\+{_SIGNED}@",
    Purpose.MESSAGE_ID: rf"^message-id:\s*<{_SIGNED}@",
    Purpose.UNSUBSCRIBE: rf"^list-unsubscribe:.*?/u/{_SIGNED}\b",
}
_PATTERNS = {
    purpose: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for purpose, pattern in _FIELDS.items()
}
_OF_THE_REPORT = frozenset({"message-id", "list-unsubscribe"})
_FOLD = re.compile(r"\r?\n[ \t]+")
_MOST_EACH = 20


@whatever_comes
def references(data: bytes) -> list[tuple[Purpose, str]]:
    """What may be tokens of ours in a report, the most telling first; none is checked here.

    Raises InvalidInput if the message cannot be taken apart.
    """
    message = opened(data)
    fields = _FOLD.sub(" ", "\n".join([*_all_headers(message), texts(message)]))
    return [found for purpose in _PATTERNS for found in _found(purpose, fields)]


def _all_headers(message: Message) -> Iterator[str]:
    """The fields of a message and its parts, but for what is about the report, not the copy."""
    for part in message.walk():
        for name, value in headers(part):
            if part is not message or name not in _OF_THE_REPORT:
                yield f"{name}: {value}"


def _found(purpose: Purpose, fields: str) -> Iterator[tuple[Purpose, str]]:
    for match in islice(_PATTERNS[purpose].finditer(fields), _MOST_EACH):
        yield purpose, match[1].lower()
