"""Categories: headings that begin with what kind of news they stand over: "POLICY | New duty".

One bar proves nothing; where most headings have one, what stands before it is the topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.fields import details
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence

CATEGORY: Final = "category"  # the mark of a heading that had its topic before it

_LABELLED: Final = re.compile(
    r"(?:(?P<bar>[A-Z][\w&’'/ -]{1,30}?)\s?[|¦]\s{0,2}"
    r"|\[(?P<bracket>[A-Z][\w&’'/ -]{1,30})\]\s?:?\s?)(?=[\w“\"'‘])"
)
_LEAST: Final = 3
_MOST_WORDS: Final = 25


def taken_apart(lines: list[Line], page: Sequence[Look]) -> list[Line]:
    """The lines, each such heading as its title and a line "Topic: ..." over it.

    page: what each line looks like. The same list comes back if the text has no such headings.
    """
    cuts = {at: cut for at, line in enumerate(lines) if (cut := _cut(lines, page, at))}
    heads = sum(
        look is Look.HEADING and (at in cuts or lines[at].gap > 0) for at, look in enumerate(page)
    )
    if len(cuts) < _LEAST or len(cuts) * 2 < heads:
        return lines
    found: list[Line] = []
    for at, line in enumerate(lines):
        found += _split(line, cuts[at]) if at in cuts else [line]
    return found


def _cut(lines: Sequence[Line], page: Sequence[Look], at: int) -> re.Match[str] | None:
    """Where the title of a heading begins, if a word for its kind stands before it."""
    line = lines[at]
    below = at + 1 < len(lines) and not lines[at + 1].mark.startswith("h")
    if page[at] is not Look.HEADING or line.kind is not Kind.TEXT or not below:
        return None
    found = _LABELLED.match(line.text[:200])
    if not found or line.words > _MOST_WORDS or is_sentence(line) or details.parse(line.text):
        return None
    title = line.text[found.end() :]
    plain = "|" not in title and title.count(" ") >= 1
    return found if plain and len(title) > found.end() // 2 else None


def _split(line: Line, cut: re.Match[str]) -> list[Line]:
    label = (cut["bar"] or cut["bracket"]).strip()
    runs = inline.part(line.runs, cut.end(), len(line.text))
    title = replace(line.with_runs(runs), mark=line.mark or CATEGORY, gap=0)
    topic = f"Topic: {label}"
    return [Line(topic, (Run(topic),), gap=max(line.gap, 1), raw=line.raw), title]
