"""The same Markdown as plain text: 72 columns, each address whole and on its own line."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from bulletin.rendering.addresses import readable
from bulletin.rendering.cleaning import defuse

COLUMNS = 72


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """Wrap one paragraph, never inside a word or an address; `first` and `rest` go before it."""
    return "\n".join(_wrapped(text, first, rest))


def plain(tokens: Iterable[Token], finish: Callable[[str], str] = defuse) -> str:
    """The plain text of parsed Markdown. `finish` is applied to each paragraph before wrapping."""
    writer = _Writer(finish)
    for token in tokens:
        writer.take(token)
    return "\n".join(writer.lines)


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


@dataclass(slots=True)
class _Margin:
    """What stands left of the lines of a quote or a list item: a bullet once, then blanks."""

    first: str
    rest: str
    used: bool = False

    def take(self) -> str:
        text = self.rest if self.used else self.first
        self.used = True
        return text


@dataclass(slots=True)
class _Writer:
    """Walks the block tokens and writes lines."""

    finish: Callable[[str], str]
    lines: list[str] = field(default_factory=list)
    margins: list[_Margin] = field(default_factory=list)
    counters: list[int | None] = field(default_factory=list)
    gapped: bool = True

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self.counters.pop()
            case "list_item_open":
                self._open_item()
            case "blockquote_open":
                self.margins.append(_Margin("> ", "> "))
            case "list_item_close" | "blockquote_close":
                self.margins.pop()
            case "paragraph_open" if not token.hidden:
                self._gap()
            case "inline":
                self._paragraph(token)

    def _open_list(self, token: Token) -> None:
        if not self.counters:
            self._gap()
        numbered = token.type == "ordered_list_open"
        self.counters.append(int(token.attrGet("start") or 1) if numbered else None)

    def _open_item(self) -> None:
        number = self.counters[-1]
        bullet = "- "
        if number is not None:
            bullet = f"{number}. "
            self.counters[-1] = number + 1
        self.margins.append(_Margin(bullet, " " * len(bullet)))

    def _gap(self) -> None:
        """An empty line, unless one is there, inside the margins that have begun."""
        if not self.gapped:
            self.lines.append("".join(m.rest for m in self.margins if m.used).rstrip())
        self.gapped = True

    def _paragraph(self, token: Token) -> None:
        text, addresses = _reading(token)
        for part in self.finish(text).split("\n"):
            first = "".join(margin.take() for margin in self.margins)
            self.lines += _wrapped(part, first, self._rest())
        for address in addresses:
            self.lines.append(self._rest() + defuse(address))
        self.gapped = False

    def _rest(self) -> str:
        return "".join(margin.rest for margin in self.margins)


def _reading(inline: Token) -> tuple[str, list[str]]:
    """The words of a paragraph, LF for a hard break, and the addresses it leads to.

    An address that is its own link text is not said twice.
    """
    parts: list[str] = []
    addresses: list[str] = []
    opened = 0
    for child in inline.children or ():
        if child.type == "link_open":
            addresses.append(readable(str(child.attrGet("href"))))
            opened = len(parts)
        elif child.type == "link_close":
            if "".join(parts[opened:]) == addresses[-1]:
                addresses.pop()
        else:
            parts.append("\n" if child.type == "hardbreak" else child.content)
    return "".join(parts), addresses
