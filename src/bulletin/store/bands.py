"""Bands: the numbers that items of the library are found by when the same news comes again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import BigInteger, Connection, delete, func, insert, select, update

from bulletin.store.among import among
from bulletin.store.tables import item_bands, items
from bulletin.store.turns import Turns, take_turns
from bulletin.store.types import Id


class Bands:
    """The bands of items, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take_turns(self) -> None:
        """Hold off all others who bring items in, until this transaction ends."""
        take_turns(self._connection, many=False, over=Turns.LIBRARY)

    def without(self, way: int, most: int) -> list[int]:
        """Items whose bands were not made in this way, or before they were changed."""
        query = select(items.c.id).where(items.c.banded < way).order_by(items.c.id.desc())
        newer = select(items.c.id).where(items.c.banded > way).order_by(items.c.id.desc())
        found = list(self._connection.scalars(query.limit(most)))
        return found + list(self._connection.scalars(newer.limit(most - len(found))))

    def hold_without(self, way: int, most: int) -> list[int]:
        """The same, and nobody changes them until this transaction ends.

        Those that somebody is changing just now are left for another time: whoever waits for
        items one by one may be waited for in turn, and what they say now is soon no longer so.
        """
        ids = among(self._connection, self.without(way, most), Id)
        held = select(items.c.id).where(items.c.id.in_(ids), items.c.banded != way)
        free = held.with_for_update(skip_locked=True, key_share=True)
        return list(self._connection.scalars(free))

    def put(self, bands: Mapping[int, Collection[int]], way: int) -> None:
        """Put down the bands of items (id -> bands) in the place of those they had."""
        if not bands:
            return
        ids = among(self._connection, bands, Id)
        self._connection.execute(delete(item_bands).where(item_bands.c.item_id.in_(ids)))
        rows = [{"band": band, "item_id": each} for each, held in bands.items() for band in held]
        rows.sort(key=lambda row: row["band"])
        if rows:
            self._connection.execute(insert(item_bands), rows)
        self._connection.execute(update(items).where(items.c.id.in_(ids)).values(banded=way))

    def holders(self, bands: Iterable[int], most: int) -> dict[int, list[int]]:
        """For each band, the newest items that have it, so many at most. In one statement."""
        wanted = sorted(set(bands))
        if not wanted:
            return {}
        sqlite = self._connection.dialect.name == "sqlite"
        asked = among(self._connection, wanted, BigInteger()).subquery("asked")
        newest = (
            select(item_bands.c.item_id)
            .where(item_bands.c.band == asked.c.value)
            .order_by(item_bands.c.item_id.desc())
            .limit(most)
            .correlate(asked)
            .subquery("newest")
        )
        together = func.json_group_array if sqlite else func.array_agg
        held = select(together(newest.c.item_id)).correlate(asked).scalar_subquery()
        rows = self._connection.execute(select(asked.c.value, held.label("held")))
        found = {row.value: json.loads(row.held) if sqlite else row.held for row in rows}
        return {band: ids for band, ids in found.items() if ids}
