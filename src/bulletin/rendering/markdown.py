"""Editors' Markdown: what of it we understand, and the HTML of it.

Paragraphs, lists, bold, italics, links, quotes and hard breaks. A heading becomes a bold
paragraph, because where a body stands no heading level would fit (requirement 47). HTML, images,
code and tables are just text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bulletin.models.links import SCHEMES, address_problem
from bulletin.rendering.cleaning import block

_RULES = [
    "paragraph", "list", "blockquote", "heading", "lheading",
    "newline", "escape", "link", "autolink", "emphasis", "entity",
]  # fmt: skip
# Well above what a bulletin needs; the MJML compiler crashes at about 12,000 nested tags, and
# libxml2 gives up at 256.
_MAX_DEPTH = 14
_POLICY = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote"},
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    link_rel=None,
)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it's own name
        return not address_problem(url)


# markdown-it drops what lies deeper than maxNesting; ours is lower, so that we see it first.
_rich = _Markdown("zero", {"maxNesting": _MAX_DEPTH + 4}).enable(_RULES)
_literal = _Markdown("zero")


def parse(source: str) -> list[Token]:
    """The blocks of a text, headings already turned into bold paragraphs.

    Text that is nested too deeply for any mail client is taken literally, so nothing is lost.
    """
    text = block(source)
    tokens = _rich.parse(text)
    if _depth(tokens) > _MAX_DEPTH:
        tokens = _literal.parse(text)
    for before, token in pairwise(tokens):
        for child in token.children or ():
            child.content = block(child.content)  # `&#12;` has become a form feed by now
            if child.type == "softbreak":
                # MJML loses a line end between two tags, and their words would run together.
                child.type, child.content = "text", " "
        if before.type == "heading_open":
            _embolden(before, token)
        elif token.type == "heading_close":
            token.type, token.tag = "paragraph_close", "p"
    return tokens


def html(tokens: Sequence[Token]) -> Markup:
    """The HTML of a parsed text: only what the policy lets through, without classes or styles."""
    return Markup(_POLICY.clean(_rich.renderer.render(tokens, _rich.options, {})).strip())  # noqa: S704  # cleaned just here


def opening(tokens: Iterable[Token], words: int = 8) -> str:
    """The first words of a text, plain, for a line that stands in for a missing title."""
    text = " ".join(inline_text(token) for token in tokens if token.type == "inline")
    found = text.split(" ")
    return text if len(found) <= words else " ".join(found[:words]).rstrip(".,:;") + "…"


def excerpt(tokens: Sequence[Token], words: int = 30) -> str:
    """The first words of a text, plain, with a dot-dot-dot; "" if all of it is little more."""
    whole = " ".join(inline_text(token) for token in tokens if token.type == "inline")
    if len(whole.split(" ")) <= words * 3 // 2:
        return ""
    return opening(tokens, words)


def inline_text(token: Token) -> str:
    """The words of one inline token, markup gone and on one line."""
    return "".join(
        " " if child.type == "hardbreak" else child.content for child in token.children or ()
    )


def _embolden(opened: Token, inline: Token) -> None:
    opened.type, opened.tag = "paragraph_open", "p"
    children = inline.children or []
    if children:
        inline.children = [
            Token("strong_open", "strong", 1), *children, Token("strong_close", "strong", -1)
        ]  # fmt: skip


def _depth(tokens: Iterable[Token]) -> int:
    deepest = level = 0
    for token in tokens:
        level += token.nesting
        deepest = max(deepest, level, level + _depth(token.children or ()))
    return deepest
