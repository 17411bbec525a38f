"""Sections: the topics of an issue, also those without items, and how an editor moves things. Pure.

Whatever is moved, every item stays in the issue exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.issues import Placement
from bulletin.pipeline.one_line import one_line


@dataclass(frozen=True, slots=True)
class Section:
    """A topic of an issue and what stands under it, in order."""

    title: str
    placed: tuple[Placement, ...] = ()

    def place_of(self, item_id: int) -> int | None:
        """Where an item stands, from 0; None if it is not here."""
        ids = [one.item_id for one in self.placed]
        return ids.index(item_id) if item_id in ids else None


Sections = tuple[Section, ...]


def sections_of(order: Iterable[Placement], headings: Sequence[str]) -> Sections:
    """An issue's order under its topics. A heading without items stands behind the one that was
    before it when they were last arranged."""
    placed: dict[str, list[Placement]] = {}
    for one in order:
        placed.setdefault(one.topic, []).append(one)
    titles = list(placed)
    for place, heading in enumerate(headings):
        if heading not in titles:
            before = next((one for one in reversed(headings[:place]) if one in titles), None)
            titles.insert(0 if before is None else titles.index(before) + 1, heading)
    return tuple(Section(title, tuple(placed.get(title, ()))) for title in titles)


def order_of(sections: Sections) -> list[Placement]:
    """The items of all sections, each under its topic."""
    return [replace(one, topic=each.title) for each in sections for one in each.placed]


def where(sections: Sections, item_id: int) -> tuple[int, int]:
    """The number of the section in which an item stands, and its place there, both from 0.

    Raises NotFound if it is not in the issue.
    """
    for number, section in enumerate(sections):
        place = section.place_of(item_id)
        if place is not None:
            return number, place
    raise NotFound(f"Item {item_id} is not in this issue any more.")


def with_item_at(sections: Sections, item_id: int, topic: str, place: int) -> Sections:
    """One item elsewhere: under a topic, at a place from 0; one beyond the last is the last.

    Raises NotFound if there is no such item or topic.
    """
    number, at = where(sections, item_id)
    moving = sections[number].placed[at]
    to = _number(sections, topic)
    rest = [
        replace(each, placed=tuple(one for one in each.placed if one.item_id != item_id))
        for each in sections
    ]
    there = list(rest[to].placed)
    there.insert(max(0, min(place, len(there))), replace(moving, topic=topic))
    rest[to] = replace(rest[to], placed=tuple(there))
    return tuple(rest)


def with_item_shifted(sections: Sections, item_id: int, by: int) -> Sections:
    """One item a place up (by -1) or down (1). From the end of a topic it goes on to the next.

    At the very top or bottom it stays. Raises NotFound.
    """
    number, place = where(sections, item_id)
    here = sections[number]
    if 0 <= place + by < len(here.placed):
        return with_item_at(sections, item_id, here.title, place + by)
    if not 0 <= number + by < len(sections):
        return sections
    beside = sections[number + by]
    return with_item_at(sections, item_id, beside.title, 0 if by > 0 else len(beside.placed))


def with_topic_at(sections: Sections, topic: str, place: int) -> Sections:
    """One topic, with what stands under it, at a place from 0. Raises NotFound."""
    number = _number(sections, topic)
    rest = [*sections[:number], *sections[number + 1 :]]
    rest.insert(max(0, min(place, len(rest))), sections[number])
    return tuple(rest)


def with_topic_shifted(sections: Sections, topic: str, by: int) -> Sections:
    """One topic a place up (by -1) or down (1). Raises NotFound."""
    return with_topic_at(sections, topic, max(0, _number(sections, topic) + by))


def with_topic(sections: Sections, title: str) -> Sections:
    """One more topic at the end, without items. Raises InvalidInput if there is one already."""
    title = checked_title(title)
    if title in {each.title for each in sections}:
        raise InvalidInput(f"There is a topic “{title}” already.")
    return (*sections, Section(title))


def with_topic_renamed(sections: Sections, topic: str, title: str) -> Sections:
    """One topic under another name. If there is one of that name, its items go to the end of it.

    Raises NotFound, InvalidInput for no name or one of several lines.
    """
    title = checked_title(title)
    number = _number(sections, topic)
    if title == topic:
        return sections
    moved = tuple(replace(one, topic=title) for one in sections[number].placed)
    if title not in {each.title for each in sections}:
        return (*sections[:number], Section(title, moved), *sections[number + 1 :])
    return tuple(
        replace(each, placed=(*each.placed, *moved)) if each.title == title else each
        for each in sections
        if each.title != topic
    )


def without_topic(sections: Sections, topic: str) -> Sections:
    """Without a topic and all that stands under it. Raises NotFound."""
    number = _number(sections, topic)
    return (*sections[:number], *sections[number + 1 :])


def checked_title(title: str) -> str:
    """A topic's name without space around it. Raises InvalidInput."""
    one_line("topic", title)
    if not title.strip():
        raise InvalidInput("A topic needs a name.")
    return title.strip()


def _number(sections: Sections, topic: str) -> int:
    for number, section in enumerate(sections):
        if section.title == topic:
            return number
    raise NotFound(f"There is no topic “{topic}” in this issue any more.")
