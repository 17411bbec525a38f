"""What a library query asks of an item beside its words, as conditions on its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select

from bulletin.models.library import LibraryQuery
from bulletin.store.tables import item_roles, paste_items, placements

Columns = Mapping[str, ColumnElement[Any]]

# The columns of `items` that conditions are about.
SIFTED = (
    "id", "state", "topic", "source", "published", "nations", "proposed_roles", "source_id",
    "doubts", "duplicate_of",
)  # fmt: skip


def conditions_of(
    query: LibraryQuery, columns: Columns, *, anycase: bool
) -> list[ColumnElement[bool]]:
    """Conditions that all have to hold.

    columns: those of `SIFTED`, by name. anycase: LIKE has to be told to look at no case; that of
    SQLite never does, and is twice as quick without.
    """
    texts = _texts(query, columns, anycase=anycase)
    return [*texts, *_facts(query, columns), *_use(query, columns), *_audience(query, columns)]


def _texts(
    query: LibraryQuery, columns: Columns, *, anycase: bool
) -> Iterator[ColumnElement[bool]]:
    for column, wanted in ((columns["topic"], query.topic), (columns["source"], query.source)):
        if wanted == "":
            yield column == ""
        elif wanted is not None:
            contains = column.icontains if anycase else column.contains
            yield contains(wanted.replace("\0", ""), autoescape=True)


def _facts(query: LibraryQuery, columns: Columns) -> Iterator[ColumnElement[bool]]:
    if query.states:
        yield columns["state"].in_(sorted(query.states))
    if query.published_from is not None:
        yield columns["published"] >= query.published_from
    if query.published_to is not None:
        yield columns["published"] <= query.published_to
    if query.doubts is not None:
        yield columns["doubts"] > 0 if query.doubts else columns["doubts"] == 0
    if query.watched is not None:
        yield columns["source_id"] == query.watched
    if query.paste is not None:
        mine = select(paste_items.c.item_id).where(paste_items.c.paste_id == query.paste)
        yield columns["id"].in_(mine)
    if query.duplicates:
        yield columns["duplicate_of"].is_not(None)


def _use(query: LibraryQuery, columns: Columns) -> Iterator[ColumnElement[bool]]:
    placed = select(placements.c.item_id)
    if query.used is not None:
        yield columns["id"].in_(placed) if query.used else columns["id"].not_in(placed)
    if query.issue_id is not None:
        yield columns["id"].in_(placed.where(placements.c.issue_id == query.issue_id))


def _audience(query: LibraryQuery, columns: Columns) -> Iterator[ColumnElement[bool]]:
    if query.nation is not None:
        yield _holds(columns["nations"], query.nation.value)
    if query.role is not None:
        shown = select(item_roles.c.item_id).where(item_roles.c.role_key == query.role)
        yield or_(columns["id"].in_(shown), _holds(columns["proposed_roles"], query.role))


def _holds(column: ColumnElement[list[str]], name: str) -> ColumnElement[bool]:
    """Whether a JSON list of names has one: each stands in it in quotes."""
    return cast(column, Text).contains(f'"{name}"', autoescape=True)
