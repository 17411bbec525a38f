"""Ranking: of several items that one is like, which is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulletin.models.items import Likeness, Repeat

_ORDER: Final = (Likeness.SAME, Likeness.COPY, Likeness.UPDATE, Likeness.RELATED)


@dataclass(frozen=True, slots=True)
class Match:
    """An item that another one is like.

    key: its id, or its place in a text. is_copy: it is a copy of another itself. was_read: readers
    had it.
    """

    key: int
    repeat: Repeat
    is_copy: bool = False
    was_read: bool = False


def best(matches: Iterable[Match]) -> Match | None:
    """The one to name: rather a copy than a newer version, and that rather than what is related.

    Of copies the one that readers had, else the first; of versions the last that is no copy; of
    what is related the likest.
    """
    return min(matches, key=_place, default=None)


def _place(match: Match) -> tuple[int, float, float, int]:
    likeness = match.repeat.likeness
    order = _ORDER.index(likeness)
    if likeness is Likeness.UPDATE:
        return order, match.is_copy, 0, -match.key
    if likeness is Likeness.RELATED:
        return order, -match.repeat.score, match.is_copy, match.key
    return order, not match.was_read, match.is_copy, match.key
