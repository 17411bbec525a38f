"""Checks of items that readers have had already, or would have twice. What is like what is found
elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.models.checks import Finding, Repeated
from bulletin.models.days import spoken_date
from bulletin.models.items import Likeness
from bulletin.preflight.examined import Check, Examined, about
from bulletin.preflight.texts import quoted


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
            yield about("item_doubled", item, f"{newer} {before}: keep one of them")
        elif like is Likeness.UPDATE:
            new = f" ({repeated.repeat.says.rstrip('.')})" if repeated.repeat.says else ""
            what = f"is a newer version of {before}{new}: say what is new"
            yield about("item_updated", item, what)
        else:
            exactly = "the same as" if like is Likeness.SAME else "the same news as"
            what = f"is {exactly} {before}: take it out, or say why it comes again"
            yield about("item_repeated", item, what)


def _before(repeated: Repeated) -> str:
    title = quoted(repeated.title) if repeated.title.strip() else "another item"
    if not repeated.issue:
        return f"{title} in this issue"
    on = f" of {spoken_date(repeated.day)}" if repeated.day else ""
    return f"{title} in {quoted(repeated.issue)}{on}"


REPEAT_CHECKS: tuple[Check, ...] = (items_are_new,)
