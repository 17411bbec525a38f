"""Composing: what an issue was before a change, and who is at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """What is changed, and taken back, by itself in an issue."""

    WORDS = "words"  # its own texts and blocks
    ORDER = "order"  # its topics, and the items under them


@dataclass(frozen=True, slots=True)
class IssueVersion:
    """What a part of an issue was before a change.

    made:      the name of what the change made of it.
    goes_back: it took back, or did again, an earlier change.
    """

    number: int
    changed_at: datetime
    changed_by: str
    goes_back: bool
    before: Mapping[str, Any]
    made: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """Saves of an item by one person that may become one version of its history.

    version: what the last of them made; nobody has changed the item since if it still is that.
    """

    user: str
    version: int
    began_at: datetime
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who was just seen at an issue or item, such as "item:7"."""

    subject: str
    email: str
    seen_at: datetime
