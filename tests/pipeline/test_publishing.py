"""Publishing on both databases: who may read what, and whose edition it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import NotFound
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.publish import Publishing
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

SIGNER = TokenSigner("a secret of at least thirty-two characters")


@pytest.fixture
def publishing(desk: Desk) -> Publishing:
    return Publishing(
        desk.store,
        SIGNER,
        public_url="https://bulletin.school.example",
        zone=ZoneInfo("Europe/London"),
    )


def view_token(number: int) -> str:
    return SIGNER.sign(Purpose.VIEW, number)


def test_an_issue_is_listed_once_it_is_public_and_has_gone_out(
    desk: Desk, publishing: Publishing
) -> None:
    """Requirement 72."""
    slug = desk.approved()
    assert publishing.archive() == ()
    assert publishing.find(slug) is None
    desk.planning.start(slug, None, "test")
    assert [issue.slug for issue in publishing.archive()] == [slug]
    publishing.unpublish(slug, "test")
    assert publishing.archive() == ()
    assert publishing.find(slug) is None


def test_publishing_leaves_state_and_approval_and_is_on_record(
    desk: Desk, publishing: Publishing
) -> None:
    slug = desk.approved()
    before = desk.drafting.issue(slug)
    publishing.unpublish(slug, "editor@school.example")
    after = publishing.publish(slug, "editor@school.example")
    assert (after.state, after.approved_hash) == (IssueState.APPROVED, before.approved_hash)
    assert after.visibility is Visibility.PUBLIC
    publishing.publish(slug, "editor@school.example")
    with desk.store.read() as tx:
        done = [entry[2] for entry in tx.audit.history(f"issue:{before.id}")]
    assert done[-2:] == ["issue.unpublish", "issue.publish"]


def test_an_issue_has_one_address_and_its_number_is_none(
    desk: Desk, publishing: Publishing
) -> None:
    slug = desk.approved()
    issue = desk.planning.start(slug, None, "test")
    assert publishing.find(str(issue.id)) is None
    assert publishing.find(slug) is not None


def test_a_showing_is_the_same_whatever_the_order_or_spelling_it_was_asked_in(
    desk: Desk, publishing: Publishing
) -> None:
    """So that it is built once."""
    slug = desk.approved()
    desk.planning.start(slug, None, "test")
    one = publishing.find(slug, ["dsl", "governor", "dsl"], "wales")
    other = publishing.find(slug, ["governor", "dsl"], "Wales")
    assert one == other
    assert hash(one) == hash(other)
    assert publishing.find(slug, ["dsl", "no such role"]) is None
    assert publishing.find(slug, ["dsl"], "Narnia") is None


def test_a_reader_keeps_the_edition_of_the_day_it_went_out(
    desk: Desk, publishing: Publishing
) -> None:
    slug = desk.issue(readers=0)
    draft = SubscriberDraft(
        "gov@school.example",
        ("governor",),
        name="Sam",
        nation=Nation.WALES,
        kind=SubscriberKind.CORPORATE,
    )
    with desk.store.write() as tx:
        tx.roster_import(desk.clock(), "test").run(iter([(draft, False)]))
    desk.approval.approve(slug, "test")
    desk.planning.start(slug, None, "test")
    with desk.store.write() as tx:
        person = tx.subscribers.by_email("gov@school.example")
        tx.subscribers.set_roles(person.id, tx.roles.set_id(["dsl"]), desk.clock())
    edition = publishing.own(view_token(1))
    assert edition is not None
    assert edition.reader == "a governor (Wales)"
    assert (edition.items, edition.of) == (1, 2)


def test_a_token_of_ours_for_a_copy_that_is_gone_says_so(
    desk: Desk, publishing: Publishing
) -> None:
    assert publishing.own("1-aaaaaaaaaaaaaaaaaaaaaaaa") is None
    with pytest.raises(NotFound):
        publishing.own(view_token(77))


def test_a_deleted_snapshot_is_gone_from_the_list_and_from_memory(
    desk: Desk, publishing: Publishing
) -> None:
    """Requirement 45."""
    slug = desk.approved()
    desk.planning.start(slug, None, "test")
    showing = publishing.find(slug)
    assert showing is not None
    publishing.edition(showing)
    with desk.store.write() as tx:
        tx._connection.exec_driver_sql("DELETE FROM snapshots")
    assert publishing.archive() == ()
    with pytest.raises(NotFound):
        publishing.find(slug)
    with pytest.raises(NotFound):
        publishing.own(view_token(1))
