"""Text of a Word document: the runs, links and fields of a paragraph as HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from bulletin.errors import InvalidInput
from bulletin.sources.formats.decoding import refuse_excess
from bulletin.sources.formats.docx_styles import WORD, Style, Styles, name

_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_HYPERLINK: Final = re.compile(
    r"\s*HYPERLINK\s+(?:\"([^\"]{1,2000})\"|([^\s\\\"]{1,2000}))", re.IGNORECASE
)
_LAID_OUT: Final = {"tab": " ", "br": "<br>", "cr": "<br>", "noBreakHyphen": "-", "ptab": " "}
_WITHIN: Final = frozenset({
    "ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "bdo", "dir", "ruby", "rubyBase",
    "AlternateContent", "Choice",
})  # fmt: skip
# What stands in a file of its own within the document.
_EMBEDDED: Final = {"chart": "chart", "OLEObject": "file of another program"}
_MAX_DEPTH: Final = 40
_MAX_ADDRESS: Final = 2000
_MAX_INSTRUCTION: Final = 2 * _MAX_ADDRESS  # of a field; what comes after its address is no matter
_MAX_HTML: Final = 5_000_000  # an address is written out for each piece of text that leads there


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction; where it leads, once what comes now is its result."""

    instruction: str = ""
    result: bool = False
    target: str = ""

    def instruct(self, text: str) -> None:
        if len(self.instruction) < _MAX_INSTRUCTION:
            self.instruction += text[:_MAX_INSTRUCTION]

    def end_instruction(self) -> None:
        self.result, self.target = True, _led_to(self.instruction)


@dataclass(slots=True)
class Left:
    """What a document holds beside its text.

    unread: how many there are of what is in files of its own.
    """

    deleted: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Paragraph:
    """What came of a paragraph: its HTML, its notes, and the text boxes anchored in it."""

    html: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.html)


def texts(element: Any) -> str:
    """All text in an element, deleted or not, without any structure."""
    pieces = (
        " " if name(node) == "p" else node.text or ""
        for node in element.iter()
        if name(node) in {"t", "delText", "p"}
    )
    return " ".join("".join(pieces).split())


def _led_to(instruction: str) -> str:
    found = _HYPERLINK.match(instruction)
    return (found[1] or found[2]) if found else ""


class Reader:
    """Reads paragraphs one after the other: a field may begin in one and end in another."""

    def __init__(self, styles: Styles, links: Mapping[str, str], left: Left) -> None:
        self._styles = styles
        self._links = links
        self._left = left
        self._fields: list[_Field] = []
        self._characters = self._written = 0

    def read(self, paragraph: Any, style: Style) -> Paragraph:
        found = Paragraph()
        self._into(paragraph, style, "", found, 0)
        return found

    def _into(self, parent: Any, style: Style, target: str, found: Paragraph, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in parent:
            tag = name(child)
            if tag == "r":
                self._run(child, style, target, found)
            elif tag in {"hyperlink", "fldSimple"}:
                self._into(child, style, self._target(child) or target, found, depth + 1)
            elif tag in _WITHIN:
                self._into(child, style, target, found, depth + 1)
            elif tag in {"oMath", "oMathPara"}:
                for run in child.iter(f"{_MATH}r"):
                    self._run(run, style, target, found)
            elif tag == "del":
                self._left.deleted.append(texts(child))

    def _target(self, element: Any) -> str:
        reference = element.get(_REFERENCE)
        if reference:
            return self._links.get(reference, "")
        return _led_to(element.get(f"{WORD}instr") or "")

    def _run(self, run: Any, paragraph: Style, target: str, found: Paragraph) -> None:
        style = self._styles.of_run(run, paragraph)
        for child in run:
            tag = name(child)
            if tag == "fldChar":
                self._field(str(child.get(f"{WORD}fldCharType")))
            elif tag == "instrText" and self._fields:
                self._fields[-1].instruct(child.text or "")
            elif tag in {"footnoteReference", "endnoteReference"}:
                found.notes.append((tag[:-9], str(child.get(f"{WORD}id"))))
            elif tag in {"drawing", "pict", "object", "AlternateContent"}:
                self._drawing(child, found)
            elif all(one.result for one in self._fields):
                self._text(child, tag, style, target or self._field_target(), found)

    def _text(self, child: Any, tag: str, style: Style, target: str, found: Paragraph) -> None:
        written = escape(child.text or "") if tag == "t" else _LAID_OUT.get(tag, "")
        if tag == "sym":
            written = _symbol(str(child.get(f"{WORD}char")))
        if not written:
            return
        self._characters += len(written)
        refuse_excess(0, self._characters)
        if style.hidden or style.struck:
            (self._left.hidden if style.hidden else self._left.struck).append(child.text or "")
            return
        found.html.append(_dressed(written, style, target))
        self._written += len(found.html[-1])
        if self._written > _MAX_HTML:
            raise InvalidInput(
                "This document has far more text and links than a newsfeed. Import it in parts, or "
                "paste only the news."
            )

    def _field(self, kind: str) -> None:
        if kind == "begin" and len(self._fields) < _MAX_DEPTH:
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            self._fields[-1].end_instruction()
        elif self._fields and kind == "end":
            self._fields.pop()

    def _field_target(self) -> str:
        return next((one.target for one in reversed(self._fields) if one.target), "")

    def _drawing(self, element: Any, found: Paragraph) -> None:
        """Its text boxes, and what it says of its pictures; not what is within text boxes, which
        comes with these, nor the same again in the spelling of older programs."""
        waiting = [element]
        while waiting:
            node = waiting.pop()
            tag = name(node)
            if tag == "txbxContent":
                found.boxes.append(node)
            elif tag != "Fallback":
                if tag == "docPr" and node.get("descr"):
                    self._left.pictures.append(node.get("descr"))
                elif tag in _EMBEDDED:
                    self._left.unread[_EMBEDDED[tag]] += 1
                waiting += reversed(node)


def _symbol(code: str) -> str:
    """A character of a symbol font; those of its private area have no meaning outside it."""
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    return escape(chr(point)) if 32 <= point < 0xD800 else ""


def _dressed(text: str, style: Style, target: str) -> str:
    if style.italic:
        text = f"<i>{text}</i>"
    if style.bold:
        text = f"<b>{text}</b>"
    # An address is written out for each of its runs.
    return f'<a href="{escape(target)}">{text}</a>' if 0 < len(target) <= _MAX_ADDRESS else text
