"""Vitals: how an installation is doing, in numbers and without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pulse:
    """What waits, and who works.

    free_chunks:  can be sent now and nobody has them in hand; since when the first could.
    held_chunks:  somebody sends them.
    letters:      can be sent now; since when the oldest waits.
    events:       came in within the last five minutes.
    workers:      gave a sign of life within the last minute; None where no workers are needed.
    """

    free_chunks: int
    free_since: datetime | None
    held_chunks: int
    letters: int
    letters_since: datetime | None
    events: int
    workers: int | None


@dataclass(frozen=True, slots=True)
class Vitals:
    """A pulse, and the copies of all issues that are being sent, by state."""

    at: datetime
    pulse: Pulse
    copies: Mapping[str, int]
