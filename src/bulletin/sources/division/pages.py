"""Pages: lines with what each looks like, and what the text as a whole tells about its headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.sources.division import boilerplate, subheadings
from bulletin.sources.fields import citations, details, scope
from bulletin.sources.fields.dates import find_date, find_incomplete
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence, looks

_FEW: Final = 5
_LONG: Final = 10  # lines: one heading in such a text may have room above it by chance
_LABEL: Final = 3  # words
_AUDIENCE: Final = re.compile(r"(?:for|aimed\sat|open\sto|suitable\sfor)\s", re.IGNORECASE)
_DATED: Final = 10  # words
_CLOSERS: Final = frozenset({Look.ACTION, Look.DETAILS, Look.LIST})


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, what each looks like, and which headings only divide the items that they stand in.

    tight: nothing but the order of its lines divides the text, as mail programs and some websites
           paste it, so that a heading needs no room above it.
    """

    lines: Sequence[Line]
    looks: Sequence[Look]
    tight: bool = False
    inner: frozenset[int] = field(default=frozenset())

    @classmethod
    def of(cls, lines: Sequence[Line], seen: Sequence[Look] | None = None) -> Page:
        """The page of these lines. seen: what each looks like, if that is known."""
        found = without_labels(lines, looks(lines) if seen is None else seen)
        found = _with_audiences(lines, _with_diaries(lines, _with_dates(lines, found)))
        bare = cls(lines, found)
        roomy = sum(
            bare.names_text(at) for at, line in enumerate(lines) if at and (line.gap or line.mark)
        )
        rooms = sum(line.gap > 0 for line in lines[1:])
        tight = roomy <= (len(lines) > _LONG) and rooms * _FEW <= len(lines)
        return cls(lines, found, tight, bare._recurring())

    def heading(self, index: int) -> bool:
        return 0 <= index < len(self.lines) and self.looks[index] is Look.HEADING

    def apart(self, index: int) -> bool:
        """Whether a line is set apart from the one above: by room, by its make, or by its end."""
        if index == 0 or self.lines[index].gap > 0 or self.lines[index].mark:
            return True
        return (self.tight and self.closed(index)) or self._is_below_masthead(index)

    def _is_below_masthead(self, index: int) -> bool:
        """Whether a second heading at the top has room below, so that the first is the banner."""
        roomy = index == 1 and len(self.lines) > _LONG and self.lines[2].gap > 0
        return roomy and self.heading(0) and self.heading(1) and self.looks[2] is Look.PROSE

    def closed(self, index: int) -> bool:
        """Whether the line above one ends something: a sentence, a link, a list, a heading."""
        above = self.looks[index - 1]
        return above in _CLOSERS or above is Look.HEADING or is_sentence(self.lines[index - 1])

    def names_text(self, index: int) -> bool:
        """Whether a line is a heading with text, a list or details right under it."""
        return self.heading(index) and index + 1 < len(self.lines) and not self.heading(index + 1)

    def glued_below(self, index: int) -> bool:
        return index + 1 < len(self.lines) and not self.apart(index + 1)

    def links_to(self, index: int) -> bool:
        """Whether an address alone stands under a line, and nothing more."""
        line = self.lines[index + 1] if index + 1 < len(self.lines) else None
        alone = line is not None and not line.gap and len(line.runs) == 1 and line.runs[0].bare
        return alone and (index + 2 >= len(self.lines) or self.apart(index + 2))

    def make(self, index: int) -> str:
        """How a heading is set: its mark, in capitals, or plainly."""
        line = self.lines[index]
        return (
            line.mark
            or (line.marker and _ornament(line))
            or ("caps" if line.text.partition(" (")[0].isupper() else "plain")
        )

    def divides(self, index: int) -> bool:
        """Whether a heading is of the kind that divides an item rather than names one."""
        text = self.lines[index].text
        # Whoever sets titles in capitals sets them so to tell them from what they stand over.
        names = subheadings.names_part if text.isupper() else subheadings.is_subheading
        return index in self.inner or names(text)

    def _recurring(self) -> frozenset[int]:
        """Headings that come again over other text: every item has its "Key dates"."""
        places: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            if self.names_text(index):
                places.setdefault(line.text.casefold(), []).append(index)
        return frozenset(
            index
            for found in places.values()
            if len({self.lines[index + 1].text for index in found}) > 1
            for index in found
        )

    def detail_groups(self) -> list[tuple[int, int]]:
        """Where lines of details stand together: first and end, without citations."""
        groups: list[tuple[int, int]] = []
        for index, found in enumerate(self.looks):
            if found is not Look.DETAILS or citations.is_bare(self.lines[index].text):
                continue
            if groups and groups[-1][1] == index and not self._parts(index):
                groups[-1] = (groups[-1][0], index + 1)
            else:
                groups.append((index, index + 1))
        return groups

    def _parts(self, index: int) -> bool:
        """Whether a line has room above it, and others stand glued on either side of this room."""
        around = [line.gap > 0 for line in self.lines[index - 1 : index + 2]]
        return around == [False, True, False]


