"""Starts: where the items of a page begin, and what heads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.sources.division.pages import Page
from bulletin.sources.fields import actions, bylines
from bulletin.sources.text.lines import Line
from bulletin.sources.text.looks import is_sentence

_LABEL: Final = 4  # words
_NUMBER: Final = re.compile(
    r"\b0\d[\d ]{7,12}\d\b|\+\d{2}[\d ]{8,14}|\b(?:999|111|101|116\s?\d{3})\b|£\s?\d"
    r"|\b\d{1,2}(?:[.:]\d{2})?\s?[ap]m\b|\w@\w"
)
_MAX_TOPIC: Final = 4  # words of a lone topic


@dataclass(frozen=True, slots=True)
class Starts:
    """Where items begin, which lines above them are topics, and which beginnings are doubtful."""

    at: tuple[int, ...]
    topics: tuple[int, ...] = ()
    doubts: dict[int, str] = field(default_factory=dict)


def topics_above(page: Page, heads: Sequence[int]) -> tuple[int, ...]:
    """Headings right above the headings of items, if it is more than the banner of the page."""
    above = [at - 1 for at in heads if page.heading(at - 1) and page.apart(at - 1)]
    above = [at for at in above if not ends_item(page.lines[at])]
    above = sorted(set(above).difference(heads))
    later = {at for at in above if at > heads[0]}
    if not later or (len(above) == 1 and _says_more(page.lines[above[0]])):
        return ()
    return tuple(at for at in above if at in later or page.make(at) == page.make(min(later)))


def ends_item(line: Line) -> bool:
    """Whether a short line says whom to ring, what to open, who wrote it: no topic, but an end."""
    label, colon, value = line.text.partition(":")
    labelled = bool(colon and value.strip()) and label.count(" ") < _LABEL
    linked = any(run.target for run in line.runs)
    told = actions.at_end(line) is not None or _is_signature(line.text)
    return not line.mark and (labelled or linked or told or bool(_NUMBER.search(line.text)))


def _is_signature(text: str) -> bool:
    """ "NAME, BODY" below a text."""
    name, comma, body = text.partition(", ")
    return bool(comma) and bylines.is_name(name) and bylines.is_organisation(body)


def _says_more(line: Line) -> bool:
    """Whether the only line that could be a topic is longer than topics are, and not marked."""
    return not line.mark and line.words > _MAX_TOPIC


def begins_text(page: Page, index: int) -> bool:
    """Whether an item may begin here: a heading with text under it, or running text."""
    if page.heading(index):
        return page.names_text(index)
    return is_sentence(page.lines[index])
