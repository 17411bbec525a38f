"""How many, how fast and how long, in words for the pages about sending."""

from __future__ import annotations

from datetime import timedelta

from bulletin.models.progress import Tally


def people(count: int) -> str:
    """A number of people."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def copies(count: int) -> str:
    """A number of copies."""
    return f"{count:,} {'copy' if count == 1 else 'copies'}"


def beyond_recall(tally: Tally) -> str:
    """What can no longer be taken back; "" while nothing has gone."""
    gone, doubtful = tally.accepted + tally.came_back, tally.uncertain
    said = []
    if gone:
        said.append(f"{copies(gone)} {'has' if gone == 1 else 'have'} gone and cannot be recalled.")
    if doubtful:
        said.append(f"{copies(doubtful)} may have gone.")
    return " ".join(said)


def how_long(span: timedelta) -> str:
    """A length of time in its two largest units: `3 days and 2 hours`, `40 seconds`."""
    seconds = max(0, round(span.total_seconds()))
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
    for place, (name, length) in enumerate(units):
        if seconds >= length:
            first, rest = divmod(seconds, length)
            smaller = units[place + 1 : place + 2]
            second = [(rest // size, word) for word, size in smaller if rest // size]
            return " and ".join(counted(n, word) for n, word in [(first, name), *second])
    return "less than a second"


def about_how_long(span: timedelta) -> str:
    """The same, no finer than an estimate is: `about 20 seconds`, `about 3 minutes`."""
    seconds = span.total_seconds()
    if seconds < 10:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds / 10) * 10} seconds"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes"
    return f"about {counted(round(seconds / 3600), 'hour')}"


def speed(per_second: float) -> str:
    """How fast copies go."""
    if per_second >= 10:
        return f"about {round(per_second):,} copies a second"
    if per_second * 60 >= 1:
        return f"about {copies(round(per_second * 60))} a minute"
    return "less than a copy a minute"


def milestone(tally: Tally) -> str:
    """How far it is, in quarters: for a live region, which is to speak seldom."""
    if not tally.wanted:
        return ""
    quarters = tally.settled * 4 // tally.wanted
    return ("It has begun.", "A quarter has gone.", "Half has gone.", "Three quarters have gone.",
            "All have gone.")[min(quarters, 4)]  # fmt: skip


def counted(number: int, unit: str) -> str:
    """A number of things whose name takes an s."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
