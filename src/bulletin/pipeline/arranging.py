"""Arranging: the order of an issue, as an editor moves one item or one topic at a time. Pure.

What readers see is items under headings, and a heading stands where its first item does. So an
order is kept with the items of a heading side by side.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bulletin.errors import InvalidInput
from bulletin.models.issues import Placement

_Thing = TypeVar("_Thing", bound=Hashable)


@dataclass(frozen=True)
class Place(Generic[_Thing]):
    """Where something is to stand: at a position (from 1), before or behind another of its kind.

    Raises InvalidInput unless it says exactly one of these.
    """

    to: int | None = None
    before: _Thing | None = None
    after: _Thing | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.to, self.before, self.after)) != 1:
            raise InvalidInput("Say where to: --to, --before or --after, one of them.")

    @property
    def beside(self) -> _Thing | None:
        """What it is to stand beside, if it is to."""
        return self.before if self.before is not None else self.after


def with_item_moved(
    order: Sequence[Placement], item_id: int, place: Place[int], slug: str
) -> list[Placement]:
    """An issue's order with one item elsewhere. A position counts under its own heading.

    Beside another item it stands under the heading of that. slug: the issue's. Raises InvalidInput
    if an item that is named is not in the issue, or there is no such position.
    """
    placed = {one.item_id: one for one in order}
    for needed in filter(None, (item_id, place.beside)):
        if needed not in placed:
            raise InvalidInput(f"Item {needed} is not in issue '{slug}'.")
    moving = placed[item_id]
    if place.beside is not None:
        moving = replace(moving, topic=placed[place.beside].topic)
    siblings = [one.item_id for one in order if one.topic == moving.topic]
    arranged = _moved(siblings, item_id, place, f"items under '{moving.topic}'")
    placed[item_id] = moving
    topics = dict.fromkeys(one.topic for one in order)
    rest = [one for one in order if one.topic != moving.topic and one.item_id != item_id]
    return _by_topic(topics, (*rest, *(placed[one] for one in arranged)))


def with_topic_moved(
    order: Sequence[Placement], topic: str, place: Place[str], slug: str
) -> list[Placement]:
    """An issue's order with one heading, and all items under it, elsewhere. Raises the same."""
    topics = list(dict.fromkeys(one.topic for one in order))
    for needed in filter(None, (topic, place.beside)):
        if needed not in topics:
            listed = ", ".join(f"'{one}'" for one in topics) or "none"
            raise InvalidInput(f"Issue '{slug}' has no topic '{needed}'. Its topics: {listed}.")
    return _by_topic(_moved(topics, topic, place, f"topics of issue '{slug}'"), order)


def _by_topic(topics: Iterable[str], order: Iterable[Placement]) -> list[Placement]:
    placed = list(order)
    return [one for topic in topics for one in placed if one.topic == topic]


def _moved(order: Sequence[_Thing], what: _Thing, place: Place[_Thing], among: str) -> list[_Thing]:
    """among: what it moves among, for the sentence that refuses it."""
    if place.beside == what:
        raise InvalidInput("Nothing can stand before or after itself.")
    rest = [one for one in order if one != what]
    if place.beside is not None:
        at = rest.index(place.beside) + (place.before is None)
        return [*rest[:at], what, *rest[at:]]
    to = place.to or 0
    if not 1 <= to <= len(rest) + 1:
        raise InvalidInput(f"The {among} are numbered from 1 to {len(rest) + 1}: {to} is none.")
    return [*rest[: to - 1], what, *rest[to - 1 :]]
