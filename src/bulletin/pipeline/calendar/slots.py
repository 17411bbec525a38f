"""Slots: which issue is for which day of the rhythm. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bulletin.models.days import spoken_month
from bulletin.models.rhythm import Turn
from bulletin.store.calendar import Outing

_NEAR = timedelta(days=3)
"""An issue that goes out a little off its day is still that day's."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of the rhythm, and the issue for it if there is one."""

    turn: Turn
    outing: Outing | None = None


def slots_of(turns: Iterable[Turn], outings: Sequence[Outing]) -> list[Slot]:
    """Each day with its issue: the one that was begun for it, names its month, or goes out about
    then. No issue stands for two days; a correction for none."""
    left = [outing for outing in outings if not outing.is_correction]
    slots = []
    for turn in turns:
        found = _first(left, turn)
        if found is not None:
            left.remove(found)
        slots.append(Slot(turn, found))
    return slots


def _first(outings: Sequence[Outing], turn: Turn) -> Outing | None:
    month = spoken_month(turn.day)
    near = [each for each in outings if each.at and abs(each.at - turn.at) <= _NEAR]
    free = [each for each in outings if not each.at]
    begun = (each for each in free if each.planned in {turn.day, turn.regular})
    named = (each for each in [*near, *free] if _names(each, month))
    return next(begun, None) or next(named, None) or next(iter(near), None)


def _names(outing: Outing, month: str) -> bool:
    return not outing.planned and (outing.dateline == month or month in outing.title)
