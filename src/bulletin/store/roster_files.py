"""Files with lists of readers on their way in, and the way back from their import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from bulletin.errors import NotFound
from bulletin.models.rosters import Choices, RosterFile, RosterState, TakenBack
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    roster_changes,
    roster_files,
    subscribers,
)
from bulletin.store.turns import take_turns
from bulletin.store.types import UtcDateTime

_FACTS = (
    "name", "organisation_id", "role_set_id", "nation", "kind", "consent_basis", "consent_date",
)  # fmt: skip


class RosterFiles:
    """The files, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, content: bytes, actor: str, now: datetime) -> int:
        values = {
            "name": name,
            "content": content,
            "choices": _plain(Choices()),
            "state": RosterState.OPEN,
            "brought_by": actor,
            "brought_at": now,
        }
        added = insert(roster_files).values(values).returning(roster_files.c.id)
        return int(self._connection.execute(added).scalar_one())

    def get(self, file_id: int, *, lock: bool = False) -> RosterFile:
        """lock: nobody else imports or undoes it until the end. Raises NotFound."""
        query = select(roster_files).where(roster_files.c.id == file_id)
        query = query.with_for_update() if lock else query
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("This list is no longer kept. Bring the file in again.")
        return _file(dict(row))

    def recent(self, most: int) -> Sequence[RosterFile]:
        """Without their contents, newest first."""
        kept = [column for column in roster_files.c if column.name != "content"]
        query = select(*kept).order_by(roster_files.c.id.desc())
        found = self._connection.execute(query.limit(most)).mappings()
        return [_file({**row, "content": b""}) for row in found]

    def choose(self, file_id: int, choices: Choices) -> None:
        self._set(file_id, choices=_plain(choices))

    def finish(self, file_id: int, result: Mapping[str, int], now: datetime) -> None:
        """It was imported: of its content nothing is kept."""
        self._set(
            file_id, state=RosterState.IMPORTED, result=dict(result), imported_at=now, content=b""
        )

    def forget(self, before: datetime) -> int:
        """Delete what was brought before a moment, with the way back. Returns how many files."""
        old = delete(roster_files).where(roster_files.c.brought_at < before)
        return self._connection.execute(old).rowcount

    def remove(self, file_id: int) -> None:
        self._connection.execute(delete(roster_files).where(roster_files.c.id == file_id))

    def take_back(self, file: RosterFile, now: datetime) -> TakenBack:
        """Let people be as they were before an import, unless they were used or changed since."""
        take_turns(self._connection, many=True)
        changes = roster_changes.c
        mine = changes.file_id == file.id
        count = select(func.count()).select_from(roster_changes).where(mine)
        every = self._connection.scalar(count) or 0
        removed = self._connection.execute(
            delete(subscribers).where(_among(mine & changes.was_new), _untouched(file), ~_used())
        ).rowcount
        before = {
            name: select(changes[name])
            .where(mine, changes.subscriber_id == subscribers.c.id)
            .scalar_subquery()
            for name in _FACTS
        }
        restored = self._connection.execute(
            update(subscribers)
            .where(_among(and_(mine, ~changes.was_new)), _untouched(file))
            .values(**before, updated_at=now)
        ).rowcount
        self._connection.execute(delete(roster_changes).where(mine))
        self._set(file.id, state=RosterState.UNDONE)
        return TakenBack(removed, restored, every - removed - restored)

    def _set(self, file_id: int, **values: object) -> None:
        self._connection.execute(
            update(roster_files).where(roster_files.c.id == file_id).values(**values)
        )


def _among(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return subscribers.c.id.in_(select(roster_changes.c.subscriber_id).where(condition))


def _untouched(file: RosterFile) -> ColumnElement[bool]:
    return subscribers.c.updated_at == literal(file.imported_at, UtcDateTime)


def _used() -> ColumnElement[bool]:
    return exists().where(deliveries.c.subscriber_id == subscribers.c.id) | exists().where(
        acknowledgements.c.subscriber_id == subscribers.c.id
    )


def _plain(choices: Choices) -> dict[str, Any]:
    columns = choices.columns
    return {
        "sheet": choices.sheet,
        "heading": choices.heading,
        "columns": None if columns is None else [[at, name] for at, name in columns.items()],
        "mends": [[row, dict(cells)] for row, cells in choices.mends.items()],
        "left_out": sorted(choices.left_out),
    }


def _choices(data: Mapping[str, Any]) -> Choices:
    columns = data["columns"]
    return Choices(
        sheet=data["sheet"],
        heading=data["heading"],
        columns=None if columns is None else {int(at): str(name) for at, name in columns},
        mends={int(row): cells for row, cells in data["mends"]},
        left_out=frozenset(data["left_out"]),
    )


def _file(row: Mapping[str, Any]) -> RosterFile:
    known = {**row, "choices": _choices(row["choices"]), "state": RosterState(row["state"])}
    return RosterFile(**known)
