"""Sanitising: HTML from anywhere -> a safe tree of its main text, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urljoin

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bulletin.models.days import spoken_date
from bulletin.models.items import Dropped
from bulletin.sources.fields.dates import find_date
from bulletin.sources.formats.clipboard import DEPTH, ITEM, LOOK, MARKER, dress, without_header
from bulletin.sources.formats.days import as_day
from bulletin.sources.formats.decoding import (
    clean,
    refuse_excess,
    refuse_links,
    refuse_written_links,
)
from bulletin.sources.formats.facts import Facts, facts_of
from bulletin.sources.formats.furniture import FORM, HIDDEN, OUTSIDE, PICTURE, Furniture
from bulletin.sources.formats.nesting import as_named, parsable
from bulletin.sources.text import inline, wording

BLOCKS: Final = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "center",
    "figure", "figcaption", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table",
    "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6",
    "details", "summary", "fieldset", "form", "body",
})  # fmt: skip
_INLINE: Final = frozenset({
    "a", "b", "strong", "i", "em", "span", "u", "br", "hr", "q", "cite", "small", "sub", "sup",
    "code", "mark", "time", "abbr", "ins", "font",
})  # fmt: skip
_TAGS: Final = set(BLOCKS | _INLINE) - {"body", "form"}
_ATTRIBUTES: Final = {
    "a": {"href"}, "ol": {"start"}, "li": {"value"}, "*": {MARKER, DEPTH, LOOK},
}  # fmt: skip
# What has no words for a reader, whatever stands in it.
_NEVER_SHOWN: Final = frozenset({
    "script", "style", "template", "head", "title", "meta", "link", "embed", "input", "xml",
})  # fmt: skip
# What no news is written in, though it may have words.
_NO_NEWS: Final = {
    **dict.fromkeys(("button", "select", "option", "optgroup", "datalist", "textarea"), FORM),
    **dict.fromkeys(("noscript", "iframe", "object", "canvas"), HIDDEN),
    **dict.fromkeys(("audio", "video", "dialog"), HIDDEN),
    **dict.fromkeys(("svg", "math", "map"), PICTURE),
}
_SCHEMES: Final = {
    "http", "https", "mailto", "tel", "javascript", "data", "vbscript", "file", "ftp",
}  # fmt: skip
_FEW: Final = 10  # parts of a link; each asks about all
_LONGEST_BASE: Final = 500  # characters; it is written out again in each link
_LEAST: Final = 200  # characters that the main text of a page has


@dataclass(frozen=True, slots=True)
class Safe:
    """The main text of a page as a safe tree (None if it has none), what was left out, and what
    the page says of itself."""

    body: LexborNode | None
    dropped: tuple[Dropped, ...]
    facts: Facts


def sanitised(html: str, base: str = "") -> Safe:
    """The main text of a page, made safe (requirements 59, 73), and the furniture that went.

    base: the address of the page, for links that begin with "/".
    Raises InvalidInput if it is nested so deeply or has so many tags that parsing it would take
    more time than any newsfeed is worth.
    """
    html, links = parsable(without_header(html))
    refuse_links(links)
    tree = LexborHTMLParser(html)
    facts = facts_of(tree)
    dropped: list[Dropped] = []
    if tree.body is not None:
        pruning = _Pruning(tree.body, _base(tree, base))
        pruning.prune(tree.body)
        dropped = pruning.dropped + _without_surroundings(tree.body)
        _mark_items(tree.body)
        text = tree.body.text(deep=True)
        refuse_excess(0, sum(map(len, text.split())))
        refuse_written_links(text)
    safe = nh3.clean(
        as_named((tree.body.html if tree.body is not None else "") or ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        # Addresses are looked at one by one later on, so that a person hears of an unsafe one.
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return Safe(LexborHTMLParser(safe).body, tuple(dropped), facts)


def _base(tree: LexborHTMLParser, address: str) -> str:
    """What the links of a page are relative to: `<base>`, or the page's own address."""
    found = tree.css_first("base[href]")
    own = (found.attributes.get("href") or "") if found is not None else ""
    base = _joined(address, own) if own else address
    return base if len(base) <= _LONGEST_BASE else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # it looks like an address of IPv6 and is none
        return address


