"""Standing: where an item stands in open issues when it goes into another one, and its way back.

What a split or join takes out of an issue is on record with the rejection of that item, so that
going back finds where it stood, and what the item was that it went into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bulletin.errors import NotFound
from bulletin.models.issues import Issue, Placement
from bulletin.models.items import Item, ItemState, Nation
from bulletin.pipeline.sorting import bring_back, put_aside
from bulletin.pipeline.voiding import OPEN_STATES, void_all
from bulletin.store.store import Transaction

DEFAULT_TOPIC = "News"
Detail = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stood:
    """Where an item stood: in which issue, under which heading, behind which item (None: first).

    left_to: the item that stands in its place now, or None if it was only taken out.
    """

    issue: int
    slug: str
    topic: str
    nations: tuple[str, ...]
    behind: int | None
    left_to: int | None


def open_issues(tx: Transaction, item: Item) -> list[Issue]:
    """The issues that hold an item and can still change."""
    found = (tx.issues.get(slug) for slug in item.issues)
    return [issue for issue in found if issue.state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Parted:
    """An item that was restored although another has its text.

    other: the one that has its text. version: of that, the last one without it.
    missed: slugs of the open issues where it stood.
    """

    item: int
    other: int
    version: int
    missed: tuple[str, ...] = ()


def heading_of(topic: str) -> str:
    """What an item of a topic stands under, unless somebody chose another heading."""
    return topic.strip() or DEFAULT_TOPIC


def follow_topic(tx: Transaction, item: Item, topic: str) -> None:
    """Let an item stand under a new topic in open issues, but where it has a heading of its own."""
    old, new = heading_of(item.draft.topic), heading_of(topic)
    for issue in open_issues(tx, item) if old != new else ():
        for placed in tx.issues.placements(issue.id):
            if placed.item_id == item.id and placed.topic == old:
                tx.issues.place(issue.id, [replace(placed, topic=new)])


def put_into(
    tx: Transaction, other: Item, item: Item, *, because: str, actor: str, now: datetime
) -> None:
    """Reject an item that was joined into another, which takes its places and is used as it was."""
    stood = [_step_aside(tx, issue, other, item) for issue in open_issues(tx, other)]
    became = _used_as(item, other, taken=any(one.left_to for one in stood))
    if became is not item.state:
        tx.items.set_state([item.id], became, now)
    into = {"item": item.id, "was": item.state.value, "became": became.value}
    put_aside(tx, other, because, actor, now, stood=list(map(asdict, stood)), into=into)


def take_out(
    tx: Transaction, item: Item, source: int, *, because: str, actor: str, now: datetime
) -> None:
    """Reject an item whose text is back where it came from. It leaves the issues it stands in.

    source: the item that it came from.
    """
    void_all(tx, item.issues, f"item {item.id} was taken back", now)
    stood = [_step_aside(tx, issue, item, None) for issue in open_issues(tx, item)]
    put_aside(tx, item, because, actor, now, stood=list(map(asdict, stood)), back_in=source)


def come_back(tx: Transaction, item: Item, actor: str, now: datetime) -> tuple[str, ...]:
    """Restore an item that went by one of these, to where it stood; also one that is restored.

    Returns the slugs of the issues where it cannot stand again: they went out, or the item that
    took its place is no longer there.
    """
    _, detail = _rejection(tx, item)
    lost = tuple(
        one.slug for one in _places(detail.get("stood")) if not _stand_again(tx, one, item, now)
    )
    item = tx.items.get(item.id)
    if item.state is ItemState.REJECTED:
        bring_back(tx, item, actor, now)
    elif item.issues:
        tx.items.set_state([item.id], ItemState.USED, now)
    into = detail.get("into")
    if isinstance(into, Mapping):
        _be_as_before(tx, into, now)
    return lost


def went_because(tx: Transaction, item: Item) -> str:
    """Why an item was last put aside, as it was said then; "" if it never was."""
    return str(_rejection(tx, item)[1].get("because", ""))


def parted(tx: Transaction, item: Item) -> Parted | None:
    """What an item leaves behind that is restored by itself, if a split or join put it aside."""
    at, detail = _rejection(tx, item)
    into = detail.get("into")
    other = into["item"] if isinstance(into, Mapping) else detail.get("back_in")
    if other is None or at is None:
        return None
    places = [one.slug for one in _places(detail.get("stood")) if one.slug not in item.issues]
    missed = [slug for slug in places if _is_open(tx, slug)]
    steps = tx.item_versions.of(int(str(other)))
    version = max(step.version for step in steps if step.changed_at <= at)
    return Parted(item.id, int(str(other)), version, tuple(missed))


def _step_aside(tx: Transaction, issue: Issue, item: Item, successor: Item | None) -> Stood:
    """Take an item out of an issue, or let its successor stand there, if it does not yet."""
    order = tx.issues.placements(issue.id)
    at = next(index for index, placed in enumerate(order) if placed.item_id == item.id)
    left_to = successor.id if successor and issue.slug not in successor.issues else None
    if left_to is None:
        tx.issues.remove(issue.id, item.id)
    else:
        tx.issues.take_place(issue.id, item.id, left_to)
    nations = tuple(sorted(nation.value for nation in order[at].only_nations))
    behind = order[at - 1].item_id if at else None
    return Stood(issue.id, issue.slug, order[at].topic, nations, behind, left_to)


def _used_as(item: Item, other: Item, *, taken: bool) -> ItemState:
    """What an item is once another went into it: used only where it stands in an issue."""
    if taken:
        return ItemState.USED
    if item.state is ItemState.CANDIDATE and other.state is not ItemState.CANDIDATE:
        return ItemState.KEPT
    return item.state


def _rejection(tx: Transaction, item: Item) -> tuple[datetime | None, Detail]:
    """When an item was last put aside, and what is on record of it."""
    for at, _, action, detail in reversed(tx.audit.history(f"item:{item.id}")):
        if action == "item.reject":
            return at, detail
    return None, {}


def _places(stood: object) -> Iterable[Stood]:
    """Places as the trail keeps them."""
    for one in stood if isinstance(stood, list) else ():
        yield Stood(**{**one, "nations": tuple(one["nations"])})


def _stand_again(tx: Transaction, stood: Stood, item: Item, now: datetime) -> bool:
    if not _is_open(tx, stood.slug):
        return False
    issue = tx.issues.lock(stood.slug)
    order = [placed.item_id for placed in tx.issues.placements(issue.id)]
    if issue.id != stood.issue or (stood.left_to and stood.left_to not in order):
        return False
    if item.id in order:
        return True
    void_all(tx, [issue.slug], f"item {item.id} came back", now)
    if stood.left_to:
        tx.issues.take_place(issue.id, stood.left_to, item.id)
        return True
    nations = frozenset(map(Nation, stood.nations))
    tx.issues.place(issue.id, [Placement(item.id, stood.topic, nations)])
    tx.issues.arrange(issue.id, _behind(order, stood.behind, item.id))
    return True


def _is_open(tx: Transaction, slug: str) -> bool:
    """Whether an issue is there still, and can change."""
    try:
        return tx.issues.get(slug).state in OPEN_STATES
    except NotFound:
        return False  # somebody has deleted it


def _behind(order: Sequence[int], above: int | None, item_id: int) -> list[int]:
    """An order with one more item: behind another if that is there, else at the end."""
    at = 0 if above is None else order.index(above) + 1 if above in order else len(order)
    return [*order[:at], item_id, *order[at:]]


def _be_as_before(tx: Transaction, into: Detail, now: datetime) -> None:
    """Let an item that took another in be what it was, unless somebody has sorted it since."""
    item = tx.items.get(int(str(into["item"])))
    if item.state.value != into["became"] or item.issues:
        return
    was = ItemState(str(into["was"]))
    tx.items.set_state([item.id], ItemState.KEPT if was is ItemState.USED else was, now)
