"""Composition: an issue and a kind of reader, and what that reader sees of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bulletin.models.editions import (
    DIARY,
    PERSONAL,
    Edition,
    ReaderKind,
    item_key,
    note_key,
    topic_key,
)
from bulletin.models.issues import IssueContent, PlacedItem, Topic
from bulletin.models.items import Note


def sees(item: PlacedItem, reader: ReaderKind) -> bool:
    """Whether this reader gets this item.

    An item that names no role is for everybody, and so is one that names no nation. A reader
    whose nation is unknown is not shut out by `only_nations`: one item too many costs a minute,
    one too few may hide a duty.
    """
    for_role = not item.roles or not item.roles.isdisjoint(reader.roles)
    for_nation = (
        not item.only_nations or reader.nation is None or reader.nation in item.only_nations
    )
    return for_role and for_nation


def seen_items(issue: IssueContent, reader: ReaderKind) -> int:
    """How many items the edition of this reader has: `compose(...).items`, a good deal quicker."""
    return sum(sees(item, reader) for topic in issue.topics for item in topic.items)


def compose(issue: IssueContent, reader: ReaderKind) -> Edition:
    """The edition of this reader: the marker keys that stay in a compiled issue.

    A topic stays if an item of it does, the note of an item if a line of it does. Readers who see
    the same get equal editions, whatever their roles.
    """
    visible = {PERSONAL}
    items = 0
    seen = restrict(issue, reader)
    if issue.diary and any(item.deadline for topic in seen.topics for item in topic.items):
        visible.add(DIARY)
    for topic in seen.topics:
        visible.add(topic_key(topic.key))
        items += len(topic.items)
        for item in topic.items:
            visible.update(_keys(item))
    return Edition(visible=frozenset(visible), items=items)


def restrict(issue: IssueContent, reader: ReaderKind) -> IssueContent:
    """The same issue with only what this reader sees: items, their notes, topics that hold any."""
    topics = (
        replace(topic, items=tuple(_restricted(topic, reader)))
        for topic in issue.topics
        if any(sees(item, reader) for item in topic.items)
    )
    return replace(issue, topics=tuple(topics))


def _restricted(topic: Topic, reader: ReaderKind) -> list[PlacedItem]:
    return [replace(item, notes=_notes(item, reader)) for item in topic.items if sees(item, reader)]


def _notes(item: PlacedItem, reader: ReaderKind) -> tuple[Note, ...]:
    return tuple(note for note in item.notes if note.role in reader.roles)


def _keys(item: PlacedItem) -> list[str]:
    notes = [note_key(item.id, note.role) for note in item.notes]
    return [item_key(item.id), *([note_key(item.id), *notes] if notes else [])]
