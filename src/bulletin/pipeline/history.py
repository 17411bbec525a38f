"""History: what became of an item, step by step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bulletin.models.items import Item
from bulletin.models.library import Change, ItemVersion
from bulletin.pipeline.differences import Difference, differences

Trail = Iterable[tuple[datetime, str, str, Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to an item.

    by:      who, or "" where that is not on record.
    what:    in words ("edited", "rejected: not for schools").
    version: the number of the version that came of it, or None if its words stayed.
    """

    at: datetime
    by: str
    what: str
    version: int | None = None
    changes: tuple[Difference, ...] = ()


def steps(item: Item, versions: Sequence[ItemVersion], trail: Trail) -> list[Step]:
    """All that was done to an item, oldest first. trail: what the audit says of it."""
    contents = [*(version.before for version in versions), item.content]
    numbers = [*(version.version for version in versions), item.version]
    edits = (
        Step(
            version.changed_at,
            version.changed_by,
            _said(version),
            numbers[number + 1],
            tuple(differences(version.before, contents[number + 1])),
        )
        for number, version in enumerate(versions)
    )
    sorted_into = (
        Step(at, by, f"{_SORTED[action]}{_reason(detail)}")
        for at, by, action, detail in trail
        if action in _SORTED
    )
    first = Step(item.created_at, "", "came into the library", 1)
    return [first, *sorted((*edits, *sorted_into), key=lambda step: step.at)]


def in_effect(versions: Sequence[ItemVersion], number: int) -> frozenset[int]:
    """Which splits and joins, by their version's number, are in what an item says at a version.

    Numbers may be missing: several saves of one sitting are one version on record.
    """
    known: list[tuple[int, frozenset[int]]] = [(1, frozenset())]
    for version in versions:
        so_far = known[-1][1]
        if version.how is Change.REVERTED:
            so_far = _at(known, version.other or 0)
        elif version.how is not Change.EDITED:
            so_far |= {version.version}
        known.append((version.version + 1, so_far))
    return _at(known, number)


def _at(known: Sequence[tuple[int, frozenset[int]]], number: int) -> frozenset[int]:
    return next((found for since, found in reversed(known) if since <= number), frozenset())


_SORTED = {
    "item.keep": "kept",
    "item.reject": "rejected",
    "item.restore": "restored",
    "item.unsort": "put back among those to be sorted",
    "item.everybody": "said to be for everybody",
    "item.unchosen": "left without readers again",
}


def _said(version: ItemVersion) -> str:
    match version.how:
        case Change.SPLIT:
            return f"split: its end became item {version.other}"
        case Change.JOINED:
            return f"joined with item {version.other}"
        case Change.REVERTED:
            return f"taken back to version {version.other}"
        case Change.EDITED:
            return "edited"


def _reason(detail: Mapping[str, object]) -> str:
    because = detail.get("because")
    return f": {because}" if because else ""
