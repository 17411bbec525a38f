"""Nesting: pages as a parser can take them apart in a time that grows with their length alone.

What is open when a block ends is opened again in every block that follows, if it is an element of
formatting (WHATWG HTML, 13.2.4.3), so that a short page can become millions of elements. Here such
elements have names that mean nothing to a parser, and it leaves them where they are.
"""

from __future__ import annotations

import re
from typing import Final

from bulletin.errors import InvalidInput

_PREFIX: Final = "as-"
_FORMATTING: Final = "big|b|code|em|font|i|nobr|small|strike|strong|s|tt|u"
_NAMED: Final = re.compile(rf"(</?)({_FORMATTING})(?=[\s/>])", re.IGNORECASE)
_RENAMED: Final = re.compile(rf"(</?){_PREFIX}({_FORMATTING})(?=[\s/>])")
_SPACE: Final = r"[ \t\n\r\f]"
# A tag as 13.2.5 has it: what stands in the values of its attributes is no tag.
_TAG: Final = re.compile(
    r"<(?:(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\r\f/>]*+)"
    rf"(?P<attributes>(?:(?:{_SPACE}|/)++|[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)?+)?+)*+)"
    r"|(?P<comment>!--)|[!?/][^>]*+)"
)
_COMMENT_END: Final = re.compile(r"(?<=<!--)-?>|--!?>")
_RAW_END: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE) for name in ("script", "style")
}
# Their end tags may be left out, so they do not add to the depth of a page.
_SELF_CLOSING: Final = frozenset({
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "br", "hr",
    "img", "meta", "link", "input", "col", "colgroup", "area", "base", "source", "wbr", "embed",
    "param", "track", "html", "head", "body",
})  # fmt: skip
# Their end tags close whatever is open in them; those of others stop at these.
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir",
    "div", "dl", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "h1",
    "h2", "h3", "h4", "h5", "h6", "listing", "main", "menu", "nav", "ol", "pre", "search",
    "section", "summary", "ul",
})  # fmt: skip
# No end tag in them closes what was open before them.
_ROOMS: Final = frozenset({
    "table", "object", "applet", "marquee", "template", "caption", "select", "svg", "math",
    "title", "textarea", "iframe", "xmp", "noembed", "noframes", "noscript", "plaintext",
})  # fmt: skip
_NEAR: Final = 20  # elements; an end tag that belongs further out closes nothing here
# What a parser would take long for; how deep a page may be is seen when it is read.
_MAX_OPEN: Final = 1_000
_MAX_TAGS: Final = 80_000
# It compares each attribute of a tag with those before it: 8,000 of one tag take 0.1 s.
_MAX_COMPARED: Final = 64_000_000
_LONG: Final = 200  # characters of attributes; fewer are not worth counting
_VALUE: Final = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")


def parsable(html: str) -> tuple[str, int]:
    """A page without scripts, styles and comments, its formatting renamed, and how many links.

    A script that never ends takes the rest of the page, as in a browser. Raises InvalidInput for
    more tags, open elements and attributes than a page of news has.
    """
    counting = _Counting()
    pieces: list[str] = []
    end = at = 0
    while tag := _TAG.search(html, at):
        name, at = (tag["name"] or "").lower(), tag.end()
        ends = _COMMENT_END if tag["comment"] else None if tag["end"] else _RAW_END.get(name)
        if ends:
            pieces.append(html[end : tag.start()])
            over = ends.search(html, at)
            end = at = over.end() if over else len(html)
        elif name:
            counting.add(name, tag)
    pieces.append(html[end:])
    return _NAMED.sub(rf"\1{_PREFIX}\2", "".join(pieces)), counting.links


def renamed(name: str) -> str:
    """The name that an element of formatting has after `parsable`."""
    return _PREFIX + name


def as_named(html: str) -> str:
    """A page with the names that its formatting had before `parsable`."""
    return _RENAMED.sub(r"\1\2", html)


def intricate() -> InvalidInput:
    """The refusal of a page that is nested too deeply or has too many tags."""
    return InvalidInput(
        "This is built too intricately to be read. Copy the news from it and paste it as plain "
        "text."
    )


class _Counting:
    """What of a page has been seen so far, and what of it is open: never less than in a parser."""

    def __init__(self) -> None:
        self.links = 0
        self._tags = self._within = self._compared = 0
        self._open: list[str] = []

    def add(self, name: str, tag: re.Match[str]) -> None:
        attributes = tag["attributes"]
        self._tags += 1
        # Elsewhere than where we think it stands (in a text field, a drawing) it may be tags.
        self._within += attributes.count("<")
        if len(attributes) > _LONG:
            self._compared += len(_VALUE.sub(" ", attributes).replace("/", " ").split()) ** 2
        if tag["end"]:
            self._close(name)
        elif name not in _SELF_CLOSING:
            self._open.append(name)
            self.links += name == "a"
        if (
            len(self._open) + self._within > _MAX_OPEN
            or self._tags > _MAX_TAGS
            or self._compared > _MAX_COMPARED
        ):
            raise intricate()

    def _close(self, name: str) -> None:
        """13.2.6.4.7: an end tag closes what is open in its element, but for these."""
        for outwards, one in enumerate(reversed(self._open[-_NEAR:]), 1):
            if one == name:
                del self._open[-outwards:]
                return
            if one in _ROOMS or (one in _BLOCKS and name not in _BLOCKS):
                return
