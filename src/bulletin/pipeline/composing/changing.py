"""Changing: what every change of an issue goes through, and what is kept of how it was before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bulletin.errors import Refused
from bulletin.models.composing import IssueVersion, Part
from bulletin.models.issues import Helpline, Issue, IssueState, Length
from bulletin.pipeline.composing.undoing import Line, Stride, line_of
from bulletin.pipeline.voiding import OPEN_STATES, void
from bulletin.store.store import Store, Transaction

Document = Mapping[str, Any]
WORDS = (
    "title", "subject", "standfirst", "intro", "closing", "dateline", "helplines", "diary",
    "length",
)  # fmt: skip
# Saves come every few seconds while somebody writes. Within so long they are one change: a history
# with a version for every sentence is no history that anybody reads, or undoes.
SITTING = timedelta(minutes=10)


class EndsApproval(Refused):
    """A change would end an approval, or take an issue back from whoever is to approve it."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(
            f"Issue '{issue.title}' is {_STANDS[issue.state]}. Changing it ends that, and it has "
            "to be approved again. Nothing was changed yet."
        )
        self.issue = issue


_STANDS = {
    IssueState.IN_REVIEW: "waiting for its approval",
    IssueState.APPROVED: "approved",
    IssueState.SCHEDULED: "approved and scheduled",
}


def check_may_end(issue: Issue, *, may_end: bool) -> None:
    """Raises EndsApproval if a change would end one, and nobody has said that it may."""
    if not may_end and issue.state in _STANDS:
        raise EndsApproval(issue)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Who makes a change, and when. goes_back: by a step back or forth."""

    actor: str
    at: datetime
    goes_back: bool


class Changing:
    """Makes changes of issues: in turns, only while they are open, voiding and on record."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def change(
        self,
        reference: str,
        actor: str,
        action: str,
        change: Callable[[Transaction, Issue], bool],
        *,
        goes_back: bool = False,
        may_end: bool = True,
        **detail: object,
    ) -> Issue:
        """change: makes it, and returns whether there was anything to change.

        goes_back: it takes back an earlier change, or does it again. may_end: an approval, too.
        Raises EndsApproval, Refused if what the issue says can no longer change, NotFound, and
        what `change` raises.
        """
        with self._store.write() as tx:
            tx.items.take_turns()
            issue = tx.issues.lock(reference)
            if issue.state not in OPEN_STATES:
                raise Refused(
                    f"Issue '{issue.slug}' is {issue.state.value}; what it says cannot change now."
                )
            before = {part: document_of(tx, issue, part) for part in Part}
            if not change(tx, issue):
                return issue
            check_may_end(issue, may_end=may_end)
            now = self._store.clock()
            void(tx, tx.issues.get(issue.id), "it was edited", now)
            tx.audit.record(actor, action, f"issue:{issue.id}", now, **detail)
            changed = tx.issues.get(issue.id)
            for part in Part:
                _remember(tx, changed, part, before[part], _Mark(actor, now, goes_back))
            return changed


def document_of(tx: Transaction, issue: Issue, part: Part) -> Document:
    """A part of an issue as JSON keeps it."""
    if part is Part.ORDER:
        order = tx.issues.placements(issue.id)
        placed = [[one.item_id, one.topic, sorted(one.only_nations)] for one in order]
        return {"placed": placed, "headings": tx.composing.headings(issue.id)}
    words = {name: getattr(issue, name) for name in WORDS}
    return {**words, "helplines": [asdict(helpline) for helpline in issue.helplines]}


def words_from(document: Document) -> dict[str, object]:
    """The fields of an issue, as `document_of` gives its words, or some of them."""
    words = dict(document)
    if "helplines" in words:
        words["helplines"] = tuple(Helpline(**one) for one in words["helplines"])
    if "length" in words:
        words["length"] = Length(words["length"]) if words["length"] else None
    return words


def name_of(document: Document) -> str:
    """What a state of a part is known by: the same for the same content."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def line(versions: list[IssueVersion], present: Document) -> Line:
    """The states of a part that an editor can step along."""
    strides = (Stride(name_of(one.before), one.made, one.goes_back) for one in versions)
    return line_of(strides, name_of(present))


def _remember(tx: Transaction, issue: Issue, part: Part, before: Document, by: _Mark) -> None:
    after = document_of(tx, issue, part)
    if after == before:
        return
    was, made = name_of(before), name_of(after)
    last = next(iter(tx.composing.versions(issue.id, part, latest=1)), None)
    if last and part is Part.WORDS and _goes_on(last, was, by):
        tx.composing.extend_version(issue.id, part, last.number, made)
        return
    number = last.number + 1 if last else 1
    version = IssueVersion(number, by.at, by.actor, by.goes_back, before, made)
    tx.composing.add_version(issue.id, part, version)


def _goes_on(last: IssueVersion, was: str, by: _Mark) -> bool:
    """Whether a save belongs to the change before it: by the same person, with none between."""
    mine = last.changed_by == by.actor and last.made == was
    return mine and not (last.goes_back or by.goes_back) and by.at - last.changed_at < SITTING
