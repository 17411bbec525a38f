"""The library: items found by their words and sifted by what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bulletin.models.items import Item
from bulletin.models.library import Hit, LibraryPage, LibraryQuery
from bulletin.store.items import Items
from bulletin.store.search_index import Marks, Matches, word_index
from bulletin.store.search_words import terms_of

# So many of the newest are put in order of how well they fit. Where there are more, the words are
# so common that the newest are wanted, and to rank them all would take too long.
_RANKED = 2000


class Library:
    """The search, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index = word_index(connection)

    def search(self, query: LibraryQuery) -> LibraryPage:
        """What fits best first, and among equals the newest; without words the newest first.

        What came of one paste stands in its order. The order is the same at every call, so that
        pages follow one another.
        """
        terms = terms_of(query.words)
        matches = self._index.matches(terms, query)
        ids, total = self._page(matches, query)
        marks = self._index.marks(terms, ids)
        found = {item.id: item for item in Items(self._connection).list_items(ids=ids)}
        return LibraryPage(tuple(_hit(found[item_id], marks) for item_id in ids), total)

    def _page(self, matches: Matches, query: LibraryQuery) -> tuple[list[int], int]:
        """The ids of a page, and how many there are in all."""
        limit, offset = query.limit, query.offset
        if matches.rank is None:
            listed = _as_pasted(matches) if query.paste is not None else _newest(matches)
            return self._ids(listed.limit(limit).offset(offset)), self._total(matches)
        best = self._ids(_best(matches, matches.rank))
        if len(best) < _RANKED:
            return best[offset : offset + limit], len(best)
        ids = best[offset : offset + limit]
        if len(ids) < limit:
            rest = _newest(matches).limit(limit - len(ids)).offset(max(offset, _RANKED))
            ids += self._ids(rest)
        return ids, self._total(matches)

    def _total(self, matches: Matches) -> int:
        return int(self._connection.execute(matches.select(func.count())).scalar_one())

    def _ids(self, query: Select[Any]) -> list[int]:
        return list(self._connection.scalars(query))


def _newest(matches: Matches) -> Select[Any]:
    return matches.select(matches.id).order_by(matches.id.desc())


def _as_pasted(matches: Matches) -> Select[Any]:
    return matches.select(matches.id).order_by(matches.id)


def _best(matches: Matches, rank: ColumnElement[float]) -> Select[Any]:
    columns = (matches.id.label("id"), rank.label("rank"))
    newest = matches.select(*columns).order_by(matches.id.desc()).limit(_RANKED).subquery()
    return select(newest.c.id).order_by(newest.c.rank, newest.c.id.desc())


def _hit(item: Item, marks: Mapping[int, Marks]) -> Hit:
    marked = marks.get(item.id)
    return Hit(item, marked.title, marked.passage) if marked else Hit(item)
