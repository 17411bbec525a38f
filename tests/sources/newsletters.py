"""One newsletter of five items, written down in every way in which editors get one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from html import escape
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook

BANNER = "Keyhole weekly"


@dataclass(frozen=True)
class News:
    """A piece of news. body: paragraphs, and lists as ("ul" or "ol", lines)."""

    title: str
    source: str
    day: str
    author: str
    body: Sequence[str | tuple[str, Sequence[str]]]
    links: Sequence[tuple[str, str]]


NEWS = (
    News(
        "Doors that close by themselves", "Keyhole Trust", "3 May 2026", "Jo Example",
        ("The trust has looked at the doors of forty schools. Most of them close too slowly.",
         "Schools are asked to:",
         ("ul", ("look at every door once a term", "write down what was found"))),
        [("Read the report: Forty doors", "https://keyhole.example/forty-doors.pdf")],
    ),
    News(
        "Minibus drivers need a new check", "Wheel Safe", "28 April 2026", "Sam Specimen",
        ("A licence is no longer enough in Wales. Drivers take a short test first.",
         ("ol", ("Ask for a date", "Take the test", "Keep the letter")),
         "Whoever passed before 2020 is exempt."),
        [("Download the guidance", "https://wheelsafe.example/guidance?page=2"),
         ("Watch the film: Three mirrors", "https://wheelsafe.example/film")],
    ),
    News(
        "A helpline for school secretaries", "Front Desk", "27 April 2026", "Ada Example",
        ("Secretaries may ring 0300 123 4567 on weekdays between nine and four.",
         "Calls are free and are not recorded."),
        [],
    ),
    News(
        "Consultation on coats and pegs", "Peg Office", "21 April 2026", "Kim Placeholder",
        ("The office asks what schools do with wet coats. Governors are asked to answer as well.",),
        [("Respond to the consultation: Coats and pegs", "https://pegs.example/answer/")],
    ),
    News(
        "Lamps over bicycle stands", "Bright Yards", "20 April 2026", "Lee Sample",
        ("Twelve yards were given lamps. Thefts fell by half, and pupils stayed for clubs.",
         "The lamps were paid for by the parish."),
        [("Read the summary", "https://yards.example/lamps")],
    ),
)  # fmt: skip


def details(news: News) -> str:
    return f"Source: {news.source} published on this website {news.day} by {news.author}"


def as_text() -> str:
    return "\n\n\n".join(
        "\n\n".join([news.title, details(news), *_texts(news), *_bare_links(news)]) for news in NEWS
    )


def as_html() -> str:
    return f"<!doctype html><html><body>{_page()}</body></html>"


def as_clipboard() -> bytes:
    """What a browser puts on the Windows clipboard."""
    page = f"<html><body>\r\n<!--StartFragment-->{_page()}<!--EndFragment-->\r\n</body></html>"
    head = "Version:0.9\r\nStartHTML:0000000105\r\nEndHTML:0000009999\r\n"
    marks = "StartFragment:0000000141\r\nEndFragment:0000009963\r\n"
    return f"{head}{marks}SourceURL:https://keyhole.example/\r\n{page}".encode()


def as_word_html() -> str:
    """What Word puts on the clipboard: paragraphs that are lists by their style alone."""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{}</style></head>'
        f"<body lang=EN-GB><!--StartFragment-->{''.join(map(_word_item, NEWS))}<!--EndFragment-->"
        "</body></html>"
    )


def as_mail(*, html: bool = True) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Keyhole <news@keyhole.example>"
    mail["To"] = "dsl@school.example"
    mail["Subject"] = BANNER
    mail["Date"] = "Mon, 04 May 2026 07:30:00 +0100"
    mail["Message-ID"] = "<1@keyhole.example>"
    mail.set_content(f"{as_text()}\n", cte="quoted-printable")
    if html:
        hidden = '<div style="display:none;max-height:0">What you see in the inbox</div>'
        foot = (
            "<p>You receive this because you asked for it.</p>"
            '<p><a href="https://keyhole.example/u/1">Unsubscribe</a></p>'
        )
        mail.add_alternative(f"<html><body>{hidden}{_page()}{foot}</body></html>", subtype="html")
    return mail.as_bytes()


@cache
def as_docx() -> bytes:
    document = Document()
    document.add_heading(BANNER, 0)
    for news in NEWS:
        document.add_heading(news.title, 1)
        document.add_paragraph(details(news))
        for part in news.body:
            if isinstance(part, str):
                document.add_paragraph(part)
                continue
            style = "List Bullet" if part[0] == "ul" else "List Number"
            for line in part[1]:
                document.add_paragraph(line, style=style)
        for words, address in news.links:
            add_link(document.add_paragraph(), words, address)
    return saved(document)


def as_feed() -> str:
    """RSS, of titles and texts alone."""
    entries = "".join(
        f"<item><title>{news.title}</title><description>{escape(_body(news))}</description></item>"
        for news in NEWS
    )
    return f"<rss version='2.0'><channel><title>{BANNER}</title>{entries}</channel></rss>"


def as_docx_table() -> bytes:
    document = Document()
    grid = document.add_table(rows=0, cols=len(HEADINGS))
    for row in (HEADINGS, *map(_cells, NEWS)):
        cells = grid.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text.partition("\n")[0]
            for line in text.split("\n")[1:]:
                if line:
                    cell.add_paragraph(line)
    for row, news in zip(grid.rows[1:], NEWS, strict=True):
        cell = row.cells[-1]
        cell.text = ""
        for index, (words, address) in enumerate(news.links):
            add_link(cell.paragraphs[0] if index == 0 else cell.add_paragraph(), words, address)
    return saved(document)


HEADINGS = ("Title", "Information", "Source", "Date published", "Author", "Link")


def _cells(news: News) -> tuple[str, ...]:
    links = "\n\n".join(_bare_links(news))
    return (news.title, "\n\n".join(_texts(news)), news.source, news.day, news.author, links)


def as_separated(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADINGS, *map(_cells, NEWS)])
    return out.getvalue()


def as_html_table() -> str:
    def row(news: News) -> str:
        cells = [escape(text) for text in _cells(news)]
        cells[1], cells[-1] = _body(news), _links(news)
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    head = "".join(f"<th>{name}</th>" for name in HEADINGS)
    return f"<table><tr>{head}</tr>{''.join(map(row, NEWS))}</table>"


@cache
def as_spreadsheet() -> bytes:
    """Each with at most one link in a cell, as spreadsheets have them."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append([BANNER])
    sheet.append([])
    sheet.append(HEADINGS)
    for news in NEWS:
        sheet.append(_cells(news))
        if len(news.links) == 1:
            cell = sheet.cell(sheet.max_row, len(HEADINGS))
            cell.value, cell.hyperlink = news.links[0]
    return saved(book)


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def add_link(paragraph: Any, words: str, address: str) -> None:
    """A hyperlink as Word writes it."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = words
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


def _texts(news: News) -> list[str]:
    return [part if isinstance(part, str) else _text_list(*part) for part in news.body]


def _text_list(kind: str, lines: Sequence[str]) -> str:
    marks = [f"{n}. " if kind == "ol" else "• " for n in range(1, len(lines) + 1)]
    return "\n".join(f"{mark}{line}" for mark, line in zip(marks, lines, strict=True))


def _bare_links(news: News) -> list[str]:
    return [f"{words}\n{address}" for words, address in news.links]


def _page() -> str:
    return f"<h1>{BANNER}</h1>" + "".join(map(_item, NEWS))


def _item(news: News) -> str:
    return f"<h2>{news.title}</h2><p>{details(news)}</p>{_body(news)}{_links(news)}"


def _body(news: News) -> str:
    parts = (f"<p>{part}</p>" if isinstance(part, str) else _list(*part) for part in news.body)
    return "".join(parts)


def _list(kind: str, lines: Sequence[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{kind}>"


def _links(news: News) -> str:
    return "".join(f'<p><a href="{escape(at)}">{words}</a></p>' for words, at in news.links)


def _word_item(news: News) -> str:
    body = "".join(
        f"<p class=MsoNormal>{part}<o:p></o:p></p>" if isinstance(part, str) else _word_list(*part)
        for part in news.body
    )
    head = f"<p class=MsoNormal><b><span style='font-size:14.0pt'>{news.title}</span></b></p>"
    return f"{head}<p class=MsoNormal>{details(news)}</p>{body}{_links(news)}"


def _word_list(kind: str, lines: Sequence[str]) -> str:
    marks = [f"{n}." if kind == "ol" else "·" for n in range(1, len(lines) + 1)]
    return "".join(
        "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>"
        f"<![if !supportLists]><span style='mso-list:Ignore'>{mark}<span>&nbsp;&nbsp;&nbsp; </span>"
        f"</span><![endif]>{line}<o:p></o:p></p>"
        for mark, line in zip(marks, lines, strict=True)
    )
