"""Figures: a table within an item, such as one of fares or of days, as a list of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.fields import details
from bulletin.sources.text import inline, lines
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line

_SHORT: Final = 60  # characters of a cell
_PAIR: Final = 2
_BETWEEN: Final = Run(" – ")

Rows = Sequence[Sequence[Sequence[Line]]]


def written(rows: Rows) -> Iterator[Line]:
    """The lines of a table without news in its rows: a list, or cell by cell if it is layout."""
    figures = are_all(rows)
    for at, row in enumerate(rows):
        cells = [line for cell in row for line in cell]
        if figures and cells:
            yield _row(cells, gap=0 if at else 1)
        else:
            yield from cells


def are_all(rows: Rows) -> bool:
    """Whether a table has nothing but words and figures in its cells."""
    return all(_is_short(cell) for row in rows for cell in row)


def _is_short(cell: Sequence[Line]) -> bool:
    """Whether a cell is a word or figure; a link is an action, which has a line of its own."""
    return len(cell) < _PAIR and all(
        line.kind is Kind.TEXT
        and not line.mark.startswith("h")
        and len(line.text) <= _SHORT
        and not inline.links(line.runs)
        for line in cell
    )


def _row(cells: Sequence[Line], *, gap: int) -> Line:
    """A row as an entry of a list; one of a label and its value as the line that it is."""
    label = cells[0].text.rstrip(" :")
    if len(cells) == _PAIR and _names(cells[0]):
        return lines.make(inline.merge((Run(f"{label}: "), *cells[1].runs)), gap=gap)
    runs = [run for at, line in enumerate(cells) for run in (*([_BETWEEN] * (at > 0)), *line.runs)]
    return replace(lines.make(inline.merge(runs), gap=gap), kind=Kind.BULLET)


def _names(label: Line) -> bool:
    """Whether a cell is the label of the one beside it, such as that of a source."""
    return label.text.endswith(":") or label.text.casefold() in details.FIELDS
