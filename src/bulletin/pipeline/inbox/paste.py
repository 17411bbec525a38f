"""Pasting: from what somebody pastes, drops or names to candidates, with a look at it between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bulletin.errors import Conflict, InvalidInput, Refused
from bulletin.models.inbox import (
    SAMPLE,
    Found,
    LeftOut,
    Like,
    Paste,
    Pasted,
    PasteName,
    PasteState,
)
from bulletin.models.items import Likeness, Reading
from bulletin.models.lines import in_one_line
from bulletin.pipeline.collect import Collecting, unknown_columns
from bulletin.pipeline.inbox.original import Beside, beside
from bulletin.pipeline.inbox.pieces import Step
from bulletin.pipeline.recognising import Known, catch_up, marked, recognise
from bulletin.pipeline.visiting import Visiting
from bulletin.sources import SourceFormat, original, read
from bulletin.store.store import Store, Transaction

KEPT_FOR: Final = timedelta(days=30)
MOST_FILES: Final = 20
_MOST_BYTES: Final = 30_000_000
_LONGEST_NAME: Final = 200
_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of a paste as the preview shows it.

    number: its place among those found, from 1. missing: its words stand nowhere in the original.
    """

    number: int
    found: Found
    missing: bool = False

    @property
    def same(self) -> bool:
        """Whether the library has it word for word, so that it is not kept again."""
        return self.found.like is not None and self.found.like.same

    @property
    def counts(self) -> bool:
        """Whether it will be kept."""
        return not self.found.out and not self.same


@dataclass(frozen=True, slots=True)
class Preview:
    """A paste before its items are kept. originals: each text's, cut up."""

    paste: Paste
    items: tuple[Seen, ...]
    originals: tuple[Beside, ...]

    @property
    def unknown(self) -> list[str]:
        """Headings of columns of which nothing is known."""
        return unknown_columns(one.found.draft for one in self.items)

    @property
    def count(self) -> int:
        """How many items keeping would bring."""
        return sum(one.counts for one in self.items)


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping has brought: how many are new, and how many were in the library already."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Way:
    """How a paste is to be read: its format, and columns of its table, heading -> field."""

    source_format: SourceFormat = SourceFormat.AUTO
    columns: Mapping[str, str] | None = None


_ANY_WAY: Final = Way()


class Pasting:
    """Takes in what is pasted, keeps it safe, and makes candidates of it when somebody says so."""

    def __init__(self, store: Store, collecting: Collecting, visiting: Visiting) -> None:
        self._store = store
        self._collecting = collecting
        self._visiting = visiting

    def take(self, name: str, came: Sequence[Pasted], actor: str) -> int:
        """Read texts or files, and put down what was found. Returns the paste's number.

        Of several, those that cannot be read are told of in the paste. Raises InvalidInput, with
        what to do, if none can be, or nothing is found in them.
        """
        if len(came) > MOST_FILES:
            raise InvalidInput(f"Choose up to {MOST_FILES} files at once; these are {len(came)}.")
        if sum(len(one.data) for one in came) > _MOST_BYTES:
            raise InvalidInput(
                "Together these files have more than 30 MB. Bring them in one after the other."
            )
        texts, state = _read_all(came, _ANY_WAY)
        catch_up(self._store)
        with self._store.write() as tx:
            now, compared = self._store.clock(), _compared(tx, state)
            return tx.pastes.add(in_one_line(name, _LONGEST_NAME), texts, compared, actor, now)

    def take_from(self, url: str, actor: str) -> int:
        """The same with what is at a web address. Raises also as `Visiting.page_at`."""
        page = self._visiting.page_at(url.strip())
        pasted = Pasted(in_one_line(page.url), page.body, charset=page.charset, url=page.url)
        return self.take(page.url, [pasted], actor)

    def preview(self, number: int) -> Preview:
        """A paste with its originals. Raises NotFound."""
        with self._store.read() as tx:
            return _seen(tx.pastes.get(number))

    def change(self, number: int, version: int, step: Step) -> None:
        """Divide, join or mend what was found. Raises Conflict, NotFound, and as the step."""
        with self._store.write() as tx:
            paste = _open(tx.pastes.get(number), version)
            tx.pastes.change(paste, _compared(tx, step(paste.state)))

    def undo(self, number: int, version: int) -> str:
        """Take the last change back. Returns what it was. Raises Conflict, NotFound, Refused."""
        with self._store.write() as tx:
            paste = _open(tx.pastes.get(number), version)
            before = tx.pastes.before(paste)
            if before is None:
                raise Refused("There is nothing to undo: this is how it was found.")
            tx.pastes.change(paste, before, undoable=False)
            return paste.state.said

    def read_again(self, number: int, version: int, way: Way) -> None:
        """Read the originals another way; changes that were made since are undone by Undo alone.

        Raises InvalidInput if nothing is found that way, Conflict, NotFound.
        """
        with self._store.read() as tx:
            texts = tx.pastes.get(number).texts
        _, state = _read_all(texts, way)
        self.change(number, version, lambda _state: replace(state, said="Read it another way."))

    def keep(self, number: int, version: int, actor: str) -> Kept:
        """Make candidates of what nobody left out. Raises Conflict, NotFound, InvalidInput."""
        catch_up(self._store)
        with self._store.write() as tx:
            paste = _open(tx.pastes.get(number), version)
            if not paste.wanted:
                raise InvalidInput("Every item is left out. Put back those that you want to keep.")
            drafts = [one.draft for one in paste.wanted]
            collected = self._collecting.keep_within(tx, drafts, actor)
            new = [each.id for each in collected if not each.known]
            tx.pastes.keep(paste, new, self._store.clock())
            return Kept(len(new), len(collected) - len(new))

    def take_back(self, number: int, actor: str) -> tuple[int, int]:
        """Undo that a paste was kept: its items leave the library, and it waits again.

        What somebody has used since stays. Returns how many left, and how many stayed. Raises
        NotFound, and Refused if it was not kept.
        """
        with self._store.write() as tx:
            tx.items.take_turns()
            paste = tx.pastes.get(number)
            if paste.kept_at is None:
                raise Refused("These items have been taken back already.")
            gone, stayed = tx.pastes.take_back(paste)
            tx.pastes.open_again(paste)
            now = self._store.clock()
            tx.audit.record(actor, "paste.undo", f"paste:{number}", now, gone=gone, stayed=stayed)
            return gone, stayed

    def throw_away(self, number: int, version: int) -> None:
        """Let a paste wait no longer; `bring_back` undoes it. Raises Conflict, NotFound."""
        with self._store.write() as tx:
            tx.pastes.close(_open(tx.pastes.get(number), version), self._store.clock())

    def bring_back(self, number: int) -> None:
        """Let a paste that was thrown away wait again. Raises NotFound."""
        with self._store.write() as tx:
            paste = tx.pastes.get(number)
            if paste.closed_at is not None:
                tx.pastes.open_again(paste)

    def waiting(self) -> list[PasteName]:
        """What was pasted and waits to be kept, the newest first."""
        with self._store.read() as tx:
            return tx.pastes.waiting(_MOST_LISTED)

    def tidy(self) -> int:
        """Forget what was pasted more than 30 days ago; its items stay. Returns how much it was."""
        with self._store.write() as tx:
            return tx.pastes.forget(self._store.clock() - KEPT_FOR, but_for=SAMPLE)


