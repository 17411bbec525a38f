"""Boundaries: where items begin among the lines of a newsfeed.

Websites end an item with share buttons, or head it with a source line, or mark its heading, or
leave more room above it. Whatever recurs in the text at hand decides, the strongest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bulletin.sources import details, listing
from bulletin.sources.lines import Kind
from bulletin.sources.looks import Look, is_sentence, is_welcome
from bulletin.sources.pages import Page

_NO_HEADINGS: Final = "The text has no headings: this item was divided where a link ended it."
_WEAK: Final = "It is not sure that an item begins here: join it with the one before if not."
_ONE: Final = "Nothing divides this text, so it was kept as one item. Divide it if it is several."
_SEVERAL: Final = 3
_BLOCK: Final = 3
_EXCEPTION: Final = 2
_RANKS: Final = {
    "underline=": 1.5, "underline-": 2.5, "underline~": 3.5, "lead": 8, "colon": 8,
}  # fmt: skip
_SURE_MAKES: Final = frozenset({"numbered", listing.ENTRY, "lead"})
_UNLIKE: Final = 7.0  # of makes without a rank of their own the first in the text is the outermost


@dataclass(frozen=True, slots=True)
class Starts:
    """Where items begin, which lines above them are topics, and which beginnings are doubtful."""

    at: tuple[int, ...]
    topics: tuple[int, ...] = ()
    doubts: dict[int, str] = field(default_factory=dict)


def find(page: Page) -> Starts:
    """The beginnings of items among lines that no share block or rule divides."""
    starts = _first(_RULES, page)
    return _without_bare(page, starts) if starts else _one(page)


def certain(page: Page) -> Starts | None:
    """The beginnings that lines of details or forms prove, wherever else items may begin."""
    return _first((fields, anchors, tails), page)


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
    ends = sorted({*starts.at[1:], *starts.topics, len(page.lines)})
    bare = [at for at in starts.at[:-1] if _is_bare(page, at, ends[bisect_right(ends, at)])]
    first = starts.at[0]
    if first not in bare and _welcomes(page, first, starts.at[1]):
        bare.append(first)
    gone = set(bare)
    left = tuple(at for at in starts.at if at not in gone)
    sure = left[0] if gone and left else -1
    doubts = {at: why for at, why in starts.doubts.items() if at not in gone and at != sure}
    topics = gone if gone - {first} else set()
    return Starts(left, tuple(sorted({*starts.topics, *topics})), doubts)


def _is_bare(page: Page, start: int, end: int) -> bool:
    looks = set(page.looks[start:end])
    linked = any(run.target for line in page.lines[start:end] for run in line.runs)
    return page.heading(start) and looks <= {Look.HEADING, Look.DETAILS} and not linked


def _welcomes(page: Page, first: int, second: int) -> bool:
    welcome = first + 1 < second and is_welcome(page.lines[first + 1])
    plain = not {Look.ACTION, Look.DETAILS} & set(page.looks[first:second])
    return welcome and plain and page.heading(first)


def anchors(page: Page) -> Starts | None:
    """Items headed by a line of details: "Source: ...", "By NAME, DATE | SOURCE"."""
    groups = page.detail_groups()
    # Under a banner stands the date of the page, and the first heading follows it.
    heads = [start - 1 for start, end in groups if _heads(page, start - 1, end)]
    over = [start for start, end in groups if page.heading(end) and not page.heading(start - 1)]
    if len(heads) >= max(2, len(groups) / 2) and not _many_others(page, heads):
        heads = _with_alike(page, heads)
        return Starts(tuple(heads), _topics_above(page, heads))
    first = next((i for i, found in enumerate(page.looks) if found is not Look.HEADING), 0)
    if len(over) >= max(2, len(groups) / 2) and groups[0][0] <= first:
        return Starts(tuple(over))
    return None


def _heads(page: Page, index: int, end: int) -> bool:
    return page.heading(index) and page.apart(index) and not page.heading(end)


def _many_others(page: Page, heads: Sequence[int]) -> bool:
    """Whether far more headings have text than details, so that these are an exception."""
    mine = set(heads)
    others = [i for i in range(len(page.lines)) if page.names_text(i) and page.apart(i)]
    named = [i for i in others if i not in mine and not page.divides(i)]
    return len(named) > _EXCEPTION * len(heads)


def _with_alike(page: Page, heads: list[int]) -> list[int]:
    """With the headings set just as those of items with details, if that is a make of its own."""
    makes = {page.make(at) for at in heads}
    alike = makes.pop() if len(makes) == 1 else "plain"
    if alike == "plain":
        return heads
    more = [
        at
        for at in range(heads[0], len(page.lines))
        if page.names_text(at) and page.make(at) == alike and not page.divides(at)
    ]
    return sorted({*heads, *more})


def tails(page: Page) -> Starts | None:
    """Items that end with a line of details."""
    groups = page.detail_groups()
    ends = [end for _, end in groups if end == len(page.lines) or page.heading(end)]
    if len(ends) < max(2, len(groups) / 2) or ends[-1] != len(page.lines):
        return None
    if _many_others(page, [end for end in ends if end < len(page.lines)]):
        return None
    first = next((i for i in range(len(page.lines)) if _begins_text(page, i)), 0)
    return Starts((first, *ends[:-1]))


def _topics_above(page: Page, heads: Sequence[int]) -> tuple[int, ...]:
    """Headings right above the headings of items, if it is more than the banner of the page."""
    above = [at - 1 for at in heads if page.heading(at - 1) and page.apart(at - 1)]
    above = sorted(set(above).difference(heads))
    later = {at for at in above if at > heads[0]}
    if not later:
        return ()
    return tuple(at for at in above if at in later or page.make(at) == page.make(min(later)))


def fields(page: Page) -> Starts | None:
    """Items written as a form: "Title: ...", "Topic: ..." again and again."""
    named = [
        (index, found)
        for index, line in enumerate(page.lines)
        if page.looks[index] is Look.DETAILS and (found := details.parse(line.text))
    ]
    titles = [index for index, found in named if found.title]
    titles = titles or [index for index, found in named if found.topic and found.named]
    if len(titles) < 2:
        return None
    return Starts(tuple(_up_to_first_detail(page, index, set(titles)) for index in titles))


def _up_to_first_detail(page: Page, index: int, titles: set[int]) -> int:
    def belongs(above: int) -> bool:
        return page.looks[above] is Look.DETAILS and above not in titles

    while index and belongs(index - 1) and not page.lines[index].gap:
        index -= 1
    return index


def listed(page: Page) -> Starts | None:
    """Items that are entries of a list; headings over entries are topics."""
    at = [index for index, line in enumerate(page.lines) if listing.is_entry(line)]
    return Starts(tuple(at), _topics_above(page, at)) if at else None


def marked(page: Page) -> Starts | None:
    """Items under headings of the same make; headings over headings are topics."""
    makes = _makes(page)
    topics: set[int] = set()
    for make, every in makes:
        at = every if make in _SURE_MAKES else _titles(page, every)
        if len(at) < 2:
            continue
        inner = [index for index in at if page.heading(index + 1) and _deeper(page, index)]
        if inner and len(inner) >= 0.6 * len(at):
            topics |= set(at)
            continue
        return Starts(tuple(at), tuple(sorted(topics - set(at))))
    if topics:
        under = [index for index in plain_headings(page) if index not in topics]
        return Starts(tuple(under or sorted(topics)), tuple(sorted(topics)) if under else ())
    return None


def _deeper(page: Page, index: int) -> bool:
    return page.make(index) != page.make(index + 1)


def _makes(page: Page) -> list[tuple[str, list[int]]]:
    """The makes of marked headings and where they stand, the outermost first."""
    found: dict[str, list[int]] = {}
    for index in range(len(page.lines)):
        make = page.make(index)
        if page.heading(index) and make != "plain" and page.apart(index):
            found.setdefault(make, []).append(index)
    numbers = _numbered(page)
    if numbers:
        found["numbered"] = numbers
    return sorted(found.items(), key=lambda pair: (_rank(pair[0]), pair[1][0]))


def _rank(make: str) -> float:
    return int(make[1]) if make[:1] == "h" else _RANKS.get(make, _UNLIKE)


def _numbered(page: Page) -> list[int]:
    """Numbered headings: they count on, each with text of its own under it."""
    at = [i for i, line in enumerate(page.lines) if line.kind is Kind.NUMBERED]
    texts = [i for i in at if i + 1 < len(page.lines) and page.lines[i + 1].kind is Kind.TEXT]
    values = [page.lines[i].marker.strip("().") for i in texts]
    counts_on = values == [str(number) for number in range(1, len(values) + 1)]
    return texts if len(texts) >= 2 and counts_on and len(texts) * 2 >= len(at) else []


def blocks(page: Page) -> Starts | None:
    """Items that are blocks without room in them, each beginning with its heading."""
    at = [i for i in range(len(page.lines)) if i == 0 or page.lines[i].gap]
    if len(at) > 1 and at[1] == 1 and page.heading(0):
        at = at[1:]  # a banner
    sizes = [end - start for start, end in zip(at, (*at[1:], len(page.lines)), strict=True)]
    whole = [page.heading(start) and size >= _BLOCK for start, size in zip(at, sizes, strict=True)]
    if len(at) < 2 or not all(whole):
        return None
    pairs = _paired(page)
    return pairs if pairs and pairs.topics == tuple(at) else Starts(tuple(at))


def roomy(page: Page) -> Starts | None:
    """Items with more room above them than their paragraphs have."""
    wide = [i for i, line in enumerate(page.lines) if line.gap >= 2 and i]
    if not wide or not any(line.gap == 1 for line in page.lines):
        return None
    first = next((i for i in range(wide[0]) if _begins_text(page, i)), None)
    starts = wide if first is None else [first, *wide]
    headed = [index for index in starts if page.heading(index)]
    texts = [index for index in headed if not page.heading(index + 1)]
    if len(texts) < 2 or len(headed) < 0.6 * len(starts):
        return None
    return Starts(tuple(starts))


def headed(page: Page) -> Starts | None:
    """Items under plain headings: short lines that stand apart and have text under them."""
    at = plain_headings(page)
    if len(at) < 2:
        return _paired(page)
    closed = [_closes(page.looks[index - 1]) for index in at[1:]]
    doubts = {}
    if closed and sum(closed) * 2 >= len(closed):
        doubts = {at[n]: _WEAK for n, fine in enumerate(closed, 1) if not fine}
    doubts |= {index: _WEAK for index in at[1:] if not page.apart(index)}
    return Starts(tuple(at), _topics_above(page, at), doubts)


def _paired(page: Page) -> Starts | None:
    """Items with two headings glued together, a topic and a title, then glued text."""
    pairs = [
        index
        for index in range(len(page.lines) - 2)
        if page.heading(index) and page.apart(index) and page.heading(index + 1)
        if not page.apart(index + 1) and not page.apart(index + 2)
        if not page.heading(index + 2)
    ]
    titles = tuple(index + 1 for index in pairs)
    return Starts(titles, tuple(pairs)) if len(pairs) >= 2 else None


def plain_headings(page: Page) -> list[int]:
    """Headings that have text under them, without those that only divide an item."""
    found = [i for i in range(len(page.lines)) if page.names_text(i) and page.apart(i)]
    found = sorted({*found, *_glued_to_lists(page, found), *_over_short_text(page, found)})
    titles = _titles(page, found)
    texts = [index for index in titles if not page.links_to(index)]
    return texts if len(texts) * 2 >= len(titles) else titles


def _glued_to_lists(page: Page, apart: Sequence[int]) -> list[int]:
    """Headings glued to the list or link above them, with room below as the others have."""
    if sum(not page.glued_below(at) for at in apart) * 2 < max(len(apart), 1):
        return []
    return [
        i
        for i in range(1, len(page.lines))
        if page.names_text(i) and not page.apart(i) and not page.glued_below(i)
        if page.looks[i - 1] in {Look.LIST, Look.ACTION} and not page.divides(i)
    ]


def _over_short_text(page: Page, named: Sequence[int]) -> list[int]:
    """Headings over a line that is no sentence, where the others have their text glued to them."""
    if sum(map(page.glued_below, named)) * 2 <= len(named):
        return []
    return [
        i
        for i in range(len(page.lines) - 1)
        if page.heading(i) and page.heading(i + 1) and page.apart(i) and page.glued_below(i)
        if i + 2 == len(page.lines) or (page.apart(i + 2) and page.heading(i + 2))
    ]


def _titles(page: Page, found: Sequence[int]) -> list[int]:
    """Without the headings that divide an item, unless all headings here are of that kind."""
    if not found:
        return []
    linked = [page.looks[index - 1] is Look.ACTION for index in found[1:]]
    ends = sum(linked) * 2 > len(linked) > 1
    inner = {at for at in found if page.divides(at) and not _opens_item(page, at, ends=ends)}
    asks = sum(page.lines[at].text.endswith("?") for at in found)
    if (found[0] in inner and len(inner) * 3 >= len(found) * 2) or asks * 3 >= len(found) * 2:
        return [at for at in found if at not in page.inner] or list(found)
    return [at for at in found if at not in inner or (at == found[0] and at not in page.inner)]


def _opens_item(page: Page, at: int, *, ends: bool) -> bool:
    """Whether details stand under a heading, or a link above it, where links end most items."""
    if at in page.inner:
        return False
    details_below = page.looks[at + 1 : at + 2] == [Look.DETAILS]
    return details_below or (ends and at > 0 and page.looks[at - 1] is Look.ACTION)


def _closes(found: Look) -> bool:
    return found in {Look.ACTION, Look.DETAILS}


def linked_ends(page: Page) -> Starts | None:
    """Without any heading: items that each end with a link, with room between them."""
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
    return page.looks[end - 1] is Look.ACTION or (bool(last.runs) and last.runs[-1].bare)


def _begins_text(page: Page, index: int) -> bool:
    """Whether an item may begin here: a heading with text under it, or running text."""
    if page.heading(index):
        return page.names_text(index)
    return is_sentence(page.lines[index])


_RULES: Final[tuple[Callable[[Page], Starts | None], ...]] = (
    fields, anchors, listed, marked, tails, blocks, roomy, headed, linked_ends,
)  # fmt: skip
