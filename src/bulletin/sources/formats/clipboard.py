"""The clipboard: what Word, Outlook, Google Docs and browsers make of a copied text.

Their spellings of lists, headings and bold text become attributes of our own (`data-...`), which
stay when everything else that a page says of its looks is taken away.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

# "HTML Format" of the Windows clipboard begins with lines that say where its parts stand.
_HEADER: Final = re.compile(r"\s*Version:\d\.\d\s+StartHTML:[^<]{0,2000}(?=<)", re.IGNORECASE)
_LEVEL: Final = re.compile(r"mso-list\s?:[^;]{0,60}?\blevel(\d)\b", re.IGNORECASE)
_MAX_WRAPPED: Final = 6
_IGNORED: Final = re.compile(r"mso-list\s?:\s?ignore", re.IGNORECASE)
_BOLD: Final = re.compile(r"font-weight\s?:\s?(?:bold|[6-9]00)", re.IGNORECASE)
_NOT_BOLD: Final = re.compile(r"font-weight\s?:\s?(?:normal|lighter|[1-5]00)", re.IGNORECASE)
_ITALIC: Final = re.compile(r"font-style\s?:\s?(?:italic|oblique)", re.IGNORECASE)
_NOT_ITALIC: Final = re.compile(r"font-style\s?:\s?normal", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[(\s]*(?:\d{1,3}\.)*(\d{1,3})[.):]?\s*\Z")
_LETTER: Final = re.compile(r"[(\s]*([a-z])[.)]\s*\Z", re.IGNORECASE)

MARKER: Final = "data-marker"
DEPTH: Final = "data-depth"
LOOK: Final = "data-look"
PASSED_ON: Final = "passed-on"
ITEM: Final = "item"
BULLET: Final = "•"


def without_header(html: str) -> str:
    """A page as it was copied, without what the clipboard wrote above it."""
    return html[found.end() :] if (found := _HEADER.match(html)) else html


def dress(node: LexborNode) -> None:
    """Write down what an element looks like in attributes that the rest of the way keeps."""
    has = node.attributes
    style = has.get("style") or ""
    if has.get("role") == "heading":
        level = (has.get("aria-level") or "2")[:1]
        _set(node, LOOK, f"h{level if level in '123456' else 2}")
    elif "MsoTitle" in (has.get("class") or ""):
        _set(node, LOOK, "title")
    elif node.tag == "blockquote" and _is_passed_on(has):
        _set(node, LOOK, PASSED_ON)
    elif style:
        _dress_list(node, style)
        if looks := [look for pattern, look in _LOOKS if pattern.search(style)]:
            _set(node, LOOK, " ".join(looks))


_LOOKS: Final = (
    (_BOLD, "bold"), (_NOT_BOLD, "not-bold"), (_ITALIC, "italic"), (_NOT_ITALIC, "not-italic"),
)  # fmt: skip


def _is_passed_on(has: dict[str, str | None]) -> bool:
    """Mail programs wrap the whole of a mail that is passed on as a quotation; it is none."""
    return (has.get("type") or "").lower() == "cite" or "gmail_quote" in (has.get("class") or "")


def _dress_list(node: LexborNode, style: str) -> None:
    """Word writes a list item as a paragraph; the bullet or number is text that lists ignore."""
    level = _LEVEL.search(style)
    if level is None:
        return
    marker = _marker(node)
    written = "" if marker is None else marker.text(deep=True).replace("\xa0", " ").strip()
    if marker is not None:
        marker.decompose()
    if written or marker is not None:
        _set(node, MARKER, as_marker(written))
        _set(node, DEPTH, str(max(int(level[1]) - 1, 0)))


def _marker(node: LexborNode) -> LexborNode | None:
    """The element of a list item that lists ignore: it comes first, though not always outermost."""
    for _ in range(_MAX_WRAPPED):
        inner = next((child for child in node.iter() if not _is_comment(child)), None)
        if inner is None or _IGNORED.search(inner.attributes.get("style") or ""):
            return inner
        node = inner
    return None


def _is_comment(node: LexborNode) -> bool:
    return (node.tag or "-").startswith("-")


def as_marker(written: str) -> str:
    """ "3." for what numbers a line ("3)", "c.", "1.3."), else the bullet."""
    if number := _NUMBER.match(written):
        return f"{int(number[1])}."
    letter = _LETTER.match(written)
    if letter and letter[1].lower() != "o":  # the hollow bullet of Word is an "o"
        return f"{ord(letter[1].lower()) - ord('a') + 1}."
    return BULLET


def _set(node: LexborNode, name: str, value: str) -> None:
    node.attrs[name] = value
