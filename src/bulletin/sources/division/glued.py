"""Glued text: what a page that lost its line breaks put into one line without a space between.

"... in a sealed bag.Read the report" and "how it worksSleep and screens": where letters meet that
no word has side by side, something ended and something else begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Final

from bulletin.sources.division import joints, sharing
from bulletin.sources.fields import citations, details
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import is_heading, is_sentence

_SENTENCES: Final = re.compile(r"(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]*\s)")
_DATED: Final = re.compile(r"(?<=\b20\d\d)(?=(By\s)?[A-Z][a-z])")
_JOINT: Final = re.compile(
    r"(?:\A|[\s(])[a-z’'-]{3,}[)’”]?(?=[A-Z][a-z]+\s|[A-Z][A-Z-]+\s[A-Z]{2})"
)
_LABELLED: Final = re.compile(r"[A-Z][\w’'-]*(?:\s[\w’'-]+){0,2}:\s?\S")
# What readers do with a link has no capital inside it: "Downloadthe poster".
_VERB: Final = re.compile(
    r"\A(?:Book|Download|Find|Listen|Open|Order|Read|View|Visit|Watch)(?=(?:here|more|our|the|this|your)\b)"
)
# Where the last words of a line are glued to the sentence before them.
_TAIL: Final = re.compile(r"(?<=[a-z0-9)][.!?])(?=[A-Z0-9][^.!?]{2,60}[.!?]{0,3}\Z)")
_SEE_ALSO: Final = re.compile(
    r"(?<=\S)\s(?=(?:See|Read|Find)\salso\s(?:on|in|at)\s[^.:?!>]{2,100}\s[>»›]\s[^.:?!]{2,80}\Z)"
)
_CITED: Final = re.compile(r"[^()]{8,180}\([^()]{8,150}\)(?=[A-Z“‘\"'])")
_NUMBER: Final = re.compile(r"(?<=[a-z.!?’”)])(?P<marker>(?P<value>[1-9]\d?)[.)])\s(?=[A-Z“‘\"'])")
_OFTEN: Final = 3
_TWO: Final = 2  # runs
_FEW: Final = 12  # lines to one with room above it
_SHORT: Final = 80  # characters
_REACH: Final = 400  # characters


def taken_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, with room between sentences, and headings apart from what they were glued to."""
    found: list[Line] = []
    whole = [part for line in lines for part in _without_shares(line)]
    joined = [[line] if sharing.is_bar(line) else joints.apart(line) for line in whole]
    parted = _tails_apart(list(chain.from_iterable(joined)))
    lines = _numbers_apart(references_apart(parted))
    room = sum(line.gap > 0 for line in lines) * _FEW > len(lines)
    spaced = [line.with_runs(tuple(map(_spaced, line.runs))) for line in _titles_first(lines)]
    for line, below in zip_longest(spaced, spaced[1:]):
        listed = _list_and_heading(line, below, gap=int(room))
        found += listed or _heading_and_details(line) or _heading_and_text(line) or [_marked(line)]
    return found


def _tails_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, words that are glued to the last sentence of several of them on their own."""
    ends = [_TAIL.search(line.text, max(len(line.text) - _SHORT, 0)) for line in lines]
    tails = [line.text[end.start() :] if end else "" for line, end in zip(lines, ends, strict=True)]
    often = {tail for tail, count in Counter(filter(None, tails)).items() if count >= _OFTEN}
    if sum(tail in often for tail in tails) * 2 > len(lines):
        return list(lines)  # every item has a heading too
    found: list[Line] = []
    for line, end, tail in zip(lines, ends, tails, strict=True):
        found += _parts(line, end.start()) if end and tail in often else [line]
    return found


def _without_shares(line: Line) -> list[Line]:
    """A line, and the names of share services that were glued to it as a line of their own."""
    at = sharing.glued(line.text)
    if not at:
        return [line]
    first, buttons = _parts(line, at[0]) if at[0] else (None, line)
    buttons, rest = _parts(buttons, at[1] - at[0]) if at[1] < len(line.text) else (buttons, None)
    return [*filter(None, (first, buttons)), *([replace(rest, gap=1)] if rest else [])]


def references_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, "See also on our website > TOPIC" behind other words as a line of its own."""
    found: list[Line] = []
    for line in lines:
        at = _SEE_ALSO.search(line.text, max(len(line.text) - _REACH, 0))
        found += _parts(line, at.start()) if at else [line]
    return found


