"""Forms: records with the same labels in the same order, whatever these say.

"Page summary: ...", "Change made: ...", "Time updated: ..." under each title: where the first of
several labels recurs, and stands below a heading each time, each of these headings is an item's.
Once is enough if one of the labels is a field's and stands alone in its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts, topics_above
from bulletin.sources.fields import details
from bulletin.sources.text import wording
from bulletin.sources.text.lines import Kind, Line

_LABEL: Final = 4  # words
_REACH: Final = 60  # characters
_LEAST: Final = 2
_SURE: Final = 0.8


def starts(page: Page) -> Starts | None:
    """The headings over the first label of each record of a form."""
    labels = {
        at: label
        for at, line in enumerate(page.lines)
        if (label := _label(line)) and not (line.gap and page.heading(at))
    }
    firsts = {at: head for at in labels if (head := _heading_above(page, at)) is not None}
    often = Counter(labels.values())
    opening = Counter(labels[at] for at in firsts)
    first = max(opening, key=lambda label: opening[label], default="")
    least = 1 if any(details.is_open(page.lines[at].text) for at in labels) else _LEAST
    enough = opening[first] >= max(least, _SURE * often[first])
    if not enough or not _goes_on(labels, first, least):
        return None
    heads = tuple(head for at, head in firsts.items() if labels[at] == first)
    return None if _others(page, heads) else Starts(heads, topics_above(page, heads))


def _label(line: Line) -> str:
    """What stands before the colon of a line, if it can be the name of a field."""
    label, colon, _ = line.text[:_REACH].partition(":")
    plain = line.kind is Kind.TEXT and not line.mark and label[:1].isupper()
    short = bool(colon) and plain and label.count(" ") < _LABEL
    linked = wording.is_label(label) or line.text[len(label) + 1 :].startswith("//")
    return label.casefold() if short and not linked else ""


def _heading_above(page: Page, at: int) -> int | None:
    """The heading right above a line, over the address that may stand between."""
    above = at - 1
    while above > 0 and (_is_address(page.lines[above])):
        above -= 1
    return above if page.heading(above) and page.apart(above) else None


def _is_address(line: Line) -> bool:
    return len(line.runs) == 1 and line.runs[0].bare


def _goes_on(labels: dict[int, str], first: str, least: int) -> bool:
    """Whether another label comes after the first one each time, or nearly."""
    order = list(labels.values())
    after = Counter(two for one, two in pairwise(order) if one == first != two)
    most = max(after.values(), default=0)
    return most >= max(least, _SURE * order.count(first))


def _others(page: Page, heads: Sequence[int]) -> bool:
    """Whether as many headings have text without such labels, so that the form is an exception."""
    others = sum(
        page.names_text(at) and page.apart(at) and not page.divides(at)
        for at in range(heads[0], len(page.lines))
        if at not in heads
    )
    return others >= len(heads)
