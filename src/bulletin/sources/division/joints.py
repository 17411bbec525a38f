"""Joints: lines that a page ran together, where a small letter or a year meets a capital.

"Read the draftTake the survey", "... by NAMEThe panel has read ...", "Topic3 May 2026": what stands
on either side has to be whole by itself, for a name or a brand has such places too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bulletin.sources.fields import details
from bulletin.sources.fields.dates import find_date
from bulletin.sources.text import inline, wording
from bulletin.sources.text.lines import Kind, Line

_JOINT: Final = re.compile(r"(?<=[a-z]{2}[a-z)])(?=[A-Z][a-z]+\b)|(?<=\b20\d\d)(?=[A-Z][a-z]*\s)")
_TOPIC: Final = re.compile(
    r"[A-Z][^.:;!?\d|]{2,50}[a-z)](?=[0-3]?\d(?:st|nd|rd|th)?\s[A-Z][a-z]{2,8})"
)
_BY: Final = re.compile(r"By\s[A-Z]")
_SHORT: Final = 160  # characters
_TEXT: Final = 8  # words


def apart(line: Line) -> list[Line]:
    """A line as the lines that ran together in it; only the line itself if none did."""
    if line.kind is not Kind.TEXT or line.mark:
        return [line]
    return _topic_and_date(line) or _details_and_text(line) or _links(line) or [line]


def _topic_and_date(line: Line) -> list[Line]:
    """A topic and a date, and nothing else, as a date and where the post is filed."""
    topic = _TOPIC.match(line.text) if len(line.text) <= _SHORT else None
    dated, by, name = line.text[topic.end() :].partition("By ") if topic else ("", "", "")
    day = find_date(dated)
    if not topic or not day or day.start or day.end != len(dated.rstrip()):
        return []
    said = " | ".join(filter(None, (dated.rstrip(), f"in {topic[0]}", by + name)))
    return [replace(line.with_runs(inline.parse(said)), raw=line.raw)]


def _details_and_text(line: Line) -> list[Line]:
    """A line of details and the first paragraph below it."""
    for at in _joints(line.text[: details.MAX_LENGTH]):
        rest = line.text[at:]
        told = rest.count(" ") >= _TEXT and not _BY.match(rest)
        found = details.parse(line.text[:at]) if told else None
        if found and found.published and (found.named or found.author):
            return list(_parts(line, [at]))
    return []


def _links(line: Line) -> list[Line]:
    """Links that stood side by side: each part says what the reader does with it."""
    if len(line.text) > _SHORT:
        return []
    words = inline.words_only(line.runs)
    stops = list(_joints(words)) if line.text.startswith(words.rstrip(":")) else []
    pieces = [words[one:end] for one, end in zip((0, *stops), (*stops, len(words)), strict=True)]
    asks = all(wording.is_led_by_verb(piece.partition(":")[0]) for piece in pieces)
    return list(_parts(line, stops)) if stops and asks else []


def _joints(text: str) -> Iterator[int]:
    return (joint.start() for joint in _JOINT.finditer(text))


def _parts(line: Line, stops: list[int]) -> Iterator[Line]:
    """A line cut at some places; all but the first part stand right below what is above them."""
    for at, runs in enumerate(inline.cut(line.runs, [*stops, len(line.text)])):
        part = line.with_runs(runs)
        yield replace(part, gap=0 if at else line.gap, raw=part.text)
