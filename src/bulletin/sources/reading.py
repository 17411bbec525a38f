"""The door of sources: whatever news comes in, item drafts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped, ItemDraft, Reading
from bulletin.sources import recognising
from bulletin.sources.division.newsfeed import BANNER, read_newsfeed
from bulletin.sources.formats import archive, feed_reading, mail, markup
from bulletin.sources.formats.decoding import (
    clean,
    decode,
    is_long,
    refuse_long_text,
    refuse_rows,
)
from bulletin.sources.formats.mending import unescaped, unquoted
from bulletin.sources.recognising import SourceFormat
from bulletin.sources.tables import outside, table
from bulletin.sources.tables.naming import Naming
from bulletin.sources.tables.table import Grid
from bulletin.sources.text import lines
from bulletin.sources.text.lines import Line
from bulletin.sources.text.looks import is_sentence


def read(
    data: bytes | str,
    source_format: SourceFormat = SourceFormat.AUTO,
    *,
    charset: str = "",
    url: str = "",
    columns: Mapping[str, str] | None = None,
) -> Reading:
    """The items in a newsfeed of any kind, in its order, and what was left out and why.

    data:    a pasted text or page, or the bytes of a file. Text has up to 5 MB.
    charset: what the server or program that handed it over said of it.
    url:     where it came from, for links that begin with "/".
    columns: what the columns of its table are, heading to field, where the headings do not say it.
    Nothing is guessed: what the text does not say is "" or None, and doubts are warnings.
    Raises InvalidInput, with what to do, for what cannot be read, is empty or excessive, was built
    to do harm (requirements 73, 74), is not of the format that was asked for, or has no table with
    such columns.
    """
    known = _Known(url, Naming(columns or {}))
    found = _read(data, source_format, charset, known)
    known.naming.check()
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside the content: see `read`."""

    url: str
    naming: Naming


def _read(data: bytes | str, source_format: SourceFormat, charset: str, known: _Known) -> Reading:
    if isinstance(data, bytes) and data.startswith(archive.SIGNATURE):
        return _read_packed(data, source_format, known)
    if source_format is SourceFormat.DOCX:
        raise InvalidInput("This is no Word document (.docx). Leave the format to be recognised.")
    wants_mail = source_format is SourceFormat.MAIL
    if wants_mail or (source_format is SourceFormat.AUTO and recognising.is_mail(data)):
        return _read_mail(data, known)
    return _read_text(decode(data, charset), source_format, known)


def _read_packed(data: bytes, source_format: SourceFormat, known: _Known) -> Reading:
    """A Word document or a spreadsheet, by what is in it."""
    # Slow to load: a command that reads no document should not wait for what reads one.
    from bulletin.sources.formats import docx, spreadsheet  # noqa: PLC0415  # slow to load

    packed = archive.harmless(data)
    if source_format not in {SourceFormat.AUTO, SourceFormat.TABLE, SourceFormat.DOCX} or (
        packed.kind is archive.Kind.EXCEL and source_format is SourceFormat.DOCX
    ):
        raise InvalidInput(f"This is {packed.kind.value}. Leave the format to be recognised.")
    if packed.kind is archive.Kind.WORD:
        written = docx.read_docx(packed)
        return _with_dropped(_read_html(written.html, known), written.dropped)
    return _read_parts(spreadsheet.read_spreadsheet(packed), known, certain=True)


def _read_mail(data: bytes | str, known: _Known) -> Reading:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if not recognising.is_mail(raw):
        raise InvalidInput(
            "This is no mail as it was received. Save it from the mail program as .eml, or copy "
            "its text and paste it."
        )
    return _joined([_read_one_mail(one, known) for one in mail.read_mail(raw)])


def _read_one_mail(one: mail.Mail, known: _Known) -> Reading:
    """A mail by its HTML; by its text if that is nothing but pictures."""
    known = replace(known, url=one.url or known.url)
    found = _read_html(one.html, known) if one.html else Reading(())
    if one.text and not found.items:
        found = _read_plain(one.text)
    return _with_dropped(Reading(_titled(found.items, one.subject), found.dropped), one.dropped)


