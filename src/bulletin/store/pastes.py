"""Pastes: what was pasted, and what has been made of it, until its items are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, not_, select, update

from bulletin.errors import Conflict, NotFound
from bulletin.models.inbox import Found, LeftOut, Like, Paste, Pasted, PasteName, PasteState
from bulletin.models.items import Dropped, ItemState, ItemWarning
from bulletin.store.among import among
from bulletin.store.drafts import document_of, draft_in
from bulletin.store.tables import (
    item_versions,
    items,
    paste_items,
    paste_texts,
    pastes,
    placements,
    source_entries,
)
from bulletin.store.types import Id

_NAMES = (pastes.c.id, pastes.c.created_at, pastes.c.created_by, pastes.c.name, pastes.c.waiting)


class Pastes:
    """What was pasted, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, texts: Iterable[Pasted], state: PasteState, actor: str, now: datetime
    ) -> int:
        """Put down a paste with its texts. Returns its number."""
        values = {"created_at": now, "created_by": actor, "name": name} | _columns(state)
        added = insert(pastes).values(values).returning(pastes.c.id)
        number = int(self._connection.execute(added).scalar_one())
        rows = [
            {"paste_id": number, "position": position} | asdict(text)
            for position, text in enumerate(texts)
        ]
        self._connection.execute(insert(paste_texts), rows)
        return number

    def get(self, number: int) -> Paste:
        """Raises NotFound."""
        row = self._connection.execute(select(pastes).where(pastes.c.id == number)).first()
        if row is None:
            raise NotFound(f"There is no paste {number}. Those that wait are listed in the inbox.")
        found = self._connection.execute(
            select(paste_texts)
            .where(paste_texts.c.paste_id == number)
            .order_by(paste_texts.c.position)
        )
        return _paste(row, tuple(map(_text, found)))

    def change(self, paste: Paste, state: PasteState, *, undoable: bool = True) -> None:
        """Let a paste be something else from now on; what it was can be had back once.

        undoable: whether it can. Raises Conflict if it was changed since it was read.
        """
        before = _document(paste.state) if undoable else None
        values = _columns(state) | {"before": before, "version": paste.version + 1}
        self._write(paste, values)

    def before(self, paste: Paste) -> PasteState | None:
        """What a paste was before its last change, if that can be undone."""
        query = select(pastes.c.before).where(pastes.c.id == paste.id)
        document = self._connection.execute(query).scalar()
        return _state(document) if document else None

    def keep(self, paste: Paste, item_ids: Iterable[int], now: datetime) -> None:
        """Put down which items of the library came of a paste. Raises Conflict as `change`."""
        self._write(paste, {"kept_at": now, "waiting": 0, "version": paste.version + 1})
        rows = [{"paste_id": paste.id, "item_id": item_id} for item_id in sorted(set(item_ids))]
        if rows:
            self._connection.execute(insert(paste_items), rows)

    def open_again(self, paste: Paste) -> None:
        """Let a paste wait again: its items were taken back, or it was thrown away by mistake."""
        waiting = len(paste.wanted)
        values = {"kept_at": None, "closed_at": None, "waiting": waiting}
        self._write(paste, values | {"version": paste.version + 1})

    def close(self, paste: Paste, now: datetime) -> None:
        """Nobody wants a paste: it is in no list any more. Raises Conflict as `change`."""
        self._write(paste, {"closed_at": now, "version": paste.version + 1})

    def take_back(self, paste: Paste) -> tuple[int, int]:
        """Remove the items that came of a paste from the library, but for those somebody has used.

        Left alone is what was sorted, edited or placed since, and what others are compared with.
        Returns how many were removed and how many left.
        """
        mine = select(paste_items.c.item_id).where(paste_items.c.paste_id == paste.id)
        other = items.alias()
        named = (
            exists()
            .where((other.c.duplicate_of == items.c.id) | (other.c.updates_id == items.c.id))
            .where(other.c.id.not_in(mine))
        )
        used = (
            exists().where(placements.c.item_id == items.c.id)
            | exists().where(item_versions.c.item_id == items.c.id)
            | exists().where(source_entries.c.item_id == items.c.id)
        )
        loose = items.c.id.in_(mine) & (items.c.state == ItemState.CANDIDATE) & ~named & ~used
        ids = list(self._connection.scalars(select(items.c.id).where(loose)))
        came = self._connection.execute(select(func.count()).select_from(mine.subquery())).scalar()
        gone = among(self._connection, ids, Id)
        unlinked = {"duplicate_of": None}
        self._connection.execute(update(items).where(items.c.id.in_(gone)).values(unlinked))
        self._connection.execute(delete(items).where(items.c.id.in_(gone)))
        return len(ids), int(came or 0) - len(ids)

    def waiting(self, limit: int) -> list[PasteName]:
        """Those whose items nobody has kept yet, the newest first."""
        query = select(*_NAMES).where(pastes.c.kept_at.is_(None), pastes.c.closed_at.is_(None))
        newest = query.order_by(pastes.c.id.desc()).limit(limit)
        return [PasteName(*row) for row in self._connection.execute(newest)]

    def kept(self, limit: int) -> list[PasteName]:
        """Those whose items were kept, the newest first."""
        query = select(*_NAMES).where(pastes.c.kept_at.is_not(None))
        newest = query.order_by(pastes.c.id.desc()).limit(limit)
        return [PasteName(*row) for row in self._connection.execute(newest)]

    def forget(self, before: datetime, *, but_for: str) -> int:
        """Delete what was pasted before that; items that came of it stay. Returns how many.

        but_for: the name of a paste whose items are to be known for as long as there are any.
        """
        known = (pastes.c.name == but_for) & pastes.c.kept_at.is_not(None)
        gone = delete(pastes).where(
            pastes.c.created_at < before, not_(known & pastes.c.closed_at.is_(None))
        )
        return self._connection.execute(gone).rowcount

    def _write(self, paste: Paste, values: Mapping[str, object]) -> None:
        mine = (pastes.c.id == paste.id) & (pastes.c.version == paste.version)
        if self._connection.execute(update(pastes).where(mine).values(values)).rowcount != 1:
            raise Conflict(
                "This paste was changed in another window or by somebody else. "
                "Here it is as it is now; repeat what you did."
            )


