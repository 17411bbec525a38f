"""Verbatim: what an item is to one that has the same words."""

from __future__ import annotations

from typing import Final

from bulletin.models.items import Likeness, Repeat
from bulletin.repeats.facts import Facts
from bulletin.repeats.traits import Traits

# The same words say the same if there are so many of them; fewer may head other news.
_ENOUGH_WORDS: Final = 12
# A page that was moved within its site keeps about its date; the next number of a series does not.
_A_NUMBER_LATER: Final = 6


def verbatim(new: Traits, old: Traits) -> Repeat:
    """What a new item is to one that says the same, word for word.

    They are the same only if nothing else contradicts it (`Facts`): what is the same is not kept.
    """
    facts = Facts(new.draft, old.draft)
    if other := _other_news(new, old, facts):
        return Repeat(Likeness.RELATED, 1.0, f"the same words, but {other}")
    if deadlines := facts.other_deadline:
        if (facts.days or 0) < 0:
            return Repeat(Likeness.RELATED, 1.0, "an older version")
        here, there = deadlines
        return Repeat(Likeness.UPDATE, 1.0, f"changed: {here.shown} in the place of {there.shown}")
    if new.addresses - old.addresses:
        return Repeat(Likeness.COPY, 1.0, "the same text, with a link that it lacks there")
    if facts.differs:
        return Repeat(Likeness.COPY, 1.0, f"the same text, {facts.differs}")
    return Repeat(Likeness.SAME, 1.0, "the same text")


def _other_news(new: Traits, old: Traits, facts: Facts) -> str:
    """What makes them two, or ""."""
    if facts.other_nations:
        return facts.other_nations
    short = len(new.title) + len(new.body) < _ENOUGH_WORDS
    elsewhere = bool(new.addresses and old.addresses) and not new.addresses & old.addresses
    later = abs(facts.days or 0)
    if elsewhere and (short or (later > _A_NUMBER_LATER and new.hosts & old.hosts)):
        return "it leads elsewhere"
    if (short and later) or (facts.other_deadline and new.renewal.is_one_of_many):
        return "of another day"
    return ""