def _titled(items: Sequence[ItemDraft], subject: str) -> tuple[ItemDraft, ...]:
    """The subject of a mail with one piece of news is its heading, if it has no other."""
    if len(items) != 1 or items[0].title or not subject:
        return tuple(items)
    doubts = tuple(doubt for doubt in items[0].warnings if doubt.code != "no_heading")
    return (replace(items[0], title=subject, warnings=doubts),)


def _read_text(text: str, source_format: SourceFormat, known: _Known) -> Reading:
    match source_format:
        case SourceFormat.TEXT:
            return _read_plain(text)
        case SourceFormat.HTML:
            return _read_html(text, known)
        case SourceFormat.TABLE:
            return _read_table(text, known)
        case SourceFormat.FEED:
            return feed_reading.read_feed(text, known.url)
        case _:
            return _read_any(text, known)


def _read_any(text: str, known: _Known) -> Reading:
    """A feed, a table that cannot be mistaken, then HTML, then text."""
    if recognising.is_feed(text):
        return feed_reading.read_feed(text, known.url)
    # What is too long for a text may still be a page, most of which is never shown.
    may_be_table = "<table" not in text.lower() and not is_long(text)
    if may_be_table and (grid := table.text_grid(text, certain=known.naming.is_given)):
        return _read_grid(grid, known)
    if markup.looks_like_markup(text):
        return _read_html(text, known)
    return _read_plain(text)


def _read_plain(text: str) -> Reading:
    refuse_long_text(text)
    return read_newsfeed(lines.of_text(clean(unescaped(unquoted(text)))))


def _read_table(text: str, known: _Known) -> Reading:
    if "<table" in text.lower():
        return _read_html(text, known)
    refuse_long_text(text)
    grid = table.text_grid(text, certain=True)
    if grid is None:
        raise InvalidInput(
            "No table was found: its rows need the same columns, with tabs, commas or semicolons "
            "between them. Import it as text, or copy the table from Word or Excel and paste it."
        )
    return _read_grid(grid, known)


def _read_grid(grid: Grid, known: _Known) -> Reading:
    refuse_rows(table.row_count(grid))
    return table.read_grid(replace(grid, rows=known.naming.renamed(grid.rows)))


def _read_html(text: str, known: _Known) -> Reading:
    page = markup.read_markup(text, known.url)
    found = _read_parts(page, known)
    if len(found.items) != 1:
        return found
    return replace(found, items=(page.facts.completing(found.items[0]),))


def _read_parts(page: markup.Markup, known: _Known, *, certain: bool = False) -> Reading:
    """A page: its tables of news if it has any (`certain`: each is one), otherwise its text."""
    tables = [part for part in page.parts if isinstance(part, markup.Table)]
    tables = [replace(one, rows=known.naming.renamed(one.rows)) for one in tables]
    told = sum(
        len(part.text) for part in page.parts if isinstance(part, Line) and is_sentence(part)
    )
    news = [part for part in tables if certain or table.is_news_table(part, told)]
    if not news:
        return _with_dropped(read_newsfeed(page.lines), page.dropped)
    refuse_rows(sum(table.row_count(Grid(one.rows)) for one in news))
    around = _around_tables(page, news)
    found = _joined([around, *(table.read_grid(Grid(part.rows)) for part in news)])
    return _with_dropped(found, page.dropped)


def _around_tables(page: markup.Markup, news: list[markup.Table]) -> Reading:
    """What stands outside the tables: items if there is running text, else a banner."""
    rest = markup.Markup(tuple(part for part in page.parts if part not in news), ())
    return outside.read(rest.lines, BANNER)


def _joined(readings: Sequence[Reading]) -> Reading:
    return Reading(
        tuple(item for reading in readings for item in reading.items),
        tuple(one for reading in readings for one in reading.dropped),
    )


def _with_dropped(reading: Reading, before: Sequence[Dropped]) -> Reading:
    return Reading(reading.items, (*before, *reading.dropped))
