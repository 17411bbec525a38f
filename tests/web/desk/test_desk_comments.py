"""Comments on an issue and its items: said, answered, settled, and never more than text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

AsRole = Callable[..., Desk]
VECTOR = '<img src=x onerror="alert(1)"><script>alert(2)</script> & {{ 7*7 }}'


@pytest.fixture
def issue(services: Services) -> str:
    """The address of an issue that holds item 1."""
    with services.store.write() as tx:
        item = tx.items.add(ItemDraft("Safer corridors", body="Text."), services.store.clock())
    made = services.drafting.new("December", {}, Visibility.PRIVATE, "writer@school.example")
    services.drafting.place(made.slug, [item], PlacingOptions(), "writer@school.example")
    return f"/app/issues/{made.id}"


def test_what_is_said_of_an_item_is_answered_settled_and_opened_again(
    as_role: AsRole, issue: str, services: Services
) -> None:
    author, approver = as_role(UserRole.AUTHOR), as_role(UserRole.APPROVER)
    author.change(f"{issue}/comments", item=1, text="Is the date right?")
    approver.change(f"{issue}/comments", thread=1, text="It is the day of the report.")
    assert services.commenting.open_counts("1") == {1: 1}
    author.change(f"{issue}/comments/1/settle", settled="true")
    page = approver.get(f"{issue}/comments").text
    assert "Settled by author@school.example" in page
    assert services.commenting.open_counts("1") == {}
    approver.change(f"{issue}/comments", thread=1, text="Not quite, see page 3.")
    assert services.commenting.open_counts("1") == {1: 1}


def test_a_comment_stays_the_text_it_was_typed_as(as_role: AsRole, issue: str) -> None:
    author = as_role(UserRole.AUTHOR)
    author.change(f"{issue}/comments", text=VECTOR)
    page = author.get(f"{issue}/comments").text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;" in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5_001])
def test_nothing_and_too_much_are_refused_with_what_was_typed(
    as_role: AsRole, issue: str, text: str
) -> None:
    answer = as_role(UserRole.AUTHOR).change(f"{issue}/comments", text=text)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert text.strip() in answer.text


def test_nothing_is_said_of_an_item_that_is_not_in_the_issue(as_role: AsRole, issue: str) -> None:
    assert as_role().change(f"{issue}/comments", item=99, text="Hm").status_code == 404
    assert as_role().change(f"{issue}/comments", thread=99, text="Hm").status_code == 404


def test_comments_void_no_approval(as_role: AsRole, issue: str, services: Services) -> None:
    services.approval.ask("1", "writer@school.example")
    as_role(UserRole.AUTHOR).change(f"{issue}/comments", text="Good.")
    assert services.drafting.issue("1").state is IssueState.IN_REVIEW
