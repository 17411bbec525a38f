"""Word documents (.docx, ECMA-376) -> HTML of what they say, and what else they hold."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped
from bulletin.sources.formats.archive import Packed
from bulletin.sources.formats.docx_lists import Lists
from bulletin.sources.formats.docx_styles import WORD, Style, Styles, name, number, value
from bulletin.sources.formats.docx_text import Left, Paragraph, Reader, texts
from bulletin.sources.formats.furniture import DELETED, HIDDEN, PICTURE, STRUCK

MARGIN: Final = "The header or footer of the document's pages."
COMMENT: Final = "A comment in the document."
CONTENTS: Final = "A list of contents."
UNREAD: Final = "What it says was not read. Open the document, and paste what is news."
_QUOTES: Final = frozenset({"quote", "intense quote", "block text"})
_WRAPPERS: Final = frozenset({
    "sdt", "sdtContent", "customXml", "ins", "moveTo", "AlternateContent", "Choice",
})  # fmt: skip
_MAX_DEPTH: Final = 24  # of tables within tables and the like
_MAX_COLUMNS: Final = 63  # of Word


@dataclass(frozen=True, slots=True)
class Written:
    """A document as HTML, not yet made safe, and what is no part of its text."""

    html: str
    dropped: tuple[Dropped, ...]


def read_docx(packed: Packed) -> Written:
    """Take a Word document apart: its text as its last editor sees it, with accepted changes.

    Raises InvalidInput for a damaged document and for one built to do harm (requirement 73).
    """
    try:
        return _Work(Document(io.BytesIO(packed.data)).part).read()
    except InvalidInput:
        raise
    except Exception as error:  # of a damaged file the library raises anything
        raise InvalidInput(
            "This Word document is damaged. Open it in Word, save it again and import that."
        ) from error


class _Work:
    """One document while it is read."""

    def __init__(self, part: Any) -> None:
        self._part = part
        self._left = Left()
        self._styles = Styles(part.styles.element)
        self._lists = Lists(_tree(_related(part, RELATIONSHIP_TYPE.NUMBERING)))
        self._reader = Reader(self._styles, _links(part), self._left)
        self._notes = {
            "footnote": self._notes_of(RELATIONSHIP_TYPE.FOOTNOTES),
            "endnote": self._notes_of(RELATIONSHIP_TYPE.ENDNOTES),
        }
        self._contents: list[str] = []

    def read(self) -> Written:
        html = "".join(self._blocks(self._part.element.body, 0))
        return Written(html, tuple(self._dropped()))

    def _blocks(self, parent: Any, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise InvalidInput("This document is built too intricately. Paste its news as text.")
        for child in parent:
            tag = name(child)
            if tag == "p":
                yield from self._paragraph(child, depth)
            elif tag == "tbl":
                yield self._table(child, depth)
            elif tag in _WRAPPERS:
                yield from self._blocks(child, depth + 1)
            elif tag == "del":
                self._left.deleted.append(texts(child))
            elif tag == "altChunk":
                self._left.unread["part in another format"] += 1

    def _paragraph(self, element: Any, depth: int) -> Iterator[str]:
        style = self._styles.of_paragraph(element)
        if (style.name or "").lower().startswith(("toc ", "toc heading")):
            self._contents.append(texts(element))
            return
        found = self._reader.read(element, style)
        yield self._shown(element, found.text, style)
        for kind, note in found.notes:
            yield from self._notes[kind].pop(note, ())
        for box in found.boxes:
            yield f"<div>{''.join(self._blocks(box, depth + 1))}</div>"

    def _shown(self, element: Any, html: str, style: Style) -> str:
        if not html.strip():
            ruled = element.find(f"{WORD}pPr/{WORD}pBdr") is not None
            return "<hr>" if ruled else "<p></p>"
        heading = self._styles.heading(style)
        if heading == "title":
            return f'<h1 data-look="title">{html}</h1>'
        if heading:
            return f"<{heading}>{html}</{heading}>"
        if marker := self._lists.marker(style):
            return f'<p data-marker="{marker}" data-depth="{style.level or 0}">{html}</p>'
        quoted = (style.name or "").lower() in _QUOTES
        return f"<blockquote><p>{html}</p></blockquote>" if quoted else f"<p>{html}</p>"

    def _table(self, element: Any, depth: int) -> str:
        rows = (row for row in _found(element, "tr") if not _is_deleted(row))
        return f"<table>{''.join(self._row(row, depth) for row in rows)}</table>"

    def _row(self, element: Any, depth: int) -> str:
        cells: list[str] = []
        for cell in _found(element, "tc"):
            inside = "".join(self._blocks(cell, depth + 1))
            span = number(value(cell.find(f"{WORD}tcPr/{WORD}gridSpan"))) or 1
            further = min(span, _MAX_COLUMNS - len(cells)) - 1
            cells += [f"<td>{inside}</td>", *["<td></td>"] * further]
        return f"<tr>{''.join(cells)}</tr>"

    def _notes_of(self, kind: str) -> dict[str, list[str]]:
        """Footnotes by their number, each as paragraphs."""
        part = _related(self._part, kind)
        tree = _tree(part)
        if tree is None:
            return {}
        reader = Reader(self._styles, _links(part), self._left)
        return {
            str(note.get(f"{WORD}id")): [
                f"<p>{read.text}</p>"
                for paragraph in note.iter(f"{WORD}p")
                if (read := self._note(reader, paragraph)).text.strip()
            ]
            for note in tree
            if note.get(f"{WORD}type") is None  # the others are the lines above footnotes
        }

    def _note(self, reader: Reader, paragraph: Any) -> Paragraph:
        return reader.read(paragraph, self._styles.of_paragraph(paragraph))

    def _dropped(self) -> Iterator[Dropped]:
        left = self._left
        for reason, found in (
            (CONTENTS, ["\n".join(filter(None, self._contents))]),
            (DELETED, left.deleted), (STRUCK, left.struck), (HIDDEN, left.hidden),
            (PICTURE, left.pictures), (PICTURE, self._texts_of(RELATIONSHIP_TYPE.DIAGRAM_DATA)),
            (UNREAD, [f"A {what}" if many == 1 else f"{many} times a {what}"
                      for what, many in left.unread.items()]),
            (MARGIN, self._texts_of(RELATIONSHIP_TYPE.HEADER)),
            (MARGIN, self._texts_of(RELATIONSHIP_TYPE.FOOTER)),
            (COMMENT, self._texts_of(RELATIONSHIP_TYPE.COMMENTS)),
        ):  # fmt: skip
            for text in found:
                if text.strip():
                    yield Dropped(text.strip(), reason)

    def _texts_of(self, kind: str) -> list[str]:
        inside = (one for one in self._part.rels.values() if _is_inside(one, kind))
        parts = dict.fromkeys(one.target_part for one in inside)  # many may share one
        return list(dict.fromkeys(texts(_tree(part)) for part in parts))


def _found(parent: Any, tag: str) -> Iterator[Any]:
    """Rows or cells, also those in content controls and those that were inserted."""
    for child in parent:
        if name(child) == tag:
            yield child
        elif name(child) in _WRAPPERS:
            yield from _found(child, tag)


def _is_deleted(row: Any) -> bool:
    return row.find(f"{WORD}trPr/{WORD}del") is not None


def _is_inside(relation: Any, kind: str) -> bool:
    return relation.reltype == kind and not relation.is_external


def _related(part: Any, kind: str) -> Any:
    """The part that another one refers to as this, or None."""
    found = (one.target_part for one in part.rels.values() if _is_inside(one, kind))
    return next(found, None)


def _tree(part: Any) -> Any:
    """The XML of a part, or None. Parts that the library knows are parsed already."""
    if part is None:
        return None
    known = getattr(part, "element", None)
    if known is not None:
        return known
    # Archives with entities were refused before; the parser would not follow them either.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(part.blob, parser)  # so it is safe


def _links(part: Any) -> Mapping[str, str]:
    kind = RELATIONSHIP_TYPE.HYPERLINK
    return {
        key: one.target_ref
        for key, one in part.rels.items()
        if one.reltype == kind and one.is_external
    }
