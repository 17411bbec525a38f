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
_LETTERS: Final = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def uncounted(firsts: Sequence[Line]) -> list[Line]:
    """The first lines of all items, without what counts them if it does so from the first on."""
    parts = [_PART.match(line.text) for line in firsts]
    if len(firsts) > 1 and all(parts):
        return _without(firsts, [part.end() for part in parts if part])
    for counts in (tuple(map(str, range(1, len(firsts) + 1))), _LETTERS):
        found = [_counted(line, counts) for line in firsts]
        said = [match["value"].upper() for match in found if match]
        if said == list(counts[: len(said)]) and _is_sure(found):
            return _without(firsts, [match.end() if match else 0 for match in found])
    return list(firsts)


def _counted(line: Line, counts: Sequence[str]) -> re.Match[str] | None:
    number = _NUMBER.match(line.text) if line.kind is Kind.TEXT else None
    return number if number and number["value"].upper() in counts else None


def _is_sure(found: Sequence[re.Match[str] | None]) -> bool:
    """Whether most items are counted; it takes three, for "A" or "3" may be a word of a title."""
    number = sum(map(bool, found))
    return number * 2 > len(found) and (
        number > _FEW
        or (number == len(found) == _FEW and all(one and one["mark"] for one in found))
    )


def _without(firsts: Sequence[Line], ends: Sequence[int]) -> list[Line]:
    return [
        line.with_runs(inline.part(line.runs, end, len(line.text)))
        for line, end in zip(firsts, ends, strict=True)
    ]
