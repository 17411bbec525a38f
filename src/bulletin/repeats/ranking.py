"""Ranking: of several items that one is like, which is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from bulletin.models.items import Likeness, Repeat

_ORDER: Final = (Likeness.SAME, Likeness.COPY, Likeness.UPDATE, Likeness.RELATED)


@dataclass(frozen=True, slots=True)
class Match:
    """An item that another one is like. key: its id, or its place in a text."""

    key: int
    repeat: Repeat


def best(
    matches: Iterable[Match], readers_had: Callable[[int], bool] = lambda _key: False
) -> Match | None:
    """The one to name: rather a copy than a newer version, and that rather than what is related.

    Of copies the one that readers had, else the first; of versions the last; of what is related
    the likest.
    """

    def place(match: Match) -> tuple[int, float, int]:
        likeness = match.repeat.likeness
        if likeness is Likeness.UPDATE:
            return _ORDER.index(likeness), 0, -match.key
        if likeness is Likeness.RELATED:
            return _ORDER.index(likeness), -match.repeat.score, match.key
        return _ORDER.index(likeness), not readers_had(match.key), match.key

    return min(matches, key=place, default=None)
