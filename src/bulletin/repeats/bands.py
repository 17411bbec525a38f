"""Bands: numbers that an item is found by. Two items that share one may be the same news."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from rensa import RMinHash

from bulletin.repeats.traits import Traits

# Two values to a band: of two texts that share half of their runs of three words 20 bands find all,
# of two that share a quarter 72 in 100, and the other signs find the rest. Of two that share a
# hundredth, as strangers do, they find one in 500.
_BANDS, _ROWS, _SEED = 20, 2, 7_226
# A band that very many items share says little about any of them.
MOST_HITS: Final = 200
# So many of the likeliest are compared word by word.
MOST_COMPARED: Final = 8

# Changes whenever the same item would get other bands, so that those of the library are made anew.
WAY: Final = 1000 * RMinHash.ALGORITHM_VERSION + 3


def bands_of(traits: Sequence[Traits]) -> list[dict[int, float]]:
    """What each item is found by: 64-bit numbers, each with its weight."""
    rows = RMinHash.digest_matrix_from_token_sets(
        [list(each.runs) for each in traits], _BANDS * _ROWS, _SEED
    ).to_rows()
    return [_bands(each, row) for each, row in zip(traits, rows, strict=True)]


def hallmarks(traits: Traits) -> list[int]:
    """Of the bands of an item those that it is found by if the very same comes again."""
    return [_number(sign) for sign in traits.hallmarks]


def _bands(traits: Traits, row: Sequence[int]) -> dict[int, float]:
    wording = (f"{at} {row[at : at + _ROWS]}" for at in range(0, len(row), _ROWS))
    found = {_number(band): 1.0 for band in (wording if traits.runs else ())}
    signs = {**traits.signs, **traits.hallmarks}
    return found | {_number(sign): weight for sign, weight in signs.items()}


def _number(sign: str) -> int:
    digest = hashlib.blake2b(sign.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def likeliest(bands: Mapping[int, float], hits: Mapping[int, Sequence[int]]) -> list[int]:
    """Which to compare an item with, the likeliest first.

    hits: for each band, who has it. A band counts for less, the more have it.
    """
    score: defaultdict[int, float] = defaultdict(float)
    for band, weight in bands.items():
        found = hits.get(band)
        if not found:
            continue
        worth = weight / (1 + math.log2(len(found)))
        for other in found:
            score[other] += worth
    ranked = sorted(score, key=lambda other: (-score[other], other))
    return ranked[:MOST_COMPARED]
