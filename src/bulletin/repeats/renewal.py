"""Renewal: what a text says of itself as a newer version of something."""

from __future__ import annotations

import re
from typing import Final

from bulletin.repeats.details import Kind
from bulletin.repeats.traits import Traits

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
    r"|masterclass|book (?:a|your) place|meeting|drop-?in)"
)
_PERIODICAL: Final = re.compile(
    r"\b(?:statistic|monthly|weekly|quarterly|termly|fortnightly|daily|newsletter|bulletin|digest"
    r"|round-?up|dashboard|figures for|minutes of|data for)"
)
# News of it is at its beginning; further down, a text speaks of many things that were changed.
_BEGINNING: Final = 300


def changes(traits: Traits) -> dict[str, str]:
    """How the matter itself was changed, as its beginning says: {"extend": "extended"}."""
    return {found[1]: found[0] for found in _CHANGES.finditer(_beginning(traits))}


def renews(traits: Traits) -> bool:
    """Whether it begins as news of a newer version: "updated", "revised"."""
    return bool(_RENEWS.search(_beginning(traits)))


def is_event(traits: Traits) -> bool:
    """Whether it invites to something that takes place, and may take place again."""
    return bool(_EVENT.search(_beginning(traits)))


def is_periodical(traits: Traits) -> bool:
    """Whether it tells of one of many alike, such as the figures of a month."""
    return bool(_PERIODICAL.search(_beginning(traits)))


def title_years(traits: Traits) -> frozenset[str]:
    """The years in its title."""
    return frozenset(each.value for each in traits.title_details if each.kind is Kind.YEAR)


def _beginning(traits: Traits) -> str:
    return f"{traits.draft.title}\n{traits.draft.body[:_BEGINNING]}".casefold()
