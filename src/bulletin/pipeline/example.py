"""The bundled example: a newsfeed, a list of people and an issue made of both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.models.items import Nation
from bulletin.pipeline.draft import PlacingOptions

EXAMPLE = Path(__file__).parent.parent / "example"


@dataclass(frozen=True, slots=True)
class Placing:
    """One item of the example issue: its number in the newsfeed, from 1, and who sees it."""

    item: int
    options: PlacingOptions


@dataclass(frozen=True, slots=True)
class ExampleIssue:
    """What `issue.json` says: the issue's own words and its items in order."""

    title: str
    texts: Mapping[str, str]
    placings: Sequence[Placing]


def example_issue() -> ExampleIssue:
    """The issue of the example."""
    data = json.loads((EXAMPLE / "issue.json").read_text(encoding="utf-8"))
    names = ("subject", "standfirst", "intro", "closing")
    return ExampleIssue(
        title=data["title"],
        texts={name: data[name] for name in names if data.get(name)},
        placings=[_placing(entry) for entry in data["items"]],
    )


def _placing(entry: Mapping[str, Any]) -> Placing:
    options = PlacingOptions(
        topic=entry["topic"],
        roles=entry.get("roles", []),
        notes=entry.get("notes", {}),
        only_nations=frozenset(Nation(name) for name in entry.get("only_nations", [])),
    )
    return Placing(entry["item"], options)
