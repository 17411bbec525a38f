"""Items: the library of news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from bulletin.errors import Conflict, NotFound
from bulletin.models.items import Item, ItemContent, ItemDraft, ItemState, Note
from bulletin.store.among import among
from bulletin.store.drafts import derived_from, draft_of, values_of
from bulletin.store.tables import issues, item_notes, item_roles, items, placements
from bulletin.store.turns import Turns, take_turns
from bulletin.store.types import Id


class Items:
    """The items of the library, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: ItemDraft, now: datetime, *, source_id: int | None = None) -> int:
        """Keep a draft as a candidate. source_id: the watched source it is from. Returns its id."""
        return self.add_all([draft], now, source_id=source_id)[0]

    def add_all(
        self, drafts: Sequence[ItemDraft], now: datetime, *, source_id: int | None = None
    ) -> list[int]:
        """The same for several at once. Returns their ids, in the same order."""
        if not drafts:
            return []
        rows = [
            _columns(draft)
            | {
                "state": ItemState.CANDIDATE,
                "source_id": source_id,
                "created_at": now,
                "updated_at": now,
            }
            for draft in drafts
        ]
        added = insert(items).returning(items.c.id, sort_by_parameter_order=True)
        return list(self._connection.scalars(added, rows))

    def get(self, item_id: int) -> Item:
        """Raises NotFound."""
        return self.get_all([item_id])[0]

    def get_all(self, ids: Sequence[int]) -> list[Item]:
        """In the order asked for. Raises NotFound for the first that there is not."""
        found = {item.id: item for item in self.list_items(ids=ids)}
        for item_id in ids:
            if item_id not in found:
                raise NotFound(f"There is no item {item_id}.", command="See: bulletin items list")
        return [found[item_id] for item_id in ids]

    def take_turns(self) -> None:
        """Hold off all others who change items, or place them, until this transaction ends.

        Their number is that of editors, and an edit touches items and the issues that hold them
        in whatever order: a lock for each would let two of them wait for one another.
        """
        take_turns(self._connection, many=False, over=Turns.EDITORS)

    def list_items(self, *, ids: Sequence[int]) -> list[Item]:
        """Those of the items that there are, newest first."""
        wanted = items.c.id.in_(self._among(ids))
        return self._load(select(items).where(wanted).order_by(items.c.id.desc()))

    def newer_than(self, ids: Iterable[int]) -> list[Item]:
        """The items that are newer versions of these, one step on, in whatever state; by number."""
        wanted = items.c.updates_id.in_(self._among(ids))
        return self._load(select(items).where(wanted).order_by(items.c.id))

    def revise(self, item: Item, content: ItemContent, now: datetime) -> None:
        """Replace what an item says, who sees it and its notes: it is a new version then.

        Raises Conflict if it has changed since it was read.
        """
        values = _columns(content.draft) | {"updated_at": now, "version": item.version + 1}
        unchanged = (items.c.id == item.id) & (items.c.version == item.version)
        if self._connection.execute(update(items).where(unchanged).values(values)).rowcount != 1:
            raise Conflict(
                f"Item {item.id} was changed by somebody else at the same moment. "
                "Look at it again, then repeat what you did."
            )
        if content.roles != item.roles:
            self.set_roles(item.id, content.roles)
        if content.notes != item.notes:
            self.set_notes(item.id, {note.role: note.text for note in content.notes})

    def set_state(
        self, item_ids: Iterable[int], state: ItemState, now: datetime, *, because: str = ""
    ) -> None:
        """because: why they are rejected; any other state takes the reason away."""
        self._connection.execute(
            update(items)
            .where(items.c.id.in_(self._among(item_ids)))
            .values(state=state, updated_at=now, rejected_because=because)
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
        rows = [dict(row) for row in self._connection.execute(query).mappings()]
        ids = [row["id"] for row in rows]
        roles = self._roles(ids)
        notes = self._notes(ids)
        used = self._used_in(ids)
        return [
            _item(row, roles.get(row["id"], ()), notes.get(row["id"], ()), used.get(row["id"], ()))
            for row in rows
        ]

    def _among(self, ids: Iterable[int]) -> Select[tuple[Any]]:
        return among(self._connection, ids, Id)

    def _roles(self, ids: Sequence[int]) -> dict[int, list[str]]:
        query = select(item_roles).where(item_roles.c.item_id.in_(self._among(ids)))
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(row.role_key)
        return found

    def _notes(self, ids: Sequence[int]) -> dict[int, list[Note]]:
        query = (
            select(item_notes)
            .where(item_notes.c.item_id.in_(self._among(ids)))
            .order_by("role_key")
        )
        found: dict[int, list[Note]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(Note(row.role_key, row.text))
        return found

    def _used_in(self, ids: Sequence[int]) -> dict[int, list[str]]:
        query = (
            select(placements.c.item_id, issues.c.slug)
            .join(issues, issues.c.id == placements.c.issue_id)
            .where(placements.c.item_id.in_(self._among(ids)))
            .order_by(issues.c.id)
        )
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.item_id, []).append(row.slug)
        return found


def _columns(draft: ItemDraft) -> dict[str, Any]:
    return values_of(draft) | derived_from(draft)


def _item(
    row: Mapping[str, Any], roles: Iterable[str], notes: Iterable[Note], used: Iterable[str]
) -> Item:
    return Item(
        id=row["id"],
        draft=draft_of(row),
        roles=frozenset(roles),
        notes=tuple(notes),
        state=ItemState(row["state"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        issues=tuple(used),
        rejected_because=row["rejected_because"],
        source_id=row["source_id"],
    )
