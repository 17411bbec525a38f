"""The words of items, as SQLite's FTS5 and PostgreSQL's tsvector find, weigh and mark them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR

from bulletin.models.library import Piece
from bulletin.store.among import among
from bulletin.store.search_schema import COLUMNS, CONFIGURATION, TABLE
from bulletin.store.search_words import Term, fts5, tsquery
from bulletin.store.tables import items
from bulletin.store.types import Id

# What stands around a found word on its way here: of the private use area, so no text has it.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PASSAGE_WORDS = 24


@dataclass(frozen=True, slots=True)
class Matches:
    """Where matching items are: their ids, and how well they fit, the best first (or None)."""

    of: FromClause
    id: ColumnElement[int]
    conditions: tuple[ColumnElement[bool], ...]
    rank: ColumnElement[float] | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The title of an item and a passage of its body, with the found words marked."""

    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]


class WordIndex(Protocol):
    """Finds items by their words."""

    def matches(self, terms: Sequence[Term], sifted: Sequence[ColumnElement[bool]]) -> Matches:
        """The items with these words among those that are `sifted` (conditions on `items`)."""

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        """Where the words stand in these items, which match."""


def word_index(connection: Connection) -> WordIndex:
    """The index that the connection's database has."""
    sqlite = connection.dialect.name == "sqlite"
    return Fts5Index(connection) if sqlite else TsvectorIndex(connection)


class Fts5Index:
    """SQLite's index (https://sqlite.org/fts5.html)."""

    _table = table(TABLE, column("rowid"))
    _itself: ColumnElement[str] = literal_column(TABLE)
    # Without an index of its own: else FTS5 would be asked anew for every single row number.
    _row: ColumnElement[int] = literal_column(f"+{TABLE}.rowid")
    _weights = (10.0, 4.0, 2.0, 2.0, 4.0, 1.0)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matches(self, terms: Sequence[Term], sifted: Sequence[ColumnElement[bool]]) -> Matches:
        wanted, unwanted = fts5(terms), fts5(terms, excluded=True)
        if not wanted:
            return Matches(items, items.c.id, (*sifted, *self._without(unwanted)))
        words = f"({wanted}) NOT ({unwanted})" if unwanted else wanted
        among_those = [self._row.in_(select(items.c.id).where(*sifted))] if sifted else []
        rank = func.bm25(self._itself, *self._weights)
        return Matches(self._table, self._table.c.rowid, (self._has(words), *among_those), rank)

    def _without(self, unwanted: str) -> Iterator[ColumnElement[bool]]:
        if unwanted:
            yield items.c.id.not_in(select(self._table.c.rowid).where(self._has(unwanted)))

    def _has(self, words: str) -> ColumnElement[bool]:
        return self._itself.op("MATCH", is_comparison=True)(words)

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        wanted = fts5(terms)
        if not wanted or not ids:
            return {}
        title, body = COLUMNS.index("title"), COLUMNS.index("body")
        query = select(
            self._table.c.rowid,
            func.highlight(self._itself, title, _OPEN, _CLOSE),
            func.snippet(self._itself, body, _OPEN, _CLOSE, "…", _PASSAGE_WORDS),
        ).where(self._has(wanted), self._row.in_(among(self._connection, ids, Id)))
        return _marks(self._connection.execute(query))


class TsvectorIndex:
    """PostgreSQL's index (https://www.postgresql.org/docs/current/textsearch.html)."""

    _words = literal_column("items.words", TSVECTOR)
    _configuration = literal_column(f"'{CONFIGURATION}'", REGCONFIG)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matches(self, terms: Sequence[Term], sifted: Sequence[ColumnElement[bool]]) -> Matches:
        if not terms:
            return Matches(items, items.c.id, tuple(sifted))
        query = self._query(terms)
        has = self._words.op("@@", is_comparison=True)(query)
        rank = -func.ts_rank(self._words, query) if fts5(terms) else None
        return Matches(items, items.c.id, (has, *sifted), rank)

    def _query(self, terms: Sequence[Term]) -> ColumnElement[Any]:
        return func.to_tsquery(self._configuration, tsquery(terms), type_=TSQUERY)

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        wanted = [term for term in terms if not term.excluded]
        if not wanted or not ids:
            return {}
        around = f"StartSel={_OPEN}, StopSel={_CLOSE}"
        query = select(
            items.c.id,
            self._headline(items.c.title, wanted, f"{around}, HighlightAll=true"),
            self._headline(
                items.c.body,
                wanted,
                f"{around}, MaxWords={_PASSAGE_WORDS}, MinWords=12, ShortWord=0",
            ),
        ).where(items.c.id.in_(among(self._connection, ids, Id)))
        return _marks(self._connection.execute(query))

    def _headline(
        self, text: ColumnElement[str], terms: Sequence[Term], options: str
    ) -> ColumnElement[str]:
        return func.ts_headline(self._configuration, text, self._query(terms), options)


def _marks(rows: Any) -> dict[int, Marks]:
    return {
        item_id: Marks(_pieces(title or ""), _pieces(passage or ""))
        for item_id, title, passage in rows
    }


def _pieces(marked: str) -> tuple[Piece, ...]:
    """A text taken apart where its marks are. A mark of its own that is not closed is no harm."""
    first, *others = marked.split(_OPEN)
    pieces = [Piece(first)]
    for other in others:
        found, _, after = other.partition(_CLOSE)
        pieces += [Piece(found, found=True), Piece(after)]
    return tuple(piece for piece in pieces if piece.text)
