"""Anchors: items that lines of details prove: forms, and sources above or below the news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts, topics_above
from bulletin.sources.fields import bylines, citations, details
from bulletin.sources.fields.details import Details
from bulletin.sources.text.lines import Kind
from bulletin.sources.text.looks import Look, is_sentence

_ALIKE: Final = (
    "This heading is set as that of another item, but no source or date stands under it: join it "
    "with the item before if it is a part of that."
)
_EXCEPTION: Final = 2
_CITED: Final = 2
_MANY: Final = 0.75
_LABEL: Final = 4  # words
_REACH: Final = 160  # characters


def fields(page: Page) -> Starts | None:
    """Items written as a form: "Title: ...", "Topic: ..." again and again."""
    named = [
        (index, found)
        for index, line in enumerate(page.lines)
        if page.looks[index] is Look.DETAILS and (found := details.parse(line.text))
    ]
    titles = {index for index, found in named if found.title} or _topics(page, named)
    if len(titles) < 2:
        return None
    return Starts(tuple(_up_to_first_detail(page, index, titles) for index in sorted(titles)))


def _topics(page: Page, named: Sequence[tuple[int, Details]]) -> set[int]:
    """Where a form says its topic and no title: below, it has its text, and no heading above."""
    found = {at for at, one in named if one.topic and one.named}
    if not found or not any(map(is_sentence, page.lines[max(found) :])):
        return set()
    starts = [_up_to_first_detail(page, at, found) for at in found]
    glued = [at for at in starts if not page.lines[at].gap or not page.heading(at + 1)]
    under = sum(page.heading(at - 1) for at in glued)
    return found if under * 2 < len(found) else set()


def _up_to_first_detail(page: Page, index: int, titles: set[int]) -> int:
    def belongs(above: int) -> bool:
        return page.looks[above] is Look.DETAILS and above not in titles

    while index and belongs(index - 1) and not page.lines[index].gap:
        index -= 1
    return index


def headed(page: Page) -> Starts | None:
    """Items headed by a line of details: "Source: ...", "By NAME, DATE | SOURCE"."""
    groups = page.detail_groups()
    named = _over_bodies(page, [start for start, _ in groups])
    lines = [start - 1 - (start in named) for start, _ in _below_banner(page, groups)]
    heads = [at for at in lines if _heads(page, at)]
    over = [start for start, end in groups if page.heading(end) and _stands_over(page, start, end)]
    labelled = _with_labelled(page, heads)
    if len(heads) >= max(2, len(groups) / 2) and not _many_others(page, labelled):
        more, sure = _alike(page, labelled)
        heads = sorted({*labelled, *more})
        doubts = {} if sure else dict.fromkeys(more, _ALIKE)
        return Starts(tuple(heads), topics_above(page, heads), doubts)
    first = next((i for i, found in enumerate(page.looks) if found is not Look.HEADING), 0)
    if len(over) >= max(2, len(groups) / 2) and groups[0][0] <= first:
        return Starts(tuple(_with_others(page, groups, over)))
    return None


def _over_bodies(page: Page, starts: Sequence[int]) -> set[int]:
    """The details under two glued headings of which the lower name bodies: TITLE, X, DATE."""
    pairs = [at for at in starts if page.heading(at - 2) and page.heading(at - 1)]
    pairs = [at for at in pairs if not page.lines[at - 1].gap and not page.lines[at].gap]
    bodies = sum(bylines.is_organisation(page.lines[at - 1].text) for at in pairs)
    return set(pairs) if bodies > 1 and bodies * 2 > len(pairs) else set()


def _stands_over(page: Page, start: int, end: int) -> bool:
    """Whether details belong to the heading below them, and not to one above."""
    glued = page.lines[start].gap > 0 and not page.lines[end].gap
    return glued or not page.heading(start - 1)


def _with_others(
    page: Page, groups: Sequence[tuple[int, int]], over: Sequence[int]
) -> Sequence[int]:
    """With the further items of a day, if a diary has several under each line of details."""
    first = groups[0][0]
    dated = first < over[0] and page.lines[first].gap > 0 and page.heading(groups[0][1])
    days = [first, *over] if dated else over
    others = [
        at
        for at in range(days[0], len(page.lines))
        if page.names_text(at) and page.apart(at) and not page.divides(at)
        if page.looks[at - 1] is not Look.DETAILS
        if page.glued_below(at) or page.looks[at - 1] is Look.ACTION
    ]
    return sorted({*days, *others}) if len(others) * 2 >= len(days) else days


def _below_banner(page: Page, groups: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Without the date of the page under its banner: alone among all it stands over a heading."""
    over = [page.heading(end) for _, end in groups]
    return groups[1:] if over[:1] == [True] and sum(over) * 2 <= len(over) else groups


