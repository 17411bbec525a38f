"""How fast mail may leave: rates a second, and a plan for the first days of a new sender.

A rate is kept by one moment, until which its allowance is used up (the "generic cell rate
algorithm", ITU-T I.371): each copy moves it on by 1 / rate seconds, and it may run ahead of the
clock by a quarter of a second's worth, so that no second sees more than that above the rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor

from bulletin.errors import InvalidInput

SLOWEST, FASTEST = 0.001, 1_000_000
"""The rates that make sense: from a copy in a quarter of an hour."""

_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_AHEAD = 0.25
_A_LITTLE = 1e-6  # moments are kept in microseconds, so sums may fall short by one


@dataclass(frozen=True, slots=True)
class Rate:
    """So many copies a second."""

    per_second: float

    @property
    def _ahead(self) -> timedelta:
        return timedelta(seconds=max(_AHEAD, 1 / self.per_second))

    @property
    def _portion(self) -> int:
        """An eighth of a second's worth goes at once, or a copy: less is no worthy transaction."""
        return max(1, floor(self.per_second * _AHEAD / 2))

    def fits(self, used_until: datetime, now: datetime) -> int:
        """How many copies may go now: none, or a portion or more."""
        room = now + self._ahead - max(used_until, now)
        copies = floor(room.total_seconds() * self.per_second + _A_LITTLE)
        return copies if copies >= self._portion else 0

    def after(self, used_until: datetime, now: datetime, copies: int) -> datetime:
        """Until when the allowance is used up once so many copies have gone."""
        return max(used_until, now) + timedelta(seconds=copies / self.per_second)

    def free_at(self, used_until: datetime) -> datetime:
        """When the next portion may go."""
        return used_until + timedelta(seconds=self._portion / self.per_second) - self._ahead


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings say about pace.

    rate:    of all copies together, or None.
    domains: of copies to readers of one domain, in lower case.
    warm_up: how many copies may go on the first day that something goes, on the second ...
    """

    rate: Rate | None = None
    domains: Mapping[str, Rate] = field(default_factory=dict)
    warm_up: tuple[int, ...] = ()

    @property
    def exist(self) -> bool:
        return self.rate is not None or bool(self.domains) or bool(self.warm_up)


NO_LIMITS = Limits()


def domain_of(address: str) -> str:
    """The domain of an address, as limits name it."""
    return address.rpartition("@")[2].lower()


def rate(text: str | float) -> Rate | None:
    """A rate as it is written in settings; None for 0. Raises InvalidInput."""
    try:
        per_second = float(text)
    except ValueError as error:
        raise InvalidInput(f"'{text}' is no number of messages a second") from error
    if per_second == 0:
        return None
    if not SLOWEST <= per_second <= FASTEST:  # "nan" is not, either
        raise InvalidInput(f"{text} messages a second: write {SLOWEST} to {FASTEST:,}, or 0")
    return Rate(per_second)


def domain_rates(text: str) -> dict[str, Rate]:
    """`gmail.com=20, outlook.com=10` as rates by domain. Raises InvalidInput."""
    found = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        name, _, number = (part.strip() for part in entry.partition("="))
        domain = name.lower()
        if not _DOMAIN.fullmatch(domain) or not number:
            raise InvalidInput(f"'{entry}' should look like gmail.com=20")
        given = rate(number)
        if given is None:
            raise InvalidInput(f"'{entry}': leave the domain out if it has no limit")
        found[domain] = given
    return found


def warm_up_plan(text: str) -> tuple[int, ...]:
    """`200, 500, 1000` as copies for each of the first days. Raises InvalidInput."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 10**9 for part in parts):
        raise InvalidInput("it should look like 200, 500, 1000: one number of copies for each day")
    return tuple(map(int, parts))
