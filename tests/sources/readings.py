"""What tests ask of a reading, most of all."""

from __future__ import annotations

from bulletin.models.items import ItemDraft, Reading


def titles(reading: Reading) -> list[str]:
    return [item.title for item in reading.items]


def codes(item: ItemDraft) -> list[str]:
    """Of its doubts."""
    return [warning.code for warning in item.warnings]


def dropped(reading: Reading) -> str:
    """All that was left out, line by line."""
    return "\n".join(one.text for one in reading.dropped)
