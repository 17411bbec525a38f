"""Wording: an issue's own words and blocks, saved as somebody types."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bulletin.models.composing import Part
from bulletin.models.issues import Issue
from bulletin.pipeline.composing.changing import Changing, document_of, line
from bulletin.pipeline.composing.merging import Merge, Values, merged, stamp_of
from bulletin.pipeline.composing.undoing import Line
from bulletin.pipeline.composing.words_form import LABELS, changes_of, values_of
from bulletin.pipeline.composing.writing import Clashing, Typed
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class WordsSheet:
    """An issue's words as their form shows them."""

    issue: Issue
    values: Values
    stamp: str
    line: Line
    received: tuple[str, ...] = ()


class Wording:
    """Saves what is typed into the form of an issue's words."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changing = Changing(store)

    def sheet(self, reference: str) -> WordsSheet:
        """Raises NotFound."""
        with self._store.read() as tx:
            return _sheet(tx, tx.issues.get(reference))

    def save(self, reference: str, typed: Typed, actor: str) -> WordsSheet:
        """Save what was typed. Fields that only somebody else has changed stay as they are now.

        Raises Clashing, WrongFields, EndsApproval, Refused if the issue can no longer change.
        """
        merges: list[Merge] = []

        def change(tx: Transaction, issue: Issue) -> bool:
            theirs = values_of(issue)
            merge = merged(typed.stamp, typed.values, theirs, typed.choices)
            if merge.clashes:
                versions = tx.composing.versions(issue.id, Part.WORDS)
                others = [one.changed_by for one in versions if one.changed_by != actor]
                who = others[-1] if others else ""
                raise Clashing(merge, stamp_of(theirs), who, issue.updated_at)
            merges.append(merge)
            if merge.values == theirs:
                return False
            tx.issues.edit(issue, self._store.clock(), **changes_of(issue, merge.values))
            return True

        issue = self._changing.change(reference, actor, "issue.edit", change, may_end=False)
        received = tuple(LABELS[name] for merge in merges for name in merge.received)
        return replace(self.sheet(str(issue.id)), received=received)


def _sheet(tx: Transaction, issue: Issue) -> WordsSheet:
    values = values_of(issue)
    found = line(tx.composing.versions(issue.id, Part.WORDS), document_of(tx, issue, Part.WORDS))
    return WordsSheet(issue, values, stamp_of(values), found)