def _open(paste: Paste, version: int) -> Paste:
    """A paste that can still be changed, and is as the editor saw it. Raises Conflict."""
    if paste.kept_at is not None:
        raise Conflict("These items were kept already, in another window or by somebody else.")
    if paste.version != version:
        raise Conflict(
            "This paste was changed in another window or by somebody else. Here it is as it is "
            "now; repeat what you did."
        )
    return paste


def _read_all(came: Sequence[Pasted], way: Way) -> tuple[list[Pasted], PasteState]:
    """Texts with what a person sees of them, and all that was found. Raises InvalidInput."""
    texts: list[Pasted] = []
    found: list[Found] = []
    left: list[LeftOut] = []
    for place, one in enumerate(came):
        reading, text = _read_one(one, way)
        texts.append(text)
        found += [
            Found(len(found) + at, draft, place) for at, draft in enumerate(reading.items, start=1)
        ]
        left += [LeftOut(dropped, place) for dropped in reading.dropped]
    if not found:
        raise InvalidInput(" ".join(_trouble(text, alone=len(texts) == 1) for text in texts))
    return texts, PasteState(tuple(found), tuple(left))


def _read_one(one: Pasted, way: Way) -> tuple[Reading, Pasted]:
    try:
        reading = read(
            one.data, way.source_format, charset=one.charset, url=one.url, columns=way.columns
        )
        shown = original(one.data, charset=one.charset, url=one.url)
    except InvalidInput as error:
        return Reading(()), replace(one, trouble=str(error))
    if reading.items:
        return reading, replace(one, shown=shown, trouble="")
    return reading, replace(one, shown=shown, trouble="No news was found in it.")


def _trouble(text: Pasted, *, alone: bool) -> str:
    return text.trouble if alone else f"{text.name}: {text.trouble}"


def _compared(tx: Transaction, state: PasteState) -> PasteState:
    """What was found, with what each repeats: an item of the library, or one before it."""
    known = recognise([one.draft for one in state.found], tx)
    found = (
        replace(one, like=_like(one, each.known))
        for one, each in zip(state.found, known, strict=True)
    )
    return replace(state, found=tuple(found))


def _like(one: Found, known: Known | None) -> Like | None:
    if known is None:
        return None
    item = known.item.id if known.item else None
    doubt = marked(one.draft, known, item).warnings[-1]
    return Like(doubt, known.repeat.likeness is Likeness.SAME, item)


def _seen(paste: Paste) -> Preview:
    numbered = list(enumerate(paste.state.found, start=1))
    originals = [
        beside(
            text.shown,
            [(number, one.draft) for number, one in numbered if one.text == place],
            {
                number: one.dropped
                for number, one in enumerate(paste.state.dropped, start=1)
                if one.text == place
            },
        )
        for place, text in enumerate(paste.texts)
    ]
    missing = {number for one in originals for number in one.missing}
    items = (Seen(number, one, missing=number in missing) for number, one in numbered)
    return Preview(paste, tuple(items), tuple(originals))
