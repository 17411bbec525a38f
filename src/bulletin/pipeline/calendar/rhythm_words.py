"""A rhythm in words. Pure."""

from __future__ import annotations

from datetime import time

from bulletin.models.days import spoken_date
from bulletin.models.rhythm import LAST, Beat, Otherwise, Rhythm
from bulletin.pipeline.calendar.obstacles import listed

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
_OTHERWISE = {
    Otherwise.NEXT_DAY: "the issue goes out on the next day that will do",
    Otherwise.WEEK_LATER: "the issue goes out a week later, or another week",
    Otherwise.SKIP: "there is no issue",
}


def in_words(rhythm: Rhythm) -> str:
    """`The second Tuesday of each month, 7:30am UK time, in term in England. If ...`"""
    where = listed([nation.value for nation in rhythm.nations])
    wishes = []
    if rhythm.in_term:
        wishes.append(f"in term in {where}")
    if rhythm.no_holidays:
        wishes.append("never on a bank holiday" + ("" if rhythm.in_term else f" in {where}"))
    said = ", ".join([_beat(rhythm), f"{_hour(rhythm.at)} UK time", *wishes])
    if not rhythm.is_particular:
        return f"{said}."
    return f"{said}. When that day will not do, {_OTHERWISE[rhythm.otherwise]}."


def _beat(rhythm: Rhythm) -> str:
    if rhythm.beat is Beat.WEEKDAY:
        return f"The {PLACES[rhythm.nth]} {WEEKDAYS[rhythm.weekday]} of each month"
    if rhythm.beat is Beat.DAY:
        last = ", or its last day" if rhythm.day > 28 else ""
        return f"The {_ordinal(rhythm.day)} of each month{last}"
    since = rhythm.since
    weeks = "Every week" if rhythm.weeks == 1 else f"Every {rhythm.weeks} weeks"
    if since is None:
        return weeks
    return f"{weeks} on {WEEKDAYS[since.weekday()]}, counted from {spoken_date(since)}"


def _ordinal(number: int) -> str:
    special = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number < 14 else special.get(number % 10, 'th')}"


def _hour(at: time) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"
