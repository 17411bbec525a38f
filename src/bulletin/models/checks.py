"""What a check before sending has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whether an issue may go out with it. Blocking can be overridden, with a reason on record."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    code:    stable, for programs ("link_broken").
    message: a sentence for the editor: what, where, and what to do.
    item_id: the placed item it is about, or None for the issue as a whole.
    """

    code: str
    level: Level
    message: str
    item_id: int | None = None
