"""The words of items, as SQLite's FTS5 and PostgreSQL's tsvector find, weigh and mark them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    TextClause,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR

from bulletin.models.library import LibraryQuery, Piece
from bulletin.store.among import among
from bulletin.store.search_schema import COLUMNS, CONFIGURATION, FACTS, TABLE
from bulletin.store.search_words import Term, fts5, tsquery
from bulletin.store.sifting import SIFTED, conditions_of
from bulletin.store.tables import items
from bulletin.store.types import Id

# What stands around a found word on its way here: of the private use area, so no text has it.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PASSAGE_WORDS = 24


@dataclass(frozen=True, slots=True)
class Matches:
    """Where matching items are: their ids, and how well they fit, the best first (or None)."""

    of: FromClause | TextClause
    id: ColumnElement[int]
    conditions: tuple[ColumnElement[bool], ...]
    rank: ColumnElement[float] | None = None

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """These columns of all that match."""
        return select(*columns).select_from(self.of).where(*self.conditions)


@dataclass(frozen=True, slots=True)
class Marks:
    """The title of an item and a passage of its body, with the found words marked."""

    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]


class WordIndex(Protocol):
    """Finds items by their words."""

    def matches(self, terms: Sequence[Term], query: LibraryQuery) -> Matches:
        """The items with these words that are as the query wants them."""

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        """Where the words stand in these items, which match."""


def word_index(connection: Connection) -> WordIndex:
    """The index that the connection's database has."""
    sqlite = connection.dialect.name == "sqlite"
    return Fts5Index(connection) if sqlite else TsvectorIndex(connection)


class Fts5Index:
    """SQLite's index (https://sqlite.org/fts5.html)."""

    _itself: ColumnElement[str] = literal_column(TABLE)
    _id: ColumnElement[int] = literal_column(f"{TABLE}.rowid")
    # Without an index of its own: else FTS5 would be asked anew for every single row number.
    _row: ColumnElement[int] = literal_column(f"+{TABLE}.rowid")
    _facts: Mapping[str, ColumnElement[Any]] = {
        name: literal_column(f"{FACTS}.{name}", items.c[name].type) for name in SIFTED
    }
    # In this order, and CROSS says that SQLite must keep it: the words are found in the order of
    # the facts' rows, while the other way round every row would ask for the words anew.
    _sifted = text(f"{TABLE} CROSS JOIN {FACTS}")
    _weights = (10.0, 4.0, 2.0, 2.0, 4.0, 1.0)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matches(self, terms: Sequence[Term], query: LibraryQuery) -> Matches:
        wanted, unwanted = fts5(terms), fts5(terms, excluded=True)
        sifted = conditions_of(query, self._facts, anycase=False)
        if not wanted:
            conditions = (*sifted, *self._without(unwanted))
            return Matches(text(FACTS), self._facts["id"], conditions)
        has = self._has(f"({wanted}) NOT ({unwanted})" if unwanted else wanted)
        rank = func.bm25(self._itself, *self._weights)
        if not sifted:
            return Matches(text(TABLE), self._id, (has,), rank)
        return Matches(self._sifted, self._id, (has, self._facts["id"] == self._id, *sifted), rank)

    def _without(self, unwanted: str) -> Iterator[ColumnElement[bool]]:
        if unwanted:
            found = select(self._id).select_from(text(TABLE)).where(self._has(unwanted))
            yield self._facts["id"].not_in(found)

    def _has(self, words: str) -> ColumnElement[bool]:
        return self._itself.op("MATCH", is_comparison=True)(words)

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        wanted = fts5(terms)
        if not wanted or not ids:
            return {}
        title, body = COLUMNS.index("title"), COLUMNS.index("body")
        query = select(
            self._id,
            func.highlight(self._itself, title, _OPEN, _CLOSE),
            func.snippet(self._itself, body, _OPEN, _CLOSE, "…", _PASSAGE_WORDS),
        ).select_from(text(TABLE))
        mine = query.where(self._has(wanted), self._row.in_(among(self._connection, ids, Id)))
        return _marks(self._connection.execute(mine))


class TsvectorIndex:
    """PostgreSQL's index (https://www.postgresql.org/docs/current/textsearch.html)."""

    _words = literal_column("items.words", TSVECTOR)
    _configuration = literal_column(f"'{CONFIGURATION}'", REGCONFIG)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matches(self, terms: Sequence[Term], query: LibraryQuery) -> Matches:
        sifted = conditions_of(query, {name: items.c[name] for name in SIFTED}, anycase=True)
        if not terms:
            return Matches(items, items.c.id, tuple(sifted))
        # The planner does not know what it takes to read the tsvector of every row, out of line.
        self._connection.execute(text("SET LOCAL enable_seqscan = off"))
        wanted = self._query(terms)
        has = self._words.op("@@", is_comparison=True)(wanted)
        rank = -func.ts_rank(self._words, wanted) if fts5(terms) else None
        return Matches(items, items.c.id, (has, *sifted), rank)

    def _query(self, terms: Sequence[Term], *, any_of: bool = False) -> ColumnElement[Any]:
        words = tsquery(terms, any_of=any_of)
        return func.to_tsquery(self._configuration, words, type_=TSQUERY)

    def marks(self, terms: Sequence[Term], ids: Sequence[int]) -> Mapping[int, Marks]:
        if not fts5(terms) or not ids:
            return {}
        # A passage seldom has all of the words; where it has one, that is where to look.
        wanted = self._query(terms, any_of=True)
        signs = f"StartSel={_OPEN}, StopSel={_CLOSE}"
        short = f"{signs}, MaxWords={_PASSAGE_WORDS}, MinWords=12, ShortWord=0"
        query = select(
            items.c.id,
            self._headline(items.c.title, wanted, f"{signs}, HighlightAll=true"),
            self._headline(items.c.body, wanted, short),
        ).where(items.c.id.in_(among(self._connection, ids, Id)))
        return _marks(self._connection.execute(query))

    def _headline(
        self, text: ColumnElement[str], wanted: ColumnElement[Any], options: str
    ) -> ColumnElement[str]:
        # In a database without a locale a typeset quotation mark would be a letter of its word.
        plain = func.translate(text, "‘’“”", "''\"\"")
        return func.ts_headline(self._configuration, plain, wanted, options)


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
