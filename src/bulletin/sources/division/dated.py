"""Dated: paragraphs that each begin with their date, as notes and round-ups have them.

"25/09/2025 – The figures ..." proves nothing once; where (nearly) every paragraph begins like this,
each is an item, and the date is when its news was published.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts
from bulletin.sources.fields.dates import find_date
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import is_sentence

_BEGINS: Final = re.compile(r"[(\[]?\s?(?=\S)")
_BETWEEN: Final = re.compile(r"\s?[)\]]?\s?(?:[–—:|•·-]\s|\s)\s*(?=[\w“\"'‘(])")
_PARAGRAPH: Final = 8  # words
_LEAST: Final = 2
_ENOUGH: Final = 0.6
_REACH: Final = 80  # characters


def taken_apart(lines: list[Line]) -> list[Line]:
    """The lines, each such date as a line of its own; the same list if there are none."""
    texts = [at for at, line in enumerate(lines) if _is_paragraph(line)]
    ends = {at: end for at in texts if (end := _end(lines[at]))}
    if len(ends) < max(_LEAST, _ENOUGH * len(texts)):
        return lines
    found: list[Line] = []
    for at, line in enumerate(lines):
        found += _split(line, ends[at]) if at in ends else [line]
    return found


def starts(page: Page) -> Starts | None:
    """Items that are text without a heading, each under a line of details that is glued to it."""
    groups = page.detail_groups()
    at = [start for start, end in groups if page.apart(start) and _heads_text(page, start, end)]
    if len(at) < max(_LEAST, _ENOUGH * len(groups)):
        return None
    named = sum(page.names_text(index) for index in range(at[0], len(page.lines)))
    return Starts(tuple(at)) if named * 2 < len(at) else None


def _heads_text(page: Page, start: int, end: int) -> bool:
    if end >= len(page.lines) or (page.heading(start - 1) and not page.lines[start].gap):
        return False
    return not page.lines[end].gap and is_sentence(page.lines[end]) and not page.heading(end)


def _is_paragraph(line: Line) -> bool:
    told = is_sentence(line) and line.words >= _PARAGRAPH
    return told and line.kind is not Kind.QUOTE and not line.mark


def _end(line: Line) -> int:
    """Where the date that begins a paragraph ends, with what stands between it and the text."""
    opening = _BEGINS.match(line.text)
    found = find_date(line.text[:_REACH])
    if not found or not opening or found.start != opening.end():
        return 0
    between = _BETWEEN.match(line.text, found.end)
    rest = line.text[between.end() :] if between else ""
    begun = rest[:1].isupper() or not rest[:1].isalpha()
    return between.end() if between and rest and begun else 0


def _split(line: Line, end: int) -> list[Line]:
    said = line.text[:end].strip(" ()[]–—:|•·-")
    date = Line(said, (Run(said),), gap=max(line.gap, 1), raw=said)
    rest = inline.part(line.runs, end, len(line.text))
    return [date, replace(line.with_runs(rest), kind=Kind.TEXT, gap=0, marker="", depth=0)]
