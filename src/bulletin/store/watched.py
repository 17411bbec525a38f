"""Watched sources: when each is to be looked at, by whom, and what it has brought before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, String, and_, delete, func, or_, select, update

from bulletin.errors import NotFound, Refused
from bulletin.models.items import ItemState, Nation
from bulletin.models.sources import (
    NewSource,
    SourceDefaults,
    SourceKind,
    SourceState,
    WatchedSource,
)
from bulletin.store.among import among
from bulletin.store.tables import items, source_entries, sources
from bulletin.store.types import Id
from bulletin.store.upsert import upsert

_SEEN_TO_THE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What a source has brought before: its words then, and the item that came of it.

    item_id: None if no item was made of it, or the item is gone.
    """

    key: str
    content: str
    item_id: int | None


class WatchedSources:
    """The watched sources, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, source: NewSource, now: datetime, actor: str) -> int:
        """Watch an address. Returns its id. Raises Refused if it is watched already."""
        values = _defaults(source.defaults) | {
            "url": source.url,
            "kind": source.kind,
            "name": source.name,
            "every_minutes": source.every_minutes,
            "state": SourceState.ACTIVE,
            "added_at": now,
            "added_by": actor,
        }
        added = upsert(self._connection, sources).values(values).on_conflict_do_nothing()
        found = self._connection.execute(added.returning(sources.c.id)).scalar()
        if found is None:
            raise _watched(source.url)
        return int(found)

    def get(self, source_id: int) -> WatchedSource:
        """Raises NotFound."""
        return self._one(sources.c.id == source_id, str(source_id))

    def find(self, reference: str) -> WatchedSource:
        """By id, address or name. Raises NotFound, or Refused for a name that several have."""
        if reference.isascii() and reference.isdigit() and len(reference) < 19:
            return self.get(int(reference))
        named = func.lower(sources.c.name) == func.lower(reference)
        return self._one(or_(sources.c.url == reference, named), reference)

    def list_sources(self) -> list[WatchedSource]:
        """In the order in which they were added."""
        query = select(sources).order_by(sources.c.id)
        return [_source(row) for row in self._connection.execute(query).mappings()]

    def candidates(self) -> dict[int, int]:
        """How many items of each source wait to be looked at; a source without any is left out."""
        query = (
            select(items.c.source_id, func.count().label("items"))
            .where(items.c.source_id.is_not(None), items.c.state == ItemState.CANDIDATE)
            .group_by(items.c.source_id)
        )
        return {row.source_id: row.items for row in self._connection.execute(query)}

    def failing_since(self, before: datetime) -> list[WatchedSource]:
        """Those that are looked at and have not answered well since before then."""
        query = select(sources).where(
            sources.c.state == SourceState.ACTIVE, sources.c.failing_since < before
        )
        return [_source(row) for row in self._connection.execute(query).mappings()]

    def change(self, source_id: int, **values: object) -> None:
        """Change what a person may; whoever is looking at it will find that out.

        Values as `WatchedSource` has them. Raises Refused for an address that is watched already.
        """
        url = values.get("url")
        if isinstance(url, str) and self.is_watched(url, besides=source_id):
            raise _watched(url)
        if isinstance(defaults := values.pop("defaults", None), SourceDefaults):
            values |= _defaults(defaults)
        self._update(source_id, values)

    def remove(self, source_id: int) -> None:
        """Watch it no more. Its items stay."""
        self._update(source_id, {})  # whoever brings its items has it in hand before them, too
        self._connection.execute(
            update(items).where(items.c.source_id == source_id).values(source_id=None)
        )
        entries = source_entries.c.source_id == source_id
        self._connection.execute(delete(source_entries).where(entries))
        self._connection.execute(delete(sources).where(sources.c.id == source_id))

    def due(self, now: datetime) -> list[int]:
        """Whose turn it is, the longest waiting first."""
        query = select(sources.c.id).where(_is_due(now))
        return list(self._connection.scalars(query.order_by(sources.c.due_at, sources.c.id)))

    def claim(
        self, source_id: int, now: datetime, until: datetime, *, due_by: datetime | None = None
    ) -> bool:
        """Have it in hand until then by the lease clock, unless somebody else has.

        due_by: only if its turn has come by this time.
        """
        claimed = update(sources).where(sources.c.id == source_id, _free(now))
        if due_by is not None:
            claimed = claimed.where(_is_due(due_by))
        return self._connection.execute(claimed.values(claimed_until=until)).rowcount == 1

    def finish(self, source_id: int, until: datetime, **values: object) -> bool:
        """Put down what came of a look, if the claim that ends then still holds.

        It does not if it ran out and somebody else looks, or the source was changed or removed.
        """
        return self._update(source_id, values, sources.c.claimed_until == until)

    def is_watched(self, url: str, besides: int) -> bool:
        """Whether another source has an address."""
        query = select(sources.c.id).where(sources.c.url == url, sources.c.id != besides)
        return self._connection.execute(query).first() is not None

    def entries(self, source_id: int, keys: Iterable[str]) -> dict[str, SeenEntry]:
        """What a source has brought before under these keys, by key."""
        entries = source_entries.c
        query = select(entries.key, entries.content, entries.item_id)
        rows = self._connection.execute(query.where(*self._listed(source_id, keys)))
        return {row.key: SeenEntry(row.key, row.content, row.item_id) for row in rows}

    def listed_again(self, source_id: int, keys: Iterable[str], now: datetime) -> None:
        """Put down, to the day, that a source lists these entries still."""
        before = source_entries.c.seen_at < now - _SEEN_TO_THE
        again = update(source_entries).where(*self._listed(source_id, keys), before)
        self._connection.execute(again.values(seen_at=now))

    def forget(self, source_id: int, before: datetime) -> None:
        """Forget the entries that a source has not listed since before then."""
        entries = source_entries.c
        old = (entries.source_id == source_id) & (entries.seen_at < before)
        self._connection.execute(delete(source_entries).where(old))

    def remember(self, source_id: int, seen: Sequence[SeenEntry], now: datetime) -> None:
        """Entries that a source has brought, for the first time or in other words."""
        if not seen:
            return
        statement = upsert(self._connection, source_entries)
        new = {name: statement.excluded[name] for name in ("content", "item_id", "seen_at")}
        rows = [
            {"source_id": source_id, "key": one.key, "content": one.content,
             "item_id": one.item_id, "seen_at": now}
            for one in seen
        ]  # fmt: skip
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=new), rows
        )

    def brought(self, source_id: int, item_ids: Iterable[int]) -> None:
        """Put down that these items are a source's."""
        theirs = items.c.id.in_(among(self._connection, item_ids, Id))
        self._connection.execute(update(items).where(theirs).values(source_id=source_id))

    def _listed(self, source_id: int, keys: Iterable[str]) -> tuple[Any, Any]:
        entries = source_entries.c
        wanted = entries.key.in_(among(self._connection, keys, String(64)))
        return entries.source_id == source_id, wanted

    def _one(self, condition: Any, reference: str) -> WatchedSource:
        rows = self._connection.execute(select(sources).where(condition)).mappings().all()
        if not rows:
            raise NotFound(
                f"There is no source '{reference}'.", command="See: bulletin source list"
            )
        if len(rows) > 1:
            numbers = ", ".join(str(row["id"]) for row in rows)
            raise Refused(
                f"Several sources are called '{reference}'. Name one by number: {numbers}"
            )
        return _source(rows[0])

    def _update(self, source_id: int, values: Mapping[str, object], *where: Any) -> bool:
        changed = update(sources).where(sources.c.id == source_id, *where)
        done = self._connection.execute(changed.values(**values, claimed_until=None))
        return done.rowcount == 1


def _watched(url: str) -> Refused:
    return Refused(f"{url} is watched already.", command="See: bulletin source list")


def _free(now: datetime) -> Any:
    return or_(sources.c.claimed_until.is_(None), sources.c.claimed_until < now)


def _is_due(now: datetime) -> Any:
    return and_(sources.c.state == SourceState.ACTIVE, sources.c.due_at <= now)


def _defaults(defaults: SourceDefaults) -> dict[str, object]:
    return {
        "source": defaults.source,
        "topic": defaults.topic,
        "nations": [nation.value for nation in defaults.nations],
    }


def _source(row: RowMapping) -> WatchedSource:
    values = {name: value for name, value in row.items() if name in WatchedSource.__slots__}
    defaults = SourceDefaults(
        row["source"], row["topic"], tuple(Nation(nation) for nation in row["nations"])
    )
    kinds = {"kind": SourceKind(row["kind"]), "state": SourceState(row["state"])}
    return WatchedSource(**values | kinds | {"defaults": defaults})
