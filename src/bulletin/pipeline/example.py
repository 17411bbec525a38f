"""The bundled example: a newsfeed, a list of people and an issue made of both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.models.issues import Helpline
from bulletin.models.items import ItemContent, Nation
from bulletin.pipeline.draft import IssueChanges, PlacingOptions
from bulletin.pipeline.revise import ItemChanges, changed

EXAMPLE = Path(__file__).parent.parent / "example"


@dataclass(frozen=True, slots=True)
class Placing:
    """One item of the example issue: its number in the newsfeed, from 1, and who sees it.

    deadline, content_note: what an editor adds to the item, or "".
    """

    item: int
    options: PlacingOptions
    deadline: str
    content_note: str


@dataclass(frozen=True, slots=True)
class ExampleIssue:
    """What `issue.json` says: the issue's own words and its items in order."""

    title: str
    rest: IssueChanges
    placings: Sequence[Placing]


def example_issue() -> ExampleIssue:
    """The issue of the example."""
    data = json.loads((EXAMPLE / "issue.json").read_text(encoding="utf-8"))
    return ExampleIssue(
        title=data["title"],
        rest=IssueChanges(
            subject=data["subject"],
            standfirst=data["standfirst"],
            intro=data["intro"],
            closing=data["closing"],
            dateline=data["dateline"],
            helplines=tuple(Helpline(**helpline) for helpline in data["helplines"]),
        ),
        placings=[_placing(entry) for entry in data["items"]],
    )


def _placing(entry: Mapping[str, Any]) -> Placing:
    options = PlacingOptions(
        topic=entry["topic"],
        roles=entry.get("roles", []),
        notes=entry.get("notes", {}),
        only_nations=frozenset(Nation(name) for name in entry.get("only_nations", [])),
    )
    return Placing(entry["item"], options, entry.get("deadline", ""), entry.get("content_note", ""))


def annotated(placing: Placing, content: ItemContent) -> ItemContent:
    """An item of the example with what its editor added."""
    added = ItemChanges(content_note=placing.content_note, deadline=placing.deadline)
    return changed(content, added)
