"""Leads: headings that stand in one line with their text, and headings that end with a colon.

"**Vapes.** Three pupils ...", "VAPES: Three pupils ...", "Vapes:" over a paragraph. One of these
proves nothing; a text whose paragraphs all begin like this is made of such items.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.division import subheadings
from bulletin.sources.fields import details
from bulletin.sources.text import inline, wording
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence

LEAD: Final = "lead"
COLON: Final = "colon"

_CAPS: Final = re.compile(r"([A-Z0-9][A-Z0-9 '’&,/()-]{3,80})(?:\s?[:–—]|\s-|\.)\s+(?=[A-Z“\"'‘])")
_SHORT: Final = re.compile(r"([A-Z0-9‘“'\"][^:.!?]{2,60})\.\s+(?=[A-Z“\"'‘])")
_PLAIN: Final = re.compile(r"([A-Z0-9‘“'\"][^:.!?]{3,90}?)(?::|\s[–—])\s+(?=[A-Z“\"'‘])")
_DASHED: Final = re.compile(r"([A-Z0-9‘“'\"][^.!?–—]{3,90}?)\s[–—]\s+(?=[A-Z“\"'‘])")
_EDGES: Final = " :–—-.|"
_MAX_LEAD: Final = 14
_MAX_SHORT: Final = 6
_PARAGRAPH: Final = 8
_ENOUGH: Final = 0.6
_NEARLY_ALL: Final = 0.8


def taken_apart(lines: list[Line], page: Sequence[Look]) -> list[Line]:
    """The lines, with leads and headings with a colon as marked lines of their own.

    page: what each line looks like. The same list comes back if nothing is to be taken apart.
    """
    found = leads(lines, page) or _colons(lines, page)
    if not found:
        return lines
    parts: list[Line] = []
    for at, line in enumerate(lines):
        parts += found.get(at, [line])
    return parts


def leads(lines: Sequence[Line], page: Sequence[Look]) -> dict[int, list[Line]]:
    """The lines that begin with a heading, each as that and the rest; {} unless most do."""
    texts = [at for at, line in enumerate(lines) if _begins_paragraph(line, page[at])]
    for rule, least, share in _RULES:
        ends = {at: end for at in texts if (end := rule(lines[at]))}
        names = Counter(lines[at].text[:end].casefold() for at, end in ends.items())
        own = {at: end for at, end in ends.items() if names[lines[at].text[:end].casefold()] == 1}
        if len(own) < max(least, share * len(texts)) or _other_titles(lines, page) >= len(own):
            continue
        if not sum(
            subheadings.is_subheading(lines[at].text[:end]) for at, end in own.items()
        ) * 2 > len(own):
            return {at: _split(lines[at], end) for at, end in own.items()}
    return {}


def _begins_paragraph(line: Line, found: Look) -> bool:
    listed = line.kind is Kind.BULLET and any(run.target for run in line.runs)
    text = line.kind in {Kind.TEXT, Kind.NUMBERED} or listed
    return text and not line.mark and found is not Look.DETAILS and line.words >= _PARAGRAPH


def _other_titles(lines: Sequence[Line], page: Sequence[Look]) -> int:
    """Headings of the usual make with running text of their own."""
    return sum(
        found is Look.HEADING and at + 1 < len(lines) and page[at + 1] is Look.PROSE
        for at, found in enumerate(page)
    )


def _set_apart_end(line: Line) -> int:
    """Where the bold or italic words that begin a line end, if a sentence begins after them."""
    end = 0
    for run in line.runs:
        if not (run.bold or run.italic) and run.text.strip():
            break
        end += len(run.text)
    rest = line.text[end:].lstrip(_EDGES + " ")
    begun = rest[:1].isupper() or rest[:1] in "“‘\"'" or rest[:1].isdigit()
    return end if rest and begun and _may_lead(line.text[:end]) else 0


def _caps_end(line: Line) -> int:
    found = _CAPS.match(line.text[:120])
    return found.end() if found and _may_lead(found[1]) else 0


def _plain_end(line: Line) -> int:
    return _led(_PLAIN, line)


def _dashed_end(line: Line) -> int:
    return _led(_DASHED, line)


def _led(pattern: re.Pattern[str], line: Line) -> int:
    found = pattern.match(line.text[:120])
    told = line.with_runs(tuple(run for run in line.runs if not run.bare))
    if not found or not is_sentence(told) or not _may_lead(found[1]) or wording.is_label(found[1]):
        return 0
    return found.end()


def _short_end(line: Line) -> int:
    """Where a first sentence ends that is as short as a title."""
    found = _SHORT.match(line.text[:120])
    few = found is not None and found[1].count(" ") < _MAX_SHORT and is_sentence(line)
    return found.end() if found and few and _may_lead(found[1]) else 0


def _may_lead(words: str) -> bool:
    plain = words.strip(_EDGES)
    named = details.parse(f"{plain}: x")
    return plain[:1].isalnum() and plain.count(" ") < _MAX_LEAD and named is None


_RULES: Final = (
    (_set_apart_end, 2, _ENOUGH), (_caps_end, 2, _ENOUGH), (_dashed_end, 3, _NEARLY_ALL),
    (_plain_end, 3, _NEARLY_ALL), (_short_end, 3, _NEARLY_ALL),
)  # fmt: skip


def _split(line: Line, end: int) -> list[Line]:
    said = line.text[:end]
    start = len(said) - len(said.lstrip(" *_"))
    runs = inline.part(line.runs, start, len(said.rstrip(_EDGES + "*_")))
    title = replace(
        line.with_runs(tuple(replace(run, bold=False, italic=False) for run in runs)),
        kind=Kind.TEXT, mark=LEAD, gap=max(line.gap, 1), marker="", depth=0,
    )  # fmt: skip
    rest = inline.part(line.runs, end, len(line.text))
    first = rest[0] if rest else inline.Run("")
    rest = (replace(first, text=first.text.lstrip(_EDGES)), *rest[1:])
    return [title, replace(line.with_runs(rest), kind=Kind.TEXT, gap=0, marker="", depth=0)]


def _colons(lines: Sequence[Line], page: Sequence[Look]) -> dict[int, list[Line]]:
    """Short lines with a colon at their end over paragraphs, if no other headings stand there."""
    found = [at for at in range(len(lines) - 1) if _heads_with_colon(lines, page, at)]
    often = Counter(lines[at].text for at in found)
    if any(details.is_open(lines[at].text) for at in found):
        return {}  # a form, whose labels these are
    named = [
        at
        for at in found
        if often[lines[at].text] == 1 and not subheadings.is_subheading(lines[at].text)
    ]
    if len(named) < 2 or _other_titles(lines, page) >= len(named):
        return {}
    return {at: [replace(lines[at], mark=COLON)] for at in named}


def _heads_with_colon(lines: Sequence[Line], page: Sequence[Look], at: int) -> bool:
    line, below = lines[at], lines[at + 1]
    if line.kind is not Kind.TEXT or line.mark or not line.text.endswith(":") or line.words > 8:
        return False
    plain = line.text.rstrip(": ")
    if not plain[:1].isupper() or wording.is_label(plain) or any(run.target for run in line.runs):
        return False
    return page[at + 1] is Look.PROSE and is_sentence(below) and below.words >= _PARAGRAPH
