"""Facets: what there is in the library to choose from, and how much of it is in each state."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Text, column, func, select, table

from bulletin.models.items import ItemState
from bulletin.store.search_schema import FACTS
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
        return self._names("topic", most)

    def sources(self, most: int) -> list[str]:
        """The sources that most items name, by name."""
        return self._names("source", most)

    def _names(self, name: str, most: int) -> list[str]:
        said: ColumnElement[str] = items.c[name]
        if self._connection.dialect.name == "sqlite":  # where an item's row holds its whole text
            said = table(FACTS, column(name, Text)).c[name]
        query = (
            select(said)
            .where(said != "")
            .group_by(said)
            .order_by(func.count().desc(), said)
            .limit(most)
        )
        return sorted(self._connection.scalars(query), key=str.casefold)
