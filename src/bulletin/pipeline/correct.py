"""Correct: an item of an issue was wrong, and exactly those who had it are told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bulletin.composition import compose
from bulletin.errors import NotFound, Refused
from bulletin.models.days import spoken_date
from bulletin.models.editions import ReaderKind, item_key
from bulletin.models.issues import Issue, IssueContent, IssueState, PlacedItem, Placement
from bulletin.models.items import ItemState
from bulletin.models.lines import escape
from bulletin.models.segments import Holders
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.draft import slug_of
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.one_line import one_line
from bulletin.store.store import Store, Transaction


class Correcting:
    """Starts corrections: issues whose audience is whoever a mistake reached.

    zone: where the readers are, for the day that the opening words name.
    """

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def correct(self, reference: str, item_id: int, actor: str, title: str = "") -> Issue:
        """A draft with the item in it, for editors to put right and send as any other issue.

        title: else "Correction: " and the item's own. It can be read wherever the issue can.
        Raises Refused if the issue has not gone out, NotFound if it did not have the item,
        InvalidInput for a title of several lines or without letters.
        """
        one_line("title", title)
        now = self._store.clock()
        with self._store.write() as tx:
            wrong = tx.issues.get(reference)
            topic, item_title = _as_it_went_out(tx, wrong, item_id)
            named = title or f"Correction: {item_title or wrong.title}"
            issue = tx.issues.add(
                slug=slug_of(named),
                title=named,
                texts={
                    "intro": self._intro(wrong),
                    "corrects_issue_id": wrong.id,
                    "corrects_item_id": item_id,
                },
                visibility=wrong.visibility,
                actor=actor,
                now=now,
            )
            tx.issues.place(issue.id, [Placement(item_id, topic)])
            tx.items.set_state([item_id], ItemState.USED, now)
            corrected = {"issue": wrong.id, "item": item_id}
            tx.audit.record(actor, "issue.correct", f"issue:{issue.id}", now, **corrected)
        return issue

    def went_out(self, reference: str) -> tuple[Issue, list[tuple[str, list[PlacedItem]]]]:
        """An issue and what was in it when it went out, by topic. Raises NotFound, and Refused if
        it has not gone out."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            content = _content_as_sent(tx, issue)
        return issue, [(topic.title, list(topic.items)) for topic in content.topics]

    def _intro(self, wrong: Issue) -> str:
        sent = spoken_date(day_in(self._zone, wrong.started_at or wrong.created_at))
        return (
            f"Something in our bulletin “{escape(wrong.title)}” of {sent} was not right. "
            "You had it in your copy, so here it is as it should have been."
        )


def holders(tx: Transaction, correction: Issue) -> Holders:
    """Whom a correction goes to: everybody who has, or may have, the item in the corrected issue.

    It follows from what was approved and sent then, whatever anybody's roles are now.
    """
    wrong = tx.issues.get(correction.corrects_issue_id or 0)
    content, _ = thaw(tx.issues.snapshot(wrong))
    kinds = {number: group.kind for group, number in tx.planning.numbered(wrong.id)}
    item = item_key(correction.corrects_item_id or 0)

    def had_it(kind: ReaderKind) -> bool:
        return item in compose(content, kind).visible

    return Holders(wrong.id, frozenset(number for number, kind in kinds.items() if had_it(kind)))


def check_no_more_go_out(tx: Transaction, correction: Issue) -> None:
    """Raises Refused while the corrected issue is sent: whoever gets it later would miss this.

    Nobody lets it go on meanwhile, until this transaction ends.
    """
    wrong = tx.issues.lock(correction.corrects_issue_id or 0)
    if wrong.state is IssueState.SENDING:
        raise Refused(
            f"Issue '{wrong.slug}' is still being sent, and whoever gets it from now on would miss "
            "the correction. Wait until all have it, or cancel what is left.",
            command=f"To cancel it: bulletin issue cancel {wrong.slug}",
        )


def check_nothing_corrects(tx: Transaction, wrong: Issue) -> None:
    """Raises Refused once a correction of an issue has started: nobody is to get the mistake
    who was not among those that the correction went to."""
    if (slug := tx.issues.corrected_by(wrong.id)) is None:
        return
    paused = wrong.state is IssueState.PAUSED
    cancel = "Cancel what is left. " if paused else ""
    raise Refused(
        f"Issue '{wrong.slug}' was corrected by '{slug}', and whoever gets it from now on would "
        f"miss that. {cancel}For those who have no copy, make a new issue.",
        command=f"To cancel it: bulletin issue cancel {wrong.slug}" if paused else "",
    )


def _as_it_went_out(tx: Transaction, issue: Issue, item_id: int) -> tuple[str, str]:
    """The topic that an item stood under, and its title. Raises Refused or NotFound."""
    for topic in _content_as_sent(tx, issue).topics:
        for item in topic.items:
            if item.id == item_id:
                return topic.title, item.title
    raise NotFound(
        f"Issue '{issue.slug}' had no item {item_id}.",
        command=f"See: bulletin issue show {issue.slug}",
    )


def _content_as_sent(tx: Transaction, issue: Issue) -> IssueContent:
    """Raises Refused for an issue that nobody has."""
    if issue.rehearsal_of is not None:
        raise Refused(f"Issue '{issue.slug}' is a rehearsal: nobody has it.")
    if issue.started_at is None:
        raise Refused(
            f"Issue '{issue.slug}' has not gone out, so there is nobody to tell. "
            "Change the item itself.",
            command="To do that: bulletin items edit ITEM",
        )
    return thaw(tx.issues.snapshot(issue))[0]
