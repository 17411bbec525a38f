"""Slices: the part of a long list that one page shows."""

from __future__ import annotations

from dataclasses import dataclass

SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """Which entries of a list a page shows: from `start` (0 is the first) up to `stop`.

    before, after: where the pages beside it start, or None.
    """

    start: int
    stop: int
    total: int
    before: int | None
    after: int | None


def slice_of(total: int, start: int) -> Slice:
    """The page that begins at an entry, or the last one there is if that lies behind the end."""
    start = min(start, max(total - 1, 0))
    start -= start % SIZE
    stop = min(start + SIZE, total)
    return Slice(
        start,
        stop,
        total,
        before=start - SIZE if start else None,
        after=stop if stop < total else None,
    )
