"""Repeats: the same news twice, newer versions of it, and what is only related. Pure.

An item is found by its bands (`bands_of`): pieces of a MinHash of its wording, its address, its
first sentences, two words at a time of its title. Those found are compared word by word
(`compare`): how alike they are, and whether what differs makes them other news.
"""

from __future__ import annotations

from bulletin.repeats.bands import MOST_HITS, WAY, bands_of, hallmarks, likeliest
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
    "hallmarks",
    "likeliest",
    "traits_of",
]
