"""Bank holidays of the United Kingdom, by nation, from the library `holidays`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from bulletin.models.items import Nation
from bulletin.models.terms import BankHoliday

# ISO 3166-2 has no code for England and Wales together: each is asked for by itself.
_SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}
_YEARS_KEPT = 32


def bank_holidays_on(day: date) -> tuple[BankHoliday, ...]:
    """The bank holidays of a day, each with the nations that have it."""
    return _of_year(day.year).get(day, ())


@lru_cache(maxsize=_YEARS_KEPT)
def _of_year(year: int) -> Mapping[date, tuple[BankHoliday, ...]]:
    nations: dict[tuple[date, str], set[Nation]] = {}
    for nation, subdivision in _SUBDIVISIONS.items():
        found = country_holidays("GB", subdiv=subdivision, years=year, language="en_GB")
        for day in found:
            for name in found.get_list(day):
                nations.setdefault((day, _plain(name)), set()).add(nation)
    days: dict[date, tuple[BankHoliday, ...]] = {}
    for (day, name), where in sorted(nations.items()):
        days[day] = (*days.get(day, ()), BankHoliday(day, name, frozenset(where)))
    return days


def _plain(name: str) -> str:
    return name.replace("(observed)", "(substitute day)")
