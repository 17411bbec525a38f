"""The labelled pairs: what an editor says that one item is to another (`pairs.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

from bulletin.models.items import Action, Deadline, ItemDraft, Nation
from bulletin.repeats import Traits, compare, traits_of

DIFFERENT = "different"


@dataclass(frozen=True)
class Pair:
    """label: what `new` is to `old`. learnt: whether the thresholds were set by it."""

    group: str
    names: str
    old: ItemDraft
    new: ItemDraft
    label: str
    learnt: bool

    def __str__(self) -> str:
        return f"{self.group}: {self.names}"


def labelled() -> list[Pair]:
    """The pairs as they are labelled."""
    return [
        Pair(
            group["name"], f"{old} > {new}", draft(group["items"][old]), draft(group["items"][new]),
            label, group.get("learnt", True),
        )
        for group in _groups()
        for old, new, label in group["pairs"]
    ]  # fmt: skip


def strangers() -> Iterator[Pair]:
    """Every two items of two groups: nothing to do with each other."""
    groups = [
        (group["name"], [draft(item) for item in group["items"].values()]) for group in _groups()
    ]
    for (name, items), (other, others) in combinations(groups, 2):
        for old, new in product(items, others):
            yield Pair("strangers", f"{name} > {other}", old, new, DIFFERENT, learnt=True)


def judged(pair: Pair) -> str:
    """What the new item of a pair is found to be to the old."""
    repeat = compare(_traits(pair.new), _traits(pair.old))
    return repeat.likeness.value if repeat else DIFFERENT


def draft(item: Mapping[str, Any]) -> ItemDraft:
    return ItemDraft(
        title=item["title"],
        body=item["body"],
        source=item.get("source", ""),
        published=item.get("published"),
        actions=tuple(Action("Read it", url=url) for url in item.get("links", ())),
        nations=tuple(Nation(nation) for nation in item.get("nations", ())),
        deadline=Deadline(item["deadline"]) if "deadline" in item else None,
    )


def _groups() -> list[dict[str, Any]]:
    with (Path(__file__).parent / "pairs.toml").open("rb") as file:
        groups: list[dict[str, Any]] = tomllib.load(file)["group"]
    return groups


@cache
def _traits(item: ItemDraft) -> Traits:
    return traits_of(item)
