"""Terms of schools and bank holidays: which days are school days, as far as is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from bulletin.models.items import Nation

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class TermDraft:
    """A term as it is brought in. authority: whose schools keep it; "" for a whole nation's.

    first, last: its first and last day of school; both belong to it.
    """

    nation: Nation
    authority: str
    name: str
    first: date
    last: date

    @property
    def place(self) -> str:
        """Where it holds, in words."""
        return f"{self.authority}, {self.nation}" if self.authority else self.nation.value


@dataclass(frozen=True, slots=True)
class Term(TermDraft):
    """A term that is kept."""

    id: int


class Terms:
    """Tells whether it is term, somewhere."""

    def __init__(self, terms: Iterable[TermDraft]) -> None:
        self._own: dict[tuple[Nation, str], list[TermDraft]] = {}
        self._all: dict[Nation, list[TermDraft]] = {}
        for term in terms:
            self._own.setdefault((term.nation, term.authority.casefold()), []).append(term)
            self._all.setdefault(term.nation, []).append(term)

    @property
    def differ_by_authority(self) -> bool:
        """Whether any authority has terms of its own."""
        return any(authority for _, authority in self._own)

    def known_for(self, nation: Nation) -> bool:
        """Whether there are any dates for a nation."""
        return nation in self._all

    def has_own(self, nation: Nation, authority: str) -> bool:
        """Whether an authority has terms of its own."""
        return bool(authority) and (nation, authority.casefold()) in self._own

    def running(self, day: date, nation: Nation, authority: str = "") -> bool | None:
        """Whether it is term in a nation, or in the schools of an authority there, on a day.

        An authority without terms of its own keeps its nation's. Without any for the nation as a
        whole, it is term where any authority has term. None if it is not known: before the first
        day and after the last one that there are dates for.
        """
        mine = (
            self._own.get((nation, authority.casefold()))
            or self._own.get((nation, ""))
            or self._all.get(nation)
        )
        if not mine:
            return None
        if any(term.first <= day <= term.last for term in mine):
            return True
        is_beyond = day < min(term.first for term in mine) or day > max(term.last for term in mine)
        return None if is_beyond else False


@dataclass(frozen=True, slots=True)
class BankHoliday:
    """A bank holiday, and the nations that have it."""

    day: date
    name: str
    nations: frozenset[Nation]


def _no_holidays(_day: date) -> tuple[BankHoliday, ...]:
    return ()


@dataclass(frozen=True)
class Almanac:
    """What is known of days. holidays_on: the bank holidays of a day."""

    terms: Terms = field(default_factory=lambda: Terms(()))
    holidays_on: Callable[[date], tuple[BankHoliday, ...]] = _no_holidays

    def is_bank_holiday(self, day: date, nations: Iterable[Nation]) -> bool:
        """Whether a day is one in any of these nations."""
        return any(holiday.nations & set(nations) for holiday in self.holidays_on(day))

    def in_term(self, day: date, nations: Iterable[Nation]) -> bool | None:
        """Whether it is term in all of these nations; None if that is not known of each."""
        found = {self.terms.running(day, nation) for nation in nations}
        if False in found:
            return False
        return None if None in found or not found else True


def is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
