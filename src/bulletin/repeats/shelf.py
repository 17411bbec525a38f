"""A shelf: items in memory, found by their bands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Final

from bulletin.models.items import Likeness
from bulletin.repeats.bands import likeliest
from bulletin.repeats.judging import compare
from bulletin.repeats.ranking import Match, best
from bulletin.repeats.traits import Traits

# Where all are alike, the likeliest few tell as much as all of them.
_MOST_COPIES: Final = 3
_ENOUGH: Final = 3
_MOST_HOLDERS: Final = 50


class Shelf:
    """Some items, such as those of one text. Of a band that very many have, the first are kept."""

    def __init__(self) -> None:
        self._traits: dict[int, Traits] = {}
        self._holders: dict[int, list[int]] = {}
        self._copies: Counter[int] = Counter()
        self._also: set[int] = set()

    def put(
        self,
        key: int,
        traits: Traits,
        bands: Mapping[int, float],
        like: Match | None = None,
    ) -> None:
        """Add an item under a number of its own.

        like: what it was found to be like. Of many copies of one item the first stand for it, so
        that a text of a thousand copies takes no longer than another.
        """
        if like and like.repeat.likeness in {Likeness.SAME, Likeness.COPY}:
            self._copies[like.key] += 1
            self._also.add(key)
            if like.repeat.likeness is Likeness.SAME or self._copies[like.key] > _MOST_COPIES:
                return
        self._traits[key] = traits
        for band in bands:
            holders = self._holders.setdefault(band, [])
            if len(holders) < _MOST_HOLDERS:
                holders.append(key)

    def like(self, traits: Traits, bands: Mapping[int, float]) -> Match | None:
        """The item that this one is most like, if there is one."""
        matches = (
            Match(key, repeat, is_copy=key in self._also)
            for key in likeliest(bands, self._holders)
            if (repeat := compare(traits, self._traits[key])) is not None
        )
        return best(islice(matches, _ENOUGH))
