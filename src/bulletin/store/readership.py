"""Who is in an audience, counted by the kind of reader: few rows, however many people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from bulletin.models.editions import ReaderKind
from bulletin.models.segments import Pick
from bulletin.store.planning import UNPLANNED, candidates, reader_kind
from bulletin.store.tables import role_sets

_NO_ISSUE = 0  # no issue has this number, and so nobody has an edition of it


@dataclass(frozen=True, slots=True)
class Readers:
    """People of one kind. reason: why they get no copy of any issue (an Exclusion), or ""."""

    kind: ReaderKind
    reason: str
    people: int


class Readership:
    """Counts an audience as the plan of a send would, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counted(
        self, include: Sequence[Pick], exclude: Sequence[Pick], *, today: date
    ) -> list[Readers]:
        """Everybody in an audience by roles, nation, and whether anything bars them.

        The same statement as `Planning.plan` selects from, so the figures agree with what that
        writes. What an issue says does not matter here: whoever is not barred reads an edition,
        or none if nothing in the issue is for them.
        """
        people = candidates(_NO_ISSUE, include, exclude, today).subquery()
        columns = (people.c.role_set_id, people.c.nation, people.c.reason)
        counted = select(*columns, func.count().label("people")).group_by(*columns).subquery()
        query = (
            select(role_sets.c.role_keys, counted.c.nation, counted.c.reason, counted.c.people)
            .join(counted, counted.c.role_set_id == role_sets.c.id)
            .order_by(role_sets.c.role_keys, counted.c.nation, counted.c.reason)
        )
        return [
            Readers(reader_kind(keys, nation), "" if reason == UNPLANNED else reason, count)
            for keys, nation, reason, count in self._connection.execute(query)
        ]
