"""A list of subscribers, row by row: a draft for every good row, a rejection for every bad one."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

from bulletin.errors import InvalidInput
from bulletin.models.people import Rejection, Role, SubscriberDraft
from bulletin.roster.cells import BadCell, Cells
from bulletin.roster.headings import FIELDS, columns, recognised
from bulletin.roster.seen import Seen

_DELIMITERS = ",;\t"
_SHOWN = 80


def read_roster(
    lines: Iterable[str],
    *,
    roles: Sequence[Role],
    mapping: Mapping[str, str] | None = None,
    unused: Callable[[Sequence[str]], None] = lambda _headings: None,
) -> Iterator[SubscriberDraft | Rejection]:
    """Read a CSV list without holding it in memory.

    lines:   as `open_roster` gives them. The first one holds the headings.
    roles:   all that exist, with the spellings to recognise them by.
    mapping: heading to field, where the headings do not say it.
    unused:  told the headings of the columns that nothing is read from.

    Rows are numbered by the line of the file they start on, the headings being row 1. Blank rows
    and exact repetitions of a row are left out. The first bad cell of a row is named.
    Raises InvalidInput, at once for the headings and later for a file that cannot be read on.
    """
    numbered = _Lines(lines)
    first = numbered.first_line()
    chosen = mapping or {}
    delimiter = _delimiter(first, chosen)
    reader = csv.reader(chain([first], numbered), delimiter=delimiter)
    headings = next(reader)
    positions = columns(headings, chosen)
    read = set(positions.values())
    unused([name for at, name in enumerate(headings) if at not in read and name.strip()])
    return _Rows(numbered, reader, positions, len(headings), Cells(roles)).read()


class _Lines:
    """The lines of the file, counted."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line

    def first_line(self) -> str:
        """The first line that says something; Excel's `sep=;` does not. Raises InvalidInput."""
        try:
            for line in self:
                text = line.removeprefix("\ufeff")
                if text.strip() and not text.startswith("sep="):
                    return text
        except UnicodeDecodeError as error:
            raise InvalidInput("The file is not the text it says it is.") from error
        raise InvalidInput("The list is empty: row 1 must hold the headings, such as email,roles.")


class _Rows:
    def __init__(
        self,
        lines: _Lines,
        reader: Iterator[list[str]],
        positions: Mapping[str, int],
        width: int,
        cells: Cells,
    ) -> None:
        self._lines = lines
        self._reader = reader
        self._width = width
        # A field without a column is read from the empty cell that stands behind the last one.
        self._pick = itemgetter(*(positions.get(field, width) for field in FIELDS))
        self._cells = cells
        self._seen = Seen()

    def read(self) -> Iterator[SubscriberDraft | Rejection]:
        lines = self._lines
        row = lines.number + 1
        try:
            for cells in self._reader:
                found = self._row(cells, row)
                if found is not None:
                    yield found
                row = lines.number + 1
        except csv.Error as error:
            raise InvalidInput(
                f"Row {row} cannot be read: {error}. Is a quotation mark left open?"
            ) from error
        except UnicodeDecodeError as error:
            raise InvalidInput(f"Row {row} and what follows cannot be decoded.") from error

    def _row(self, cells: list[str], row: int) -> SubscriberDraft | Rejection | None:
        missing = self._width + 1 - len(cells)
        if missing < 1 and "".join(cells[self._width :]).strip():
            extra = " ".join(cells[self._width :])
            reason = "more cells than headings: a cell with a comma in it needs quotes"
            return _rejection(row, BadCell("", extra, reason))
        cells[self._width :] = [""] * max(missing, 1)
        picked = self._pick(cells)
        try:
            draft = self._cells.draft(picked)
        except BadCell as bad:
            blank = not "".join(cells).strip()
            return None if blank else _rejection(row, bad)
        return self._unless_repeated(draft, row)

    def _unless_repeated(
        self, draft: SubscriberDraft, row: int
    ) -> SubscriberDraft | Rejection | None:
        earlier = self._seen.meet(hash(draft.email), hash(draft), row)
        if earlier is None:
            return draft
        first, equal = earlier
        if equal:
            return None
        reason = f"also in row {first}, with other details"
        return _rejection(row, BadCell("email", draft.email, reason))


def _delimiter(first: str, mapping: Mapping[str, str]) -> str:
    """The one that gives the most headings we know."""
    return max(
        _DELIMITERS,
        key=lambda mark: recognised(next(csv.reader([first], delimiter=mark)), mapping),
    )


def _rejection(row: int, bad: BadCell) -> Rejection:
    """The value shortened, and safe to print on a terminal."""
    value = "".join(char if char.isprintable() else "\ufffd" for char in bad.value[:_SHOWN])
    return Rejection(row, bad.field, value, bad.reason)
