"""The door of sources: text, HTML or a table in, item drafts out."""

from __future__ import annotations

from enum import StrEnum

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped, Reading
from bulletin.sources import lines, markup, table
from bulletin.sources.decoding import decode
from bulletin.sources.lines import Line
from bulletin.sources.looks import is_sentence
from bulletin.sources.newsfeed import BANNER, read_newsfeed
from bulletin.sources.table import Grid


class SourceFormat(StrEnum):
    """How a source is written. AUTO finds out."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"
    TABLE = "table"


def read(data: bytes | str, source_format: SourceFormat = SourceFormat.AUTO) -> Reading:
    """The items in a pasted or saved newsfeed, in its order, and what was left out and why.

    data: bytes in UTF-8, UTF-16 (with its mark) or Windows-1252, or text; up to 5 MB.
    Nothing is guessed: what the text does not say is "" or None, and doubts are warnings.
    Raises InvalidInput, with what to do, for binary, undecodable, empty or excessive input, and
    for TABLE if there is no table in it.
    """
    text = decode(data)
    match source_format:
        case SourceFormat.TEXT:
            return read_newsfeed(lines.of_text(text))
        case SourceFormat.HTML:
            return _read_html(text)
        case SourceFormat.TABLE:
            return _read_table(text)
        case SourceFormat.AUTO:
            return _read_any(text)


def _read_any(text: str) -> Reading:
    """A table that cannot be mistaken, then HTML, then text."""
    if "<table" not in text.lower() and (grid := table.text_grid(text)):
        return table.read_grid(grid)
    if markup.looks_like_markup(text):
        return _read_html(text)
    return read_newsfeed(lines.of_text(text))


def _read_table(text: str) -> Reading:
    if "<table" in text.lower():
        return _read_html(text)
    grid = table.text_grid(text, certain=True)
    if grid is None:
        raise InvalidInput(
            "No table was found: its rows need the same columns, with tabs, commas or semicolons "
            "between them. Import it as text, or copy the table from Word or Excel and paste it."
        )
    return table.read_grid(grid)


def _read_html(text: str) -> Reading:
    """A page: its tables of news if it has any, otherwise its text."""
    page = markup.read_markup(text)
    tables = [part for part in page.parts if isinstance(part, markup.Table)]
    news = [part for part in tables if table.is_news_table(part)]
    if not news:
        found = read_newsfeed(page.lines)
        return Reading(found.items, page.dropped + found.dropped)
    around = _around_tables(page, news)
    readings = [around, *(table.read_grid(Grid(part.rows)) for part in news)]
    items = tuple(item for reading in readings for item in reading.items)
    dropped = tuple(one for reading in readings for one in reading.dropped)
    return Reading(items, page.dropped + dropped)


def _around_tables(page: markup.Markup, news: list[markup.Table]) -> Reading:
    """What stands outside the tables: items if there is running text, else a banner."""
    rest = markup.Markup(tuple(part for part in page.parts if part not in news), ())
    found: list[Line] = rest.lines
    if any(map(is_sentence, found)):
        return read_newsfeed(found)
    return Reading((), tuple(Dropped(line.text, BANNER) for line in found if line.text != "---"))
