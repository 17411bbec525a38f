"""Lists of readers on their way in: a file as a grid, what its columns become, what was mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RosterState(StrEnum):
    OPEN = "open"  # nothing has been imported yet
    IMPORTED = "imported"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file. rows: cells by the row of the file that they stand in, counted from 1."""

    name: str
    rows: Mapping[int, tuple[str, ...]]

    def width(self) -> int:
        return max(map(len, self.rows.values()), default=0)


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody says about a file before it is imported.

    sheet:    which of its sheets, counted from 0; None: the one that looks like a list.
    heading:  the row that holds the headings; None: the one that looks like it.
    columns:  field by column, counted from 0; "" for one that nothing is read from. None: by name.
    mends:    by row, what cells should say instead, by field.
    left_out: rows that are not imported.
    """

    sheet: int | None = None
    heading: int | None = None
    columns: Mapping[int, str] | None = None
    mends: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file that somebody brought. result: what its import did, by name; empty before it."""

    id: int
    name: str
    content: bytes
    choices: Choices
    state: RosterState
    brought_by: str
    brought_at: datetime
    imported_at: datetime | None = None
    result: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What undoing an import did. kept: people who were used or changed since, left as they are."""

    removed: int
    restored: int
    kept: int
