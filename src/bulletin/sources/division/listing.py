"""Listing: newsfeeds that are lists, whose every line is an item: "Title - address", "DATE: event".

Such a line is taken apart into the title and what it leads to, so that the rest of the reading
finds a heading with something under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.fields import details
from bulletin.sources.fields.dates import find_date
from bulletin.sources.fields.pointers import pointer
from bulletin.sources.text import inline, wording
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import is_sentence, is_welcome

ENTRY: Final = "entry"  # the mark of a title that was one with its address, or led by a date

_EDGES: Final = " :–—-|>→»(["
_MAX_TITLE: Final = 25
_LEAST: Final = 3
_EVENT: Final = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s{1,2})?\d{1,2}(?:st|nd|rd|th)?\s{1,2}"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?:,?\s\d{4})?\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(r"\b\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm)\b|\bnoon\b", re.IGNORECASE)


def taken_apart(lines: list[Line]) -> list[Line]:
    """The lines, with the entries of a list of links or of dates as headings of their own.

    The same list comes back if it is no such list.
    """
    if events := _events(lines):
        return [
            replace(line, kind=Kind.TEXT, mark=ENTRY, gap=max(line.gap, 1))
            if at in events
            else line
            for at, line in enumerate(lines)
        ]
    entries = _entries(lines)
    if not entries:
        return lines
    found: list[Line] = []
    for at, line in enumerate(lines):
        found += entries.get(at, [line])
    return found


def _entries(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """The entries of a text that is hardly anything else."""
    entries: dict[int, list[Line]] = {}
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else None
        if parts := _entry(line, below):
            entries[at] = parts
    if len(entries) < _LEAST or not _are_all(lines, entries):
        return {}
    return entries


def _are_all(lines: Sequence[Line], entries: dict[int, list[Line]]) -> bool:
    first = min(entries)
    prose = [at for at, line in enumerate(lines) if at not in entries and _is_prose(line)]
    above = [at for at in prose if at < first and not is_welcome(lines[at])]
    loose = [at for at in prose if at > first and lines[at].gap]
    return not above and len(loose) * 5 <= len(entries)


def _is_prose(line: Line) -> bool:
    return is_sentence(line) and line.words >= 8 and not _is_address(line)


def _entry(line: Line, below: Line | None) -> list[Line] | None:
    """The title of an entry, and its address if that stands in the same line."""
    if line.mark.startswith("h") or line.kind in {Kind.QUOTE, Kind.RULE} or _is_address(line):
        return None
    linked = inline.links(line.runs)
    if not linked:
        follows = below is not None and not below.gap and _is_address(below)
        named = follows and not line.text.endswith(".") and _is_title(line.text, line)
        return [_title(line, line.runs)] if named else None
    if len(linked) > 1 or line.runs[-1].target is None:
        return None
    if linked[0].bare:
        words = line.text[: line.text.rindex(linked[0].text)].rstrip(_EDGES)
        if not _is_title(words, line):
            return None
        address = replace(line.with_runs((linked[0],)), kind=Kind.TEXT, gap=0, raw=linked[0].text)
        return [_title(line, inline.part(line.runs, 0, len(words))), address]
    whole = inline.tidy(linked[0].text) == line.text
    return [_title(line, line.runs)] if whole and _is_title(line.text, line) else None


def _title(line: Line, runs: inline.Runs) -> Line:
    return replace(line.with_runs(runs), kind=Kind.TEXT, mark=ENTRY, gap=max(line.gap, 1))


def _is_title(words: str, line: Line) -> bool:
    plain = wording.without_arrows(words)
    if (not plain[:1].isupper() and not plain[:1].isdigit()) or plain.count(" ") >= _MAX_TITLE:
        return False
    if wording.is_label(plain) or wording.is_bare_label(plain) or wording.is_address_label(plain):
        return False
    if details.parse(words) or pointer(words) or (is_sentence(line) and "." in plain):
        return False
    return plain.count(" ") >= 1


def _is_address(line: Line) -> bool:
    return len(line.runs) == 1 and line.runs[0].bare


def _events(lines: Sequence[Line]) -> set[int]:
    """Lines that begin with a date and say what is on, if every block of the text does."""
    found = {at for at, line in enumerate(lines) if _is_event(line)}
    if len(found) < _LEAST or sum(bool(_TIME.search(lines[at].text)) for at in found) * 2 < len(
        found
    ):
        return set()
    first = min(found)
    blocks = [at for at, line in enumerate(lines) if at > first and (line.gap or at in found)]
    above = any(_is_prose(line) and not is_welcome(line) for line in lines[:first])
    return set() if above or sum(at in found for at in blocks) < 0.8 * len(blocks) else found


def _is_event(line: Line) -> bool:
    date = _EVENT.match(line.text)
    if not date or line.words > 40 or line.mark.startswith("h") or line.kind is Kind.QUOTE:
        return False
    day = find_date(line.text)
    rest = line.text[max(date.end(), day.end if day else 0) :].strip(_EDGES + ",.")
    return rest.count(" ") >= 1 and not is_sentence(line) and not rest[:3].lower().startswith("by ")


def is_entry(line: Line) -> bool:
    return line.mark == ENTRY
