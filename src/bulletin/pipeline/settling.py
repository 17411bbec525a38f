"""Settling: which doubts about an item an edit has answered. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from bulletin.errors import InvalidInput
from bulletin.models.items import ItemDraft, ItemWarning

_HOST = re.compile(r"leads (?:to|through) (\S+), which")
_LIKENESS = ("duplicate", "updates", "related")
_LOST = frozenset({"lost_link", "broken_link", "unsafe_link"})
_Answered = Callable[[ItemDraft, ItemDraft, ItemWarning], bool]


def settled(before: ItemDraft, after: ItemDraft) -> ItemDraft:
    """What an item says after an edit, without the doubts that the edit has answered.

    A doubt about something missing ends when it is there, one about something unsure when it was
    changed. What nobody can tell from the item, such as whether a repaired address works, stays
    until an editor says so (`without_doubts`).
    """
    left = (
        warning
        for warning in after.warnings
        if warning.code not in _ANSWERED or not _ANSWERED[warning.code](before, after, warning)
    )
    return replace(after, warnings=tuple(left))


def without_doubts(draft: ItemDraft, codes: Collection[str]) -> ItemDraft:
    """An item without the doubts of these codes: an editor has looked at them.

    Without the doubt that it is a copy, or a newer version, it is none. Raises InvalidInput for a
    code that it has no doubt of.
    """
    has = {warning.code for warning in draft.warnings}
    for code in sorted(set(codes) - has):
        listed = ", ".join(sorted(has)) or "none"
        raise InvalidInput(f"This item has no doubt '{code}'. Its doubts: {listed}.")
    return _without(draft, codes)


def _without(draft: ItemDraft, codes: Collection[str]) -> ItemDraft:
    return replace(
        draft,
        warnings=tuple(warning for warning in draft.warnings if warning.code not in codes),
        duplicate_of=None if "duplicate" in codes else draft.duplicate_of,
        updates=None if "updates" in codes else draft.updates,
    )


def unlike(draft: ItemDraft) -> ItemDraft:
    """An item that is compared with no other: its text is not that which was compared."""
    return _without(draft, _LIKENESS)


def _has_title(_before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return bool(after.title)


def _text_given(before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return (before.body, before.actions) != (after.body, after.actions)


def _has_source(_before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return bool(after.source)


def _has_date(_before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return after.published is not None


def _addresses_given(before: ItemDraft, after: ItemDraft, doubt: ItemWarning) -> bool:
    """Whether actions without an address have one now, or are gone.

    Else it was in the body, which was mended, or there is a new link for each doubt up to this.
    """
    if not all(action.url for action in before.actions):
        return all(action.url for action in after.actions)
    doubts = [one for one in before.warnings if one.code in _LOST]
    new = set(_addresses(after)) - set(_addresses(before))
    return before.body != after.body or doubt in doubts[: len(new)]


def _address_replaced(before: ItemDraft, after: ItemDraft, doubt: ItemWarning) -> bool:
    """Whether nothing has the address any longer that the doubt proposed, its last quotation."""
    proposed = doubt.message.rpartition("“")[2].partition("”")[0]
    return bool(proposed) and _leads_to(before, proposed) and not _leads_to(after, proposed)


def _host_replaced(_before: ItemDraft, after: ItemDraft, doubt: ItemWarning) -> bool:
    """Whether nothing leads to the host any longer that the doubt names."""
    named = _HOST.search(doubt.message)
    return named is not None and not any(
        f"//{named[1]}" in text.lower() for text in (after.body, *_addresses(after))
    )


def _addresses(draft: ItemDraft) -> Iterator[str]:
    return (action.url for action in draft.actions if action.url)


def _leads_to(draft: ItemDraft, address: str) -> bool:
    return address in draft.body or address in set(_addresses(draft))


def _date_changed(before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return before.published != after.published


def _source_changed(before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return before.source != after.source


def _deadline_changed(before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return before.deadline != after.deadline


def _body_changed(before: ItemDraft, after: ItemDraft, _doubt: ItemWarning) -> bool:
    return before.body != after.body


_ANSWERED: Mapping[str, _Answered] = {
    "no_heading": _has_title,
    "no_text": _text_given,
    "no_source": _has_source,
    "no_date": _has_date,
    **dict.fromkeys(_LOST, _addresses_given),
    "repaired_link": _address_replaced,
    "private_link": _host_replaced,
    "tracked_link": _host_replaced,
    "unsure_source": _source_changed,
    "unsure_date": _date_changed,
    "unsure_deadline": _deadline_changed,
    "unsure_boundary": _body_changed,
    "truncated": _body_changed,
}
