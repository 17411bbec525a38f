"""Noting: who sees an item, and what it means for them, as an editor changes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bulletin.models.items import ItemContent, Note


def for_readers(
    content: ItemContent, roles: Sequence[str] | None, notes: Mapping[str, str]
) -> ItemContent:
    """An item with other readers and notes.

    roles: who sees it (empty: everybody); None leaves that as it is. notes: role key -> line; ""
    takes it away.
    """
    seen_by = content.roles if roles is None else frozenset(roles)
    return replace(content, roles=seen_by, notes=_noted(content.notes, notes))


def _noted(notes: Iterable[Note], changes: Mapping[str, str]) -> tuple[Note, ...]:
    """Notes in the order of their roles, as the library gives them."""
    texts = {note.role: note.text for note in notes} | dict(changes)
    return tuple(Note(role, texts[role]) for role in sorted(texts) if texts[role].strip())
