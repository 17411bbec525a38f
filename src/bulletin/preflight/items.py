"""Checks of the items, one by one. They advise only: an editor may know better."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.models.checks import Finding
from bulletin.preflight.examined import Check, Examined, about
from bulletin.preflight.hard import hard_subject


def items_have_titles(examined: Examined) -> Iterator[Finding]:
    for topic in examined.content.topics:
        for item in topic.items:
            if not item.title.strip():
                yield about(
                    "item_title",
                    item,
                    f"under '{topic.title}' has no title: give it one",
                    "have no title: give each one",
                    field="title",
                )


def items_say_something(examined: Examined) -> Iterator[Finding]:
    """A title alone, without a text and a link, is hardly news."""
    for item in examined.items():
        if not item.body.strip() and not item.actions:
            yield about(
                "item_empty",
                item,
                "has neither a text nor a link: add one, or take it out",
                "have neither a text nor a link: add one, or take them out",
                field="body",
            )


def items_name_their_source(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if not item.source.strip():
            yield about(
                "item_source",
                item,
                "does not say who published it: name the source",
                "do not say who published them: name the sources",
                field="source",
            )


def items_are_dated(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.published is None:
            yield about(
                "item_date",
                item,
                "does not say when it was published: add the day",
                "do not say when they were published: add the days",
                field="published",
            )


def items_name_their_nation(examined: Examined) -> Iterator[Finding]:
    """Requirement 56: the law differs between the nations."""
    for item in examined.items():
        if not item.nations:
            yield about(
                "item_nation",
                item,
                "does not say which nation it is about, and the law differs: say which",
                "do not say which nation they are about, and the law differs: say which",
                field="nations",
            )


def items_have_their_readers(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.id in examined.around.unread:
            it = "has no readers chosen, so everybody gets it"
            them = "have no readers chosen, so everybody gets them"
            yield about("readers_unchosen", item, it, them, field="roles")


def items_are_real(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.id in examined.around.samples:
            why = "came of the sample newsfeed: take"
            it, them = f"is made up, and {why} it out", f"are made up, and {why} them out"
            yield about("item_sample", item, it, them)


def items_reach_somebody(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        if item.id in examined.around.unseen:
            who = ", ".join(sorted(item.roles)) or "everybody"
            where = f" in {', '.join(sorted(item.only_nations))}" if item.only_nations else ""
            what = f"for {who}{where}, and nobody in the audience is that: nobody would get"
            it, them = f"is {what} it", f"are {what} them"
            yield about("item_unseen", item, it, them, field="roles")


def notes_reach_their_readers(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        for note in item.notes:
            if item.roles and note.role not in item.roles:
                note_for = f"a note for {note.role}, but"
                rest = "not shown to that role: choose others"
                it, them = f"has {note_for} is {rest}", f"have {note_for} are {rest}"
                yield about("note_unseen", item, it, them, field="notes")


def distressing_items_are_announced(examined: Examined) -> Iterator[Finding]:
    """A gentle line before a hard subject costs nothing."""
    for item in examined.items():
        if not item.content_note and (hard := hard_subject(f"{item.title}\n{item.body}")):
            note = f"of {hard}: consider a gentle note before"
            it, them = f"speaks {note} it", f"speak {note} them"
            yield about("content_note", item, it, them, field="content_note")


ITEM_CHECKS: tuple[Check, ...] = (
    items_have_titles,
    items_say_something,
    items_name_their_source,
    items_are_dated,
    items_name_their_nation,
    items_have_their_readers,
    items_are_real,
    items_reach_somebody,
    notes_reach_their_readers,
    distressing_items_are_announced,
)
