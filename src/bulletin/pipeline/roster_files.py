"""Lists of readers on their way in: brought, matched, mended, confirmed, and taken back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from bulletin.errors import InvalidInput, Refused
from bulletin.models.people import ImportResult, Rejection
from bulletin.models.rosters import Choices, RosterFile, RosterState, Sheet, TakenBack
from bulletin.pipeline.enrol import bring_in
from bulletin.roster import (
    FIELDS,
    REQUIRED,
    lines_of,
    open_roster,
    read_roster,
    settled_choices,
    sheet_of_text,
    sheets_of_workbook,
)
from bulletin.sources.formats.archive import Kind, harmless
from bulletin.store.store import Store, Transaction

KEPT = timedelta(days=7)  # names and addresses of people lie here no longer than they are needed
MAX_BYTES = 10_000_000
_WORKBOOK = b"PK\x03\x04"
_EXAMPLES = 3
_RECENT = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its heading, a few of its values, and the field it becomes, or ""."""

    at: int
    heading: str
    examples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it is understood. rows: how many stand below the headings."""

    file: RosterFile
    sheets: tuple[str, ...]
    sheet: int
    heading: int
    columns: tuple[Column, ...]
    rows: int
    top: tuple[tuple[int, str], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that every list needs and that no column becomes."""
        taken = {column.field for column in self.columns}
        return tuple(name for name in REQUIRED if name not in taken)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used: what is wrong, and its cells by heading."""

    rejection: Rejection
    cells: Mapping[str, str]


class RosterFiles:
    """Everything between a file with people in it and the list. zone: where these people are."""

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone
        self._sheets = lru_cache(8)(_sheets)  # the steps of one import read the same file

    def bring(self, name: str, content: bytes, actor: str) -> int:
        """Keep a file until it is imported, and say under which number.

        Raises InvalidInput for a file that holds no list, and one that is too large.
        """
        if not content.strip():
            raise InvalidInput("Choose a file, or paste the rows.")
        if len(content) > MAX_BYTES:
            raise InvalidInput(
                f"This file has {len(content) / 1_000_000:.0f} MB; up to "
                f"{MAX_BYTES // 1_000_000} MB can be brought in here. Cut it into several files."
            )
        settled_choices(self._sheets(content), Choices())
        now = self._store.clock()
        with self._store.write() as tx:
            tx.roster_files.forget(now - KEPT)
            number = tx.roster_files.add(name[:200] or "Pasted rows", content, actor, now)
            tx.audit.record(actor, "roster.bring", f"roster:{number}", now)
        return number

    def recent(self) -> list[RosterFile]:
        """What was brought in the last days, newest first."""
        with self._store.read() as tx:
            return list(tx.roster_files.recent(_RECENT))

    def file(self, file_id: int) -> RosterFile:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.roster_files.get(file_id)

    def opened(self, file_id: int) -> Opened:
        """Raises NotFound, and Refused if it was imported already."""
        with self._store.read() as tx:
            file = _still_open(tx.roster_files.get(file_id))
        return self._open(file)

    def _open(self, file: RosterFile) -> Opened:
        sheets = self._sheets(file.content)
        at, heading, columns = settled_choices(sheets, file.choices)
        sheet = sheets[at]
        below = [number for number in sheet.rows if number > heading]
        return Opened(
            file,
            tuple(one.name for one in sheets),
            at,
            heading,
            tuple(_columns(sheet, heading, columns)),
            len(below),
            tuple((row, " | ".join(filter(None, cells))) for row, cells in _top(sheet)),
        )

    def match(
        self, file_id: int, columns: Mapping[int, str], *, sheet: int, heading: int
    ) -> Opened:
        """Say what the columns become. Another sheet or row of headings begins by name again.

        Raises InvalidInput if a field has two columns, or is none of ours.
        """
        with self._store.write() as tx:
            file = _still_open(tx.roster_files.get(file_id, lock=True))
            before = settled_choices(self._sheets(file.content), file.choices)
            same = before[:2] == (sheet, heading)
            chosen = replace(
                Choices() if not same else file.choices,
                sheet=sheet,
                heading=heading,
                columns=_checked(columns) if same else None,
            )
            settled_choices(self._sheets(file.content), chosen)
            tx.roster_files.choose(file_id, chosen)
        return self._open(replace(file, choices=chosen))

    def problems(self, file_id: int) -> tuple[Opened, list[Problem]]:
        """The rows that cannot be used as they are, in their order."""
        opened = self.opened(file_id)
        with self._store.read() as tx:
            roles = tx.roles.list_roles()
        if opened.missing:
            return opened, []
        found = [
            row
            for row in read_roster(self._lines(opened.file), roles=roles)
            if isinstance(row, Rejection)
        ]
        sheet = self._sheets(opened.file.content)[opened.sheet]
        return opened, [Problem(one, _cells(opened, sheet, one.row)) for one in found]

    def mend(
        self, file_id: int, mends: Mapping[int, Mapping[str, str]], left_out: frozenset[int]
    ) -> None:
        """Let cells say something else, and leave rows out: by row of the file, then by field."""
        with self._store.write() as tx:
            file = _still_open(tx.roster_files.get(file_id, lock=True))
            every = {row: dict(cells) for row, cells in file.choices.mends.items()}
            for row, cells in mends.items():
                every.setdefault(row, {}).update(
                    {name: text for name, text in cells.items() if name in FIELDS}
                )
            out = file.choices.left_out | left_out
            tx.roster_files.choose(file_id, replace(file.choices, mends=every, left_out=out))

    def forecast(self, file_id: int) -> tuple[Opened, ImportResult]:
        """What the import would do; nothing is changed. Rows that cannot be used stay out."""
        opened = self.opened(file_id)
        with self._store.write() as tx:
            result = self._bring_in(tx, opened.file, "forecast", self._store.clock())
            tx.undo()
        return opened, result

    def bring_in(self, file_id: int, expected_rows: int, actor: str) -> ImportResult:
        """Import it, all that can be used or nothing.

        expected_rows: how many good rows were shown. Raises Refused if there are others by now.
        """
        now = self._store.clock()
        with self._store.write() as tx:
            file = _still_open(tx.roster_files.get(file_id, lock=True))
            result = self._bring_in(tx, file, actor, now, remember=True)
            used = result.read - len(result.rejected)
            if used != expected_rows:
                raise Refused(
                    f"{used} rows can be used by now, not {expected_rows}: somebody mended the "
                    "list. Nothing was imported. Look at it again."
                )
            tx.roster_files.finish(file_id, _counts(result, file), now)
        return result

    def _bring_in(
        self,
        tx: Transaction,
        file: RosterFile,
        actor: str,
        now: datetime,
        *,
        remember: bool = False,
    ) -> ImportResult:
        return bring_in(
            tx,
            self._lines(file),
            mapping={},
            actor=actor,
            now=now,
            zone=self._zone,
            file_id=file.id if remember else None,
        )

    def take_back(self, file_id: int, actor: str) -> TakenBack:
        """Undo an import: see `RosterFiles.take_back` of the store. Raises Refused if it is not."""
        now = self._store.clock()
        with self._store.write() as tx:
            file = tx.roster_files.get(file_id, lock=True)
            if file.state is not RosterState.IMPORTED:
                raise Refused("This list was not imported, or its import was undone already.")
            done = tx.roster_files.take_back(file, now)
            tx.audit.record(
                actor, "roster.undo", f"roster:{file_id}", now,
                removed=done.removed, restored=done.restored,
            )  # fmt: skip
        return done

    def drop(self, file_id: int, actor: str) -> None:
        """Forget a file that is not to be imported after all."""
        with self._store.write() as tx:
            _still_open(tx.roster_files.get(file_id, lock=True))
            tx.roster_files.remove(file_id)
            tx.audit.record(actor, "roster.drop", f"roster:{file_id}", self._store.clock())

    def tidy(self) -> int:
        """Forget what was brought more than a week ago. Returns how many files."""
        with self._store.write() as tx:
            return tx.roster_files.forget(self._store.clock() - KEPT)

    def _lines(self, file: RosterFile) -> Iterator[str]:
        sheets = self._sheets(file.content)
        at, heading, columns = settled_choices(sheets, file.choices)
        return lines_of(sheets[at], heading, columns, file.choices)


def _sheets(content: bytes) -> tuple[Sheet, ...]:
    if content.startswith(_WORKBOOK):
        packed = harmless(content)
        if packed.kind is not Kind.EXCEL:
            raise InvalidInput("This is a Word document. Save its table as .xlsx or CSV.")
        return tuple(sheets_of_workbook(packed.data))
    return (sheet_of_text(open_roster(io.BytesIO(content)), "The list"),)


def _still_open(file: RosterFile) -> RosterFile:
    if file.state is not RosterState.OPEN:
        raise Refused("This list was imported already. Bring the file in again to change more.")
    return file


def _columns(sheet: Sheet, heading: int, columns: Mapping[int, str]) -> Iterator[Column]:
    below = [cells for number, cells in sheet.rows.items() if number > heading]
    headings = sheet.rows[heading]
    for at in range(sheet.width()):
        texts = (cells[at].strip() for cells in below if at < len(cells))
        examples = tuple(islice(dict.fromkeys(filter(None, texts)), _EXAMPLES))
        name = headings[at].strip() if at < len(headings) else ""
        if name or examples:
            yield Column(at, name, examples, columns.get(at, ""))


def _top(sheet: Sheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    return islice(sheet.rows.items(), 10)


def _cells(opened: Opened, sheet: Sheet, row: int) -> dict[str, str]:
    cells = sheet.rows.get(row, ())
    mended = opened.file.choices.mends.get(row, {})
    return {
        column.field: mended.get(column.field, cells[column.at] if column.at < len(cells) else "")
        for column in opened.columns
        if column.field
    }


def _checked(columns: Mapping[int, str]) -> Mapping[int, str]:
    used = [name for name in columns.values() if name]
    for name in used:
        if name not in FIELDS:
            raise InvalidInput(f"There is no field '{name}'.")
        if used.count(name) > 1:
            raise InvalidInput(f"Two columns become {name.replace('_', ' ')}. Choose one of them.")
    return columns


def _counts(result: ImportResult, file: RosterFile) -> dict[str, int]:
    return {
        "read": result.read + len(file.choices.left_out),
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "suppressed": result.suppressed,
        "left_out": len(result.rejected) + len(file.choices.left_out),
        "consent_stated": result.consent_stated,
    }
