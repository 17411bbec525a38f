"""Checks of links: where they lead and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bulletin.models.checks import Finding, Level
from bulletin.models.issues import PlacedItem
from bulletin.models.items import Action
from bulletin.preflight.addresses import address_doubt, address_problem
from bulletin.preflight.examined import Check, Examined, name_of

# Texts that say nothing when a screen reader lists the links of a page (requirement 49).
_SAYS_NOTHING = frozenset(
    {
        "here", "click", "click here", "click this", "click this link", "press here", "tap here",
        "link", "this link", "this", "this page", "page", "website", "this website", "site",
        "more", "read more", "see more", "learn more", "find out more", "more information",
        "more info", "further information", "info", "details", "read this", "read on",
        "read here", "see here", "download", "view", "go", "continue",
    }
)  # fmt: skip
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class _Lenient(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # markdown-it's own name
        return True  # rendering drops forbidden links; the editor should hear of them


_markdown = _Lenient("zero").enable(
    ["list", "blockquote", "heading", "lheading", "newline", "escape", "link", "autolink",
     "emphasis", "entity"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Link:
    where: str
    says: str
    url: str
    item_id: int | None = None


def links_lead_somewhere(examined: Examined) -> Iterator[Finding]:
    for link in _links(examined):
        if problem := address_problem(link.url):
            yield Finding(
                "link_broken",
                Level.BLOCKING,
                f"The link '{_short(link.says)}' in {link.where} {problem}: {_short(link.url)}",
                link.item_id,
            )
        elif doubt := address_doubt(link.url):
            yield Finding(
                "link_doubtful",
                Level.ADVISORY,
                f"The link '{_short(link.says)}' in {link.where} {doubt}: {_short(link.url)}",
                link.item_id,
            )


def links_are_not_lost(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        for action in item.actions:
            if action.url is None:
                yield Finding(
                    "link_lost",
                    Level.ADVISORY,
                    f"'{_short(_says(action))}' in {name_of(item)} has lost its address: "
                    "it appears as plain text.",
                    item.id,
                )


def links_say_where_they_lead(examined: Examined) -> Iterator[Finding]:
    for link in _links(examined):
        words = _EDGES.sub("", " ".join(link.says.split())).casefold()
        if not words or words in _SAYS_NOTHING:
            says = f"says only '{link.says.strip()}'" if words else "says nothing"
            yield Finding(
                "link_text",
                Level.ADVISORY,
                f"A link in {link.where} {says}: let it say what the reader gets, such as "
                "'Read the guidance on attendance'.",
                link.item_id,
            )


def _links(examined: Examined) -> Iterator[_Link]:
    for text in examined.texts():
        if text.markdown:
            for says, url in _links_in(text.text):
                yield _Link(text.where, says, url, text.item_id)
    for item in examined.items():
        yield from _action_links(item)
    for helpline in examined.content.helplines:
        if helpline.url:
            yield _Link("the helplines", helpline.name, helpline.url)


def _action_links(item: PlacedItem) -> Iterator[_Link]:
    for action in item.actions:
        if action.url is not None:
            yield _Link(name_of(item), _says(action), action.url, item.id)


def _says(action: Action) -> str:
    label, title = action.label.strip(" :"), action.title.strip()
    # "More" tells nothing, "More: Safer corridors" does.
    return f"{label}: {title}" if label and title else label or title


def _links_in(source: str) -> Iterator[tuple[str, str]]:
    """(text, address) of every link in a Markdown text."""
    for block in _markdown.parse(source):
        says: list[str] = []
        url: str | None = None
        for token in block.children or ():
            if token.type == "link_open":
                says, url = [], str(token.attrGet("href") or "")
            elif token.type == "link_close" and url is not None:
                yield "".join(says), url
                url = None
            else:
                says.append(_visible(token))


def _visible(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


LINK_CHECKS: tuple[Check, ...] = (
    links_lead_somewhere,
    links_are_not_lost,
    links_say_where_they_lead,
)
