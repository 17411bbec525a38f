"""What composing keeps beside issues and items: versions, headings, sittings, chosen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bulletin.models.composing import IssueVersion, Part, Sitting
from bulletin.store.among import among
from bulletin.store.tables import issue_headings, issue_versions, items_with_readers, sittings
from bulletin.store.types import Id
from bulletin.store.upsert import upsert

# Nobody goes further back; older ones stay on record.
_LATEST = 200


class Composing:
    """In one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def headings(self, issue_id: int) -> list[str]:
        """The headings of an issue as they were last arranged, also those without items."""
        query = select(issue_headings.c.titles).where(issue_headings.c.issue_id == issue_id)
        return list(self._connection.scalar(query) or ())

    def set_headings(self, issue_id: int, titles: Sequence[str]) -> None:
        put = upsert(self._connection, issue_headings)
        put = put.values(issue_id=issue_id, titles=list(titles))
        changed = {"titles": put.excluded.titles}
        self._connection.execute(
            put.on_conflict_do_update(index_elements=["issue_id"], set_=changed)
        )

    def versions(self, issue_id: int, part: Part, *, latest: int = _LATEST) -> list[IssueVersion]:
        """What a part of an issue was before its latest changes, oldest first."""
        query = (
            select(issue_versions)
            .where(issue_versions.c.issue_id == issue_id, issue_versions.c.part == part)
            .order_by(issue_versions.c.number.desc())
            .limit(latest)
        )
        return [
            IssueVersion(
                row.number, row.changed_at, row.changed_by, row.goes_back, row.before, row.made
            )
            for row in reversed(self._connection.execute(query).all())
        ]

    def add_version(self, issue_id: int, part: Part, version: IssueVersion) -> None:
        """Put on record what a part of an issue was before it was changed."""
        values = {
            "issue_id": issue_id,
            "part": part,
            "number": version.number,
            "changed_at": version.changed_at,
            "changed_by": version.changed_by,
            "goes_back": version.goes_back,
            "before": dict(version.before),
            "made": version.made,
        }
        self._connection.execute(insert(issue_versions).values(values))

    def extend_version(self, issue_id: int, part: Part, number: int, made: str) -> None:
        """Let a change go on: it made something else in the end."""
        mine = (issue_versions.c.issue_id == issue_id) & (issue_versions.c.part == part)
        mine &= issue_versions.c.number == number
        self._connection.execute(update(issue_versions).where(mine).values(made=made))

    def sitting(self, item_id: int) -> Sitting | None:
        """The last saves of an item that may go on, or None."""
        query = select(sittings).where(sittings.c.item_id == item_id)
        row = self._connection.execute(query).first()
        return Sitting(row.user, row.version, row.began_at, row.saved_at) if row else None

    def sit(self, item_id: int, sitting: Sitting) -> None:
        values = {
            "user": sitting.user,
            "version": sitting.version,
            "began_at": sitting.began_at,
            "saved_at": sitting.saved_at,
        }
        put = upsert(self._connection, sittings).values(item_id=item_id, **values)
        self._connection.execute(put.on_conflict_do_update(index_elements=["item_id"], set_=values))

    def with_readers(self, item_ids: Iterable[int]) -> frozenset[int]:
        """Those of the items of which somebody said who they are for.

        One that has roles is for these, also if it is not among them.
        """
        query = select(items_with_readers.c.item_id).where(
            items_with_readers.c.item_id.in_(among(self._connection, item_ids, Id))
        )
        return frozenset(self._connection.scalars(query))

    def choose_readers(self, item_ids: Iterable[int], actor: str, now: datetime) -> None:
        """Put on record that somebody said who items are for."""
        rows = [
            {"item_id": item_id, "chosen_by": actor, "chosen_at": now}
            for item_id in dict.fromkeys(item_ids)
        ]
        if rows:
            put = upsert(self._connection, items_with_readers).values(rows)
            self._connection.execute(put.on_conflict_do_nothing(index_elements=["item_id"]))

    def forget_readers(self, item_ids: Iterable[int]) -> None:
        """Nobody has said who these items are for."""
        mine = items_with_readers.c.item_id.in_(among(self._connection, item_ids, Id))
        self._connection.execute(delete(items_with_readers).where(mine))
