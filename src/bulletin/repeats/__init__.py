"""Repeats: the same news twice, newer versions of it, and what is only related. Pure.

An item is found by its bands (`bands_of`): pieces of a MinHash of its wording, its address, its
first sentences, two words at a time of its title. Those found are compared word by word
(`compare`): how alike they are, and whether what differs makes them other news.
"""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.models.items import ItemDraft, Repeat
from bulletin.repeats.bands import MOST_HITS, WAY, bands_of, likeliest
from bulletin.repeats.judging import compare
from bulletin.repeats.ranking import Match, best
from bulletin.repeats.shelf import Shelf
from bulletin.repeats.traits import Traits, traits_of

__all__ = [
    "MOST_HITS",
    "WAY",
    "Match",
    "Shelf",
    "Traits",
    "bands_of",
    "best",
    "compare",
    "likeliest",
    "repeats_of",
    "traits_of",
]


def repeats_of(
    drafts: Sequence[ItemDraft], earlier: Sequence[ItemDraft]
) -> list[tuple[int, int, Repeat]]:
    """Which drafts repeat an earlier one: (place among the drafts, place among the earlier, how).

    Of several that a draft repeats, the one it is most like. Takes time in proportion to what is
    given: nothing is compared that has nothing in common.
    """
    shelf = Shelf()
    known = [traits_of(draft) for draft in earlier]
    for place, (traits, bands) in enumerate(zip(known, bands_of(known), strict=True)):
        shelf.put(place, traits, bands)
    wanted = [traits_of(draft) for draft in drafts]
    found = (shelf.like(*each) for each in zip(wanted, bands_of(wanted), strict=True))
    return [
        (place, match.key, match.repeat) for place, match in enumerate(found) if match is not None
    ]
