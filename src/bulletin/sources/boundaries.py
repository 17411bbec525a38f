"""Boundaries: where items begin among the lines of a newsfeed.

Websites end an item with share buttons, or head it with a source line, or mark its heading, or
leave more room above it. Whatever recurs in the text at hand decides, the strongest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.sources import details, wording
from bulletin.sources.lines import Kind, Line
from bulletin.sources.looks import Look, is_sentence, is_welcome, looks

_NO_HEADINGS: Final = "The text has no headings: this item was divided where a link ended it."
_WEAK: Final = "It is not sure that an item begins here: join it with the one before if not."


@dataclass(frozen=True, slots=True)
class Starts:
    """Where items begin, which lines above them are topics, and which beginnings are doubtful."""

    at: tuple[int, ...]
    topics: tuple[int, ...] = ()
    doubts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines and what each looks like."""

    lines: Sequence[Line]
    looks: Sequence[Look]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Page:
        return cls(lines, looks(lines))

    def heading(self, index: int) -> bool:
        return 0 <= index < len(self.lines) and self.looks[index] is Look.HEADING

    def apart(self, index: int) -> bool:
        return index == 0 or self.lines[index].gap > 0 or bool(self.lines[index].mark)


def find(lines: Sequence[Line]) -> Starts:
    """The beginnings of items among lines that no share block or rule divides."""
    page = Page.of(lines)
    for rule in _RULES:
        starts = rule(page)
        if starts and starts.at:
            return _without_welcome(page, starts)
    first = next((i for i in range(len(lines)) if page.heading(i)), 0)
    return Starts((first,))


def _without_welcome(page: Page, starts: Starts) -> Starts:
    """A banner with a word of welcome under it looks like an item, but is none."""
    if len(starts.at) < 2:
        return starts
    first, second = starts.at[:2]
    welcome = first + 1 < second and is_welcome(page.lines[first + 1])
    plain = not {Look.ACTION, Look.DETAILS} & set(page.looks[first:second])
    if not (welcome and plain and page.heading(first)):
        return starts
    doubts = {at: why for at, why in starts.doubts.items() if at > second}
    return Starts(starts.at[1:], starts.topics, doubts)


def anchors(page: Page) -> Starts | None:
    """Items headed by a line of details: "Source: ...", "By NAME, DATE | SOURCE"."""
    groups = _detail_groups(page)
    heads = [start - 1 for start, _ in groups if page.heading(start - 1) and page.apart(start - 1)]
    over = [start for start, end in groups if page.heading(end) and not page.heading(start - 1)]
    if len(heads) >= max(2, len(groups) / 2):
        return Starts(tuple(heads), _topics_above(page, heads))
    first = next((i for i, found in enumerate(page.looks) if found is not Look.HEADING), 0)
    if len(over) >= max(2, len(groups) / 2) and groups[0][0] <= first:
        return Starts(tuple(over))
    return _tails(page, groups)


def _tails(page: Page, groups: list[tuple[int, int]]) -> Starts | None:
    """Items that end with a line of details."""
    ends = [end for _, end in groups if end == len(page.lines) or page.heading(end)]
    if len(ends) < max(2, len(groups) / 2) or ends[-1] != len(page.lines):
        return None
    first = next((i for i in range(len(page.lines)) if _begins_text(page, i)), 0)
    return Starts((first, *ends[:-1]))


def _detail_groups(page: Page) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for index, found in enumerate(page.looks):
        if found is not Look.DETAILS or details.is_citation(page.lines[index].text):
            continue
        if groups and groups[-1][1] == index:
            groups[-1] = (groups[-1][0], index + 1)
        else:
            groups.append((index, index + 1))
    return groups


def _topics_above(page: Page, heads: list[int]) -> tuple[int, ...]:
    """Headings right above the headings of items, if it is more than the banner of the page."""
    above = [at - 1 for at in heads if page.heading(at - 1) and page.apart(at - 1)]
    later = {at for at in above if at > heads[0]}
    if not later:
        return ()
    return tuple(at for at in above if at in later or _same_make(page, at, min(later)))


