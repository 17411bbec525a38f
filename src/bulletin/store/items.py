"""Items: the library of news."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.items import (
    Action,
    Deadline,
    Item,
    ItemDraft,
    ItemState,
    ItemWarning,
    Nation,
    Note,
)
from bulletin.store.tables import issues, item_notes, item_roles, items, placements


class Items:
    """The items of the library, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: ItemDraft, now: datetime) -> int:
        """Keep a draft as a candidate. Returns its id."""
        values = _draft_values(draft) | {
            "state": ItemState.CANDIDATE,
            "created_at": now,
            "updated_at": now,
        }
        added = insert(items).values(values).returning(items.c.id)
        return int(self._connection.execute(added).scalar_one())

    def twin_of(self, draft: ItemDraft) -> int | None:
        """The id of an item with the same title and body, letter for letter but for space."""
        return self._connection.scalar(
            select(items.c.id)
            .where(items.c.fingerprint == _fingerprint(draft))
            .order_by(items.c.id)
        )

    def get(self, item_id: int) -> Item:
        """Raises NotFound."""
        found = self.list_items(ids=[item_id])
        if not found:
            raise NotFound(f"There is no item {item_id}. See: bulletin items list")
        return found[0]

    def list_items(
        self,
        *,
        ids: Sequence[int] | None = None,
        state: ItemState | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        """Items, newest first; all that are asked for by `ids`, else by state."""
        query = select(items).order_by(items.c.id.desc())
        if ids is not None:
            query = query.where(items.c.id.in_(ids))
        if state is not None:
            query = query.where(items.c.state == state)
        if limit is not None:
            query = query.limit(limit)
        return self._load(query)

    def revise(self, item_id: int, draft: ItemDraft, now: datetime) -> None:
        """Replace what an item says; its roles and notes stay."""
        values = _draft_values(draft) | {"updated_at": now, "version": items.c.version + 1}
        self._connection.execute(update(items).where(items.c.id == item_id).values(values))

    def set_state(self, item_ids: Sequence[int], state: ItemState, now: datetime) -> None:
        self._connection.execute(
            update(items).where(items.c.id.in_(item_ids)).values(state=state, updated_at=now)
        )

    def set_roles(self, item_id: int, roles: Iterable[str]) -> None:
        """Who sees the item; nobody named means everybody. The keys must exist."""
        self._connection.execute(delete(item_roles).where(item_roles.c.item_id == item_id))
        rows = [{"item_id": item_id, "role_key": role} for role in sorted(set(roles))]
        if rows:
            self._connection.execute(insert(item_roles), rows)

    def set_notes(self, item_id: int, notes: Mapping[str, str]) -> None:
        """'What this means for you', a line per role key."""
        self._connection.execute(delete(item_notes).where(item_notes.c.item_id == item_id))
        rows = [
            {"item_id": item_id, "role_key": role, "text": text} for role, text in notes.items()
        ]
        if rows:
            self._connection.execute(insert(item_notes), rows)

    def _load(self, query: Select[tuple[object, ...]]) -> list[Item]:
        rows = self._connection.execute(query).mappings().all()
        ids = [row["id"] for row in rows]
        roles = self._roles(ids)
        notes = self._notes(ids)
        used = self._used_in(ids)
        return [
            _item(row, roles.get(row["id"], ()), notes.get(row["id"], ()), used.get(row["id"], ()))
            for row in rows
        ]

    def _roles(self, ids: Sequence[int]) -> dict[int, list[str]]:
        query = select(item_roles).where(item_roles.c.item_id.in_(ids))
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(row.role_key)
        return found

    def _notes(self, ids: Sequence[int]) -> dict[int, list[Note]]:
        query = select(item_notes).where(item_notes.c.item_id.in_(ids)).order_by("role_key")
        found: dict[int, list[Note]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(Note(row.role_key, row.text))
        return found

    def _used_in(self, ids: Sequence[int]) -> dict[int, list[str]]:
        query = (
            select(placements.c.item_id, issues.c.slug)
            .join(issues, issues.c.id == placements.c.issue_id)
            .where(placements.c.item_id.in_(ids))
            .order_by(issues.c.id)
        )
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(row.slug)
        return found


def _draft_values(draft: ItemDraft) -> dict[str, object]:
    if not draft.title and not draft.body:
        raise InvalidInput("An item needs a title or a body.")
    return {
        "topic": draft.topic,
        "title": draft.title,
        "body": draft.body,
        "source": draft.source,
        "published": draft.published,
        "author": draft.author,
        "actions": [asdict(action) for action in draft.actions],
        "nations": list(draft.nations),
        "proposed_roles": list(draft.roles),
        "warnings": [asdict(warning) for warning in draft.warnings],
        "fingerprint": _fingerprint(draft),
        "duplicate_of": draft.duplicate_of,
        "updates_id": draft.updates,
        "banded": 0,
        "deadline": draft.deadline.on if draft.deadline else None,
        "deadline_says": draft.deadline.says if draft.deadline else "",
        "content_note": draft.content_note,
    }


def _fingerprint(draft: ItemDraft) -> str:
    words = f"{draft.title}\n{draft.body}".casefold().split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _item(
    row: RowMapping, roles: Iterable[str], notes: Iterable[Note], used: Iterable[str]
) -> Item:
    draft = ItemDraft(
        title=row["title"],
        topic=row["topic"],
        body=row["body"],
        source=row["source"],
        published=row["published"],
        author=row["author"],
        actions=tuple(Action(**action) for action in row["actions"]),
        nations=tuple(Nation(nation) for nation in row["nations"]),
        roles=tuple(row["proposed_roles"]),
        warnings=tuple(ItemWarning(**warning) for warning in row["warnings"]),
        duplicate_of=row["duplicate_of"],
        deadline=Deadline(row["deadline"], row["deadline_says"]) if row["deadline"] else None,
        content_note=row["content_note"],
        updates=row["updates_id"],
    )
    return Item(
        id=row["id"],
        draft=draft,
        roles=frozenset(roles),
        notes=tuple(notes),
        state=ItemState(row["state"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        issues=tuple(used),
    )