def _heads(page: Page, index: int) -> bool:
    """Whether a line over details is their heading, though it may be glued to what ended above."""
    return page.heading(index) and (page.apart(index) or page.closed(index))


def _many_others(page: Page, heads: Sequence[int]) -> bool:
    """Whether far more headings have text than details, so that these are an exception."""
    return _others(page, heads) > _EXCEPTION * len(heads)


def _others(page: Page, heads: Sequence[int]) -> int:
    """How many headings beside these have text of their own."""
    mine = set(heads)
    others = [i for i in range(len(page.lines)) if page.names_text(i) and page.apart(i)]
    return sum(i not in mine and not page.divides(i) for i in others)


def _with_labelled(page: Page, heads: list[int]) -> list[int]:
    """With the headings over a label line of another kind: "Due: ..." where others have "Date:".

    The label recurs or gives a day, so that "Editor: ..." under a banner makes no item of it.
    """
    labels = {
        at: label
        for at in range(len(page.lines) - 1)
        if _heads(page, at) and not page.divides(at) and (label := _label_below(page, at))
    }
    often = Counter(labels.values())
    more = [
        at
        for at, label in labels.items()
        if often[label] > 1 or bylines.dates_something(page.lines[at + 1].text)
    ]
    return sorted({*heads, *more})


def _label_below(page: Page, index: int) -> str:
    """The label of the line glued below a heading, if it is neither a detail nor an action."""
    line = page.lines[index + 1]
    label, colon, value = line.text[:_REACH].partition(": ")
    plain = line.kind is Kind.TEXT and not line.gap and not line.mark
    other = page.looks[index + 1] in {Look.PROSE, Look.HEADING}
    short = label[:1].isupper() and label.count(" ") < _LABEL and bool(value.strip())
    return label.casefold() if plain and other and colon and short else ""


def _alike(page: Page, heads: Sequence[int]) -> tuple[list[int], bool]:
    """The headings set just as those of items with details, and whether that makes them sure.

    It does where all these have one make of their own; where they differ, there may be headings
    within items among them.
    """
    makes = Counter(page.make(at) for at in heads)
    more = [
        at
        for at in range(heads[0], len(page.lines))
        if at not in heads and page.names_text(at) and not page.divides(at)
        if page.make(at) != "plain" and page.make(at) in makes
    ]
    often = Counter(page.make(at) for at in more)
    sure = len(makes) == 1
    return [at for at in more if sure or often[page.make(at)] <= makes[page.make(at)]], sure


def cited(page: Page) -> Starts | None:
    """Items whose headings end with their source: "TITLE (X, 3 May 2026)"."""
    at = [
        index
        for index, line in enumerate(page.lines)
        if page.heading(index) and (page.apart(index) or page.closed(index))
        if citations.of_title(line.text)
    ]
    if len(at) < _CITED or _others(page, at) > _MANY * len(at):
        return None
    return Starts(tuple(at), topics_above(page, at))


def ended(page: Page) -> Starts | None:
    """Items that end with a line of details."""
    groups = page.detail_groups()
    ends = [end for _, end in groups if end == len(page.lines) or page.heading(end)]
    if len(ends) < max(2, len(groups) / 2) or ends[-1] != len(page.lines):
        return None
    if _many_others(page, [end for end in ends if end < len(page.lines)]):
        return None
    return Starts((_first(page), *ends[:-1]))


def _first(page: Page) -> int:
    """Where the first item begins: at the last heading before any text, which no banner has."""
    told = {Look.ACTION, Look.LIST}
    texts = (i for i, line in enumerate(page.lines) if is_sentence(line) or page.looks[i] in told)
    first = next(texts, 0)
    return next((at for at in range(first, -1, -1) if page.heading(at)), first)
