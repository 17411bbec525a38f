"""What a library query asks of an item beside its words, as conditions on its row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, FromClause, Text, cast, or_, select

from bulletin.models.library import LibraryQuery
from bulletin.store.tables import item_roles, placements

# The columns of `items` that conditions are about.
SIFTED = (
    "id", "state", "topic", "source", "published", "nations", "proposed_roles", "source_id",
    "doubts", "duplicate_of",
)  # fmt: skip


def conditions_of(
    query: LibraryQuery, row: FromClause, *, anycase: bool
) -> list[ColumnElement[bool]]:
    """Conditions that all have to hold.

    row: what has the columns of `SIFTED`. anycase: LIKE has to be told to look at no case; that of
    SQLite never does, and is twice as quick without.
    """
    texts = _texts(query, row, anycase=anycase)
    return [*texts, *_facts(query, row), *_use(query, row), *_audience(query, row)]


def _texts(query: LibraryQuery, row: FromClause, *, anycase: bool) -> Iterator[ColumnElement[bool]]:
    for column, wanted in ((row.c.topic, query.topic), (row.c.source, query.source)):
        if wanted == "":
            yield column == ""
        elif wanted is not None:
            contains = column.icontains if anycase else column.contains
            yield contains(wanted.replace("\0", ""), autoescape=True)


def _facts(query: LibraryQuery, row: FromClause) -> Iterator[ColumnElement[bool]]:
    if query.states:
        yield row.c.state.in_(sorted(query.states))
    if query.published_from is not None:
        yield row.c.published >= query.published_from
    if query.published_to is not None:
        yield row.c.published <= query.published_to
    if query.doubts is not None:
        yield row.c.doubts > 0 if query.doubts else row.c.doubts == 0
    if query.watched is not None:
        yield row.c.source_id == query.watched
    if query.duplicates:
        yield row.c.duplicate_of.is_not(None)


def _use(query: LibraryQuery, row: FromClause) -> Iterator[ColumnElement[bool]]:
    placed = select(placements.c.item_id)
    if query.used is not None:
        yield row.c.id.in_(placed) if query.used else row.c.id.not_in(placed)
    if query.issue_id is not None:
        yield row.c.id.in_(placed.where(placements.c.issue_id == query.issue_id))


def _audience(query: LibraryQuery, row: FromClause) -> Iterator[ColumnElement[bool]]:
    if query.nation is not None:
        yield _holds(row.c.nations, query.nation.value)
    if query.role is not None:
        shown = select(item_roles.c.item_id).where(item_roles.c.role_key == query.role)
        yield or_(row.c.id.in_(shown), _holds(row.c.proposed_roles, query.role))


def _holds(column: ColumnElement[list[str]], name: str) -> ColumnElement[bool]:
    """Whether a JSON list of names has one: each stands in it in quotes."""
    return cast(column, Text).contains(f'"{name}"', autoescape=True)
