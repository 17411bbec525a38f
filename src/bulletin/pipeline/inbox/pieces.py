"""Pieces: what was found in a paste, as an editor divides, joins and mends it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bulletin.errors import Conflict, InvalidInput
from bulletin.models.inbox import Found, PasteState
from bulletin.models.items import ItemContent, ItemDraft
from bulletin.models.lines import in_one_line, unescaped
from bulletin.pipeline.dividing import divided, united
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.pipeline.settling import settled
from bulletin.sources.rereading import headed, read_again

Step = Callable[[PasteState], PasteState]
_SHORT = 60


def called(draft: ItemDraft) -> str:
    """How messages name an item: its title, or how it begins."""
    return in_one_line(draft.title or unescaped(draft.body), _SHORT)


def leave_out(key: int) -> Step:
    """Do not keep an item."""

    def step(state: PasteState) -> PasteState:
        one = _one(state, key)
        return _with(state, [replace(one, out=True)], [key], f"Left out “{called(one.draft)}”.")

    return step


def put_back(key: int) -> Step:
    """Keep an item after all."""

    def step(state: PasteState) -> PasteState:
        one = _one(state, key)
        return _with(state, [replace(one, out=False)], [key], f"Put “{called(one.draft)}” back.")

    return step


def split(key: int, line: int, title: str = "") -> Step:
    """Make the text from a line (from 1) on an item of its own: see `divided`."""

    def step(state: PasteState) -> PasteState:
        one = _one(state, key)
        first, second = divided(ItemContent(one.draft), line, title=title)
        new = max(each.key for each in state.found) + 1
        parts = [replace(one, draft=first.draft), Found(new, second.draft, one.text)]
        return _with(state, parts, [key], f"Split “{called(one.draft)}” in two.")

    return step


def join(key: int) -> Step:
    """Add the item that follows to the end of an item: see `united`."""

    def step(state: PasteState) -> PasteState:
        one = _one(state, key)
        behind = [each for each in state.found if not each.out or each.key == key]
        after = behind[behind.index(one) + 1 :]
        if not after:
            raise InvalidInput("No item follows this one, so there is nothing to join it with.")
        whole = united(ItemContent(one.draft), ItemContent(after[0].draft)).draft
        names = f"“{called(after[0].draft)}” to “{called(one.draft)}”"
        return _with(
            state, [replace(one, draft=whole)], [key, after[0].key], f"Joined {names}."
        )  # fmt: skip

    return step


def mend(key: int, changes: ItemChanges) -> Step:
    """Change what an item says. Doubts that this answers end."""

    def step(state: PasteState) -> PasteState:
        one = _one(state, key)
        after = changed(ItemContent(one.draft), changes).draft
        if not after.title.strip() and not after.body.strip():
            raise InvalidInput("An item needs a title or a text. To do without it, leave it out.")
        mended = replace(one, draft=settled(one.draft, after))
        return _with(state, [mended], [key], f"Changed “{called(mended.draft)}”.")

    return step


def bring_in(number: int) -> Step:
    """Make an item of what was left out, by its number from 1: it is news after all.

    It stands before all others, where an editor sees it at once.
    """

    def step(state: PasteState) -> PasteState:
        if not 1 <= number <= len(state.dropped):
            raise Conflict("This is no longer among what was left out. Nothing was changed.")
        left = state.dropped[number - 1]
        title, body = headed(left.dropped.text)
        draft = read_again(title, body)
        whole = replace(draft, title=title, body=draft.body or body)
        key = max((one.key for one in state.found), default=0) + 1
        return replace(
            state,
            found=(Found(key, whole, left.text), *state.found),
            dropped=(*state.dropped[: number - 1], *state.dropped[number:]),
            said=f"Made an item of “{called(whole)}”.",
        )

    return step


def _one(state: PasteState, key: int) -> Found:
    for one in state.found:
        if one.key == key:
            return one
    raise Conflict("This item is no longer here: it was joined with another. Nothing was changed.")


def _with(state: PasteState, new: Iterable[Found], keys: Iterable[int], said: str) -> PasteState:
    """A state with some of its items, by their keys, replaced by others at the first's place."""
    gone = set(keys)
    found: list[Found] = []
    added = False
    for one in state.found:
        if one.key not in gone:
            found.append(one)
        elif not added:
            found += new
            added = True
    return replace(state, found=tuple(found), said=said)
