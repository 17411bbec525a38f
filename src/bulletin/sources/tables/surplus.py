"""Surplus: rows with more cells than the table has columns, cut by a delimiter nobody quoted.

Such a row is mended where it is plain which cells belong together. Otherwise every cell from the
text on stays in the text, in its order, and the row is named as unsure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.sources.fields.dates import find_date
from bulletin.sources.tables.columns import Column, columns

_SAMPLE: Final = 50
_MOST: Final = 0.8
_MAX_SURPLUS: Final = 40  # cells; a row with more was not written as one of this table
_MAX_COLUMNS: Final = 60
_SHORT: Final = 60  # characters: what no cell of a column exceeds is no column of texts
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+", re.IGNORECASE)
_DATED: Final = 40  # characters: what is longer is no cell of a date


@dataclass(frozen=True, slots=True)
class Even:
    """Rows of one width. unsure: the places of those of which nobody can tell what is what."""

    rows: list[list[str]]
    unsure: frozenset[int] = frozenset()


def evened(rows: Sequence[list[str]], delimiter: str) -> Even:
    """The rows, the first of which sets the width, with what was cut by a delimiter joined.

    Takes time in proportion to the number of cells.
    """
    names, below = rows[0], rows[1:]
    width = _width(names, below)
    names = [*names, *[""] * (width - len(names))]
    whole = [row for row in below if len(row) == width][:_SAMPLE]
    shape = _Shape(names, whole, delimiter)
    even, unsure = [names], set[int]()
    for row in below:
        if len(row) <= width:
            even.append(row)
            continue
        mended = shape.mended(row)
        if mended is None:
            unsure.add(len(even))
        even.append(mended or shape.kept(row))
    return Even(even, frozenset(unsure))


def _width(names: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """How many columns there are: more than headings if nearly all rows have as many more."""
    wider = [len(row) for row in below if len(row) > len(names)]
    if not wider or len(wider) < 2 or min(wider) != max(wider):
        return len(names)
    return wider[0] if len(wider) >= _MOST * len(below) else len(names)


class _Shape:
    """What the cells of a table look like, by its headings and its rows of the right width."""

    def __init__(self, names: list[str], whole: Sequence[list[str]], delimiter: str) -> None:
        self._width = len(names)
        self._delimiter = delimiter if delimiter.strip() else " "
        known = columns(names) or [None] * self._width
        self._text = known.index(Column.TEXT) if Column.TEXT in known else self._width - 1
        by_column = [[row[at] for row in whole if row[at].strip()] for at in range(self._width)]
        self._fits = [_test(cells, column) for cells, column in zip(by_column, known, strict=True)]
        self._spaced = any(cell[:1] == " " for row in whole for cell in row[1:])

    def mended(self, row: list[str]) -> list[str] | None:
        """The row in its columns, if there is but one way to join what was cut."""
        surplus = len(row) - self._width
        if surplus > _MAX_SURPLUS or self._width > _MAX_COLUMNS:
            return None
        # Prose has a space after its commas, and the cells of this table have none.
        continued = [at for at, cell in enumerate(row) if at and cell[:1] == " "]
        if not self._spaced and len(continued) == surplus:
            joined = self._joined_at(row, frozenset(continued))
            if self._fit(joined):
                return joined
        ways = [
            joined
            for at in range(self._width)
            if (joined := self._joined(row, at, surplus)) and self._fit(joined)
        ]
        return ways[0] if any(self._fits) and len(ways) == 1 else None

    def kept(self, row: list[str]) -> list[str]:
        """The row with everything from its text on in the text."""
        told = ", ".join(cell.strip() for cell in row[self._text :] if cell.strip())
        return [*row[: self._text], told, *[""] * (self._width - self._text - 1)]

    def _joined_at(self, row: list[str], places: frozenset[int]) -> list[str]:
        joined: list[str] = []
        for at, cell in enumerate(row):
            if at in places:
                joined[-1] += f"{self._delimiter}{cell}"
            else:
                joined.append(cell)
        return joined

    def _joined(self, row: list[str], at: int, surplus: int) -> list[str]:
        together = self._delimiter.join(row[at : at + surplus + 1])
        return [*row[:at], together, *row[at + surplus + 1 :]]

    def _fit(self, row: Sequence[str]) -> bool:
        return all(
            fits is None or not cell.strip() or fits(cell)
            for fits, cell in zip(self._fits, row, strict=True)
        )


def _test(cells: Sequence[str], column: Column | None) -> Callable[[str], bool] | None:
    """What any cell of a column has to be like, or None if nothing can be said."""
    if column is Column.PUBLISHED or _share(cells, _is_dated) >= _MOST:
        return _is_dated
    if _share(cells, _is_address) >= _MOST:
        return _is_address
    longest = max(map(len, cells), default=0)
    if cells and longest <= _SHORT:
        return lambda cell: len(cell) <= _SHORT
    least = min(map(len, cells), default=0) // 2
    return (lambda cell: len(cell) > least) if least else None


def _is_dated(cell: str) -> bool:
    return len(cell) <= _DATED and find_date(cell) is not None


def _is_address(cell: str) -> bool:
    return _ADDRESS.fullmatch(cell.strip()) is not None


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, cells)) / len(cells) if cells else 0.0
