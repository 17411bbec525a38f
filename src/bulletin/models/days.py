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
