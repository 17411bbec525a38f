"""What an item says, as the columns of a row hold it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Deadline, ItemDraft, ItemWarning, Nation

_DAYS = ("published", "deadline")


def values_of(draft: ItemDraft) -> dict[str, Any]:
    """The columns of a draft. Raises InvalidInput if it has neither title nor body."""
    if not draft.title and not draft.body:
        raise InvalidInput("An item needs a title or a body.")
    return {
        "topic": draft.topic,
        "title": draft.title,
        "body": draft.body,
        "source": draft.source,
        "published": draft.published,
        "author": draft.author,
        "actions": [asdict(action) for action in draft.actions],
        "nations": list(draft.nations),
        "proposed_roles": list(draft.roles),
        "warnings": [asdict(warning) for warning in draft.warnings],
        "duplicate_of": draft.duplicate_of,
        "updates_id": draft.updates,
        "deadline": draft.deadline.on if draft.deadline else None,
        "deadline_says": draft.deadline.says if draft.deadline else "",
        "content_note": draft.content_note,
    }


def derived_from(draft: ItemDraft) -> dict[str, Any]:
    """The columns by which a draft is found and recognised."""
    return {
        "banded": 0,
        "action_words": " ".join(f"{action.label} {action.title}" for action in draft.actions),
        "doubts": len(draft.warnings),
    }


def draft_of(row: Mapping[str, Any]) -> ItemDraft:
    """The draft in a row that has the columns of `values_of`."""
    return ItemDraft(
        title=row["title"],
        topic=row["topic"],
        body=row["body"],
        source=row["source"],
        published=row["published"],
        author=row["author"],
        actions=tuple(Action(**action) for action in row["actions"]),
        nations=tuple(Nation(nation) for nation in row["nations"]),
        roles=tuple(row["proposed_roles"]),
        warnings=tuple(ItemWarning(**warning) for warning in row["warnings"]),
        duplicate_of=row["duplicate_of"],
        updates=row["updates_id"],
        deadline=Deadline(row["deadline"], row["deadline_says"]) if row["deadline"] else None,
        content_note=row["content_note"],
    )


def document_of(draft: ItemDraft) -> dict[str, Any]:
    """A draft as JSON keeps it. Raises as `values_of`."""
    values = values_of(draft)
    for name in _DAYS:
        values[name] = values[name] and values[name].isoformat()
    return values


def draft_in(document: Mapping[str, Any]) -> ItemDraft:
    """The draft in what `document_of` made."""
    days = {name: document[name] and date.fromisoformat(document[name]) for name in _DAYS}
    return draft_of({**document, **days})
