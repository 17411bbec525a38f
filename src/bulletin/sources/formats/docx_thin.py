"""Word's XML without what is nothing but looks, of which long documents have more than of text."""

from __future__ import annotations

import re
from typing import Final

# Fonts, colours, margins, borders, marks of the spelling checker and places of bookmarks.
_LOOKS: Final = (
    "rFonts|sz|szCs|lang|color|u|w|kern|position|bCs|iCs|noProof|highlight|spacing|jc|ind|shd|top|"
    "bottom|left|right|insideH|insideV|keepNext|keepLines|widowControl|contextualSpacing|"
    "autoSpaceD[EN]|adjustRightInd|textAlignment|snapToGrid|tblW|tblLook|tblLayout|tblInd|gridCol|"
    "trHeight|cantSplit|cnfStyle|tcW|vAlign|proofErr|bookmarkStart|bookmarkEnd|"
    "commentRange(?:Start|End)|lastRenderedPageBreak|lsdException"
)
_ELEMENT: Final = re.compile(rf"<w:(?:{_LOOKS})(?:\s[^<>]*)?/>".encode())
# By which Word knows in which session, and in which paragraph, something was written.
_ATTRIBUTE: Final = re.compile(rb'\s(?:w:rsid[A-Za-z]{0,9}|w14:(?:paraId|textId))="[^"<>]*"')


# Up to where a tag begins. Without pieces, what stands between looks takes 200 bytes each.
_PIECE: Final = re.compile(rb".{1,300000}[^<]*", re.DOTALL)


def thinned(content: bytes) -> bytes:
    """A part of a document, in UTF-8, with all its text and all that says what a text is."""
    return b"".join(
        _ATTRIBUTE.sub(b"", _ELEMENT.sub(b"", piece[0])) for piece in _PIECE.finditer(content)
    )
