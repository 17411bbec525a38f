"""Styles of a Word document: what a name like "Heading 2" or "Strong" makes of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING: Final = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number) ([2-5])\Z", re.IGNORECASE)
_OFF: Final = frozenset({"0", "false", "off"})
_BODY: Final = 9  # the outline level of text that is no heading


@dataclass(frozen=True, slots=True)
class Style:
    """What a style, or the text itself, says; None where it says nothing.

    outline: 0 for the highest heading. number, level: the list it belongs to, and how deep.
    """

    name: str | None = None
    outline: int | None = None
    number: int | None = None
    level: int | None = None
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    struck: bool | None = None

    def over(self, base: Style) -> Style:
        """This style, and the base where this one says nothing."""
        if self == PLAIN:
            return base
        if base == PLAIN:
            return self
        own = {name: getattr(self, name) for name in _SAID}
        return Style(
            **{name: getattr(base, name) if value is None else value for name, value in own.items()}
        )


PLAIN: Final = Style()
_SAID: Final = tuple(field.name for field in fields(Style))


def of(element: Any) -> Style:
    """What a `w:style`, `w:p` or `w:r` says by itself."""
    said = _said(element.find(f"{WORD}pPr")) | _said(element.find(f"{WORD}rPr"))
    if not said:
        return PLAIN
    numbering = _said(said.get("numPr"))
    return Style(
        outline=_number(said, "outlineLvl"),
        number=_number(numbering, "numId"),
        level=_number(numbering, "ilvl"),
        bold=_switch(said, "b"),
        italic=_switch(said, "i"),
        hidden=_switch(said, "vanish"),
        struck=_switch(said, "strike") or _switch(said, "dstrike"),
    )


def name(element: Any) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Any) -> str:
    """The `w:val` of an element, or "" without one."""
    return "" if element is None else str(element.get(f"{WORD}val") or "")


def number(text: str) -> int | None:
    """A number as Word writes it, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _said(properties: Any) -> dict[str, Any]:
    """Properties by their names."""
    return {} if properties is None else {name(one): one for one in properties}


def _number(said: Mapping[str, Any], of_what: str) -> int | None:
    return number(value(said.get(of_what)))


def _switch(said: Mapping[str, Any], of_what: str) -> bool | None:
    found = said.get(of_what)
    return None if found is None else value(found).lower() not in _OFF


def _called(name: str) -> Style:
    """What the name alone says: "List Bullet 2" is a list of its own, shown within another."""
    deeper = _LIST.match(name)
    return Style(name=name or None, level=int(deeper[1]) - 1 if deeper else None)


class Styles:
    """The styles of one document, each with what it inherits."""

    def __init__(self, element: Any) -> None:
        found = element.iter(f"{WORD}style") if element is not None else ()
        self._elements = {str(style.get(f"{WORD}styleId")): style for style in found}
        self._known: dict[str, Style] = {}

    def of_paragraph(self, paragraph: Any) -> Style:
        """What a paragraph says, itself or by its style. What its mark looks like is no matter."""
        own = of(paragraph)
        bare = Style(outline=own.outline, number=own.number, level=own.level)
        return bare.over(self._named(value(paragraph.find(f"{WORD}pPr/{WORD}pStyle"))))

    def of_run(self, run: Any, paragraph: Style) -> Style:
        named = self._named(value(run.find(f"{WORD}rPr/{WORD}rStyle")))
        return of(run).over(named).over(paragraph)

    def heading(self, style: Style) -> str:
        """The tag of a heading ("title" for that of the whole document), or ""."""
        called = (style.name or "").lower()
        if called == "title":
            return "title"
        by_name = _HEADING.match(called)
        outline = style.outline if style.outline is not None else (
            int(by_name[1]) - 1 if by_name else _BODY
        )  # fmt: skip
        return f"h{min(outline + 1, 6)}" if outline < _BODY else ""

    def _named(self, name: str) -> Style:
        """A style with all that it is based on, each looked at once in the whole document."""
        lineage: dict[str, Any] = {}
        above = name
        while above in self._elements and above not in self._known and above not in lineage:
            lineage[above] = self._elements[above]
            above = value(lineage[above].find(f"{WORD}basedOn"))
        style = self._known.get(above, PLAIN)
        for known, element in reversed(lineage.items()):
            own = _called(value(element.find(f"{WORD}name"))).over(of(element))
            style = self._known[known] = own.over(style)
        return style
