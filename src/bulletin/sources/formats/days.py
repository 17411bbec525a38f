"""Days that programs wrote, as feeds and pages have them."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import parsedate_to_datetime


def as_day(written: str) -> date | None:
    """The day in a date of RFC 5322 or ISO 8601, in its own zone, or None."""
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    try:
        return datetime.fromisoformat(written.strip()).date()
    except ValueError:
        return None
