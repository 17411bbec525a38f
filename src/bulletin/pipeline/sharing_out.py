"""Sharing out: which half of an item that is split has its source, dates, nations and roles. Pure.

Both halves are read again by the rules of an import, and what the text of one alone says is its
own. What the text does not say any longer (a line with the source is no part of a body) stays with
both, and the doubt about it is said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from bulletin.models.days import spoken_date
from bulletin.models.items import Deadline, ItemDraft, ItemWarning
from bulletin.sources.rereading import read_again

_Told = TypeVar("_Told")


def shared_out(
    whole: ItemDraft, first: ItemDraft, second: ItemDraft
) -> tuple[ItemDraft, ItemDraft]:
    """The two halves of an item with the facts that are theirs."""
    one = read_again(first.title, first.body, whole.published)
    two = read_again(second.title, second.body, whole.published)
    deadlines = _deadlines(whole.deadline, one.deadline, two.deadline)
    stays = _completed(whole, first, one, two, deadlines[0])
    leaves = _completed(whole, second, two, one, deadlines[1])
    if not (one.source or two.source != whole.source):
        stays = _doubting_origin(stays)
    if not two.source:
        leaves = _doubting_origin(leaves)
    if stays.deadline and stays.deadline != one.deadline:
        stays = _doubting(
            stays, "unsure_deadline", f"its deadline is {spoken_date(stays.deadline.on)}"
        )
    return stays, leaves


def _completed(
    whole: ItemDraft, half: ItemDraft, own: ItemDraft, other: ItemDraft, deadline: Deadline | None
) -> ItemDraft:
    """A half with what its own text says, and without what only that of the other says."""
    half = replace(
        half,
        deadline=deadline,
        nations=_shared(whole.nations, own.nations, other.nations),
        roles=_shared(whole.roles, own.roles, other.roles),
        warnings=_with_own(half, own, deadline),
    )
    if not own.source:
        return half
    return replace(half, source=own.source, published=own.published, author=own.author)


def _with_own(
    half: ItemDraft, own: ItemDraft, deadline: Deadline | None
) -> tuple[ItemWarning, ...]:
    """The doubts of a half: those about its source and deadline are read from its text, too."""
    mine = {"unsure_deadline"} if deadline and deadline == own.deadline else set()
    gone = {"unsure_deadline"}
    if own.source:
        mine |= {"no_date", "unsure_date", "unsure_source"}
        gone |= mine | {"no_source"}
    kept = [doubt for doubt in half.warnings if doubt.code not in gone]
    return (*kept, *(doubt for doubt in own.warnings if doubt.code in mine))


def _deadlines(
    whole: Deadline | None, one: Deadline | None, two: Deadline | None
) -> tuple[Deadline | None, Deadline | None]:
    """The deadline of each half. None stays None: an editor has seen to it."""
    if whole is None:
        return None, None
    told_first = one is not None and one.on == whole.on
    if two is None or told_first or two.on != whole.on:
        return whole, two
    return one, whole


def _shared(
    whole: tuple[_Told, ...], own: Collection[_Told], other: Collection[_Told]
) -> tuple[_Told, ...]:
    """What a half keeps: what its text says, and what neither text says."""
    return tuple(one for one in whole if one in own or one not in other)


def _doubting_origin(half: ItemDraft) -> ItemDraft:
    """A half whose text does not say that the source and date of the whole are its own."""
    source = f"its source is “{half.source}”" if half.source else ""
    date = f"its date is {spoken_date(half.published)}" if half.published else ""
    if not (source or date):
        return half
    code = "unsure_source" if source else "unsure_date"
    return _doubting(half, code, " and ".join(filter(None, (source, date))))


def _doubting(half: ItemDraft, code: str, that: str) -> ItemDraft:
    message = f"It was split, and its text does not say that {that}. Look whether that is so."
    return replace(half, warnings=(*half.warnings, ItemWarning(code, message)))
