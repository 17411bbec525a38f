"""Text from editors, made harmless before and after Markdown: control characters, merge fields."""

from __future__ import annotations

import re

from bulletin.models.editions import MERGE_FIELDS, Field

# C0, DEL and C1 have no place in a bulletin (C1 is reported to make Gmail clip a message), lone
# surrogates cannot be encoded, and the non-characters are not allowed in XML.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
# Not str.split(): a no-break space must survive, it keeps telephone numbers in one piece.
_BLANKS = re.compile(r"[ \t\n]+")
_MERGE_FIELD = re.compile(
    r"\{\{[ \t]*(" + "|".join(sorted(field.value for field in MERGE_FIELDS)) + r")[ \t]*\}\}"
)
_TOKEN_START = "BLT0"  # noqa: S105  # how Field.token begins; nothing secret
_WORD_JOINER = "\u2060"


def block(text: str) -> str:
    """Text of several lines: line ends become LF, control characters go."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def line(text: str) -> str:
    """Plain text on one line, in which nothing can pass for a field token."""
    return defuse(_BLANKS.sub(" ", block(text)).strip(" "))


def defuse(text: str) -> str:
    """Break whatever looks like one of our field tokens, with a character nobody sees.

    Otherwise an editor's text could stand where every reader's own address is put in.
    """
    return text.replace(_TOKEN_START, f"{_TOKEN_START[:3]}{_WORD_JOINER}{_TOKEN_START[3:]}")


def merge(text: str) -> str:
    """Turn `{{first_name}}` and the other merge fields into their tokens.

    Whatever else stands in braces stays as it is (requirement 58). Forged tokens are defused
    first, so this takes finished text: Markdown can put a token together out of harmless parts
    (`BLT0first\\_name0BLT`).
    """
    return _MERGE_FIELD.sub(lambda found: Field(found[1]).token, defuse(text))
