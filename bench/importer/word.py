"""A Word document from a readable description, so that no binary file is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell
from docx.text.paragraph import Paragraph

INLINE = re.compile(r"\[([^\]]+)\]\(([^)]+)\)|\*\*([^*]+)\*\*|([^\[*]+|[\[*])")


def document(description: str) -> bytes:
    """A .docx: "# ", "## " headings, "- " bullets, "| a | b |" rows, else a paragraph a line.

    Within a line, [words](address) is a link and **words** are bold.
    """
    word = Document()
    for kind, lines in _blocks(description):
        if kind == "table":
            _table(word, lines)
        else:
            _paragraph(word, kind, lines[0])
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _blocks(description: str) -> Iterator[tuple[str, list[str]]]:
    rows: list[str] = []
    for line in (*description.splitlines(), ""):
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            yield "table", rows
            rows = []
        if line:
            mark = re.match(r"(#{1,3}|-) ", line)
            yield (mark[1], [line[mark.end() :]]) if mark else ("", [line])


def _paragraph(word: WordDocument, mark: str, text: str) -> None:
    if mark.startswith("#"):
        _runs(word.add_heading(level=len(mark)), text)
    else:
        _runs(word.add_paragraph(style="List Bullet" if mark else None), text)


def _table(word: WordDocument, rows: list[str]) -> None:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    table = word.add_table(rows=len(cells), cols=len(cells[0]))
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _cell(cell, text)


def _cell(cell: _Cell, text: str) -> None:
    first, *rest = text.split(" // ")
    _runs(cell.paragraphs[0], first)
    for line in rest:
        _runs(cell.add_paragraph(), line)


def _runs(paragraph: Paragraph, text: str) -> None:
    for words, address, bold, rest in INLINE.findall(text):
        if address:
            _link(paragraph, words, address)
        else:
            paragraph.add_run(bold or rest).bold = bool(bold) or None


def _link(paragraph: Paragraph, words: str, address: str) -> None:
    # python-docx reads links but does not make them: ECMA-376 part 1, 17.16.22.
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"),
        paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
    )
    run = paragraph.add_run(words)
    link.append(run._r)  # noqa: SLF001 - the only way to the run's element
    paragraph._p.append(link)  # noqa: SLF001 - the only way to the paragraph's element
