"""Lists of a Word document: which paragraphs are bullets, and the numbers of the others."""

from __future__ import annotations

from typing import Any, Final

from bulletin.sources.formats.docx_styles import WORD, Style, number, value

BULLET: Final = "•"
_DEEPEST: Final = 8  # ECMA-376 part 1, 17.9.6: nine levels, from 0
_UNMARKED: Final = frozenset({"none", ""})


class Lists:
    """The lists of one document; it counts while the document is read from top to bottom."""

    def __init__(self, element: Any) -> None:
        kinds = element.iter(f"{WORD}abstractNum") if element is not None else ()
        used = element.iterchildren(f"{WORD}num") if element is not None else ()
        self._kinds = {str(kind.get(f"{WORD}abstractNumId")): kind for kind in kinds}
        self._used = {number(str(one.get(f"{WORD}numId"))): one for one in used}
        self._levels: dict[tuple[int, int], tuple[str, int]] = {}
        self._kinds_levels: dict[str, dict[str, Any]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[int] = set()

    def marker(self, style: Style) -> str:
        """What stands before a paragraph of this style: "•", "3." or "". Counts it."""
        if not style.number:
            return ""
        level = min(style.level or 0, _DEEPEST)
        written, start = self._level(style.number, level)
        if written in _UNMARKED:
            return ""
        return BULLET if written == "bullet" else f"{self._next(style.number, level, start)}."

    def _next(self, number_: int, level: int, start: int) -> int:
        kind = self._kind(number_)
        before = self._counts.get(kind, {})
        if number_ not in self._begun and self._restarts(number_):
            before = {}
        self._begun.add(number_)
        # A line further out begins the lists within it anew.
        counts = {at: count for at, count in before.items() if at <= level}
        self._counts[kind] = counts
        counts[level] = counts.get(level, start - 1) + 1
        return counts[level]

    def _kind(self, number_: int) -> str:
        one = self._used.get(number_)
        return "" if one is None else value(one.find(f"{WORD}abstractNumId"))

    def _restarts(self, number_: int) -> bool:
        return self._used[number_].find(f"{WORD}lvlOverride/{WORD}startOverride") is not None

    def _level(self, number_: int, level: int) -> tuple[str, int]:
        """How a level of a list is marked, and the number that it begins with."""
        if (number_, level) not in self._levels:
            self._levels[number_, level] = self._looked_up(number_, level)
        return self._levels[number_, level]

    def _looked_up(self, number_: int, level: int) -> tuple[str, int]:
        kind = self._kind(number_)
        if kind not in self._kinds:
            return "", 1
        levels = self._levels_of(kind)
        found = levels.get(str(level), levels.get("0"))
        if found is None:
            return "bullet", 1
        start = number(value(found.find(f"{WORD}start")))
        return value(found.find(f"{WORD}numFmt")), 1 if start is None else start

    def _levels_of(self, kind: str) -> dict[str, Any]:
        if kind not in self._kinds_levels:
            levels = self._kinds[kind].iterchildren(f"{WORD}lvl")
            self._kinds_levels[kind] = {str(one.get(f"{WORD}ilvl")): one for one in levels}
        return self._kinds_levels[kind]
