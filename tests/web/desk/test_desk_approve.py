"""The Approve page: decisions with the hash of what was looked at, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import Action, ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

AsRole = Callable[..., Desk]
VECTOR = '"><script>alert(1)</script>'
PAGE = "/app/issues/1/approve"
EDITOR = "editor@school.example"


@pytest.fixture
def asked(services: Services) -> str:
    """Issue 1 waits for its approval; the hash of its first version."""
    with services.store.write() as tx:
        link = Action("Read it", url="https://guidance.example/a")
        draft = ItemDraft("Safer corridors", body="Text.", source="Office", actions=(link,))
        item = tx.items.add(draft, services.store.clock())
    made = services.drafting.new("December", {}, Visibility.PRIVATE, EDITOR)
    services.drafting.place(made.slug, [item], PlacingOptions(), EDITOR)
    return services.approval.ask("1", EDITOR, VECTOR).hash


def test_an_edit_during_approval_refuses_it_with_a_page_that_says_so(
    as_role: AsRole, asked: str, services: Services
) -> None:
    approver = as_role(UserRole.APPROVER)
    services.drafting.edit("1", {"intro": "Meanwhile"}, EDITOR)
    answer = approver.change(PAGE, hash=asked)
    assert answer.status_code == 409
    assert "<title>Error:" in answer.text
    assert "needs to be sent for approval again" in answer.text
    services.approval.ask("1", EDITOR)
    answer = approver.change(PAGE, hash=asked)
    assert "version 2 waits for approval now" in answer.text
    assert services.drafting.issue("1").state is IssueState.IN_REVIEW


def test_of_two_approvers_the_second_reads_who_was_first(
    as_role: AsRole, asked: str, services: Services
) -> None:
    first = as_role(UserRole.APPROVER)
    second = as_role(UserRole.APPROVER, "second@school.example")
    assert first.change(PAGE, hash=asked).status_code == 303
    answer = second.change(PAGE, hash=asked)
    assert answer.status_code == 409
    assert "version 1 was approved by approver@school.example" in answer.text


def test_a_return_wants_a_reason_keeps_what_was_typed_and_shows_it_to_the_writer(
    as_role: AsRole, asked: str
) -> None:
    approver, editor = as_role(UserRole.APPROVER), as_role(UserRole.EDITOR)
    refused = approver.change(f"{PAGE}/return", hash=asked, reason=" ")
    assert refused.status_code == 422
    assert "Say what has to change" in refused.text
    assert approver.change(f"{PAGE}/return", hash=asked, reason="No date").status_code == 303
    assert "Returned for changes: No date" in editor.get(PAGE).text


def test_who_wrote_it_is_told_who_else_can_approve_it(
    as_role: AsRole, asked: str, services: Services
) -> None:
    as_role(UserRole.APPROVER, "sam@school.example")
    writer = as_role(UserRole.APPROVER)
    services.drafting.edit("1", {"intro": "Mine"}, writer.user.email)
    review = services.approval.ask("1", EDITOR)
    page = writer.get(PAGE).text
    assert "Approve version" not in page
    assert "sam@school.example" in page
    answer = writer.change(PAGE, hash=review.hash)
    assert answer.status_code == 409
    assert "Whoever wrote an issue cannot approve it" in answer.text
    assert as_role(UserRole.EDITOR).change(PAGE, hash=asked).status_code == 403


def test_opening_an_edition_counts_for_who_opened_it_and_looking_alone_changes_nothing(
    as_role: AsRole, asked: str
) -> None:
    approver = as_role(UserRole.APPROVER)
    page = approver.get(f"{PAGE}?tab=desktop").text
    assert "Seen 0 of 1 editions" in page
    key = page.partition('name="edition" value="')[2].partition('"')[0]
    opened = approver.change(f"{PAGE}/look", edition=key, tab="phone")
    page = approver.get(opened.headers["location"]).text
    assert "Seen 1 of 1 editions" in page
    assert "view=phone" in page
    assert "Seen 0 of 1" in as_role(UserRole.EDITOR).get(PAGE).text
    assert asked


@pytest.mark.parametrize("query", ["since=99999999999999999999", "since=x", "tab=none&edition=no"])
def test_addresses_that_somebody_made_up_show_the_page(
    as_role: AsRole, asked: str, query: str
) -> None:
    assert as_role(UserRole.APPROVER).get(f"{PAGE}?{query}").status_code == 200
    assert asked


def test_what_people_wrote_stays_text_on_every_page(
    as_role: AsRole, asked: str, services: Services
) -> None:
    services.commenting.say("1", VECTOR, EDITOR, 1)
    approver = as_role(UserRole.APPROVER)
    approver.change(f"{PAGE}/return", hash=asked, reason=VECTOR)
    services.drafting.edit("1", {"intro": VECTOR, "title": VECTOR}, EDITOR)
    services.editing.revise(1, lambda was: was, EDITOR)
    services.approval.ask("1", EDITOR)
    for address in (PAGE, f"{PAGE}?tab=desktop", "/app/issues/1/check", "/app/issues/1/comments"):
        assert "<script>alert(1)" not in approver.get(address).text


def test_compose_shows_why_it_is_a_draft_again_and_what_is_said_of_an_item(
    as_role: AsRole, asked: str, services: Services
) -> None:
    services.commenting.say("1", "Is it dated?", EDITOR, 1)
    services.approval.give_back("1", "approver@school.example", "No date", expected=asked)
    page = as_role(UserRole.EDITOR).get("/app/issues/1/compose").text
    assert "Returned for changes: No date" in page
    assert 'href="/app/issues/1/comments?item=1"' in page
