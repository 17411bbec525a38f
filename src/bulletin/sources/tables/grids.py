"""Grids: the table in a text, with tabs, commas, semicolons or bars between its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bulletin.sources.formats import markup
from bulletin.sources.formats.decoding import refuse_excess
from bulletin.sources.formats.mending import unescaped
from bulletin.sources.tables.broken import unbroken
from bulletin.sources.tables.columns import columns
from bulletin.sources.tables.surplus import evened
from bulletin.sources.text import inline
from bulletin.sources.text.lines import Line

Cell = tuple[Line, ...]
Rows = Sequence[Sequence[str]]
_DELIMITERS: Final = "\t,;|"
_TOP: Final = 40  # the row of headings stands among the first lines
_MAX_HEADINGS: Final = 2000
_MAX_STRAY: Final = 0.3
_TWO: Final = 2  # cells
_FEW: Final = 2  # lines that a table of any length may have around it
_SIGNATURE: Final = 12  # lines below a table
_SIGNED: Final = 60  # characters of each
_TOPIC: Final = 80  # a lone cell that is longer heads no rows
# What Word writes before an entry of a list: "1.", "a)", a bullet.
_MARKER: Final = re.compile(r"\s*(?:[^\w\s]|o|\(?(?:\d{1,3}|[a-z])[.)])\s*\Z")
_BREAK: Final = re.compile(r"<br\s?/?>", re.IGNORECASE)
_PIPE_RULE: Final = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\Z")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, and the lines of text outside them. A row of one cell spans the table.

    above, below: the text around the table, "" for a blank line.
    unsure: the places of rows with more cells than columns, of which nobody can tell what is what.
    """

    rows: tuple[tuple[Cell, ...], ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    unsure: frozenset[int] = frozenset()


def text_grid(text: str, *, certain: bool = False) -> Grid | None:
    """The table in a text, or None.

    Unless it is `certain` that there is one, commas, semicolons and bars need a row of headings,
    because prose has them too.
    """
    top = [line[:_MAX_HEADINGS] for line in islice(text.split("\n"), _TOP)]
    for delimiter in _DELIMITERS:
        headed = any(columns(line.strip().strip("|").split(delimiter)) for line in top)
        if not (headed or delimiter == "\t" or certain) or delimiter not in text:
            continue
        found = _rows(text, delimiter)
        start = _heading_row(found)
        if start is None and (delimiter == "\t" or certain):
            start = _first_even_row(found)
        if start is not None and (grid := _grid(found, start, delimiter)):
            return grid
    return None


def plain(cell: Cell) -> str:
    """The text of a cell in one line."""
    return " ".join(line.text for line in cell)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    if delimiter == "|":
        kept = [line for line in text.split("\n") if not _PIPE_RULE.match(line)]
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in kept]
    try:
        if '"' in text:
            found = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
            return list(map(_without_marker, found))
    except csv.Error:
        pass
    rows = [_without_marker(line.split(delimiter)) for line in text.split("\n")]
    return unbroken(rows) if delimiter == "\t" else rows


def _without_marker(row: list[str]) -> list[str]:
    """An entry of a list is one cell, whatever stands between its marker and its text."""
    listed = len(row) == _TWO and _MARKER.match(row[0]) is not None
    return ["\t".join(row)] if listed else row


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    return next((i for i, row in enumerate(rows[:_TOP]) if _filled(row) > 1 and columns(row)), None)


def _first_even_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Where rows of one width begin, if there are at least two with text in them."""
    wide = [index for index, row in enumerate(rows) if _filled(row) >= 2]
    texts = [index for index in wide if max(map(len, rows[index])) > 60]
    if len(wide) < 2 or len(texts) < 2 or len({len(rows[index]) for index in wide}) > 1:
        return None
    return wide[0]


def _grid(rows: list[list[str]], start: int, delimiter: str) -> Grid | None:
    """The table from a row on; None if too many lines do not belong to it."""
    width = len(rows[start])
    last = max(
        index
        for index, row in enumerate(rows)
        if index == start or _filled(row) >= 2 or (_filled(row) and len(row) == width)
    )
    inside = [row for row in rows[start : last + 1] if _filled(row)]
    above, below = rows[:start], rows[last + 1 :]
    whole = sum(_filled(row) >= 2 or len(row) == width for row in inside)
    heads = {at for at, row in enumerate(inside[:-1]) if _spans(row, inside[at + 1])}
    alone = [at for at, row in enumerate(inside) if len(row) < width and not _merged(row, width)]
    stray = len(set(alone) - heads) + _told_above(above) + _told_below(below)
    if whole < 2 or stray > _MAX_STRAY * whole + _FEW or _is_within_text(inside, above, below):
        return None
    refuse_excess(sum(map(_filled, inside)))
    even = evened(inside, delimiter)
    cells = tuple(tuple(map(_cell, row)) for row in even.rows)
    return Grid(cells, _texts(above), _texts(below), even.unsure)


def _texts(rows: Rows) -> tuple[str, ...]:
    return tuple(inline.tidy(" ".join(row)) for row in rows)


def _is_within_text(inside: Rows, above: Rows, below: Rows) -> bool:
    """Whether a table has nothing but words and figures, and stands amid more text than it has."""
    if any(len(cell) > _SIGNED for row in inside for cell in row):
        return False
    around = [sum(map(len, row)) for row in (*above, *below)]
    told = sum(length for length in around if length > _SIGNED)
    return told > sum(len(cell) for row in inside for cell in row)


def _told_above(rows: Sequence[Sequence[str]]) -> int:
    """How many lines above a table may be news; a banner has short ones."""
    return sum(len(" ".join(row)) > _SIGNED for row in rows)


def _told_below(rows: Sequence[Sequence[str]]) -> int:
    """How many lines below a table may be news; a signature has short ones, and not many."""
    lengths = [len(" ".join(row)) for row in rows if _filled(row)]
    long = sum(length > _SIGNED for length in lengths)
    return long if len(lengths) <= _SIGNATURE else len(lengths)


def _merged(row: Sequence[str], width: int) -> bool:
    """Whether a row may lack cells because they are merged with those above."""
    return len(row) == width - 1 and _filled(row) >= 2


def _spans(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row of one cell may be a heading over the row below it."""
    text = " ".join(row).strip()
    return 0 < len(text) <= _TOPIC and text[-1] not in ".;," and _filled(below) >= 2


def _cell(text: str) -> Cell:
    if not markup.looks_like_markup(text):
        text = _BREAK.sub("\n", unescaped(text))
    return markup.lines_of_cell(text)
