"""Judging: what one item is to another. Every threshold is justified by `bench/repeats.py`."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from bulletin.models.items import Likeness, Repeat
from bulletin.repeats.details import Detail, Kind
from bulletin.repeats.differences import Differences
from bulletin.repeats.facts import LONG_AFTER, Facts
from bulletin.repeats.measuring import Measures, alike, measured
from bulletin.repeats.traits import Traits
from bulletin.repeats.verbatim import verbatim

# A text that was rewritten has nothing in the place of anything: below, places say nothing.
_PLACES: Final = 0.4
# Within so many days, "updated" is how somebody else tells of the same news.
_TOLD_AGAIN: Final = 7
# So alike are the texts of many items of one make, and so are their titles. A longer text says
# what it is about, whatever the heading over it.
_STOCK: Final = 0.6
_BLURB: Final = 40
_ONE_MAKE: Final = 0.5
# Of titles that agree so far, both are about the same. Before what it quotes, a text with news of
# its own has more words than a greeting; and it is so much longer.
_ONE_TITLE: Final = 0.6
_NEWS_OF_ITS_OWN: Final = 40
_MUCH_LONGER: Final = 1.6
_BEGINS: Final = 6


def compare(new: Traits, old: Traits) -> Repeat | None:
    """What a new item is to one that is known; None if they have nothing to do with each other."""
    if new.whole == old.whole:
        return verbatim(new, old)
    found = measured(new, old)
    if alike(found):
        return _Judgement(new, old, found).verdict()
    if found.led and not found.slight:
        return Repeat(Likeness.RELATED, round(found.subject, 3), "it leads to the same page")
    return None


class _Judgement:
    """Of two items that run alike: a copy, a newer version, or another of the same making."""

    def __init__(self, new: Traits, old: Traits, found: Measures) -> None:
        self._new, self._old, self._found = new, old, found
        self._apart = Differences(new, old)
        self._facts = Facts(new.draft, old.draft)
        self._days = self._facts.days

    def verdict(self) -> Repeat:
        score = round(max(self._found.wording, (self._found.titles + self._found.subject) / 2), 3)
        if self._is_part():
            return Repeat(Likeness.RELATED, score, "one of them holds the other whole, and more")
        if other := self._facts.other_nations or self._sibling():
            return Repeat(Likeness.RELATED, score, f"of the same making, but {other}")
        if self._is_older():
            return Repeat(Likeness.RELATED, score, "an older version")
        if newer := self._newer():
            return Repeat(Likeness.UPDATE, score, newer)
        return Repeat(Likeness.COPY, score, self._setting())

    def _is_part(self) -> bool:
        """Whether one of them quotes the other whole, further down in news of its own."""
        if self._found.led or self._found.titles >= _ONE_TITLE:
            return False
        short, long = sorted((self._new.body, self._old.body), key=len)
        text = " ".join(long.folded)
        before = text[: max(text.find(" ".join(short.folded[:_BEGINS])), 0)]
        own = before.count(" ")
        return own > _NEWS_OF_ITS_OWN and len(long) > _MUCH_LONGER * len(short)

    def _sibling(self) -> str:
        """What makes it another one of the same making, or ""."""
        kinds = {Kind.PERIOD, Kind.EDITION} | ({Kind.YEAR} if self._is_one_of_many else set())
        if pairs := [pair for pair in self._apart.titled if pair[0].kind in kinds]:
            return _exchanged(pairs)
        if (subjects := self._apart.own_subjects) and self._is_titled_apart():
            return f"{subjects[0]} in the place of {subjects[1]}"
        if self._runs_alike and (names := self._apart.renamed or self._apart.replaced_throughout):
            return f"{names[0]} in the place of {names[1]}"
        if self._old.renewal.tells and self._new.renewal.asks:
            return f"without “{self._old.renewal.tells}”"
        if self._renewed or self._edition():
            return ""
        return self._own_details()

    def _own_details(self) -> str:
        """What details it has that another item of the same making has not, or ""."""
        if self._changed and self._runs_alike and (name := self._apart.added):
            return f"for {name}"
        pairs = [pair for pair in self._changed if self._tells_apart(pair[0])]
        return _exchanged(pairs) if pairs else ""

    def _is_titled_apart(self) -> bool:
        """Whether subjects of their own tell them apart, though their texts run alike.

        Two pages of one site are about two things. Elsewhere titles of one make head a text that
        many items have; a day that both name speaks against that.
        """
        if self._found.led or self._renewed:
            return False
        if self._found.led is False and self._new.hosts & self._old.hosts:
            return self._runs_alike
        days = [{each.value for each in traits.details if each.kind is Kind.DAY}
                for traits in (self._new, self._old)]  # fmt: skip
        blurb = max(len(self._new.body), len(self._old.body)) <= _BLURB and not days[0] & days[1]
        return blurb and self._found.wording >= _STOCK and self._found.titles >= _ONE_MAKE

    def _tells_apart(self, detail: Detail) -> bool:
        """Whether another one of these is that of another item, not of a newer version."""
        if detail.kind is Kind.PERIOD or self._found.led is False:
            return True
        return detail.kind is Kind.DAY and (self._is_one_of_many or not self._is_one_page)

    def _is_older(self) -> bool:
        """Whether the item that is known is the newer version of the two."""
        days = self._days or 0
        here, there = self._new.title_years, self._old.title_years
        if here and there and max(here) != max(there):
            return max(here) < max(there)
        if there and not here and days < -LONG_AFTER:
            return True
        if self._old.renewal.changes.keys() - self._new.renewal.changes.keys():
            return days <= 0
        return days < 0 and bool(self._changed or self._turned)

    def _newer(self) -> str:
        """What makes it a newer version, or ""."""
        if edition := self._edition():
            return f"the edition of {edition}"
        if self._answers:
            return f"it tells of “{self._new.renewal.tells}”"
        if self._changed:
            return f"changed: {_exchanged(self._changed)}"
        if self._says:
            return f"it says “{self._says}”"
        if turned := self._turned:
            return f"changed: {_quoted(turned[0])} in the place of {_quoted(turned[1])}"
        told_again = self._days is not None and abs(self._days) <= _TOLD_AGAIN
        return "it says that it was updated" if self._renewed and not told_again else ""

    def _edition(self) -> str:
        """The year of its title, if that is another edition's."""
        here, there = self._new.title_years, self._old.title_years
        later = (self._days or 0) > LONG_AFTER
        return max(here - there, default="") if there or later else ""

    def _setting(self) -> str:
        """How a copy tells the same news."""
        longer, shorter = len(self._new.body), len(self._old.body)
        if longer > 2 * shorter:
            return "a longer text of the same news"
        if shorter > 2 * longer:
            return "a shorter text of the same news"
        if self._found.wording < 0.6:
            return "the same news in other words"
        headed = self._new.title.folded != self._old.title.folded
        return "nearly the same text" + (" under another heading" if headed else "")

    @property
    def _runs_alike(self) -> bool:
        return self._found.wording >= _PLACES

    @property
    def _is_one_page(self) -> bool:
        """Whether nothing speaks for their being about two pages."""
        return self._found.led is True or (self._found.led is None and self._runs_alike)

    @property
    def _is_one_of_many(self) -> bool:
        return self._new.renewal.is_one_of_many

    @cached_property
    def _renewed(self) -> bool:
        """Whether it calls itself a newer version where the other does not."""
        return bool(self._says) or (self._new.renewal.renews and not self._old.renewal.renews)

    @property
    def _answers(self) -> bool:
        """Whether it tells, in words of its own, what came of what the other asks for."""
        told = self._old.renewal.asks and self._new.renewal.tells
        return bool(told) and self._found.wording < _STOCK

    @cached_property
    def _turned(self) -> tuple[str, str] | None:
        """What the new one denies or the old one did, in a text that goes on alike."""
        return self._apart.turned if self._runs_alike else None

    @cached_property
    def _says(self) -> str:
        """The word by which it tells of a change that the other does not tell of, or ""."""
        known = self._old.renewal.changes
        said = (word for stem, word in self._new.renewal.changes.items() if stem not in known)
        return next(said, "")

    @cached_property
    def _changed(self) -> list[tuple[Detail, Detail]]:
        """Details that stand in one another's place: (new, old)."""
        changed = self._apart.changed if self._runs_alike else self._apart.other_days
        deadlines = self._facts.other_deadline
        told = deadlines is None or any(new.kind is Kind.DAY for new, _ in changed)
        return changed if told or deadlines is None else [*changed, deadlines]


def _exchanged(pairs: list[tuple[Detail, Detail]]) -> str:
    return ", ".join(f"{new.shown} in the place of {old.shown}" for new, old in pairs[:3])


def _quoted(words: str) -> str:
    return f"“{words}”" if words else "nothing"
