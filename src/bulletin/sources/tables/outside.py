"""Outside: what stands around a table, above its headings and below its rows: news, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bulletin.models.items import Dropped, Reading
from bulletin.sources.division import boilerplate, closings
from bulletin.sources.division.chunks import holds_news
from bulletin.sources.division.newsfeed import read_newsfeed
from bulletin.sources.tables.grids import plain
from bulletin.sources.tables.layouts import Row
from bulletin.sources.text.lines import Kind, Line, of_text

OUTSIDE: Final = "Text outside the table."


def read(lines: Sequence[Line], reason: str = OUTSIDE) -> Reading:
    """Items if there is running text, else lines that are dropped for a reason."""
    if holds_news(lines):
        return read_newsfeed(lines)
    kept = (line for line in lines if line.kind is not Kind.RULE)
    return Reading((), tuple(Dropped(line.raw or line.text, reason) for line in kept))


def closing(rows: Sequence[Row]) -> int:
    """How many rows at the end of a table are none: one cell alone, or words of a footer."""
    count = 0
    while count < len(rows) and _is_outside(rows[-1 - count]):
        count += 1
    return count


def lines(rows: Sequence[Row]) -> list[Line]:
    """The lines of rows that are none; cells that stand side by side are one line."""
    found: list[Line] = []
    for row in rows:
        filled = [cell for cell in row if cell]
        found += filled[0] if len(filled) == 1 else of_text(" ".join(map(plain, filled)))
    return found


def _is_outside(row: Row) -> bool:
    filled = [cell for cell in row if cell]
    if len(filled) != 1:
        return not filled
    ends = all(boilerplate.furniture(line) or closings.closes(line) for line in filled[0])
    return len(row) == 1 or ends
