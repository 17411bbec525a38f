"""One line of plain text: what names, titles and subjects may hold."""

from __future__ import annotations

import re

_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: some start a new header line (requirement 63)
    "\u2028\u2029"  # line separators
    "\u202a-\u202e\u2066-\u2069"  # what turns the text after it round
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # what cannot be written
)

# What Markdown's backslash takes the meaning of (CommonMark section 2.4).
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

_ALWAYS = re.compile(
    r"[*\[\]`]"
    r"|\\(?=[!-/:-@\[-`{-~]|\Z)"
    # At the end of a run the next one may go on with a name.
    r"|<(?=[A-Za-z/!?]|\Z)"
    r"|&(?=#?\w{1,31};|#?\Z)"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|~(?=~)|(?<=~)~"
)
_MEANING = re.compile(r"[*\[\]`\\<&_~]")  # what _ALWAYS may find: most text has none


def is_one_line(text: str) -> bool:
    """Whether a text can stand in a header, a title and a feed, and leaves its neighbours alone."""
    return not _UNWANTED.search(text)


def harmless(text: str) -> str:
    """A text for a terminal: its lines stay, and whatever could steer it becomes a space."""
    return _UNWANTED.sub(lambda found: found[0] if found[0] in "\n\t" else " ", text)


def in_one_line(text: str, most: int = 200) -> str:
    """What somebody else's machine said, as one printable line of so many characters at most.

    Whatever could steer a terminal, turn text round or not be stored becomes a space.
    """
    text = text[: most * 10]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())[:most]


def escape(text: str) -> str:
    r"""Text as Markdown that shows exactly this text: "*" -> "\*", "<b>" -> "\<b>"."""
    if not _MEANING.search(text):
        return text
    return _ALWAYS.sub(lambda match: f"\\{match[0]}", text)


def unescaped(markdown: str) -> str:
    """A Markdown text as a person reads it in a list: without the backslashes before its signs."""
    return _ESCAPED.sub(r"\1", markdown)


def without(address: str, text: str) -> str:
    """A text but for an address that it quotes: what is kept for long must not name people."""
    if not address or "@" not in text:
        return text
    return re.sub(re.escape(address), "(address)", text, flags=re.IGNORECASE)