class _Pruning:
    """Takes the furniture out of a page, and writes down how the rest is dressed."""

    def __init__(self, body: LexborNode, base: str) -> None:
        self.dropped: list[Dropped] = []
        self._furniture = Furniture(body)
        self._base = base

    def prune(self, root: LexborNode) -> None:
        """From the outside in, so that nothing is looked at that is gone already."""
        waiting = [root]
        while waiting:
            for child in list(waiting.pop().iter()):
                if child.tag in _NEVER_SHOWN:
                    child.decompose()
                elif child.tag in _NO_NEWS:
                    self._drop(child, _NO_NEWS[child.tag])
                elif reason := self._furniture.reason(child):
                    if not (reason is PICTURE and _as_text(child)):
                        self._drop(child, reason)
                else:
                    dress(child)
                    _date(child)
                    self._resolve(child)
                    waiting.append(child)

    def _drop(self, node: LexborNode, reason: str) -> None:
        for wordless in node.css("script, style"):
            wordless.decompose()
        text = _alternative(node) if node.tag == "img" else node.text(deep=True, separator=" ")
        node.decompose()
        if text := inline.tidy(clean(as_named(text))):
            self.dropped.append(Dropped(text, reason))

    def _resolve(self, node: LexborNode) -> None:
        address = node.attributes.get("href") if self._base and node.tag == "a" else None
        if address and not address.startswith("#"):
            node.attrs["href"] = _joined(self._base, address.strip())


def _as_text(picture: LexborNode) -> bool:
    """Put the words of a button that is a picture in its place, if it says what a reader does."""
    words = inline.tidy(clean(picture.attributes.get("alt") or ""))
    link = picture.parent
    if not wording.is_bare_label(words) or not _is_picture(link):
        return False
    picture.replace_with(words)
    return True


def _date(node: LexborNode) -> None:
    """Let a time that is shown as "2 days ago" say which day that was."""
    told = node.attributes.get("datetime") if node.tag == "time" else None
    day = as_day(told) if told else None
    if day and not find_date(node.text(deep=True)):
        for child in list(node.iter(include_text=True)):
            child.remove()
        node.insert_child(spoken_date(day))


def _alternative(picture: LexborNode) -> str:
    """What a picture says in words; where a link is nothing but it, also where that leads."""
    words = picture.attributes.get("alt") or ""
    link = picture.parent
    if link is None or not _is_picture(link):
        return words
    return f"{words} {link.attributes.get('href') or ''}"


def _is_picture(node: LexborNode | None) -> bool:
    """Whether an element is a link without words, with a few pictures in it."""
    if node is None or node.tag != "a" or len(list(islice(node.iter(), _FEW))) == _FEW:
        return False
    return not node.text(deep=True).strip()


def _without_surroundings(body: LexborNode) -> list[Dropped]:
    """Take away what stands outside the one element that a page calls its main text."""
    mains = body.css("main, [role=main]") or body.css("[itemprop=articleBody]")
    if len(mains) != 1 or len(mains[0].text(deep=True)) < _LEAST:
        return []
    dropped: list[Dropped] = []
    inside = mains[0]
    while inside.parent is not None and inside.tag != "body":
        for sibling in list(inside.parent.iter(include_text=True)):
            if sibling.mem_id != inside.mem_id and not _holds_title(sibling, mains[0]):
                text = inline.tidy(clean(sibling.text(deep=True, separator=" ")))
                sibling.decompose()
                dropped += [Dropped(text, OUTSIDE)] if text else []
        inside = inside.parent
    return dropped


def _mark_items(body: LexborNode) -> None:
    """Write down which articles are one of several: each is an item."""
    outer = [node for node in body.css("article") if not _is_within(node, "article")]
    for node in outer if len(outer) > 1 else ():
        node.attrs[LOOK] = ITEM


def _is_within(node: LexborNode, tag: str) -> bool:
    above = node.parent
    while above is not None and above.tag != tag:
        above = above.parent
    return above is not None


def _holds_title(node: LexborNode, main: LexborNode) -> bool:
    """Some pages put the heading of their main text above it."""
    above = node.tag == "h1" or (node.tag != "-text" and node.css_first("h1") is not None)
    return above and main.css_first("h1") is None
