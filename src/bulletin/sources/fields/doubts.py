"""Doubts: what an editor should look up in an item, as warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.models.items import ItemDraft, ItemWarning
from bulletin.sources.fields.details import Details


def second(first: Details, other: Details) -> Iterator[ItemWarning]:
    """The doubts about a source or date of which the text gives two."""
    if first.source and other.source and first.source != other.source:
        message = (
            f"The text names “{other.source}” too; “{first.source}” was taken as the source. "
            "Look which of them it is."
        )
        yield ItemWarning("unsure_source", message)
    if first.published and other.published and first.published != other.published:
        message = (
            f"The text says {other.published} too; {first.published} was taken as its date. "
            "Look which of them it is."
        )
        yield ItemWarning("unsure_date", message)


def lost_links(item: ItemDraft, doubts: Sequence[ItemWarning]) -> tuple[ItemWarning, ...]:
    """The doubt about links without an address, unless another one says why."""
    faulty = sum(doubt.code in {"broken_link", "unsafe_link"} for doubt in doubts)
    lost = sum(action.url is None for action in item.actions) - faulty
    if lost <= 0:
        return ()
    what = "1 link has" if lost == 1 else f"{lost} links have"
    message = f"{what} no address: text alone does not carry links. Put the address in."
    return (ItemWarning("lost_link", message),)
