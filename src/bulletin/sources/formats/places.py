"""Places: what a page says of the lines in a part of it: heading, list item, quotation, link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from selectolax.lexbor import LexborNode

from bulletin.sources.formats.clipboard import DEPTH, LOOK, MARKER, PASSED_ON
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line, make

MAX_DEPTH: Final = 5  # of nested lists
_LONGEST: Final = 10_000  # characters of an address; no server takes more
TITLE: Final = "h0"  # the mark of a heading above all others
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TYPED_BULLET: Final = re.compile(r"[•·▪◦●○■□‣⁃§\uf0b7]\s*(?=\S)")
_TYPED_NUMBER: Final = re.compile(r"(\d{1,3}[.)]|\(\d{1,3}\))\s+(?=\S)")
_STYLING: Final = frozenset({"a", "b", "strong", "i", "em", "cite"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a page a line stands: the style of its text, and what it is."""

    run: Run = field(default=Run(""))
    kind: Kind = Kind.TEXT
    depth: int = 0
    marker: str = ""
    mark: str = ""
    cut: int = 0  # characters of the line that are its bullet or number


def line_of(runs: inline.Runs, place: Place, gap: int) -> Line:
    """The line that this text makes at its place. gap: blank lines before it."""
    text = inline.plain(runs)
    place = place if place.kind is not Kind.TEXT or place.mark else _typed(runs, text, place)
    if place.cut:
        runs = inline.part(runs, place.cut, len(text))
    if place.mark:
        runs = tuple(Run(run.text, run.target, run.bare, italic=run.italic) for run in runs)
    marker = place.marker if place.kind is Kind.NUMBERED else ""
    return make(
        runs, kind=place.kind, gap=gap, depth=place.depth, marker=marker, mark=place.mark, raw=text
    )


def _typed(runs: inline.Runs, text: str, place: Place) -> Place:
    """What a plain paragraph is by its text: somebody typed bullet or number, or made it bold."""
    if bullet := _TYPED_BULLET.match(text):
        return replace(place, kind=Kind.BULLET, cut=bullet.end())
    bold = all(run.bold or not run.text.strip() for run in runs)
    if bold and len(text) <= 160 and text[-1] not in ".:;,":
        return replace(place, mark="bold")
    if not bold and (number := _TYPED_NUMBER.match(text)):
        return replace(place, kind=Kind.NUMBERED, marker=number[1], cut=number.end())
    return place


def inside(place: Place, node: LexborNode, tag: str, number: int) -> Place:
    """The place within an element. number: which item of its ordered list it is, or 0."""
    look = node.attributes.get(LOOK) or ""
    if look or tag in _STYLING:
        place = replace(place, run=_styled(place.run, node, tag, look.split()))
    if look == "title" or look in HEADINGS:
        return replace(place, mark=TITLE if look == "title" else look, kind=Kind.TEXT)
    if marker := node.attributes.get(MARKER):
        return _listed(place, marker, node.attributes.get(DEPTH) or "")
    if tag in HEADINGS:
        return replace(place, mark=tag, kind=Kind.TEXT)
    if tag == "blockquote":
        return place if look == PASSED_ON else replace(place, kind=Kind.QUOTE)
    if tag == "li":
        marker = f"{number}." if number else ""
        return replace(place, kind=Kind.NUMBERED if number else Kind.BULLET, marker=marker)
    return place


def _listed(place: Place, marker: str, depth: str) -> Place:
    """A paragraph that Word made a list item of."""
    deep = min(int(depth), MAX_DEPTH) if depth.isascii() and depth.isdigit() else 0
    numbered = marker[:1].isdigit()
    kind = Kind.NUMBERED if numbered else Kind.BULLET
    return replace(place, kind=kind, marker=marker if numbered else "", depth=deep)


def counted(node: LexborNode, name: str, otherwise: int) -> int:
    """The number in an attribute of a list or its item."""
    written = (node.attributes.get(name) or "").strip()
    return (
        int(written) if written.isascii() and written.isdigit() and len(written) < 4 else otherwise
    )


def _styled(run: Run, node: LexborNode, tag: str, looks: list[str]) -> Run:
    bold = (run.bold or tag in {"b", "strong"} or "bold" in looks) and "not-bold" not in looks
    italic = run.italic or tag in {"i", "em", "cite"} or "italic" in looks
    target = run.target
    if tag == "a":
        written = (node.attributes.get("href") or "").strip()
        target = None if not written or written.startswith("#") else written[:_LONGEST]
    return Run("", target, bold=bold, italic=italic and "not-italic" not in looks)


def is_address(text: str, target: str) -> bool:
    """Whether the text of a link is no more than an address."""
    shown = text.strip().removesuffix("/").lower()
    return shown == target.strip().removesuffix("/").lower() or bool(
        re.match(r"(?:https?://|www\.)\S+\Z", shown)
    )
