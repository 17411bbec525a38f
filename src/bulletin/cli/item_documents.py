"""Items as commands show them: a document for a program, a line or a page for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from bulletin.cli.output import say
from bulletin.models.items import Item, ItemDraft, ItemState
from bulletin.models.library import Piece
from bulletin.models.lines import unescaped

_MARKS = re.compile(r"(?<!\\)\*+|^#+ ", re.MULTILINE)  # of emphasis and sub-headings


def heading(draft: ItemDraft) -> str:
    """An item's title, or how it begins, in one line."""
    return " ".join(draft.title.split()) or f"(no title) {shortened(draft.body)}"


def named(number: int, draft: ItemDraft, noun: str = "Item") -> str:
    """An item by its number and title, as messages name it: "Item 28 'Scotland: lunch…'"."""
    return f"{noun} {number} '{shortened(draft.title or draft.body)}'"


def numbers(found: Sequence[int]) -> str:
    """Numbers of items in words: "3, 7 and 12"."""
    *others, last = map(str, found)
    return f"{', '.join(others)} and {last}" if others else last


def shortened(markdown: str, most: int = 60) -> str:
    """A text as one line for reading, cut between words."""
    line = " ".join(unescaped(_MARKS.sub("", markdown[: most * 5])).split())
    if len(line) <= most:
        return line
    return f"{line[: most + 1].rpartition(' ')[0] or line[:most]}…"


def doubts(draft: ItemDraft) -> str:
    """The codes of an item's doubts, each once."""
    return ", ".join(sorted({warning.code for warning in draft.warnings}))


def how_doubts_end(item: object, code: str) -> str:
    """What an editor does about doubts, with the command for one of them."""
    return (
        "A doubt ends with the edit that answers it. Where you looked and nothing is to be mended: "
        f"bulletin items edit {item} --settle {code}"
    )


def audience(item: Item) -> str:
    """Who sees an item."""
    return ", ".join(sorted(item.roles)) or "everybody"


def marked(pieces: Iterable[Piece]) -> str:
    """A text in one line, with what was searched for in brackets."""
    text = "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)
    return " ".join(text.split())


def draft_document(draft: ItemDraft) -> dict[str, Any]:
    """What an item says, for a program."""
    return {
        "topic": draft.topic,
        "title": draft.title,
        "body": draft.body,
        "source": draft.source,
        "published": draft.published.isoformat() if draft.published else None,
        "author": draft.author,
        "deadline": draft.deadline.on.isoformat() if draft.deadline else None,
        "deadline_says": draft.deadline.says if draft.deadline else "",
        "content_note": draft.content_note,
        "actions": [asdict(action) for action in draft.actions],
        "nations": list(draft.nations),
        "roles": list(draft.roles),
        "warnings": [asdict(warning) for warning in draft.warnings],
        "duplicate_of": draft.duplicate_of,
        "updates": draft.updates,
    }


def item_document(item: Item) -> dict[str, Any]:
    """An item of the library, for a program."""
    return {
        "id": item.id,
        "state": item.state.value,
        "rejected_because": item.rejected_because,
        **draft_document(item.draft),
        "roles": sorted(item.roles),
        "proposed_roles": list(item.draft.roles),
        "notes": {note.role: note.text for note in item.notes},
        "issues": list(item.issues),
        "version": item.version,
    }


def show_item(item: Item, *, lines: bool = False) -> None:
    """An item whole. lines: number those of the body, as `items split --at` counts them."""
    draft = item.draft
    say(heading(draft))
    say(f"Item {item.id}, version {item.version}, {stands(item)}, for {audience(item)}")
    if item.state is ItemState.REJECTED:
        why = item.rejected_because or "nobody has said why"
        say(f"Rejected: {why}. To use it after all: bulletin items restore {item.id}")
    facts = (draft.topic, draft.source, draft.published, draft.author, ", ".join(draft.nations))
    say(" | ".join(str(fact) for fact in facts if fact))
    if draft.deadline:
        say(f"{draft.deadline.says} {draft.deadline.on}")
    if draft.content_note:
        say(f"Before it stands: {draft.content_note}")
    body = unescaped(draft.body)
    say(f"\n{_numbered(body) if lines else body}\n")
    for number, action in enumerate(draft.actions, start=1):
        named = f"{action.label}: {action.title}" if action.title else action.label
        say(f"{number}. {named}\n   {action.url or '(no address)'}")
    for note in item.notes:
        say(f"What this means for {note.role}: {note.text}")
    if draft.roles:
        say(f"The text speaks to: {', '.join(draft.roles)}")
    if draft.duplicate_of is not None:
        say(f"It looks like a copy of item {draft.duplicate_of}.")
    if draft.updates is not None:
        say(f"It looks like a newer version of item {draft.updates}.")
    _show_doubts(item)


def _show_doubts(item: Item) -> None:
    for warning in item.draft.warnings:
        say(f"Doubt ({warning.code}): {warning.message}")
    if item.draft.warnings:
        say(how_doubts_end(item.id, item.draft.warnings[0].code))


def stands(item: Item) -> str:
    """What has become of an item: its state, and the issues that hold it."""
    if item.issues:
        return f"{item.state.value} in {', '.join(item.issues)}"
    return item.state.value


def _numbered(body: str) -> str:
    return "\n".join(f"{number:4}  {line}" for number, line in enumerate(body.split("\n"), 1))
