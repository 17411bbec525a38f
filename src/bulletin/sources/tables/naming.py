"""Naming: what somebody says that the columns of a table are, where their headings do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bulletin.errors import InvalidInput
from bulletin.sources.tables.columns import Column, column
from bulletin.sources.tables.grids import Cell, plain
from bulletin.sources.tables.layouts import Row
from bulletin.sources.text import inline, lines

_TOP = 6  # rows in which headings are looked for
FIELDS = (*(one.value for one in Column if one not in {Column.DETAILS, Column.MORE}), "deadline")
"""What somebody may say that a column holds."""


class Naming:
    """The names for the columns of what is being read. fields: heading -> field.

    Raises InvalidInput for a field that no item has.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        for field in fields.values():
            if column(field) is None:
                raise InvalidInput(
                    f"--map: '{field}' is no part of an item. Choose from: {', '.join(FIELDS)}."
                )
        self._fields = {_loose(heading): field for heading, field in fields.items()}
        self._given = dict(zip(self._fields, fields, strict=False))
        self._missing = set(self._fields)
        self._seen: dict[str, None] = {}

    @property
    def is_given(self) -> bool:
        """Whether anything was said, which means that there is a table."""
        return bool(self._fields)

    def renamed(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows of a table, with the headings that were named as if they said so."""
        if not self._fields:
            return tuple(rows)
        top = [tuple(map(self._renamed, row)) for row in rows[:_TOP]]
        return (*top, *rows[_TOP:])

    def check(self) -> None:
        """Raises InvalidInput if a heading was named that no table has."""
        for heading in sorted(self._missing):
            seen = "; ".join(self._seen) or "nothing that could be one"
            raise InvalidInput(
                f"--map: no table here has a column '{self._given[heading]}'. "
                f"In its first rows stands: {seen[:300]}"
            )

    def _renamed(self, cell: Cell) -> Cell:
        text = plain(cell)
        if not text:
            return cell
        self._seen[text[:40]] = None
        field = self._fields.get(_loose(text))
        if field is None:
            return cell
        self._missing.discard(_loose(text))
        return (lines.make(inline.parse(field.strip().capitalize())),)


def _loose(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
