"""Boundaries: where items begin among the lines of a newsfeed.

Websites end an item with share buttons, or head it with a source line, or mark its heading, or
leave more room above it. Whatever recurs in the text at hand decides, the strongest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.division import anchors, dated, forms, headings, listing
from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts, topics_above
from bulletin.sources.division.unheaded import with_cited, with_unheaded
from bulletin.sources.fields import actions, citations
from bulletin.sources.text.looks import Look, is_sentence, is_welcome

_NO_HEADINGS: Final = (
    "The text has no headings: this item was divided where a link or a source ended it."
)
_ONE: Final = "Nothing divides this text, so it was kept as one item. Divide it if it is several."
_SEVERAL: Final = 3
_MAX_WELCOME: Final = 60  # words under the date of a newsletter


def find(page: Page) -> Starts:
    """The beginnings of items among lines that no share block or rule divides."""
    if starts := _first(_PROVEN, page):
        return with_cited(page, _without_bare(page, starts))
    starts = _first(_HEADED, page)
    return with_unheaded(page, _without_bare(page, starts)) if starts else _one(page)


def certain(page: Page) -> Starts | None:
    """The beginnings that lines of details or forms prove, wherever else items may begin."""
    return _first(_PROOFS, page)


def _first(rules: Sequence[Callable[[Page], Starts | None]], page: Page) -> Starts | None:
    for rule in rules:
        starts = rule(page)
        if starts and starts.at:
            return replace(starts, at=tuple(sorted(set(starts.at))))
    return None


def _one(page: Page) -> Starts:
    """The whole text as one item, from its heading on if that stands above the news."""
    said = next((i for i, line in enumerate(page.lines) if is_sentence(line)), len(page.lines))
    first = next((i for i in range(said) if page.heading(i)), 0)
    paragraphs = sum(is_sentence(line) and line.gap > 0 for line in page.lines[1:])
    headed = page.heading(first)
    return Starts((first,), doubts={} if headed or paragraphs < _SEVERAL else {first: _ONE})


def _without_bare(page: Page, starts: Starts) -> Starts:
    """A heading with nothing under it is no item: it is the banner, or a topic if it recurs.

    Nor is a banner that has a date, a motto or a welcome under it.
    """
    if len(starts.at) < 2:
        return starts
    pieces = _pieces(page, starts)
    first = starts.at[0]
    gone = {start for start, end in pieces[:-1] if end - start == 1 and _is_bare(page, start, end)}
    banner = _is_bare(page, *pieces[0]) and not _is_bare(page, *pieces[-1])
    if banner or welcomes(page, first, starts.at[1]):
        gone.add(first)
    left = tuple(at for at in starts.at if at not in gone)
    sure = left[0] if gone else -1
    doubts = {at: why for at, why in starts.doubts.items() if at not in gone and at != sure}
    topics = gone if gone - {first} else set()
    return Starts(left, tuple(sorted({*starts.topics, *topics})), doubts)


def _pieces(page: Page, starts: Starts) -> list[tuple[int, int]]:
    """Where each item begins, and where it ends: at the next one or at a topic."""
    ends = sorted({*starts.at[1:], *starts.topics, len(page.lines)})
    return [(at, ends[bisect_right(ends, at)]) for at in starts.at]


def _is_bare(page: Page, start: int, end: int) -> bool:
    looks = set(page.looks[start:end])
    linked = any(run.target for line in page.lines[start:end] for run in line.runs)
    return page.heading(start) and looks <= {Look.HEADING, Look.DETAILS} and not linked


def welcomes(page: Page, first: int, second: int) -> bool:
    """Whether a first heading has nothing under it but its date and words of welcome."""
    under = range(first + 1, second)
    said = [at for at in under if page.looks[at] not in {Look.DETAILS, Look.HEADING}]
    dated = any(page.looks[at] is Look.DETAILS for at in under)
    if not said or Look.ACTION in page.looks[first:second] or not page.heading(first):
        return False
    welcome = is_welcome(page.lines[said[0]])
    return welcome and (not dated or sum(page.lines[at].words for at in said) <= _MAX_WELCOME)


def listed(page: Page) -> Starts | None:
    """Items that are entries of a list; headings over entries are topics."""
    at = [index for index, line in enumerate(page.lines) if listing.is_entry(line)]
    return Starts(tuple(at), topics_above(page, at)) if at else None


def linked_ends(page: Page) -> Starts | None:
    """Without any heading: items that each end with a link or source, with room between them."""
    blocks = [i for i in range(len(page.lines)) if page.apart(i) or i == 0]
    closing = [end for end in (*blocks[1:], len(page.lines)) if _ends_item(page, end)]
    if any(Look.HEADING is found for found in page.looks) or len(closing) < 2:
        return None
    if closing[-1] != len(page.lines):
        return None
    starts = (0, *closing[:-1])
    return Starts(starts, doubts=dict.fromkeys(starts, _NO_HEADINGS))


def _ends_item(page: Page, end: int) -> bool:
    last = page.lines[end - 1]
    linked = page.looks[end - 1] is Look.ACTION or (bool(last.runs) and last.runs[-1].bare)
    cited = citations.at_end(last.text) or citations.tail(last.text)
    return linked or bool(cited or actions.examine(last).actions)


_PROOFS: Final = (
    anchors.fields,
    forms.starts,
    anchors.headed,
    anchors.cited,
    dated.starts,
    anchors.ended,
)
_PROVEN: Final = (anchors.fields, forms.starts, anchors.headed, anchors.cited, dated.starts, listed)
_HEADED: Final[tuple[Callable[[Page], Starts | None], ...]] = (
    headings.marked, anchors.ended, headings.blocks, headings.roomy, headings.apart, linked_ends,
)  # fmt: skip
