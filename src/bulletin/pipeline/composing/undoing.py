"""Undoing: which saved state comes before or after the present one, as an editor means it. Pure.

Every change leads from one state to another; a state is known by its name. Going back is a change,
too, so the trail only grows. What an editor steps along is the line of states: taking back goes to
the left, doing again to the right, and a new change cuts off what lies to the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stride:
    """A change that led from one state to another. goes_back: it only stepped along the line."""

    before: str
    after: str
    goes_back: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The states that an editor can step along; `at` is the number of the present one."""

    states: tuple[str, ...]
    at: int

    @property
    def back(self) -> str | None:
        """What taking back leads to, or None."""
        return self.states[self.at - 1] if self.at > 0 else None

    @property
    def forth(self) -> str | None:
        """What doing again leads to, or None."""
        return self.states[self.at + 1] if self.at + 1 < len(self.states) else None


def line_of(strides: Iterable[Stride], present: str) -> Line:
    """The line that changes made, oldest first. present: the name of the state there is now.

    Where somebody changed it off the record, the line begins anew.
    """
    states, at = [present], 0
    for stride in strides:
        if states[at] != stride.before:
            states, at = [stride.before], 0
        if stride.goes_back and at > 0 and states[at - 1] == stride.after:
            at -= 1
        elif stride.goes_back and at + 1 < len(states) and states[at + 1] == stride.after:
            at += 1
        else:
            states, at = [*states[: at + 1], stride.after], at + 1
    return Line(tuple(states), at) if states[at] == present else Line((present,), 0)
