"""Mending: what a check found, put right by one press, and taken back by another.

An item goes back to the version before; the contents of an issue go back as on the page where it
is composed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bulletin.errors import Conflict, NotFound
from bulletin.models.composing import Part
from bulletin.models.issues import Issue
from bulletin.models.items import Item, ItemContent, ItemState
from bulletin.models.library import Change
from bulletin.models.reviews import fingerprint_of
from bulletin.pipeline.composing.changing import (
    Changing,
    check_may_end,
    document_of,
    name_of,
    words_from,
)
from bulletin.pipeline.composing.composing import Composing
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.reviewing.mends import (
    Edit,
    Everybody,
    Exchange,
    Mend,
    TakeOut,
    Words,
    offered,
)
from bulletin.pipeline.reviewing.proving import Proof, Proving
from bulletin.pipeline.sorting import check_not_rejected
from bulletin.pipeline.versions import keep_version
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done, in words, and what taking it back needs.

    item_id, version: of an item, what it became. part, present: the same of an issue.
    for_everybody: items that somebody now says are.
    """

    done: str
    item_id: int | None = None
    version: int | None = None
    part: Part | None = None
    present: str = ""
    for_everybody: tuple[int, ...] = ()


class Mending:
    """Puts right what preflight found in a draft."""

    def __init__(
        self, store: Store, proving: Proving, editing: Editing, composing: Composing
    ) -> None:
        self._store = store
        self._proving = proving
        self._editing = editing
        self._composing = composing
        self._changing = Changing(store)

    def mend(self, reference: str, fingerprint: str, actor: str) -> Mended:
        """Put a finding right. Raises NotFound if it is not found any more, or there is no way.

        Raises EndsApproval if the issue waits for its approval, or has it.
        """
        proof, mends = self._offered(reference)
        mend = mends.get(fingerprint)
        if mend is None:
            raise NotFound(_NOT_THERE)
        match mend:
            case Edit():
                made = self._editing.revise(mend.item_id, mend.change, actor)
                return Mended(mend.done, item_id=mend.item_id, version=made.version)
            case Words():
                self._reword(proof.issue, mend, actor)
                return self._stepped(reference, mend.done, Part.WORDS)
            case TakeOut():
                self._composing.take_out(reference, mend.item_id, actor)
            case Exchange():
                self._exchange(reference, mend, actor)
            case Everybody():
                return self._say_everybody([mend], actor)
        return self._stepped(reference, mend.done, Part.ORDER)

    def say_everybody(self, reference: str, fingerprints: Collection[str], actor: str) -> Mended:
        """Put several findings right of which each is that nobody chose an item's readers.

        Raises NotFound if none of them is found any more, EndsApproval as `mend`.
        """
        _, mends = self._offered(reference)
        wanted = [mend for key, mend in mends.items() if key in fingerprints]
        return self._say_everybody([one for one in wanted if isinstance(one, Everybody)], actor)

    def take_back_readers(self, item_ids: Sequence[int], actor: str) -> None:
        """Nobody has said who these items are for after all. Those with roles stay as they are."""
        with self._store.write() as tx:
            without = [one.id for one in tx.items.list_items(ids=item_ids) if not one.roles]
            tx.composing.forget_readers(without)
            for item_id in without:
                now = self._store.clock()
                tx.audit.record(actor, "item.unchosen", f"item:{item_id}", now)

    def _say_everybody(self, mends: Sequence[Everybody], actor: str) -> Mended:
        if not mends:
            raise NotFound(_NOT_THERE)
        ids = tuple(mend.item_id for mend in mends)
        with self._store.write() as tx:
            now = self._store.clock()
            tx.composing.choose_readers(ids, actor, now)
            for item_id in ids:
                tx.audit.record(actor, "item.everybody", f"item:{item_id}", now)
        done = mends[0].done if len(mends) == 1 else f"{len(mends)} items are for everybody."
        return Mended(done, for_everybody=ids)

    def _offered(self, reference: str) -> tuple[Proof, dict[str, Mend]]:
        """What a press would do about each finding, by its fingerprint."""
        proof = self._proving.prove(reference)
        check_may_end(proof.issue, may_end=False)
        known = ((fingerprint_of(one), offered(one, proof)) for one in proof.findings)
        return proof, {key: mend for key, mend in known if mend}

    def take_back_edit(self, item_id: int, version: int, actor: str) -> None:
        """Let an item say again what it said before it was mended. version: what the mend made.

        Raises Conflict if somebody has changed it since.
        """
        with self._store.read() as tx:
            if tx.items.get(item_id).version != version:
                raise Conflict(_CHANGED_SINCE)
        self._editing.revert(item_id, version - 1, actor)

    def take_back(self, reference: str, part: Part, present: str, actor: str) -> None:
        """Let a part of an issue be as it was before it was mended. present: what the mend made.

        Raises Conflict if somebody has changed it since.
        """
        if part is Part.ORDER:
            self._composing.step(reference, part, present, actor, back=True)
            return

        def change(tx: Transaction, issue: Issue) -> bool:
            was = _before(tx, issue, present)
            tx.issues.edit(issue, self._store.clock(), **was)
            return True

        self._changing.change(reference, actor, "issue.undo", change, may_end=False)

    def _reword(self, issue: Issue, mend: Words, actor: str) -> None:
        # Saves of the same sitting are one version of the history: what was is kept here, too.
        def change(tx: Transaction, found: Issue) -> bool:
            now, subject = self._store.clock(), f"issue:{found.id}"
            before = document_of(tx, found, Part.WORDS)
            tx.issues.edit(found, now, **mend.changes)
            made = name_of(document_of(tx, tx.issues.get(found.id), Part.WORDS))
            was = {name: before[name] for name in mend.changes}
            tx.audit.record(actor, _MENDED, subject, now, was=was, made=made)
            return True

        self._changing.change(str(issue.id), actor, "issue.edit", change, may_end=False)

    def _exchange(self, reference: str, mend: Exchange, actor: str) -> None:
        def change(tx: Transaction, issue: Issue) -> bool:
            old, new = tx.items.get_all([mend.item_id, mend.newer_id])
            check_not_rejected([new])
            now = self._store.clock()
            tx.issues.take_place(issue.id, old.id, new.id)
            if not new.issues:
                wanted = _for_the_same(old, new)
                keep_version(tx, new, wanted, how=Change.EDITED, actor=actor, now=now)
            tx.items.set_state([new.id], ItemState.USED, now)
            if not tx.items.get(old.id).issues:
                tx.items.set_state([old.id], ItemState.KEPT, now)
            return True

        self._changing.change(
            reference, actor, "issue.place", change, may_end=False, items=[mend.newer_id]
        )

    def _stepped(self, reference: str, done: str, part: Part) -> Mended:
        found = self._composing.composition(reference)
        line = found.words if part is Part.WORDS else found.order
        return Mended(done, part=part, present=line.states[line.at])


_MENDED = "issue.mend"
_NOT_THERE = "That was put right meanwhile, or was changed since you saw it."
_CHANGED_SINCE = (
    "Somebody has changed it since, so nothing was taken back. Look at it as it is now."
)


def _before(tx: Transaction, issue: Issue, present: str) -> dict[str, object]:
    """The words that a mend replaced, if an issue still says what that made. Raises Conflict."""
    if name_of(document_of(tx, issue, Part.WORDS)) == present:
        for _, _, action, detail in reversed(tx.audit.history(f"issue:{issue.id}")):
            if action == _MENDED and detail["made"] == present:
                return words_from(dict(detail["was"]))  # type: ignore[call-overload]  # JSON
    raise Conflict(_CHANGED_SINCE)


def _for_the_same(old: Item, new: Item) -> ItemContent:
    """A newer version for those who were to get the older one, if nobody has chosen for it."""
    if new.roles or not old.roles:
        return new.content
    return replace(new.content, roles=old.roles, notes=new.notes or old.notes)
