"""Unheaded: items without a heading amid items that have one.

Where items end with their link, a paragraph that follows such an end and speaks of something new
is an item of its own. Words that point back ("It ...", "The survey also ...") go on with the last.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import Final

from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts
from bulletin.sources.fields import citations
from bulletin.sources.text.lines import Kind
from bulletin.sources.text.looks import Look, is_sentence

_POINTS_BACK: Final = re.compile(
    r"(?:it|its|it['’]s|they|their|these|this|those|that|there|here|he|she|his|her|you|your|we|our|also|and|but|or|"
    r"both|other|another|further|more|for|to|if|as|in\saddition|please|see|read|note|however|meanwhile|the\s"
    r"(?:report|guidance|guide|paper|study|survey|review|document|website|page|consultation|authors?|researchers?|"
    r"charity|organisation|findings|pack|resource|toolkit|event|course|session|training|webinar|closing|"
    r"deadline|team|line|service|new|full|same|latter|first|second|last|next|other))\b",
    re.IGNORECASE,
)
_LEAST: Final = 12  # words
_PARTS: Final = 2  # lines of an item: its heading and its text


def with_unheaded(page: Page, starts: Starts) -> Starts:
    """The beginnings, with those of items without a heading if all other links end an item."""
    known = {*starts.at, *starts.topics}
    ends = {*known, len(page.lines)}
    found: list[int] = []
    closing = 0
    for at in range(1, len(page.lines) + 1):
        if page.looks[at - 1] is not Look.ACTION or page.looks[at : at + 1] == [Look.ACTION]:
            continue
        if at in ends:
            closing += 1
        elif starts.at[0] < at and _begins(page, at):
            found.append(at)
        else:
            return starts
    if not found or len(found) > closing:
        return starts
    return replace(starts, at=tuple(sorted({*starts.at, *found})))


def _begins(page: Page, at: int) -> bool:
    line = page.lines[at]
    told = is_sentence(line) and line.words >= _LEAST and line.kind is Kind.TEXT and not line.mark
    return told and line.gap > 0 and not _POINTS_BACK.match(line.text)


def with_cited(page: Page, starts: Starts) -> Starts:
    """The beginnings, with those of paragraphs that end with a source where their item has one.

    "... reference 12. (X, 3 May 2026)" last in an item whose heading says its own source and date
    is an item without a heading.
    """
    ends = sorted({*starts.at[1:], *starts.topics, len(page.lines)})
    found = [
        end - 1
        for at, end in ((at, ends[bisect_right(ends, at)]) for at in starts.at)
        if end - at > _PARTS and _is_sourced(page, at) and _begins(page, end - 1)
        if citations.at_end(page.lines[end - 1].text)
    ]
    return replace(starts, at=tuple(sorted({*starts.at, *found}))) if found else starts


def _is_sourced(page: Page, at: int) -> bool:
    """Whether an item has a line of details under its heading, or its source in this."""
    return page.looks[at + 1] is Look.DETAILS or citations.of_title(page.lines[at].text) is not None
