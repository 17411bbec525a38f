"""Writing: what somebody types is saved as they go, and nobody's text is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletin.errors import Conflict
from bulletin.models.issues import Issue, IssueState
from bulletin.models.items import Item
from bulletin.models.library import Change, ItemVersion
from bulletin.models.people import Role
from bulletin.pipeline.composing.changing import check_may_end
from bulletin.pipeline.composing.item_form import LABELS, values_of, written
from bulletin.pipeline.composing.merging import Clash, Merge, Values, merged, stamp_of
from bulletin.pipeline.composing.undoing import Line, Stride, line_of
from bulletin.pipeline.settling import settled
from bulletin.pipeline.standing import open_issues
from bulletin.pipeline.versions import hold, keep_version
from bulletin.pipeline.voiding import void_all
from bulletin.store.store import Store, Transaction


class Clashing(Conflict):
    """Somebody else changed the same fields since they were shown. Nothing was saved.

    merge:  what was typed and what there is now. stamp: of what there is now, for the next save.
    who, at: of the last change that somebody else made.
    """

    def __init__(self, merge: Merge, stamp: str, who: str, at: datetime) -> None:
        super().__init__(f"{who or 'Somebody'} changed this while you were writing.")
        self.merge = merge
        self.stamp = stamp
        self.who = who
        self.at = at

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return self.merge.clashes


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sends to be saved.

    values:  texts of fields. stamp: what they were filled with.
    choices: "mine" or "theirs", for fields in which two people's changes clashed.
    settled: codes of doubts that were looked at.
    may_end: it may end the approval of issues that hold the item.
    """

    values: Values
    stamp: str
    choices: Mapping[str, str] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """An item as its form shows it.

    ends:     open issues whose approval, or wait for one, an edit ends.
    line:     the versions that an editor can step along.
    received: names of fields that somebody else changed and that came along with a save.
    """

    item: Item
    values: Values
    stamp: str
    ends: tuple[Issue, ...]
    line: Line
    roles: tuple[Role, ...]
    received: tuple[str, ...] = ()


class Writing:
    """Saves what is typed into forms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sheet(self, item_id: int) -> Sheet:
        """Raises NotFound."""
        with self._store.read() as tx:
            return _sheet(tx, tx.items.get(item_id))

    def save(self, item_id: int, typed: Typed, actor: str) -> Sheet:
        """Save what was typed. Fields that only somebody else has changed stay as they are now.

        What changes nothing leaves no trace, and saves of one person within some minutes are one
        version. Raises Clashing, WrongFields, EndsApproval, NotFound.
        """
        with self._store.write() as tx:
            [item] = hold(tx, item_id)
            theirs = _values(tx, item)
            merge = merged(typed.stamp, typed.values, theirs, typed.choices)
            if merge.clashes:
                who, at = _last_by_others(tx.item_versions.of(item_id), actor, item)
                raise Clashing(merge, stamp_of(theirs), who, at)
            content = written(item.content, merge.values, typed.settled)
            content = replace(content, draft=settled(item.draft, content.draft))
            now = self._store.clock()
            if merge.values["readers"] != theirs["readers"]:
                tx.composing.choose_readers([item_id], actor, now)
            if keep_version(
                tx, item, content, how=Change.EDITED, actor=actor, now=now, may_go_on=True
            ):
                for issue in open_issues(tx, item):
                    check_may_end(issue, may_end=typed.may_end)
                void_all(tx, item.issues, f"item {item_id} was edited", now)
            saved = _sheet(tx, tx.items.get(item_id))
            return replace(saved, received=tuple(LABELS[name] for name in merge.received))


def _sheet(tx: Transaction, item: Item) -> Sheet:
    values = _values(tx, item)
    ends = (one for one in open_issues(tx, item) if one.state is not IssueState.DRAFT)
    line = item_line(item, tx.item_versions.of(item.id))
    return Sheet(item, values, stamp_of(values), tuple(ends), line, tuple(tx.roles.list_roles()))


def _values(tx: Transaction, item: Item) -> Values:
    chosen = item.id in tx.composing.with_readers([item.id])
    return values_of(item.content, chosen=chosen)


def item_line(item: Item, versions: list[ItemVersion]) -> Line:
    """The versions of an item that an editor can step along, by their numbers."""
    same_as: dict[int, str] = {}
    strides = []
    for place, step in enumerate(versions):
        after = versions[place + 1].version if place + 1 < len(versions) else item.version
        goes_back = step.how is Change.REVERTED and step.other is not None
        if goes_back:
            same_as[after] = _named(step.other or 0, same_as)
        strides.append(
            Stride(_named(step.version, same_as), _named(after, same_as), goes_back=goes_back)
        )
    return line_of(strides, _named(item.version, same_as))


def _named(version: int, same_as: Mapping[int, str]) -> str:
    return same_as.get(version, str(version))


def _last_by_others(versions: list[ItemVersion], actor: str, item: Item) -> tuple[str, datetime]:
    for step in reversed(versions):
        if step.changed_by != actor:
            return step.changed_by, item.updated_at
    return (versions[-1].changed_by if versions else ""), item.updated_at
