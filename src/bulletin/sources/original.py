"""Originals: a text, page or file as a person reads it, to stand beside the items found in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

from bulletin.sources import recognising
from bulletin.sources.formats import archive, mail, markup
from bulletin.sources.formats.decoding import clean, decode
from bulletin.sources.formats.mending import unescaped, unquoted
from bulletin.sources.text.lines import Kind, Line

_TAG: Final = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]{0,20000}>")
_BLANKS: Final = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n){2,}")


def original(data: bytes | str, *, charset: str = "", url: str = "") -> str:
    """What `read` was given, as text with a line for each paragraph and each row of a table.

    What no reader of a page sees is left out. charset, url: as for `read`. Raises as `read` does
    for what cannot be read at all.
    """
    if isinstance(data, bytes) and recognising.is_packed(data):
        return _tidy(_of_packed(data))
    if recognising.is_mail(data):
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return _tidy("\n\n".join(map(_of_mail, mail.read_mail(raw))))
    return _tidy(_of_text(decode(data, charset), url))


def _of_packed(data: bytes) -> str:
    # Slow to load: a text that is pasted should not wait for what reads documents.
    from bulletin.sources.formats import docx, spreadsheet  # noqa: PLC0415  # slow to load

    packed = archive.harmless(data)
    if packed.kind is archive.Kind.WORD:
        return _of_html(docx.read_docx(packed).html, "")
    return _written(spreadsheet.read_spreadsheet(packed).parts)


def _of_mail(one: mail.Mail) -> str:
    body = _of_html(one.html, one.url) if one.html else _plain(one.text)
    return f"{one.subject}\n\n{body}"


def _of_text(text: str, url: str) -> str:
    if recognising.is_feed(text):
        return clean(html.unescape(html.unescape(_TAG.sub("\n", text))))
    return _of_html(text, url) if markup.looks_like_markup(text) else _plain(text)


def _plain(text: str) -> str:
    return clean(unescaped(unquoted(text)))


def _of_html(text: str, url: str) -> str:
    return _written(markup.read_markup(text, url).parts)


def _written(parts: Iterable[Line | markup.Table]) -> str:
    return "\n".join(line for part in parts for line in _lines(part))


def _lines(part: Line | markup.Table) -> Iterator[str]:
    if isinstance(part, Line):
        marker = "• " if part.kind is Kind.BULLET else f"{part.marker} ".lstrip()
        yield ("\n" if part.gap else "") + marker + part.text
        return
    for row in part.rows:
        yield " | ".join(" ".join(line.text for line in cell) for cell in row)


def _tidy(text: str) -> str:
    """No more than one empty line in a row."""
    return _BLANKS.sub("\n\n", text).strip("\n")
