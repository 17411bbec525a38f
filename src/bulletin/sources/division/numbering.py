"""Numbering: what counts the items of a newsletter, before the title of each ("ITEM 3: ...")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bulletin.sources.text import inline
from bulletin.sources.text.lines import Kind, Line

_NUMBER: Final = re.compile(
    r"(?:(?:item|no\.?|number|part|section|story|update)\s)?(?P<value>\d{1,3}|(?-i:[A-Z]))(?P<mark>[.:)]|\s[–—-])?\s(?=\S)",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"\d{1,2}\.\d{1,2}[.:)]?\s(?=\S)")
_FEW: Final = 2
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def uncounted(firsts: Sequence[Line]) -> list[Line]:
    """The first lines of all items, without what counts them if it does so from the first on."""
    parts = [_PART.match(line.text) for line in firsts]
    if len(firsts) > 1 and all(parts):
        return _without(firsts, [part.end() for part in parts if part])
    found = [_NUMBER.match(line.text) if line.kind is Kind.TEXT else None for line in firsts]
    said = [match["value"].upper() for match in found if match]
    counts = [str(at + 1) for at in range(len(firsts))]
    # A letter or bare number may be a word of the title: it takes three to be sure.
    sure = len(said) > _FEW or (len(said) == _FEW and all(one and one["mark"] for one in found))
    if not sure or len(said) < len(firsts) or said not in (counts, list(_LETTERS[: len(firsts)])):
        return list(firsts)
    return _without(firsts, [match.end() for match in found if match])


def _without(firsts: Sequence[Line], ends: Sequence[int]) -> list[Line]:
    return [
        line.with_runs(inline.part(line.runs, end, len(line.text)))
        for line, end in zip(firsts, ends, strict=True)
    ]
