"""What tests ask of a reading, most of all."""

from __future__ import annotations

from bulletin.models.items import ItemDraft, Reading
from bulletin.sources import read

TITLE = "A heading over the news"


def titles(reading: Reading) -> list[str]:
    return [item.title for item in reading.items]


def codes(item: ItemDraft) -> list[str]:
    """Of its doubts."""
    return [warning.code for warning in item.warnings]


def dropped(reading: Reading) -> str:
    """All that was left out, line by line."""
    return "\n".join(one.text for one in reading.dropped)


def only_item(text: str) -> ItemDraft:
    """Of a text with one."""
    (found,) = read(text.encode()).items
    return found


def item(*lines: str) -> ItemDraft:
    """The item of these lines, below a heading and a sentence."""
    return only_item("\n\n".join((TITLE, "Something was said.", *lines)))
