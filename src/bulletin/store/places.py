"""Where the people of an audience are: by nation and local authority, few rows for any list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from bulletin.models.items import Nation
from bulletin.models.segments import Pick
from bulletin.store.planning import UNPLANNED, candidates
from bulletin.store.tables import organisations

_NO_ISSUE = 0  # no issue has this number, and so nobody has an edition of it


@dataclass(frozen=True, slots=True)
class Place:
    """People in one place. authority: of their organisation, or ""."""

    nation: Nation | None
    authority: str
    people: int


class Places:
    """Counts an audience by place, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counted(
        self, include: Sequence[Pick], exclude: Sequence[Pick], *, today: date
    ) -> list[Place]:
        """Everybody whom nothing bars from a copy; a reader's own nation before the school's."""
        people = candidates(_NO_ISSUE, include, exclude, today).subquery()
        nation = func.coalesce(func.nullif(people.c.nation, ""), organisations.c.nation, "")
        authority = func.coalesce(organisations.c.local_authority, "")
        query = (
            select(nation, authority, func.count())
            .select_from(people)
            .outerjoin(organisations, organisations.c.id == people.c.organisation_id)
            .where(or_(people.c.reason.is_(None), people.c.reason == UNPLANNED))
            .group_by(nation, authority)
        )
        return [
            Place(Nation(where) if where else None, council, count)
            for where, council, count in self._connection.execute(query)
        ]