def _columns(state: PasteState) -> dict[str, Any]:
    return {"found": _document(state), "waiting": sum(not one.out for one in state.found)}


def _document(state: PasteState) -> dict[str, Any]:
    return {
        "items": [
            {
                "key": one.key,
                "text": one.text,
                "out": one.out,
                "like": one.like and asdict(one.like),
                "draft": document_of(one.draft),
            }
            for one in state.found
        ],
        "dropped": [
            {"text": one.text, "what": one.dropped.text, "reason": one.dropped.reason}
            for one in state.dropped
        ],
        "said": state.said,
    }


def _state(document: Mapping[str, Any]) -> PasteState:
    return PasteState(
        found=tuple(
            Found(one["key"], draft_in(one["draft"]), one["text"], one["out"], _like(one["like"]))
            for one in document["items"]
        ),
        dropped=tuple(
            LeftOut(Dropped(one["what"], one["reason"]), one["text"]) for one in document["dropped"]
        ),
        said=document["said"],
    )


def _like(document: Mapping[str, Any] | None) -> Like | None:
    if document is None:
        return None
    return Like(ItemWarning(**document["doubt"]), document["same"], document["item"])


def _text(row: Row[Any]) -> Pasted:
    return Pasted(
        name=row.name, data=row.data, charset=row.charset, url=row.url, shown=row.shown,
        trouble=row.trouble,
    )  # fmt: skip


def _paste(row: Row[Any], texts: tuple[Pasted, ...]) -> Paste:
    state = _state(row.found)
    return Paste(
        id=row.id,
        created_at=row.created_at,
        created_by=row.created_by,
        name=row.name,
        version=row.version,
        state=state,
        undoable=state.said if row.before else "",
        texts=texts,
        kept_at=row.kept_at,
        closed_at=row.closed_at,
    )
