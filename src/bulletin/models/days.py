"""Days of the calendar as people write them, whatever the locale of the machine."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spoken_date(day: date) -> str:
    """`6 January 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_month(day: date, later: int = 0) -> str:
    """`January 2025`: the month of a day, or one that comes so many months later."""
    years, month = divmod(day.month - 1 + later, 12)
    return f"{_MONTHS[month]} {day.year + years}"
