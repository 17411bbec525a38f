"""What a library query asks of an item beside its words, as conditions on its row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Text, cast, or_, select

from bulletin.models.library import LibraryQuery
from bulletin.store.tables import item_roles, items, placements


def sifted(query: LibraryQuery) -> list[ColumnElement[bool]]:
    """Conditions that all have to hold."""
    return [*_texts(query), *_facts(query), *_use(query), *_audience(query)]


def _texts(query: LibraryQuery) -> Iterator[ColumnElement[bool]]:
    for column, wanted in ((items.c.topic, query.topic), (items.c.source, query.source)):
        if wanted is not None:
            yield column.icontains(wanted, autoescape=True) if wanted else column == ""


def _facts(query: LibraryQuery) -> Iterator[ColumnElement[bool]]:
    if query.states:
        yield items.c.state.in_(sorted(query.states))
    if query.published_from is not None:
        yield items.c.published >= query.published_from
    if query.published_to is not None:
        yield items.c.published <= query.published_to
    if query.doubts is not None:
        yield items.c.doubts > 0 if query.doubts else items.c.doubts == 0
    if query.watched is not None:
        yield items.c.source_id == query.watched
    if query.duplicates:
        yield items.c.duplicate_of.is_not(None)


def _use(query: LibraryQuery) -> Iterator[ColumnElement[bool]]:
    placed = select(placements.c.item_id)
    if query.used is not None:
        used = items.c.id.in_(placed)
        yield used if query.used else ~used
    if query.issue_id is not None:
        yield items.c.id.in_(placed.where(placements.c.issue_id == query.issue_id))


def _audience(query: LibraryQuery) -> Iterator[ColumnElement[bool]]:
    if query.nation is not None:
        yield _holds(items.c.nations, query.nation.value)
    if query.role is not None:
        shown = select(item_roles.c.item_id).where(item_roles.c.role_key == query.role)
        yield or_(items.c.id.in_(shown), _holds(items.c.proposed_roles, query.role))


def _holds(column: Column[list[str]], name: str) -> ColumnElement[bool]:
    """Whether a JSON list of names has one: each stands in it in quotes."""
    return cast(column, Text).contains(f'"{name}"', autoescape=True)
