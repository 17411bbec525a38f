"""Progress: where the copies of an issue are, and how it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.deliveries import DeliveryState


@dataclass(frozen=True, slots=True)
class Tally:
    """Copies of an issue by where they are; all fields but `left_out` add up to `planned`.

    waiting:   not begun.              in_hand:   being handed over at this moment.
    again:     refused for now, to be tried again.
    accepted:  a mail server said yes to it, and it has not come back for good.
    came_back: accepted first, then bounced for good or dropped by the provider.
    failed:    refused for good.       uncertain: nobody knows whether it was accepted.
    withdrawn: planned, and taken out before it was begun: cancelled, or its reader left.
    left_out:  people of the audience for whom no copy was planned.
    """

    planned: int = 0
    waiting: int = 0
    in_hand: int = 0
    again: int = 0
    accepted: int = 0
    came_back: int = 0
    failed: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    left_out: int = 0

    @property
    def wanted(self) -> int:
        """Copies that were, or still are, to go."""
        return self.planned - self.withdrawn

    @property
    def gone(self) -> int:
        """Copies that left and cannot be recalled, or may have."""
        return self.accepted + self.came_back + self.uncertain

    @property
    def settled(self) -> int:
        """Copies that nobody has to do anything about now."""
        return self.gone + self.failed

    @property
    def left(self) -> int:
        """Copies that are still to go."""
        return self.waiting + self.in_hand + self.again


@dataclass(frozen=True, slots=True)
class Troubled:
    """A copy that did not get through, or not yet; detail: the other side's own words."""

    address: str
    state: DeliveryState
    detail: str
