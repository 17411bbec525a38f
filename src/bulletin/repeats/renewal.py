"""Renewal: what a text says of itself as a newer version of something."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

# What changes the matter itself, and what may only be said of it when it is told of again.
_CHANGES: Final = re.compile(
    r"\b(extend|postpon|reschedul|cancel|withdr[ae]w|correct|suspend|supersed|brought forward"
    r"|moved to|new date|new deadline|no longer|more time)[a-z]*"
)
_RENEWS: Final = re.compile(
    r"\b(updat|revis|amend|refresh|new edition|new version|latest version|second edition|rewritten)"
)
_EVENT: Final = re.compile(
    r"\b(?:course|training|webinar|seminar|workshop|conference|session|briefing|event|forum"
    r"|masterclass|open (?:day|evening|morning)|book (?:a|your) place|meeting|drop-?in)"
)
_PERIODICAL: Final = re.compile(
    r"\b(?:statistic|monthly|weekly|quarterly|termly|fortnightly|daily|newsletter|bulletin|digest"
    r"|round-?up|dashboard|figures for|minutes of|data for)"
)
# What asks for something, and what tells later what came of that.
_ASKS: Final = re.compile(
    r"\b(?:seek|asks? for|asking|invit|wanted|have your say|call for|take part|tell us"
    r"|open(?:s|ed)?\b|apply|nominat|enter\b|book|register|join|clos(?:es|ing)|deadline)"
)
_TELLS: Final = re.compile(
    r"\b(results?|findings|outcomes?|responses? to|winners?|recordings|recording(?! of (?!the|our))"
    r"|slides|what (?:you|we|schools|parents|pupils) (?:said|told|heard)|summary of responses"
    r"|analysis of)\b"
)
# News of it is at its beginning; further down, a text speaks of many things that were changed.
BEGINNING: Final = 300


class Renewal:
    """What a text says of itself at its beginning. It is given without case."""

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning

    @cached_property
    def changes(self) -> dict[str, str]:
        """How the matter itself was changed: {"extend": "extended"}."""
        return {found[1]: found[0] for found in _CHANGES.finditer(self._beginning)}

    @cached_property
    def renews(self) -> bool:
        """Whether it is news of a newer version: "updated", "revised"."""
        return bool(_RENEWS.search(self._beginning))

    @cached_property
    def tells(self) -> str:
        """The word by which its title tells what came of something, or ""."""
        found = _TELLS.search(self._beginning.partition("\n")[0])
        return found[0] if found else ""

    @cached_property
    def asks(self) -> bool:
        """Whether it asks its readers for something, of which it tells no results yet."""
        return not self.tells and bool(_ASKS.search(self._beginning))

    @cached_property
    def is_one_of_many(self) -> bool:
        """Whether it is about one of many alike: a course, the figures of a month."""
        return bool(_EVENT.search(self._beginning) or _PERIODICAL.search(self._beginning))
