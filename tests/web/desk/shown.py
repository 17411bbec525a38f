"""What a reader sees of an HTML text, whatever it is written like: for comparing two of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_MARKS = frozenset({"strong", "em", "a"})
_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote"})


def shown(html: str) -> list[tuple[str, str]]:
    """Each line of a text with where it stands, such as ("ul li", "<strong>Bold</strong> text").

    Spaces count as HTML shows them, and marks in whatever order they are nested.
    """
    reader = _Reader()
    reader.feed(html)
    reader.end_line()
    return [(place, text) for place, text in reader.lines if text]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        self._around: list[str] = []
        self._marks: list[str] = []
        self._pieces: list[tuple[str, tuple[str, ...]]] = []
        self._items = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_line()
            self._items += tag == "li"
            start = dict(attrs).get("start")
            name = f"li{self._items}" if tag == "li" else f"{tag}{start or ''}"
            self._around.append(name)
        elif tag in _MARKS:
            self._marks.append(f"a {dict(attrs).get('href')}" if tag == "a" else tag)
        elif tag == "br":
            self._pieces.append(("\n", ()))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
            self._around.pop()
        elif tag in _MARKS:
            self._marks.pop()

    def handle_data(self, data: str) -> None:
        marks = tuple(sorted(set(self._marks)))
        self._pieces += [(char, () if char.isspace() else marks) for char in data]

    def end_line(self) -> None:
        text, before = "", ()
        for char, marks in self._pieces:
            text += ("" if marks == before or char.isspace() else f"<{' '.join(marks)}>") + char
            before = before if char.isspace() else marks
        place = " ".join(name for name in self._around if name != "p")
        text = re.sub(r"[ \n]*\n[ \n]*", "\n", re.sub(r"[ \t]+", " ", text)).strip(" \n\xa0")
        self.lines.append((place, text))
        self._pieces = []
