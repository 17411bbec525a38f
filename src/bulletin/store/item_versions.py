"""What items said before they were changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from bulletin.models.items import Item, ItemContent, ItemDraft, Note
from bulletin.models.library import Change, ItemVersion
from bulletin.store.among import among
from bulletin.store.drafts import document_of, draft_in
from bulletin.store.tables import item_versions
from bulletin.store.types import Id


class ItemVersions:
    """The history of items, in one transaction. Nothing in it is ever changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, item: Item, how: Change, actor: str, now: datetime, *, other: int | None = None
    ) -> None:
        """Put on record what an item says before it is changed. other: see ItemVersion."""
        values = {
            "item_id": item.id,
            "version": item.version,
            "changed_at": now,
            "changed_by": actor,
            "how": how,
            "other": other,
            "before": _document(item.content),
        }
        self._connection.execute(insert(item_versions).values(values))

    def of(self, item_id: int) -> list[ItemVersion]:
        """All versions but the present one, oldest first."""
        query = (
            select(item_versions)
            .where(item_versions.c.item_id == item_id)
            .order_by(item_versions.c.version)
        )
        return [_version(row) for row in self._connection.execute(query).mappings()]

    def first(self, ids: Iterable[int]) -> dict[int, ItemDraft]:
        """How those of the items that were changed since came into the library, by their id."""
        query = select(item_versions.c.item_id, item_versions.c.before).where(
            item_versions.c.item_id.in_(among(self._connection, ids, Id)),
            item_versions.c.version == 1,
        )
        return {row.item_id: _content(row.before).draft for row in self._connection.execute(query)}


def _document(content: ItemContent) -> dict[str, Any]:
    notes = {note.role: note.text for note in content.notes}
    return document_of(content.draft) | {"roles": sorted(content.roles), "notes": notes}


def _content(document: dict[str, Any]) -> ItemContent:
    notes = tuple(Note(role, text) for role, text in document["notes"].items())
    return ItemContent(draft_in(document), frozenset(document["roles"]), notes)


def _version(row: RowMapping) -> ItemVersion:
    return ItemVersion(
        version=row["version"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        how=Change(row["how"]),
        before=_content(row["before"]),
        other=row["other"],
    )
