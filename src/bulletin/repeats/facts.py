"""Facts: what two items say beside their words, and whether that makes them other news."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bulletin.models.items import ItemDraft
from bulletin.repeats.details import Detail, Kind

# A watched feed sets its dates anew for weeks; what comes after a season is a thing of its own.
LONG_AFTER: Final = 120
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Facts:
    """Nations, deadline, source and date of a new item beside those of one that is known."""

    new: ItemDraft
    old: ItemDraft

    @cached_property
    def days(self) -> int | None:
        """How many days after the old item the new one was published, if both say when."""
        later, earlier = self.new.published, self.old.published
        return (later - earlier).days if later and earlier else None

    @cached_property
    def is_long_after(self) -> bool:
        """Whether so much time lies between them that the same words may say something else."""
        return self.days is not None and abs(self.days) > LONG_AFTER

    @cached_property
    def other_nations(self) -> str:
        """What to say if no nation that the one is for is among those of the other, or ""."""
        if not self._both_have_nations or set(self.new.nations) & set(self.old.nations):
            return ""
        return f"{', '.join(self.new.nations)} in the place of {', '.join(self.old.nations)}"

    @cached_property
    def other_deadline(self) -> tuple[Detail, Detail] | None:
        """The deadlines, if they are of two days: (new, old)."""
        here, there = self.new.deadline, self.old.deadline
        if here is None or there is None or here.on == there.on:
            return None
        days = (Detail(Kind.DAY, f"{on.day}-{on.month}", f"{on.day} {on:%B %Y}")
                for on in (here.on, there.on))  # fmt: skip
        return next(days), next(days)

    @cached_property
    def differs(self) -> str:
        """What of it stands against their being one and the same, as a phrase, or ""."""
        if self._both_have_nations and set(self.new.nations) != set(self.old.nations):
            return "for other nations"
        if not _is_one_source(self.new.source, self.old.source):
            return "from another source"
        return "published at another time" if self.is_long_after else ""

    @property
    def _both_have_nations(self) -> bool:
        return bool(self.new.nations and self.old.nations)


def _is_one_source(one: str, other: str) -> bool:
    """Whether one name has all words of the other, as it has those of no name."""
    words, others = (frozenset(_WORD.findall(name.casefold())) for name in (one, other))
    return words <= others or others <= words
