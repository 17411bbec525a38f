"""Checks of the items, one by one. They advise only: an editor may know better."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.models.checks import Finding
from bulletin.preflight.examined import Check, Examined, about

# Subjects that readers may have met themselves.
_HARD = re.compile(
    r"\b(?:suicid\w+|self[- ]harm\w*|sexual (?:abuse|assault|violence|exploitation)|rape"
    r"|murder\w*|death of a (?:child|pupil|baby)|child deaths?|killed|stabb\w+|sextortion"
    r"|genital mutilation|domestic (?:abuse|violence)|eating disorders?)\b",
    re.IGNORECASE,
)


def items_have_titles(examined: Examined) -> Iterator[Finding]:
    for topic in examined.content.topics:
        for item in topic.items:
            if not item.title.strip():
                yield about("item_title", item, f"under '{topic.title}' has no title: give it one")


def items_name_their_source(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if not item.source.strip():
            yield about("item_source", item, "does not say who published it: name the source")


def items_are_dated(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.published is None:
            yield about("item_date", item, "does not say when it was published: add the day")


def items_name_their_nation(examined: Examined) -> Iterator[Finding]:
    """Requirement 56: the law differs between the nations."""
    for item in examined.items():
        if not item.nations:
            yield about(
                "item_nation",
                item,
                "does not say which nation it is about, and the law differs: say which",
            )


def items_reach_somebody(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.id in examined.around.unseen:
            who = ", ".join(sorted(item.roles)) or "everybody"
            where = f" in {', '.join(sorted(item.only_nations))}" if item.only_nations else ""
            what = f"is for {who}{where}, and nobody in the audience is that"
            yield about("item_unseen", item, f"{what}: nobody would get it")


def notes_reach_their_readers(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        for note in item.notes:
            if item.roles and note.role not in item.roles:
                what = f"has a note for {note.role}, but is not shown to that role: choose others"
                yield about("note_unseen", item, what)


def distressing_items_are_announced(examined: Examined) -> Iterator[Finding]:
    """A gentle line before a hard subject costs nothing."""
    for item in examined.items():
        if not item.content_note and (found := _HARD.search(f"{item.title}\n{item.body}")):
            what = f"speaks of {found[0].lower()}: consider a gentle note before it"
            yield about("content_note", item, what)


ITEM_CHECKS: tuple[Check, ...] = (
    items_have_titles,
    items_name_their_source,
    items_are_dated,
    items_name_their_nation,
    items_reach_somebody,
    notes_reach_their_readers,
    distressing_items_are_announced,
)
