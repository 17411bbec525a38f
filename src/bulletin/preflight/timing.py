"""Checks of time: news that has grown old, and deadlines that pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from bulletin.models.checks import Finding
from bulletin.models.days import spoken_date
from bulletin.models.issues import PlacedItem
from bulletin.preflight.examined import Check, Examined, about

_SOON = timedelta(days=2)
# What begins on a day does not end on it: "In force from", "Opens", "Applications open on".
_BEGINS = re.compile(
    r"\b(?:from|since|opens?|opened|starts?|started|begins?|in force|takes effect|available"
    r"|launch(?:es|ed)?|published)\b",
    re.IGNORECASE,
)
# What ends on a day may be open until then, or be asked from somebody: "Applications from schools
# by". "Published by" names who did it, and "from the end of" is a beginning.
_ENDS = re.compile(
    r"\b(?:until|till|up to|(?<!published )(?<!launched )(?<!available )by|before"
    r"|not? later than|clos(?:e(?! of)|es|ed|ing)|end(?! of)s?|ended|ending|expires?"
    r"|(?<!since )(?<!from )last|deadline|due(?! to))\b",
    re.IGNORECASE,
)


def items_are_fresh(examined: Examined) -> Iterator[Finding]:
    around = examined.around
    for item in examined.items():
        if item.published is None:
            continue
        age = (around.goes_out - item.published).days
        on = spoken_date(item.published)
        if age > around.stale_after:
            what = f"was published on {on}, {_long(age)} before this issue: is it still news?"
            several = f"were published more than {around.stale_after} days before this issue"
            several = f"{several}: are they still news?"
            yield about("item_stale", item, what, several, field="published")
        elif age < 0:
            what = f"says that it was published on {on}, after this issue goes out: look it up"
            yield about("item_future", item, what, field="published")


def deadlines_can_be_met(examined: Examined) -> Iterator[Finding]:
    """They advise, although a missed deadline is a strong word: only a person knows whether it
    was extended, or the results will interest those who took part."""
    for item in examined.items():
        if item.deadline and not _is_beginning(item.deadline.says):
            yield from _deadline(examined, item)


def _is_beginning(says: str) -> bool:
    return bool(_BEGINS.search(says)) and not _ENDS.search(says)


def _deadline(examined: Examined, item: PlacedItem) -> Iterator[Finding]:
    around = examined.around
    if item.deadline is None:
        return
    on = item.deadline.on
    day = f"its deadline, {spoken_date(on)},"
    if on < around.today:
        what = f"asks for what nobody can do any more: {day} has passed"
        what = f"{what}. Take it out, or give the new date"
        yield about("deadline_passed", item, what, field="deadline")
    elif on < around.goes_out:
        goes_out = spoken_date(around.goes_out)
        what = f"asks for what nobody will be able to do: {day} passes before {goes_out}"
        yield about("deadline_passed", item, f"{what}, when the issue goes out", field="deadline")
    elif on <= around.goes_out + _SOON:
        days = (on - around.goes_out).days
        when = {0: "on the day itself", 1: "with one day left"}.get(days, f"with {days} days left")
        what = f"reaches readers {when}: {day} is close"
        what = f"{what}. Send earlier, or say so at its beginning"
        yield about("deadline_soon", item, what, field="deadline")


def _long(days: int) -> str:
    """`five months`, roughly, as people say it."""
    if days < 60:
        return f"{days} days"
    months = round(days / 30.44)
    return f"{months} months" if months < 24 else f"{round(days / 365.25)} years"


TIMING_CHECKS: tuple[Check, ...] = (items_are_fresh, deadlines_can_be_met)
