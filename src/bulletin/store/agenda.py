"""The agenda: what waits for somebody at the desk, each looked up in an index."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, exists, func, select

from bulletin.models.deliveries import DeliveryState
from bulletin.models.issues import IssueState
from bulletin.models.items import ItemState
from bulletin.models.reviews import Decision
from bulletin.store.tables import (
    deliveries,
    issues,
    items,
    paste_items,
    pastes,
    placements,
    reviews,
    subscribers,
)


class Agenda:
    """Counts and names of what is to be done, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def to_sort(self) -> int:
        """How many candidates nobody has kept or rejected."""
        return self._count(items.c.state == ItemState.CANDIDATE)

    def doubtful(self) -> int:
        """How many of those carry doubts."""
        return self._count(items.c.state == ItemState.CANDIDATE, items.c.doubts > 0)

    def newest_titles(self, limit: int) -> list[tuple[int, str]]:
        """(id, title) of the newest candidates."""
        query = (
            select(items.c.id, items.c.title)
            .where(items.c.state == ItemState.CANDIDATE)
            .order_by(items.c.id.desc())
            .limit(limit)
        )
        return [(row.id, row.title) for row in self._connection.execute(query)]

    def uncertain(self) -> list[tuple[int, str, int]]:
        """(issue's id, title, copies) of which nobody knows whether they were accepted."""
        # The sum keeps databases from grouping by going through every copy in the order of issues.
        issue_id = (deliveries.c.issue_id + 0).label("issue_id")
        doubted = (
            select(issue_id, func.count().label("copies"))
            .where(deliveries.c.uncertain_at.is_not(None))
            .where(deliveries.c.state == DeliveryState.UNCERTAIN)
            .group_by(issue_id)
            .subquery()
        )
        query = (
            select(issues.c.id, issues.c.title, doubted.c.copies)
            .join(doubted, doubted.c.issue_id == issues.c.id)
            .where(issues.c.rehearsal_of.is_(None))
            .order_by(issues.c.id.desc())
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def returned(self, issue_ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """(by whom, why) for those of these issues whose last review wants changes."""
        last = (
            select(func.max(reviews.c.id))
            .where(reviews.c.issue_id.in_(issue_ids))
            .group_by(reviews.c.issue_id)
        )
        query = select(reviews).where(
            reviews.c.id.in_(last), reviews.c.decision == Decision.RETURNED
        )
        found = self._connection.execute(query)
        return {row.issue_id: (row.decided_by, row.reason) for row in found}

    def last_sent(self) -> int | None:
        """The id of the issue whose sending ended last."""
        query = (
            select(issues.c.id)
            .where(issues.c.state == IssueState.SENT, issues.c.rehearsal_of.is_(None))
            .order_by(issues.c.finished_at.desc(), issues.c.id.desc())
            .limit(1)
        )
        return self._connection.execute(query).scalar()

    def has_items(self) -> bool:
        return self._connection.execute(select(items.c.id).limit(1)).scalar() is not None

    def has_readers(self) -> bool:
        return self._connection.execute(select(subscribers.c.id).limit(1)).scalar() is not None

    def pastes_named(self, name: str) -> list[tuple[int, bool]]:
        """(number, whether its items were kept) of what was pasted under this name."""
        query = (
            select(pastes.c.id, pastes.c.kept_at)
            .where(pastes.c.name == name, pastes.c.closed_at.is_(None))
            .order_by(pastes.c.id.desc())
        )
        return [(row.id, row.kept_at is not None) for row in self._connection.execute(query)]

    def came_of(self, name: str) -> dict[int, bool]:
        """Items that came of what was pasted under this name, and whether they stand in an issue.

        Those that were rejected are left out.
        """
        placed = exists().where(placements.c.item_id == items.c.id)
        query = (
            select(items.c.id, placed)
            .join(paste_items, paste_items.c.item_id == items.c.id)
            .join(pastes, pastes.c.id == paste_items.c.paste_id)
            .where(pastes.c.name == name, items.c.state != ItemState.REJECTED)
        )
        return {row[0]: bool(row[1]) for row in self._connection.execute(query)}

    def _count(self, *which: object) -> int:
        query = select(func.count()).select_from(items).where(*which)  # type: ignore[arg-type]  # columns compared
        return int(self._connection.execute(query).scalar_one())
