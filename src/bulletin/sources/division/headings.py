"""Headings: items that their headings divide, by make, by room, or by standing apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bulletin.sources.division import listing
from bulletin.sources.division.leads import COLON, LEAD
from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts, begins_text, topics_above
from bulletin.sources.text.joining import ARROWS
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence

_WEAK: Final = "It is not sure that an item begins here: join it with the one before if not."
_BLOCK: Final = 3  # lines
_STRAY: Final = 2  # gaps
_RANKS: Final = {
    "underline=": 1.5, "underline-": 2.5, "underline~": 3.5, LEAD: 8, COLON: 8,
}  # fmt: skip
_SURE_MAKES: Final = frozenset({"numbered", listing.ENTRY, LEAD})
_UNLIKE: Final = 7.0  # of makes without a rank of their own the first in the text is the outermost


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
        under = [index for index in _plain_headings(page) if index not in topics]
        return Starts(tuple(under or sorted(topics)), tuple(sorted(topics)) if under else ())
    return None


def _deeper(page: Page, index: int) -> bool:
    """Whether a heading is of a lesser make than the one above it, or has a part of its number."""
    number = page.lines[index].marker.strip("().")
    part = page.lines[index + 1].text.startswith(f"{number}.1") if number else False
    return part or page.make(index) != page.make(index + 1)


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
    below = {i: page.lines[i + 1].kind for i in at if i + 1 < len(page.lines)}
    heads = [i for i, kind in below.items() if kind is not Kind.NUMBERED]
    texts = [i for i in heads if below[i] is Kind.TEXT]
    if len(texts) * 2 <= len(heads):
        return []
    values = [page.lines[i].marker.strip("().") for i in heads]
    counts_on = values == [str(number) for number in range(1, len(values) + 1)]
    return heads if len(texts) >= 2 and counts_on and len(texts) * 2 >= len(at) else []


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
    first = next((i for i in range(wide[0]) if begins_text(page, i)), None)
    starts = wide if first is None else [first, *wide]
    headed = [index for index in starts if page.heading(index)]
    texts = [index for index in headed if not page.heading(index + 1)]
    if len(texts) < 2 or len(headed) < 0.6 * len(starts) or _are_stray(page, wide):
        return None
    return Starts(tuple(starts))


def _are_stray(page: Page, wide: Sequence[int]) -> bool:
    """Whether one or two wider gaps are slips: as many items begin without that room."""
    others = [
        at
        for at in _plain_headings(page)[1:]
        if at not in wide and (page.glued_below(at) or _closes(page.looks[at - 1]))
    ]
    return len(wide) <= _STRAY and bool(others)


def apart(page: Page) -> Starts | None:
    """Items under plain headings: short lines that stand apart and have text under them."""
    at = _plain_headings(page)
    if len(at) < 2:
        return _paired(page)
    closed = [_closes(page.looks[index - 1]) for index in at[1:]]
    doubts = {}
    if closed and sum(closed) * 2 >= len(closed):
        doubts = {at[n]: _WEAK for n, fine in enumerate(closed, 1) if not fine}
    doubts |= {index: _WEAK for index in at[1:] if not page.apart(index)}
    return Starts(tuple(at), topics_above(page, at), doubts)


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


def _plain_headings(page: Page) -> list[int]:
    """Headings that have text under them, without those that only divide an item."""
    found = [i for i in range(len(page.lines)) if page.names_text(i) and page.apart(i)]
    glued = {*_glued_to_lists(page, found), *_glued_to_links(page)}
    found = sorted({*found, *glued, *_over_short_text(page, found)})
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


def _glued_to_links(page: Page) -> list[int]:
    """Headings between a link that is complete and running text, with no room around them."""
    return [
        i
        for i in range(2, len(page.lines) - 1)
        if page.heading(i) and not page.apart(i) and page.looks[i - 1] is Look.ACTION
        if page.glued_below(i)
        and page.looks[i + 1] is Look.PROSE
        and is_sentence(page.lines[i + 1])
        if _is_complete(page.lines[i - 1]) and not page.divides(i)
    ]


def _is_complete(link: Line) -> bool:
    """Whether a link has its address, or says by an arrow that it needs no title below it."""
    return any(run.target for run in link.runs) or link.text.endswith(ARROWS)


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
