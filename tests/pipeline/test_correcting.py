"""Corrections: exactly those who had an item get it put right, whatever their roles are now."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from desks import LONDON, Clock, Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bulletin.composition import sees
from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import MAY_HAVE_A_COPY, DeliveryState, Outcome
from bulletin.models.editions import CompiledIssue, ReaderKind
from bulletin.models.issues import (
    Audience,
    Issue,
    IssueContent,
    IssueState,
    PlacedItem,
    Topic,
    Visibility,
)
from bulletin.models.items import Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.correct import Correcting
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.freeze import freeze
from bulletin.pipeline.resend import Resending, Resent
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.tokens import TokenSigner
from bulletin.transports.memory import MemoryTransport
from example_issue import SENDER

ADDRESSING = Addressing(TokenSigner("x" * 40), "http://127.0.0.1:8025", [])


def correcting(desk: Desk) -> Correcting:
    return Correcting(desk.store, LONDON)


def send(desk: Desk, reference: str, audience: Audience | None = None) -> MemoryTransport:
    transport = MemoryTransport()
    desk.planning.start(reference, audience, "test")
    delivery(desk, transport).run(reference, threading.Event(), lambda _: None)
    return transport


def delivery(desk: Desk, transport: MemoryTransport) -> Delivery:
    return Delivery(
        desk.store,
        open_transport=lambda: transport,
        addressing=lambda: ADDRESSING,
        connections=1,
        lease=timedelta(seconds=60),
        zone=LONDON,
    )


def two_roles(desk: Desk) -> str:
    """A sent issue: item 1 for everybody, item 2 for leads, read by a lead and a governor."""
    reference = desk.issue(readers=0)
    desk.enrol(("lead@school.example", "dsl"), ("governor@school.example", "governor"))
    desk.approval.approve(reference, "test")
    send(desk, reference)
    return reference


def test_only_whose_edition_had_the_item_get_the_correction(desk: Desk) -> None:
    reference = two_roles(desk)
    desk.enrol(("late@school.example", "dsl"))
    issue = correcting(desk).correct(reference, 2, "test")
    assert (issue.corrects_issue_id, issue.corrects_item_id) == (1, 2)
    desk.approval.approve(issue.slug, "test")
    went = [copy.address for copy, _ in send(desk, issue.slug).accepted]
    assert went == ["lead@school.example"]


def test_they_see_it_put_right_also_if_their_roles_have_changed_since(desk: Desk) -> None:
    reference = two_roles(desk)
    issue = correcting(desk).correct(reference, 2, "test")
    desk.enrol(("lead@school.example", "headteacher"))
    desk.change(2, title="The right date", body="It is the 7th.")
    desk.approval.approve(issue.slug, "test")
    ((copy, message),) = send(desk, issue.slug).accepted
    assert copy.address == "lead@school.example"
    assert b"The right date" in message
    assert b"It is the 7th." in message


def test_the_draft_says_what_it_is_about_and_an_editor_may_change_it(desk: Desk) -> None:
    reference = two_roles(desk)
    issue = correcting(desk).correct(reference, 2, "editor@school.example")
    assert issue.title == issue.subject == "Correction: For leads"
    assert "“December” of 30 November 2026" in issue.intro
    assert issue.state is IssueState.DRAFT
    changed = desk.drafting.edit(issue.slug, {"subject": "A date that we got wrong"}, "test")
    assert changed.subject == "A date that we got wrong"


def test_it_can_have_a_title_of_its_own_and_is_seen_where_the_mistake_is(desk: Desk) -> None:
    reference = two_roles(desk)
    issue = correcting(desk).correct(reference, 1, "test", "About the survey")
    assert (issue.title, issue.slug) == ("About the survey", "about-the-survey")
    assert issue.visibility is Visibility.PUBLIC


def test_whoever_left_since_is_excluded_with_the_reason(desk: Desk) -> None:
    """Requirement 27."""
    reference = two_roles(desk)
    issue = correcting(desk).correct(reference, 1, "test")
    with desk.store.write() as tx:
        tx.suppressions.add("lead@school.example", SuppressionReason.UNSUBSCRIBED, desk.clock())
    rows = desk.planning.forecast(issue.slug)
    assert {(row.reason, row.people) for row in rows} == {("", 1), ("unsubscribed", 1)}


def test_the_forecast_before_approval_and_the_send_agree(desk: Desk) -> None:
    reference = two_roles(desk)
    issue = correcting(desk).correct(reference, 1, "test")
    before = desk.planning.forecast(issue.slug)
    desk.approval.approve(issue.slug, "test")
    assert desk.planning.forecast(issue.slug) == before
    assert len(send(desk, issue.slug).accepted) == sum(row.people for row in before) == 2


def test_a_correction_takes_no_segment(quick_desk: Desk) -> None:
    reference = two_roles(quick_desk)
    issue = correcting(quick_desk).correct(reference, 1, "test")
    quick_desk.approval.approve(issue.slug, "test")
    for act in (
        lambda: quick_desk.planning.start(issue.slug, Audience(("leads",)), "test"),
        lambda: quick_desk.planning.forecast(issue.slug, Audience(exclude=("leads",))),
        lambda: quick_desk.planning.schedule(
            issue.slug, quick_desk.clock() + timedelta(days=1), Audience(("leads",)), "test"
        ),
    ):
        with pytest.raises(Refused, match="leave out --segment"):
            act()


def test_a_mistake_that_still_goes_out_is_stopped_first(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    quick_desk.planning.start(reference, None, "test")
    issue = correcting(quick_desk).correct(reference, 1, "test")
    quick_desk.approval.approve(issue.slug, "test")
    with pytest.raises(Refused, match="cancel what is left") as refused:
        quick_desk.planning.start(issue.slug, None, "test")
    assert "bulletin issue cancel december" in refused.value.in_full


def corrected(desk: Desk, reference: str) -> str:
    """A correction of its first item, approved."""
    issue = correcting(desk).correct(reference, 1, "test")
    desk.approval.approve(issue.slug, "test")
    return issue.slug


def resend(desk: Desk, reference: str) -> Resent:
    return Resending(desk.store, chunk_size=10, zone=LONDON).resend_missed(reference, "test")


def test_nobody_gets_the_mistake_once_its_correction_is_on_its_way(quick_desk: Desk) -> None:
    """Whoever joins late, and whose copy failed, was not among those whom the correction tells."""
    reference = quick_desk.approved()
    send(quick_desk, reference)
    quick_desk.enrol(("late@school.example", "dsl"))
    correction = corrected(quick_desk, reference)
    quick_desk.planning.start(correction, None, "test")
    with pytest.raises(Refused, match=f"corrected by '{correction}'.*make a new issue"):
        resend(quick_desk, reference)
    delivery(quick_desk, MemoryTransport()).cancel(correction, "test")
    assert resend(quick_desk, reference).late == 1


def test_an_issue_that_was_corrected_is_not_resumed(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    first = MemoryTransport(window=1)
    sender = delivery(quick_desk, first)
    first._answer = lambda _copy: (sender.pause(reference, "test"), Outcome.SUBMITTED)[1]
    quick_desk.planning.start(reference, None, "test")
    sender.run(reference, threading.Event(), lambda _: None)
    correction = corrected(quick_desk, reference)
    assert len(send(quick_desk, correction).accepted) == len(first.accepted) == 1
    with pytest.raises(Refused, match="Cancel what is left") as refused:
        sender.resume(reference, "test")
    assert f"bulletin issue cancel {reference}" in refused.value.in_full
    assert sender.cancel(reference, "test").state is IssueState.CANCELLED


def test_what_has_not_gone_out_or_was_not_in_it_cannot_be_corrected(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    (other,) = quick_desk.add_items("Elsewhere")
    with pytest.raises(Refused, match="has not gone out"):
        correcting(quick_desk).correct(reference, 1, "test")
    send(quick_desk, reference)
    with pytest.raises(NotFound, match=f"had no item {other}"):
        correcting(quick_desk).correct(reference, other, "test")


def test_an_item_that_was_taken_out_and_put_back_differently_is_the_one_that_went_out(
    quick_desk: Desk,
) -> None:
    """What counts is the frozen issue, not the library: roles of an item change later."""
    reference = two_roles(quick_desk)
    quick_desk.change(2, roles=["governor"])
    issue = correcting(quick_desk).correct(reference, 2, "test")
    quick_desk.approval.approve(issue.slug, "test")
    assert [copy.address for copy, _ in send(quick_desk, issue.slug).accepted] == [
        "lead@school.example"
    ]


def test_a_later_edit_of_a_correction_still_shows_its_items_to_all_of_them(
    quick_desk: Desk,
) -> None:
    reference = two_roles(quick_desk)
    issue = correcting(quick_desk).correct(reference, 1, "test")
    (more,) = quick_desk.add_items("More about it")
    placing = PlacingOptions(roles=["senco"], only_nations=frozenset({Nation.WALES}))
    quick_desk.drafting.place(issue.slug, [more], placing, "test")
    quick_desk.approval.approve(issue.slug, "test")
    assert {row.items for row in quick_desk.planning.forecast(issue.slug)} == {2}


ROLES = ("dsl", "governor", "staff")
NATIONS = (None, Nation.ENGLAND, Nation.WALES)
KINDS = st.builds(
    ReaderKind, st.frozensets(st.sampled_from(ROLES), min_size=1), st.sampled_from(NATIONS)
)
ITEMS = st.tuples(
    st.frozensets(st.sampled_from(ROLES)),
    st.frozensets(st.sampled_from([Nation.ENGLAND, Nation.WALES])),
)


@dataclass
class Mailing:
    """Issues that were sent to a drawn list, without compiling or handing over anything."""

    desk: Desk
    numbers: Iterator[int]

    def send(
        self, items: list[PlacedItem], people: list[tuple[ReaderKind, DeliveryState]]
    ) -> tuple[str, list[str]]:
        """A sent issue and the addresses of its readers, whose copies have these states."""
        name = f"issue-{next(self.numbers)}"
        readers = [f"{name}-{number}@school.example" for number in range(len(people))]
        drafts = [
            SubscriberDraft(
                address, tuple(sorted(kind.roles)), nation=kind.nation,
                kind=SubscriberKind.CORPORATE,
            )
            for address, (kind, _) in zip(readers, people, strict=True)
        ]  # fmt: skip
        now = self.desk.clock()
        content = IssueContent("T", "S", (Topic(1, "News", tuple(items)),))
        with self.desk.store.write() as tx:
            tx.roster_import(now, "test").run((draft, False) for draft in drafts)
            issue = tx.issues.add(
                slug=name, title=name, texts={}, visibility=Visibility.PRIVATE, actor="t", now=now
            )
            snapshot = freeze(content, SENDER, CompiledIssue("S", "", ""), approved_by="t")
            tx.issues.freeze(issue.id, snapshot, now)
            tx.issues.move(issue, IssueState.APPROVED, now, approved_hash=snapshot.hash)
        self.desk.planning.start(name, None, "test")
        with self.desk.store.write() as tx:
            issue = tx.issues.get(name)
            tx.issues.move(issue, IssueState.SENT, now)
            for address, (_, state) in zip(readers, people, strict=True):
                statement = "UPDATE deliveries SET state = :state WHERE email = :email"
                tx._connection.execute(text(statement), {"state": state.value, "email": address})
        return name, readers

    def audience(self, correction: Issue, item: PlacedItem) -> list[str]:
        """Whom a correction would be sent to, if it were approved as it stands."""
        now = self.desk.clock()
        shown = replace(item, roles=frozenset(), only_nations=frozenset())
        content = IssueContent("T", "S", (Topic(1, "News", (shown,)),))
        snapshot = freeze(content, SENDER, CompiledIssue("S", "", ""), approved_by="t")
        going: list[str] = []
        with self.desk.store.write() as tx:
            tx.issues.freeze(correction.id, snapshot, now)
            tx.issues.move(correction, IssueState.APPROVED, now, approved_hash=snapshot.hash)
            approved = tx.issues.get(correction.id)
            self.desk.planning.write_copies(tx, approved, approved.audience)
            query = "SELECT email FROM deliveries WHERE issue_id = :id AND state = 'prepared'"
            going = list(tx._connection.scalars(text(query), {"id": correction.id}))
            tx.undo()
        return sorted(going)


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailing]:
    clock = Clock()
    url = f"sqlite:///{tmp_path_factory.mktemp('mailing') / 'bulletin.db'}"
    store = Store(Database(url), clock)
    store.prepare()
    desk = Desk(store, clock)
    desk.add_items("One", "Two", "Three")
    yield Mailing(desk, itertools.count(1))
    store.close()


@settings(max_examples=40)
@given(
    roles=st.lists(ITEMS, min_size=2, max_size=3),
    people=st.lists(st.tuples(KINDS, st.sampled_from(DeliveryState)), min_size=1, max_size=6),
    everybody=KINDS,
)
def test_in_any_issue_the_audience_is_exactly_who_had_the_item(
    mailing: Mailing,
    roles: list[tuple[frozenset[str], frozenset[Nation]]],
    people: list[tuple[ReaderKind, DeliveryState]],
    everybody: ReaderKind,
) -> None:
    """Who has, or may have, a copy whose edition had it: nobody else, and all of them."""
    # The last item is for everybody, so that everybody has an edition.
    items = [
        PlacedItem(number, f"Item {number}", "", roles=which, only_nations=where)
        for number, (which, where) in enumerate(roles, start=1)
    ]
    items[-1] = PlacedItem(len(items), "For all", "")
    sent, readers = mailing.send(items, people)
    issue = correcting(mailing.desk).correct(sent, 1, "test")
    with mailing.desk.store.write() as tx:  # roles change, and that changes nothing
        held = tx.roles.set_id(everybody.roles)
        statement = "UPDATE subscribers SET role_set_id = :held"
        tx._connection.execute(text(statement), {"held": held})
    had_it = [
        address
        for address, (kind, state) in zip(readers, people, strict=True)
        if state in MAY_HAVE_A_COPY and sees(items[0], kind)
    ]
    assert mailing.audience(issue, items[0]) == sorted(had_it)
