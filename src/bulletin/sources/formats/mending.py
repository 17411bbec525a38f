"""Mending: text that a wrong charset, a spreadsheet or a web page's escapes have damaged."""

from __future__ import annotations

import re
from typing import Final

_MAX_MENDED: Final = 150_000  # characters; beyond that a text is noise, and mending takes seconds
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
# Whatever ftfy may take for misread has one of these. To look for it takes a tenth of the time.
_DOUBTFUL: Final = re.compile("[^\x00-\x7f]{2}|[\x80-\x9fÂÃŒœ]")
# A line, or as much of a long one, not cut within a misread character.
_PIECE: Final = re.compile(r"[^\n]{1,10000}[^\x00-\x7f]{0,100}\n?|\n")
_BLOCK: Final = re.compile(r"\n[ \t]*\n")


def readable(text: str) -> str:
    """Text whose UTF-8 was once read as another charset ("â€™" for "’"), mended line by line.

    A line that makes sense as it is stays letter for letter.
    """
    if not _DOUBTFUL.search(text):
        return text
    import ftfy  # noqa: PLC0415  # slow to load, and few texts need it
    from ftfy.badness import is_bad  # noqa: PLC0415  # the same

    pieces, left = _PIECE.findall(text), _MAX_MENDED
    for index, piece in enumerate(pieces):
        if left > 0 and _DOUBTFUL.search(piece) and is_bad(piece):
            left -= len(piece)
            pieces[index] = ftfy.fix_encoding(piece)
    return "".join(pieces)


def unescaped(text: str) -> str:
    """Plain text with the characters that escapes of HTML stand for ("&amp;", "&#8217;")."""
    if not _ENTITY.search(text):
        return text
    from ftfy.fixes import unescape_html  # noqa: PLC0415  # slow to load, and few texts need it

    return unescape_html(text)


def unquoted(text: str) -> str:
    """Plain text without the quotation marks that a spreadsheet put around its cells.

    Cells with marks or line ends inside are copied as `"He said ""no""."`. A mark that has a
    partner is part of the text and stays.
    """
    if '"' not in text:
        return text
    return "".join(map(_without_stray, _blocks(text)))


def _blocks(text: str) -> list[str]:
    """The paragraphs and what stands between them, in order."""
    pieces: list[str] = []
    end = 0
    for gap in _BLOCK.finditer(text):
        pieces += [text[end : gap.start()], gap[0]]
        end = gap.end()
    return [*pieces, text[end:]]


def _without_stray(block: str) -> str:
    bare = block.strip()
    marks = bare.count('"')
    if not marks:
        return block
    around = len(bare) > 1 and bare[0] == bare[-1] == '"'
    if around and '""' in bare[1:-1] and not bare[1:-1].replace('""', "").count('"'):
        return block.replace(bare, bare[1:-1].replace('""', '"'))
    if marks == 1 and bare[-1] == '"':
        return block.replace(bare, bare[:-1].rstrip())
    return block
