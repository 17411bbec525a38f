"""Nothing is lost: whatever the door, each word of the input is in an item or among `dropped`.

Every piece is given words of its own ("Kwaba"), so that none is found where another one stands.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from email.message import EmailMessage
from html import escape
from urllib.parse import unquote

import newsletters
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bulletin.models.items import Action, ItemDraft, Reading
from bulletin.sources import SourceFormat, read

# What editors meet, each with room for a word that nothing else has.
PIECES = (
    "New guidance on {}", "{} SAFETY", "1. First {}", "2) Second {}", "• a bullet on {}",
    "  - nested {}", "Pupils should wash {} hands before lunch each day.", "> quoted {}",
    "Schools look at who may use the gate, says {}, and write down what they found.",
    "Source: Keyhole {}", "Source: Keyhole published on this website 3 May 2026 by Jo {}",
    "By Jo {}, 3 May 2026 | Keyhole", "Keyhole {} | 3 May 2026", "3 May 2026 ({})",
    "Posted: 3 May 2026 | Tags: {}, doors", "Category: {} | Posted: 3 May 2026",
    "Date published: March 2026 {}", "Author: Kim {}", "Topic: {}", "Title: {}",
    "Summary: {} words.",
    "Link: {}",
    "Source: Keyhole {} Summary: Short", "Title: One Summary: {} words, Link: here", "By {}",
    "Deadline: 3 June 2026 for {}", "Nations: Wales and {}", "Audience: DSLs and {}", "{}",
    "Read the report: {}", "Read the {}", "Read more:", "Further information on {}",
    "Useful links:",
    "Full article on {} can be found here", "The {} can be found here: https://x.example/c",
    "See https://x.example/b for {} and ring 0300 123 4567.", "Share this {}:", "Facebook", "Print",
    "Facebook | {} | Email", "", "", "-----", "© 2026 {}", "Unsubscribe from {}", "A | {} | C",
    "See also on Keyhole > {}", "Was {} useful", "Welcome to the {} newsletter.", "**Bold {}**",
    "(Source: Handbook {}, pages 3 and 4)", "{}: a label and words after it", "Page 3 of {}",
    "This {} is for members only", "We use cookies on {}", "Applies to: {}", "Venue: {} Hall, 2pm",
    "[{}](https://x.example/d)", "{}@keyhole.example", "Posted by {} on 3 May 2026", "Image: {}",
)  # fmt: skip
WORDS = tuple(f"Kw{one}{two}b{two}" for one in "aeiou" for two in "dfgklmnprstvz")
TAGS = (
    "p", "h2", "h3", "div", "li", "blockquote", "td", "th", "span", "b", "em", "button", "dialog",
    "textarea", "option", "details", "summary", "nav", "footer", "aside", "header", "label",
    "caption", "dt", "dd", "figcaption", "legend", "article", "section", "pre", "del", "form",
    "noscript", "iframe", "object", "svg", "video", "main", "address", "time", "marquee", "center",
)  # fmt: skip
HEADINGS = (
    "Title", "Summary", "Topic", "Source", "Date", "Author", "Link", "Nation", "Audience", "Ref",
    "Venue", "Deadline", "Link text", "Source and date", "",
)  # fmt: skip
few = settings(max_examples=10)  # a thousand of each were tried when they were written
fewest = settings(max_examples=3)
A_PIECE = st.sampled_from(PIECES)


def wanted(pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """The pieces, each with a word of its own, and these words."""
    words = [word for piece, word in zip(pieces, WORDS, strict=False) if "{}" in piece]
    return [piece.format(word) for piece, word in zip(pieces, WORDS, strict=False)], words


def told(found: Reading) -> str:
    """All that a reading says, in its items and of what it left out."""
    return unquote(" ".join(_texts(found))).replace("\\", "").lower()


def _texts(found: Reading) -> Iterator[str]:
    yield from (one.text for one in found.dropped)
    yield found.title
    for item in found.items:
        for field in fields(ItemDraft):
            yield from _said(getattr(item, field.name))


def _said(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _said(one)
    elif isinstance(value, Action):
        yield from (value.label, value.title, value.url or "")
    else:
        yield str(value)


def assert_nothing_is_lost(data: bytes | str, kind: SourceFormat, words: Sequence[str]) -> None:
    kept = told(read(data, kind))
    assert [word for word in words if word.lower() not in kept] == []


@few
@given(st.lists(A_PIECE, min_size=1, max_size=25))
def test_no_word_of_a_text_is_lost(pieces: list[str]) -> None:
    lines, words = wanted([*pieces, "The last of {}."])
    assert_nothing_is_lost("\n".join(lines), SourceFormat.TEXT, words)


NESTED = st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS), A_PIECE)


@few
@given(st.lists(NESTED, min_size=1, max_size=8))
def test_no_word_of_a_page_is_lost(parts: list[tuple[str, str, str]]) -> None:
    lines, words = wanted([piece for *_, piece in parts])
    page = "".join(
        f"<{outer}><{inner}>{escape(line)}</{inner}></{outer}>"
        for (outer, inner, _), line in zip(parts, lines, strict=True)
    )
    whole = f"<html><body>{page}<p>The end.</p></body></html>"
    assert_nothing_is_lost(whole, SourceFormat.HTML, words)


TABLES = st.tuples(
    st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=6, unique=True),
    st.lists(st.lists(A_PIECE, min_size=1, max_size=8), min_size=2, max_size=5),
)


@few
@given(TABLES, st.sampled_from("\t,;|"), st.booleans())
def test_no_word_of_a_table_is_lost(
    table: tuple[list[str], list[list[str]]], delimiter: str, quoted: bool
) -> None:
    names, rows = table
    lines, words = wanted([cell for row in rows for cell in row])
    rest = iter(lines)
    grid = [names, *([next(rest, "") for _ in row] for row in rows)]
    out = io.StringIO()
    if quoted:
        csv.writer(out, delimiter=delimiter).writerows(grid)
    else:
        out.write("\n".join(delimiter.join(row) for row in grid))
    assert_nothing_is_lost(out.getvalue(), SourceFormat.AUTO, words)


@few
@given(TABLES)
def test_no_word_of_a_table_of_a_page_is_lost(table: tuple[list[str], list[list[str]]]) -> None:
    names, rows = table
    lines, words = wanted([cell for row in rows for cell in row])
    rest = iter(lines)
    page = "".join(f"<th>{name}</th>" for name in names)
    for row in rows:
        cells = "".join(f"<td>{escape(next(rest, ''))}</td>" for _ in row)
        page += f"</tr><tr>{cells}"
    assert_nothing_is_lost(f"<table><tr>{page}</tr></table>", SourceFormat.HTML, words)


ENTRIES = st.lists(st.lists(A_PIECE, min_size=5, max_size=8), min_size=1, max_size=3)


def as_rss(entries: Sequence[Sequence[str]]) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><author>{escape(author)}</author>"
        f"<category>{escape(one)}</category><category>{escape(two)}</category>"
        f"<description>{escape(escape(chr(10).join(text)))}</description></item>"
        for title, author, one, two, *text in entries
    )
    return f"<rss version='2.0'><channel><title>Keyhole</title>{items}</channel></rss>"


def as_json(entries: Sequence[Sequence[str]]) -> str:
    items = [
        {
            "title": title,
            "author": {"name": author},
            "tags": [one, two],
            "content_text": "\n".join(text),
        }
        for title, author, one, two, *text in entries
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "K", "items": items})


@pytest.mark.parametrize("written", [as_rss, as_json])
@few
@given(ENTRIES)
def test_no_word_of_a_feed_is_lost(
    written: Callable[[Sequence[Sequence[str]]], str], entries: list[list[str]]
) -> None:
    lines, words = wanted([piece for entry in entries for piece in entry])
    rest = iter(lines)
    filled = [[next(rest, "") for _ in entry] for entry in entries]
    # The mailbox of an author of RSS is no name; it is the one thing that is left out unsaid.
    for entry in filled:
        entry[1] = entry[1].replace("@", " at ")
    assert_nothing_is_lost(written(filled), SourceFormat.FEED, words)


@few
@given(st.lists(A_PIECE, min_size=1, max_size=12), st.booleans())
def test_no_word_of_a_mail_is_lost(pieces: list[str], as_html: bool) -> None:
    (subject, *lines), words = wanted(["News of {}", *pieces])
    mail = EmailMessage()
    mail["From"], mail["To"] = "news@keyhole.example", "dsl@school.example"
    mail["Subject"], mail["Date"] = subject, "Mon, 04 May 2026 07:30:00 +0100"
    if as_html:
        mail.set_content("".join(f"<p>{escape(line)}</p>" for line in lines), subtype="html")
    else:
        mail.set_content("\n".join([*lines, "The end."]))
    assert_nothing_is_lost(mail.as_bytes(), SourceFormat.MAIL, words)


@fewest
@given(st.lists(A_PIECE, min_size=1, max_size=10), TABLES)
def test_no_word_of_a_word_document_is_lost(
    pieces: list[str], table: tuple[list[str], list[list[str]]]
) -> None:
    names, rows = table
    cells = [(row + [""] * len(names))[: len(names)] for row in rows]
    lines, words = wanted([*pieces, *(cell for row in cells for cell in row)])
    document = Document()
    for at, line in enumerate(lines[: len(pieces)]):
        document.add_paragraph(line, style="Heading 1" if at % 4 == 0 else None)
    rest = iter(lines[len(pieces) :])
    grid = document.add_table(rows=0, cols=len(names))
    for row in (names, *cells):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = next(rest, "") if row is not names else text
    assert_nothing_is_lost(newsletters.saved(document), SourceFormat.DOCX, words)


@fewest
@given(TABLES)
def test_no_word_of_a_spreadsheet_is_lost(table: tuple[list[str], list[list[str]]]) -> None:
    names, rows = table
    lines, words = wanted([cell for row in rows for cell in row])
    rest = iter(lines)
    book = Workbook()
    book.active.append(names)
    for row in rows:
        book.active.append([next(rest, "") for _ in row])
    assert_nothing_is_lost(newsletters.saved(book), SourceFormat.TABLE, words)
