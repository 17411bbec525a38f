"""Tagged rows: rows of a table as lines of paragraphs in literal tags, without their tabs."""

from __future__ import annotations

import re
from typing import Final

from bulletin.sources.fields import actions
from bulletin.sources.formats import markup
from bulletin.sources.formats.decoding import refuse_excess
from bulletin.sources.tables import layouts
from bulletin.sources.tables.grids import Grid
from bulletin.sources.tables.layouts import Row

_BEGINS: Final = re.compile(r"<p\b[^<>]{0,200}>", re.IGNORECASE)
_ENDS: Final = ("</p>", "</ul>", "</ol>")
_LEAST: Final = 2
_STRAY: Final = 0.3  # of the rows
_FEW: Final = 2  # lines that any table may have around it


def tagged_grid(text: str) -> Grid | None:
    """The table of a text whose lines are rows in tags, if most of these say their source."""
    filled = [line.strip() for line in text.split("\n") if line.strip()]
    tagged = [line for line in filled if _is_row(line)]
    outside = [line for line in filled if not _is_row(line)]
    tags = any("<" in line for line in outside)
    if len(tagged) < _LEAST or tags or len(outside) > _STRAY * len(tagged) + _FEW:
        return None
    refuse_excess(len(tagged))
    rows = tuple(map(_row, tagged))
    sourced = sum(len(row[0]) > 1 and layouts.states_details(row[0]) for row in rows)
    return Grid(rows, below=tuple(outside)) if sourced * 2 >= len(rows) else None


def _is_row(line: str) -> bool:
    return line.lower().endswith(_ENDS) and _BEGINS.match(line) is not None


def _row(line: str) -> Row:
    """The text of a row and its actions, which stood in a column of their own."""
    cell = markup.lines_of_cell(line)
    asks = [actions.is_action(one) for one in cell]
    told = tuple(one for one, ask in zip(cell, asks, strict=True) if not ask)
    return told, tuple(one for one, ask in zip(cell, asks, strict=True) if ask)
