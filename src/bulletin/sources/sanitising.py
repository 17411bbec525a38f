"""Sanitising: HTML from anywhere -> a safe tree without scripts and hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped
from bulletin.sources import inline
from bulletin.sources.decoding import clean

HIDDEN: Final = "Hidden in the page."
NAVIGATION: Final = "Navigation of the page."
PICTURE: Final = "The text of a picture."

BLOCKS: Final = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "center",
    "figure", "figcaption", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table",
    "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6",
    "details", "summary", "fieldset", "form", "body",
})  # fmt: skip
_INLINE: Final = frozenset({
    "a", "b", "strong", "i", "em", "span", "u", "br", "hr", "q", "cite", "small", "sub", "sup",
    "code", "mark", "time", "abbr",
})  # fmt: skip
_TAGS: Final = set(BLOCKS | _INLINE) - {"body", "form"}
_NEVER_SHOWN: Final = (
    "script, style, noscript, template, head > *, iframe, object, embed, svg, math, canvas, audio, "
    "video, select, option, textarea, input, button"
)
_HIDING: Final = re.compile(
    r"display\s?:\s?none|visibility\s?:\s?hidden|mso-hide\s?:\s?all|(?:font-size|max-height|opacity)\s?:\s?0"
    r"(?:px|pt|em|%)?\s?(?:;|!|\Z)",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Their end tags may be left out, so they do not add to the depth of a page.
_SELF_CLOSING: Final = frozenset({
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "br", "hr",
    "img", "meta", "link", "input", "col", "colgroup", "area", "base", "source", "wbr", "embed",
    "param",
})  # fmt: skip
_FORMATTING: Final = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
    "u",
})  # fmt: skip
_SCHEMES: Final = {
    "http", "https", "mailto", "tel", "javascript", "data", "vbscript", "file", "ftp",
}  # fmt: skip
_MAX_DEPTH: Final = 200
_MAX_OPEN_FORMATTING: Final = 10
_MAX_TAGS: Final = 40_000


def sanitised(html: str) -> tuple[LexborNode | None, tuple[Dropped, ...]]:
    """The body of a page, made safe (requirements 59, 73), and the hidden text that went.

    Raises InvalidInput if it is nested so deeply or has so many tags that parsing it would take
    more time than any newsfeed is worth.
    """
    _refuse_excess(html)
    tree = LexborHTMLParser(html)
    dropped = tuple(_without_hidden(tree))
    safe = nh3.clean(
        tree.html or "",
        tags=_TAGS,
        attributes={"a": {"href"}},
        # Addresses are looked at one by one later on, so that a person hears of an unsafe one.
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return LexborHTMLParser(safe).body, dropped


def _refuse_excess(html: str) -> None:
    depth = formatting = 0
    for count, tag in enumerate(_TAG.finditer(html)):
        name, step = tag[2].lower(), -1 if tag[1] else 1
        if name in _FORMATTING:
            formatting = max(formatting + step, 0)
        if name not in _SELF_CLOSING:
            depth = max(depth + step, 0)
        if depth > _MAX_DEPTH or formatting > _MAX_OPEN_FORMATTING or count > _MAX_TAGS:
            raise InvalidInput(
                "This page is built too intricately to be read. Copy the news from it and paste "
                "it as plain text."
            )


def _without_hidden(tree: LexborHTMLParser) -> Iterator[Dropped]:
    for node in tree.css(_NEVER_SHOWN):
        node.decompose()
    for node in tree.css("[hidden], [style], nav, [role=navigation], img[alt]"):
        reason = _reason_to_hide(node)
        if reason:
            text = inline.tidy(clean(_shown(node)))
            node.decompose()
            if text:
                yield Dropped(text, reason)


def _reason_to_hide(node: LexborNode) -> str:
    if node.tag == "img":
        return PICTURE
    if node.tag == "nav" or node.attributes.get("role") == "navigation":
        return NAVIGATION
    style = node.attributes.get("style") or ""
    return HIDDEN if "hidden" in node.attributes or _HIDING.search(style) else ""


def _shown(node: LexborNode) -> str:
    if node.tag == "img":
        return node.attributes.get("alt") or ""
    return node.text(deep=True, separator=" ")
