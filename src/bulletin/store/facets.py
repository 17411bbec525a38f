"""Facets: what there is in the library to choose from, and how much of it is in each state."""

from __future__ import annotations

from sqlalchemy import Column, Connection, func, select

from bulletin.models.items import ItemState
from bulletin.store.tables import items


class Facets:
    """Counts over the whole library, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states(self) -> dict[ItemState, int]:
        """How many items there are in each state."""
        query = select(items.c.state, func.count()).group_by(items.c.state)
        counted = {ItemState(state): count for state, count in self._connection.execute(query)}
        return {state: counted.get(state, 0) for state in ItemState}

    def topics(self, most: int) -> list[str]:
        """The topics that most items have, by name."""
        return self._names(items.c.topic, most)

    def sources(self, most: int) -> list[str]:
        """The sources that most items name, by name."""
        return self._names(items.c.source, most)

    def _names(self, column: Column[str], most: int) -> list[str]:
        query = (
            select(column)
            .where(column != "")
            .group_by(column)
            .order_by(func.count().desc(), column)
            .limit(most)
        )
        return sorted(self._connection.scalars(query), key=str.casefold)