def _same_make(page: Page, one: int, other: int) -> bool:
    return _make(page.lines[one]) == _make(page.lines[other])


def _make(line: Line) -> str:
    return line.mark or ("caps" if line.text.isupper() else "plain")


def fields(page: Page) -> Starts | None:
    """Items written as a form: "Title: ...", "Topic: ..." again and again."""
    named = [
        (index, found)
        for index, line in enumerate(page.lines)
        if page.looks[index] is Look.DETAILS and (found := details.parse(line.text))
    ]
    titles = [index for index, found in named if found.title]
    if len(titles) < 2:
        return None
    return Starts(tuple(_up_to_first_detail(page, index) for index in titles))


def _up_to_first_detail(page: Page, index: int) -> int:
    while index and page.looks[index - 1] is Look.DETAILS and not page.lines[index].gap:
        index -= 1
    return index


def marked(page: Page) -> Starts | None:
    """Items under headings of the same make; headings over headings are topics."""
    makes = _makes(page)
    topics: set[int] = set()
    for _, at in makes:
        inner = [index for index in at if page.heading(index + 1) and _deeper(page, index)]
        if len(at) < 2:
            continue
        if inner and len(inner) >= 0.6 * len(at):
            topics |= set(at)
            continue
        return Starts(tuple(at), tuple(sorted(topics - set(at))))
    if topics:
        under = [index for index in plain_headings(page) if index not in topics]
        return Starts(tuple(under or sorted(topics)), tuple(sorted(topics)) if under else ())
    return None


def _deeper(page: Page, index: int) -> bool:
    return _make(page.lines[index]) != _make(page.lines[index + 1])


def _makes(page: Page) -> list[tuple[str, list[int]]]:
    """The makes of marked headings and where they stand, the outermost first."""
    found: dict[str, list[int]] = {}
    for index, line in enumerate(page.lines):
        make = _make(line)
        if page.heading(index) and make != "plain" and page.apart(index):
            found.setdefault(make, []).append(index)
    numbers = _numbered(page)
    if numbers:
        found["numbered"] = numbers
    return sorted(found.items(), key=lambda pair: (_rank(pair[0]), pair[1][0]))


def _rank(make: str) -> float:
    if make[:1] == "h":
        return int(make[1])
    return {"underline=": 1.5, "underline-": 2.5, "underline~": 3.5}.get(make, 7)


def _numbered(page: Page) -> list[int]:
    """Numbered headings: they count on, each with text of its own under it."""
    at = [i for i, line in enumerate(page.lines) if line.kind is Kind.NUMBERED]
    texts = [i for i in at if i + 1 < len(page.lines) and page.lines[i + 1].kind is Kind.TEXT]
    values = [page.lines[i].marker.strip("().") for i in texts]
    counts_on = values == [str(number) for number in range(1, len(values) + 1)]
    return texts if len(texts) >= 2 and counts_on and len(texts) * 2 >= len(at) else []


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
    found: list[int] = []
    for index in range(len(page.lines)):
        under = index + 1 < len(page.lines) and not page.heading(index + 1)
        divides = found and wording.is_subheading(page.lines[index].text)
        if page.heading(index) and page.apart(index) and under and not divides:
            found.append(index)
    texts = [index for index in found if not _names_link(page, index)]
    return texts if len(texts) * 2 >= len(found) else found


def _names_link(page: Page, index: int) -> bool:
    """A line that an address alone follows is the name of that link."""
    line = page.lines[index + 1]
    alone = not line.gap and len(line.runs) == 1 and line.runs[0].bare
    return alone and (index + 2 >= len(page.lines) or page.apart(index + 2))


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
        return not page.heading(index + 1) and index + 1 < len(page.lines)
    return is_sentence(page.lines[index])


_RULES: Final[tuple[Callable[[Page], Starts | None], ...]] = (
    fields, anchors, marked, roomy, headed, linked_ends,
)  # fmt: skip
