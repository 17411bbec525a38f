"""What the buttons of the contents do, and what is said when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import InvalidInput
from bulletin.pipeline.composing.sections import Sections, where

_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Deed:
    """A button that was pressed: what it does, and to which item or topic."""

    verb: str
    item: int = 0
    topic: str = ""


def deed_of(value: str) -> Deed:
    """The deed that a button names: "up:7", "topic-remove:Statutory". Raises InvalidInput."""
    verb, _, what = value.partition(":")
    if verb.startswith("topic-"):
        return Deed(verb, topic=what)
    if not (what.isascii() and what.isdigit() and int(what) < _MOST):
        raise InvalidInput("Press one of the buttons of the page.")
    return Deed(verb, int(what))


def said_of(deed: Deed) -> str:
    """What a deed has done, where its place does not say it."""
    return {
        "remove": "Taken out. It stays in the library.",
        "topic-remove": "The topic is taken out, with its items. They stay in the library.",
    }.get(deed.verb, "")


def standing_of(sections: Sections, deed: Deed, title: str) -> str:
    """Where an item or topic stands now: "KCSIE, now 2 of 5 in Statutory"."""
    if deed.topic:
        titles = [each.title for each in sections]
        if deed.topic not in titles:
            return ""
        return f"{deed.topic}, now topic {titles.index(deed.topic) + 1} of {len(titles)}"
    number, place = where(sections, deed.item)
    section = sections[number]
    return f"{title}, now {place + 1} of {len(section.placed)} in {section.title}"
