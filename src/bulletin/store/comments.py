"""What people say about an issue and its items while it is made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from bulletin.errors import NotFound
from bulletin.models.reviews import Comment
from bulletin.store.tables import comments


class Comments:
    """Comments on issues, in one transaction. They are kept for as long as their issue is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        issue_id: int,
        text: str,
        author: str,
        now: datetime,
        *,
        item_id: int | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Keep a comment. Returns its number. thread_id: the comment that it answers."""
        values = {
            "issue_id": issue_id,
            "item_id": item_id,
            "thread_id": thread_id,
            "author": author,
            "text": text,
            "written_at": now,
        }
        statement = insert(comments).values(values).returning(comments.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def get(self, issue_id: int, comment_id: int) -> Comment:
        """One comment of an issue. Raises NotFound."""
        query = select(comments).where(comments.c.issue_id == issue_id, comments.c.id == comment_id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("There is no such comment on this issue.")
        return _comment(row)

    def of(self, issue_id: int) -> list[Comment]:
        """All comments on an issue and its items, oldest first."""
        query = select(comments).where(comments.c.issue_id == issue_id).order_by(comments.c.id)
        return [_comment(row) for row in self._connection.execute(query).mappings()]

    def open_counts(self, issue_id: int) -> dict[int | None, int]:
        """How many threads of an issue are open, by the item that they are about."""
        query = (
            select(comments.c.item_id, func.count())
            .where(
                comments.c.issue_id == issue_id,
                comments.c.thread_id.is_(None),
                comments.c.resolved_at.is_(None),
            )
            .group_by(comments.c.item_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def resolve(self, comment_id: int, by: str, now: datetime | None) -> None:
        """Say of a thread that it is settled; without a time, that it is open again."""
        statement = update(comments).where(comments.c.id == comment_id)
        self._connection.execute(statement.values(resolved_by=by, resolved_at=now))


def _comment(row: RowMapping) -> Comment:
    return Comment(
        id=row["id"],
        issue_id=row["issue_id"],
        item_id=row["item_id"],
        thread_id=row["thread_id"],
        author=row["author"],
        text=row["text"],
        written_at=row["written_at"],
        resolved_by=row["resolved_by"],
        resolved_at=row["resolved_at"],
    )