def _numbers_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, headings that begin with the next number ("... contact2. Gates") on their own."""
    found: list[Line] = []
    last = 0
    for line in lines:
        parts = _number_and_heading(line, last + 1) if last else []
        found += parts or [line]
        number = found[-1].marker.strip("().")
        if found[-1].kind is Kind.NUMBERED and number.isdecimal():
            last = int(number)
    return found


def _number_and_heading(line: Line, expected: int) -> list[Line]:
    """A line up to a number, and the heading behind it if the number is the one expected."""
    number = _NUMBER.search(line.text)
    if not number or number["value"] != str(expected) or line.kind is Kind.NUMBERED:
        return []
    first, rest = _parts(line, number.start())
    heading = rest.with_runs(inline.part(rest.runs, len(number[0]), len(rest.text)))
    numbered = replace(heading, kind=Kind.NUMBERED, marker=number["marker"], gap=1)
    return [first, numbered] if is_heading(heading) else []


def _spaced(run: Run) -> Run:
    if run.target is not None:
        return run
    # What a page shows beside a date is where the post is filed, or who wrote it.
    dated = _DATED.sub(lambda by: " | " if by[1] else " | in ", run.text)
    dated = _VERB.sub(r"\g<0> ", dated)
    return run.saying(_SENTENCES.sub(" ", dated))


def _titles_first(lines: Sequence[Line]) -> list[Line]:
    """The lines, each title above the address that was pasted right over it.

    Several are, and the first above all text: otherwise an address ends the item before.
    """
    found = list(lines)
    over = [at for at in range(len(lines) - 1) if _is_address_over(lines[at], lines[at + 1])]
    first = len(over) > 1 and not any(map(is_sentence, lines[: over[0]]))
    for at in over if first else ():
        address, title = lines[at], lines[at + 1]
        found[at : at + 2] = [replace(title, gap=address.gap), replace(address, gap=0)]
    return found


def _is_address_over(line: Line, below: Line) -> bool:
    """Whether a line is an address alone, with room above it and a heading glued below."""
    alone = len(line.runs) == 1 and line.runs[0].bare and line.kind is Kind.TEXT
    return alone and not below.gap and is_heading(below) and not any(r.bare for r in below.runs)


def _marked(line: Line) -> Line:
    """A line as a heading, if all of it is bold but the source behind it."""
    if line.mark or line.kind not in {Kind.TEXT, Kind.NUMBERED} or len(line.runs) != _TWO:
        return line
    first, rest = line.runs
    cited = first.bold and not rest.bold and citations.of_title(line.text)
    return replace(line, mark="bold") if cited else line


def _list_and_heading(line: Line, below: Line | None, *, gap: int) -> list[Line]:
    """The last entry of a list and the heading over the text or details below it."""
    if line.kind is not Kind.BULLET or below is None or below.kind is not Kind.TEXT:
        return []
    headed = line.text[-1] not in ".:;" and (
        is_sentence(below) or details.parse(below.text) or _LABELLED.match(below.text)
    )
    joint = _JOINT.search(line.text) if headed else None
    first, heading = _parts(line, joint.end()) if joint else (line, line)
    return [first, replace(heading, gap=gap)] if joint and is_heading(heading) else []


def _heading_and_details(line: Line) -> list[Line]:
    """A heading with "Source: X Date published: D" in its line, and the text behind these."""
    head, *rest = citations.glued(line.text) if line.kind is Kind.TEXT else [line.text]
    if not rest or head.endswith(("(", "[")) or not details.parse(rest[0]) or details.parse(head):
        return []
    title, below = _parts(line, len(head))
    if not is_heading(title):
        return []
    title = replace(title, gap=max(line.gap, 1))
    return [title, *(_parts(below, len(rest[0])) if rest[1:] else [below])]


def _heading_and_text(line: Line) -> list[Line]:
    """A heading that ends with its source, "... (X, 3 May 2026)", and the text behind it."""
    cited = _CITED.match(line.text[:_REACH]) if ")" in line.text[:_REACH] else None
    return [*_parts(line, cited.end())] if cited and citations.of_title(cited[0]) else []


def _parts(line: Line, at: int) -> tuple[Line, Line]:
    first, second = inline.part(line.runs, 0, at), inline.part(line.runs, at, len(line.text))
    rest = replace(line.with_runs(second), kind=Kind.TEXT, gap=0, depth=0, raw=inline.plain(second))
    return line.with_runs(first), rest
