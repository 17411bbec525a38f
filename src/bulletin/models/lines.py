"""One line of plain text: what names, titles and subjects may hold."""

from __future__ import annotations

import re

_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: some start a new header line (requirement 63)
    "\u2028\u2029"  # line separators
    "\u202a-\u202e\u2066-\u2069"  # what turns the text after it round
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # what cannot be written
)


def is_one_line(text: str) -> bool:
    """Whether a text can stand in a header, a title and a feed, and leaves its neighbours alone."""
    return not _UNWANTED.search(text)
