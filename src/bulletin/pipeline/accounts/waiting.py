"""Waiting: who fails often has to wait, longer each time, and is never locked out for good.

The count is kept in the database, so that all processes share it, and it rises before the
password is looked at, so that a thousand tries at once are a thousand tries.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bulletin.errors import TooMany
from bulletin.models.accounts import TryKind
from bulletin.pipeline.asking import network_of
from bulletin.store.store import Store, Transaction

_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """free: how many may fail at once. Each further one doubles the wait, up to the longest."""

    free: int
    longest: timedelta = timedelta(minutes=15)

    def wait(self, failed: int) -> timedelta:
        """For how long nothing is tried after so many failed."""
        over = failed - self.free
        if over < 0:
            return timedelta()
        return min(timedelta(seconds=2 ** min(over, 20)), self.longest)


RULES: Final[Mapping[TryKind, Rule]] = {
    TryKind.ACCOUNT: Rule(5),
    TryKind.BROWSER: Rule(10),
    TryKind.CODE: Rule(5),
    TryKind.NETWORK: Rule(50),  # a school often has one address for all its staff
    TryKind.LINK: Rule(20),
    TryKind.LETTER: Rule(10),
    TryKind.MAILBOX: Rule(3, timedelta(hours=2)),  # nobody's mailbox is filled by a stranger
}


@dataclass(frozen=True, slots=True)
class Trying:
    """What a try counts for: each kind, and who. Made by `Waiting.begin`."""

    counted: tuple[tuple[TryKind, str], ...]


class Waiting:
    """Counts tries. Every kind counts by itself; the longest wait holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, *counted: tuple[TryKind, str]) -> Trying:
        """Count a try before it is looked at. Raises TooMany, and counts nothing, when one of
        these has to wait."""
        now = self._store.clock()
        # In one order for all, so that no two wait for each other.
        tries = Trying(tuple(sorted((kind, _who(kind, who)) for kind, who in counted)))
        with self._store.write() as tx:
            held = [(kind, who, *tx.tries.held(kind, who, now)) for kind, who in tries.counted]
            _refuse([free_at for *_, free_at in held], now)
            for kind, who, before, last_at, _ in held:
                failed = before + 1 if now - last_at < _FORGOTTEN_AFTER else 1
                tx.tries.count(kind, who, failed, now, RULES[kind].wait(failed))
        return tries

    def succeeded(self, tx: Transaction, trying: Trying) -> None:
        """It was right: an account starts afresh; a network has one less, since others who fail
        may share it."""
        for kind, who in trying.counted:
            if kind is TryKind.NETWORK:
                tx.tries.take_back(kind, who, self._store.clock())
            else:
                tx.tries.clear(kind, who)

    def clear(self, tx: Transaction, kind: TryKind, who: str) -> None:
        tx.tries.clear(kind, _who(kind, who))

    def forget(self) -> int:
        """Delete counts that no longer count. Returns how many."""
        with self._store.write() as tx:
            return tx.tries.forget(self._store.clock() - _FORGOTTEN_AFTER)


def _who(kind: TryKind, who: str) -> str:
    if kind in {TryKind.NETWORK, TryKind.LINK, TryKind.LETTER}:
        return network_of(who)
    return who.strip().lower()


def _refuse(free: Sequence[datetime], now: datetime) -> None:
    seconds = max((moment - now).total_seconds() for moment in free)
    if seconds > 0:
        raise TooMany(
            f"There were too many tries. Wait {in_words(seconds)}, then try again.",
            retry_after=seconds,
        )


def in_words(seconds: float) -> str:
    """A time to wait, rounded up: "40 seconds", "3 minutes"."""
    if seconds > 90:
        return f"{math.ceil(seconds / 60)} minutes"
    whole = math.ceil(seconds)
    return f"{whole} second{'' if whole == 1 else 's'}"
