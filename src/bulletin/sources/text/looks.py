"""Looks: what a line looks like by itself, before its place in the text is weighed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from bulletin.sources.fields import actions, bylines, details
from bulletin.sources.fields.pointers import pointer
from bulletin.sources.text import inline
from bulletin.sources.text.lines import Kind, Line

_MAX_CHARACTERS: Final = 180
_MAX_WORDS: Final = 22
_LETTERS: Final = re.compile(r"[^\W\d_].*[^\W\d_]", re.DOTALL)
_MAILBOX: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
_NOT_A_HEADING: Final = re.compile(
    r"[+\d\s()-]+\Z"
    r"|(?:(?:Q|Question|Answer)\s?\d{0,2}\s?[:.)]|A\s?\d{0,2}\s?:|A\d{1,2}[.)])\s"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,?\s\d{1,2}(?:st|nd|rd|th)?\s[a-z]{3,9}\b"
    r"|\d{1,2}(?:st|nd|rd|th)?\s[a-z]{3,9}\s\d{4},?\s\d",
    re.IGNORECASE,
)
_CITED: Final = re.compile(r"([.!])[\"”’]?\s[(\[][^()\[\]]{3,150}[)\]]\Z")
_REACH: Final = 160  # characters
_STOPS: Final = (".", ":", ";", ",", "…")
_TWO_SENTENCES: Final = re.compile(r"[a-z]{4}[.] \(?[A-Z]")
_WELCOME: Final = re.compile(
    r"(?:dear\b|hello\b|hi\b|welcome\b|good\s(?:morning|afternoon)|in\sthis\s|here\s(?:is|are)\b|"
    r"this\s(?:week|month|issue|edition|newsletter|bulletin|e-?mail|digest|round)|please\sfind\b|"
    r"below\s(?:is|are|you)|our\s(?:latest|weekly|monthly)|the\slatest\s(?:news|updates)|"
    r"(?:weekly|monthly|a)\s(?:round|summary|digest))",
    re.IGNORECASE,
)


class Look(StrEnum):
    HEADING = "heading"
    DETAILS = "details"
    ACTION = "action"
    RULE = "rule"
    LIST = "list"
    PROSE = "prose"


def look(line: Line) -> Look:
    if line.kind is Kind.RULE:
        return Look.RULE
    if line.kind in {Kind.BULLET, Kind.QUOTE}:
        return Look.ACTION if actions.is_action(line) else Look.LIST
    if not line.mark and details.parse(line.text):
        return Look.DETAILS
    if line.kind is Kind.NUMBERED and not line.mark:
        return Look.LIST
    shown = any(run.bare for run in line.runs)
    if actions.is_action(line) and (shown or not line.mark or line.gap):
        return Look.ACTION if shown else _action_or_heading(line)
    return Look.HEADING if is_heading(line) else Look.PROSE


def looks(lines: Sequence[Line]) -> list[Look]:
    return [look(line) for line in lines]


def is_heading(line: Line) -> bool:
    """A short line that begins with a capital, has no final stop and is no address or number."""
    text = line.text
    if line.mark:
        return bool(_LETTERS.search(text))
    if len(text) > _MAX_CHARACTERS or line.words > _MAX_WORDS or not _LETTERS.search(text):
        return False
    words = inline.words_only(line.runs)
    first = words.lstrip("\"'“‘([")[:1]
    if not (first.isupper() or first.isdigit()) or _last(words) in _STOPS:
        return False
    if _NOT_A_HEADING.match(text) or ("@" in text and _MAILBOX.search(text)):
        return False
    if _two_sentences(words) or bylines.dates_something(text):
        return False
    return words == text or pointer(words) is None


def is_sentence(line: Line) -> bool:
    """Whether a line is running text, so that it cannot be a mere banner."""
    ends = _last(line.text) in {".", "?", "!", ":"}
    return line.words >= 4 and (ends or _two_sentences(line.text))


def _last(text: str) -> str:
    """The mark or letter that a text ends with, or its sentence if a source in brackets follows."""
    cited = _CITED.search(text, max(len(text) - _REACH, 0)) if text[-1:] in ")]" else None
    return cited[1] if cited else text.rstrip("\"'”’) ")[-1:]


def _two_sentences(text: str) -> bool:
    return ". " in text and _TWO_SENTENCES.search(text) is not None


def is_welcome(line: Line) -> bool:
    return bool(_WELCOME.match(line.text))


def _action_or_heading(line: Line) -> Look:
    linked = any(run.target for run in line.runs)
    return Look.HEADING if line.mark.startswith(("h", "underline")) and linked else Look.ACTION
