"""Local times as people say them, turned into moments (desk brief: always UK time)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.errors import InvalidInput
from bulletin.models.days import spoken_date


def moment(text: str, zone: ZoneInfo) -> datetime:
    """`2026-12-01T07:30` in the zone, as an aware moment in UTC.

    An hour that the spring change skips is refused. Of an hour that the autumn change repeats,
    the first is meant. A text with an offset of its own is taken at its word.
    Raises InvalidInput.
    """
    try:
        parsed = datetime.fromisoformat(text.strip())
        if parsed.tzinfo is not None:
            return parsed.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"'{text}' is no time; write it like 2026-12-01T07:30.") from error
    local = parsed.replace(tzinfo=zone, fold=0)
    there_and_back = local.astimezone(UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != parsed:
        raise InvalidInput(
            f"There is no {parsed:%H:%M} on {spoken_date(parsed)}: the clocks go forward. "
            "Choose an hour earlier or later."
        )
    return local.astimezone(UTC)


def spoken(at: datetime, zone: ZoneInfo) -> str:
    """`Wed 9 December 2026, 7:00am` in the zone."""
    local = at.astimezone(zone)
    hour = local.hour % 12 or 12
    return f"{local:%a} {spoken_date(local)}, {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def day_in(zone: ZoneInfo, at: datetime) -> date:
    """The day of the calendar that a moment falls on there."""
    return at.astimezone(zone).date()


def same_time_tomorrow(like: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment on the day after now at which clocks there show the time that `like` has."""
    day = day_in(zone, now) + timedelta(days=1)
    time = like.astimezone(zone).time()
    return datetime.combine(day, time, tzinfo=zone).astimezone(UTC)