def _with_dates(lines: Sequence[Line], found: list[Look]) -> list[Look]:
    """Looks where a line with a date, right under a heading and again under others, is details."""
    dated = [
        at
        for at in range(1, len(lines))
        if found[at] is Look.HEADING and found[at - 1] is Look.HEADING and not lines[at].gap
        if lines[at - 1].gap or at == 1
        if (line := lines[at]).words <= _DATED and not line.mark and _begins_or_ends_dated(line)
    ]
    for at in dated if len(dated) > 1 else ():
        found[at] = Look.DETAILS
    return found


def _with_audiences(lines: Sequence[Line], found: list[Look]) -> list[Look]:
    """Looks where "For DSLs", between a heading and the text glued to it, is no heading."""
    for at in range(1, len(lines) - 1):
        between = found[at] is found[at - 1] is Look.HEADING and bool(lines[at - 1].gap)
        glued = between and not (lines[at].gap or lines[at + 1].gap or lines[at].mark)
        if glued and _AUDIENCE.match(lines[at].text) and scope.roles(lines[at].text):
            found[at] = Look.PROSE
    return found


def _with_diaries(lines: Sequence[Line], found: list[Look]) -> list[Look]:
    """Looks where days with what is on are entries of a list, not headings or details."""
    entries = details.diary([line.text for line in lines])
    listed = [line.text in entries and not line.mark for line in lines]
    return [Look.LIST if one else look for one, look in zip(listed, found, strict=True)]


def _begins_or_ends_dated(line: Line) -> bool:
    day = find_date(line.text) or find_incomplete(line.text)
    return day is not None and (not day.start or day.end == len(line.text))


def _ornament(line: Line) -> str:
    return "ornament" if line.kind is Kind.TEXT else ""


def without_labels(lines: Sequence[Line], found: Sequence[Look]) -> list[Look]:
    """Looks where "Venue: ..." is no heading: other items have a venue too, or it has a cost."""
    labels = [
        _label(line) if look is Look.HEADING else ""
        for line, look in zip(lines, found, strict=True)
    ]
    often = Counter(filter(None, labels))
    around = ["", *labels, ""]
    beside = [bool(around[at] or around[at + 2]) for at in range(len(labels))]
    return [
        Look.PROSE if label and (often[label] > 1 or near) else look
        for label, near, look in zip(labels, beside, found, strict=True)
    ]


def _label(line: Line) -> str:
    """What stands before the colon of a line within a block, or of one that says for whom it is."""
    label, colon, _ = line.text.partition(":")
    plain = bool(colon) and not line.mark and line.kind is Kind.TEXT
    inside = line.gap == 0 and label.count(" ") < _LABEL
    return label.casefold() if plain and (inside or boilerplate.is_field(line.text)) else ""
