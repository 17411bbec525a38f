"""Checks of items that readers have had already, or would have twice. What is like what is found
elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulletin.models.checks import Finding, Newer, Repeated
from bulletin.models.days import spoken_date
from bulletin.models.issues import PlacedItem
from bulletin.models.items import ItemState, Likeness
from bulletin.preflight.examined import Check, Examined, about, advisory, blocking
from bulletin.preflight.texts import begun, name_of, named, quoted


def items_are_new(examined: Examined) -> Iterator[Finding]:
    items = {item.id: item for item in examined.items()}
    for repeated in examined.around.repeats:
        item = items[repeated.item_id]
        like = repeated.repeat.likeness
        if like is Likeness.RELATED:
            continue
        before = _before(repeated)
        if not repeated.issue:
            newer = "is a newer version of" if like is Likeness.UPDATE else "says the same as"
            doubled = about("item_doubled", item, f"{newer} {before}: keep one of them")
            yield replace(doubled, other=repeated.other)
        elif like is Likeness.UPDATE:
            new = f" ({repeated.repeat.says.rstrip('.')})" if repeated.repeat.says else ""
            what = f"is a newer version of {before}{new}: say what is new"
            yield about("item_updated", item, what)
        else:
            exactly = "the same as" if like is Likeness.SAME else "the same news as"
            what = f"is {exactly} {before}: take it out, or say why it comes again"
            yield about("item_repeated", item, what)


def _before(repeated: Repeated) -> str:
    title = named(repeated.other, repeated.title)
    if not repeated.issue:
        return f"{title} in this issue"
    on = f" of {spoken_date(repeated.day)}" if repeated.day else ""
    return f"{title} in {quoted(repeated.issue)}{on}"


def items_are_the_newest(examined: Examined) -> Iterator[Finding]:
    """What readers act on must not be out of date when the library knows better."""
    items = {item.id: item for item in examined.items()}
    doubled = {(each.item_id, each.other) for each in examined.around.repeats if not each.issue}
    for newer in examined.around.newer:
        old = items[newer.item_id]
        if newer.newer_id not in items:
            yield replace(_outdated(old, newer), other=newer.newer_id)
        elif (newer.newer_id, old.id) not in doubled and (old.id, newer.newer_id) not in doubled:
            message = f"{_newer(old, newer)} and stands in this issue, too: keep one of them."
            yield replace(advisory("newer_version", message, old.id), other=newer.newer_id)


def _outdated(old: PlacedItem, newer: Newer) -> Finding:
    """Whoever has placed the newer one in another issue has decided; else somebody has to."""
    if newer.state is ItemState.USED:
        where = f" and stands in {', '.join(newer.issues)}" if newer.issues else ""
        message = f"{_newer(old, newer)}{where}: is the older one still wanted?"
        return advisory("newer_version", message, old.id)
    message = (
        f"{_newer(old, newer)}: put it in its place, or reject item {newer.newer_id} if the older "
        "one is right."
    )
    return blocking("newer_version", message, old.id)


def _newer(old: PlacedItem, newer: Newer) -> str:
    return f"{begun(named(newer.newer_id, newer.title))} is a newer version of {name_of(old)}"


REPEAT_CHECKS: tuple[Check, ...] = (items_are_new, items_are_the_newest)
