"""Broken rows: rows of a pasted table whose cells had several lines, made whole again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

_LINES_OF_CELL: Final = 40


def unbroken(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows, those whole again that were broken at the lines of a cell.

    A row that lacks cells goes on until a line has just these. Its first cell is no longer than
    those of whole rows, or the row may lack one that is merged with the row above.
    """
    width = max(map(len, rows))
    first = max(len(row[0]) for row in rows if len(row) == width)
    found: list[list[str]] = []
    at = 0
    while at < len(rows):
        end = _end(rows, at, width) if 0 < len(rows[at][0]) <= first * 2 else at + 1
        found.append(list(_glued(rows[at:end])))
        at = end
    return found


def _end(rows: Sequence[Sequence[str]], at: int, width: int) -> int:
    """Where a row ends that begins at a line; at the next one if it is whole or beyond mending."""
    if not 1 < len(rows[at]) < width:
        return at + 1
    further = islice(range(at + 1, len(rows)), _LINES_OF_CELL)
    end = next((below for below in further if len(rows[below]) > 1), None)
    whole = end is not None and len(rows[at]) + len(rows[end]) - 1 == width
    return end + 1 if whole and end is not None else at + 1


def _glued(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """The cells of a row over several lines: each line goes on in the last cell of that above."""
    cell = ""
    for at, line in enumerate(lines):
        head, *rest = line
        cell = f"{cell}\n{head}" if at else head
        for further in rest:
            yield cell
            cell = further
    yield cell
