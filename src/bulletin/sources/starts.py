"""Starts: where the items of a page begin, and what heads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bulletin.sources.looks import is_sentence
from bulletin.sources.pages import Page


@dataclass(frozen=True, slots=True)
class Starts:
    """Where items begin, which lines above them are topics, and which beginnings are doubtful."""

    at: tuple[int, ...]
    topics: tuple[int, ...] = ()
    doubts: dict[int, str] = field(default_factory=dict)


def topics_above(page: Page, heads: Sequence[int]) -> tuple[int, ...]:
    """Headings right above the headings of items, if it is more than the banner of the page."""
    above = [at - 1 for at in heads if page.heading(at - 1) and page.apart(at - 1)]
    above = sorted(set(above).difference(heads))
    later = {at for at in above if at > heads[0]}
    if not later:
        return ()
    return tuple(at for at in above if at in later or page.make(at) == page.make(min(later)))


def begins_text(page: Page, index: int) -> bool:
    """Whether an item may begin here: a heading with text under it, or running text."""
    if page.heading(index):
        return page.names_text(index)
    return is_sentence(page.lines[index])
