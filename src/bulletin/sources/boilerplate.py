"""Boilerplate: repeated blocks and page furniture, which are no news, and where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bulletin.sources import actions, details, sharing
from bulletin.sources.lines import Kind, Line

SHARE: Final = "Share buttons of the website."
REPEATED: Final = "A block that the website repeats after its items."
FURNITURE: Final = "Page furniture, not news."
CROSS_REFERENCE: Final = "A cross-reference within the website."

_FURNITURE: Final = re.compile(
    r"(?:(?:back|return|go|jump)\s(?:to\s)?(?:the\s)?(?:top|home|news)\b|skip\sto\s|top\sof\s(?:the\s)?page|"
    r"©|\(c\)\s|copyright\b|all\srights\sreserved|unsubscribe\b|to\sunsubscribe|click\shere\sto\sunsub|"
    r"you(?:\sare|\shave|['’]re|\swere)\s(?:receiv|subscribed|sent\sthis)|"
    r"(?:you\s)?received?\sthis\s(?:e-?mail|because|message)|this\s(?:e-?mail|newsletter)\swas\ssent|"
    r"view\s(?:this\s)?(?:e-?mail\s|newsletter\s)?(?:in|online|in\syour)\b.{0,20}browser|view\sin\sbrowser|"
    r"privacy\s(?:policy|notice)\b|cookies?\s(?:policy|settings|notice)|terms\s(?:and|&|of)\s|"
    r"(?:update|manage)\s(?:your\s|my\s)?(?:subscription|preferences|e-?mail\spref)|forward\sto\sa\s|"
    r"(?:leave|add|post)\sa\s(?:comment|reply)|(?:no|\d{1,4})\scomments?\Z|comments?\s(?:off|closed|are)\b|"
    r"(?:tags?|categories)\s?:|(?:filed\sunder|posted\sin|tagged(?:\s(?:with|as))?)\b|related\s(?:posts?|articles|news)\Z|"
    r"(?:previous|next|older|newer)\s(?:posts?|article|page|entry|item)s?\b|(?:«|»|←|→|<|>)\s?(?:previous|next|"
    r"older|newer)|printer.friendly|print\sthis\b|e-?mail\sthis\b|follow\sus\b|powered\sby\s|site\s?map\Z|"
    r"permalink\Z|\[?\s?permalink|accessibility\sstatement|log\s?in\Z|sign\sin\Z|advertisement\Z|"
    r"was\sthis\s(?:page|article|helpful|useful)|rate\sthis\b|report\sa\sproblem|search\Z|menu\Z|home\Z|"
    r"save\sto\s(?:my\s)?(?:favou?rites|reading\slist|bookmarks)|page\s\d+\sof\s\d+\Z)",
    re.IGNORECASE,
)
_CROSS: Final = re.compile(
    r"(?:see|read|find|view)?\s?(?:also|more|related)\s(?:on|in|at|from)\b"
    r"|see\salso\b.{0,120}\s[>»›]\s|related\s(?:pages?|content|topics?)\b"
    r"|more\s(?:on|in|from)\b.{0,120}\s[>»›]\s",
    re.IGNORECASE,
)
_MAX_BLOCK: Final = 30


def furniture(line: Line) -> str:
    """Why a line is no news by itself, or ""."""
    if len(line.text) > 300:
        return ""
    if _CROSS.match(line.text) and not any(run.bare for run in line.runs):
        return CROSS_REFERENCE if len(line.text) < 160 and line.text[-1] != "." else ""
    return FURNITURE if _FURNITURE.match(line.text) and line.words <= 40 else ""


def blocks(lines: Sequence[Line]) -> list[tuple[int, int, str]]:
    """Where blocks of boilerplate stand: start, end and reason, in order and apart."""
    shared = _grown(lines, sharing.blocks(lines))
    repeated = _repeated(lines) | _last_lines(lines)
    found: list[tuple[int, int, str]] = []
    position = 0
    while position < len(lines):
        end, reason = shared.get(position, 0), SHARE
        if not end:
            end, reason = repeated.get(position, 0), REPEATED
        if end:
            found.append((position, end, reason))
        position = end or position + 1
    return found


def _grown(lines: Sequence[Line], shared: dict[int, int]) -> dict[int, int]:
    """Share blocks with the lines that follow most of them alike: services that we do not know."""
    for _ in range(_MAX_BLOCK):
        after = {start: _glued_key(lines, end) for start, end in shared.items()}
        alike = Counter(after.values())
        enough = max(2, 0.6 * len(shared))
        longer = {start for start, key in after.items() if key and alike[key] >= enough}
        if not longer:
            break
        shared = {start: end + (start in longer) for start, end in shared.items()}
    return shared


def _glued_key(lines: Sequence[Line], index: int) -> str:
    inside = index < len(lines) and not lines[index].gap
    return _key(lines[index]) if inside else ""


def _repeated(lines: Sequence[Line]) -> dict[int, int]:
    """Learn what recurs: at each start of a repeated block, its end.

    A block is two or more short lines, none of them an action or a detail, that stand together
    three times (or, from three lines on, twice).
    """
    keys = [_key(line) for line in lines]
    pairs = Counter((one, two) for one, two in pairwise(keys) if one and two)
    found: dict[int, int] = {}
    start = 0
    while start < len(lines) - 1:
        end = _repeated_end(keys, pairs, start)
        if end:
            found[start] = end
        start = end or start + 1
    return _enough(keys, found)


def _repeated_end(keys: list[str], pairs: Counter[tuple[str, str]], start: int) -> int:
    end = start + 1
    limit = min(len(keys), start + _MAX_BLOCK)
    while end < limit and pairs[keys[end - 1], keys[end]] > 1:
        end += 1
    return end if end > start + 1 else 0


def _last_lines(lines: Sequence[Line]) -> dict[int, int]:
    """A short line that ends every item ("Back to top"): it recurs, and the text ends with it."""
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if key := _key(line):
            places.setdefault(key, []).append(index)
    return {
        index: index + 1
        for found in places.values()
        if len(found) >= 3 and found[-1] == len(lines) - 1 and found[0] > 1
        if all(_closes(lines, place) for place in found)
        for index in found
    }


def _closes(lines: Sequence[Line], index: int) -> bool:
    return index + 1 == len(lines) or lines[index + 1].gap > 0 or bool(lines[index + 1].mark)


def _enough(keys: list[str], found: dict[int, int]) -> dict[int, int]:
    contents = Counter(tuple(keys[start:end]) for start, end in found.items())
    return {
        start: end
        for start, end in found.items()
        if contents[tuple(keys[start:end])] >= (3 if end - start == 2 else 2)
    }


def _key(line: Line) -> str:
    """The line for comparison, or "" if it can be no part of a repeated block."""
    text = line.text
    if line.kind is Kind.RULE or line.mark or line.words > 7 or text[-1:] in ".;,":
        return ""
    if actions.is_action(line) or details.parse(text):
        return ""
    return text.casefold()
