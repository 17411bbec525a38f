"""Unsaid: cells beside the text of which something has no place in their item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources.fields.drafting import Drafted
from bulletin.sources.tables.cells import SAYS_DATE, Cells
from bulletin.sources.tables.columns import Column

UNSAID: Final = "Part of this cell has no place in an item."
# The text is looked after line by line, dates and audiences value by value (`cells`).
_BESIDE: Final = (
    Column.TOPIC, Column.TITLE, Column.SOURCE, Column.DETAILS, Column.AUTHOR, Column.LINK,
    Column.LABEL,
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def unsaid(cells: Cells, drafted: Sequence[Drafted]) -> Iterator[Dropped]:
    """The cells that have words which neither the items of their row nor its `dropped` have."""
    said = frozenset(_words(" ".join(text for one in drafted for text in _texts(one))))
    for column in _BESIDE:
        text = cells.words(column)
        if any(word not in said for word in _words(SAYS_DATE.sub(" ", text))):
            yield Dropped(text, UNSAID)


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text.replace("\\", "")))


def _texts(one: Drafted) -> Iterator[str]:
    item = one.item
    yield from (item.topic, item.title, item.body, item.source, item.author)
    for action in item.actions:
        yield from (action.label, action.title, action.url or "")
    yield from (left.text for left in one.dropped)
