"""All issues in a list, and how a new one begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft, Reading
from bulletin.wiring import Services


@pytest.fixture
def editor(as_role: Callable[..., Desk]) -> Desk:
    return as_role()


def test_the_empty_list_offers_the_first_issue(editor: Desk) -> None:
    page = editor.get("/app/issues")
    assert page.status_code == 200
    assert "There is no issue yet" in page.text
    assert 'href="/app/issues/new"' in page.text


def test_a_new_issue_suggests_its_month_and_opens_for_composing(editor: Desk) -> None:
    asked = editor.get("/app/issues/new")
    assert 'name="dateline"' in asked.text
    made = editor.change("/app/issues/new", title="December news", dateline="December 2026")
    assert made.status_code == 303
    composed = editor.get(made.headers["location"])
    assert composed.status_code == 200
    assert "<h1>December news</h1>" in composed.text
    assert "December news" in editor.get("/app/issues").text


def test_an_issue_is_started_with_the_item_that_somebody_looks_at(
    editor: Desk, services: Services
) -> None:
    services.collecting.keep(Reading((ItemDraft("Age checks", body="New rules."),)), "test")
    assert 'href="/app/issues/new?item=1"' in editor.get("/app/items/1").text
    assert "“Age checks” goes into it." in editor.get("/app/issues/new?item=1").text
    made = editor.change("/app/issues/new", title="December", item=1)
    page = editor.get(made.headers["location"]).text
    assert "The issue is started, with “Age checks” in it." in page
    assert 'id="item-1"' in page


def test_a_title_without_letters_is_refused_and_kept_as_typed(editor: Desk) -> None:
    refused = editor.change("/app/issues/new", title="???", dateline="May")
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert 'value="???"' in refused.text
    assert 'value="May"' in refused.text


def test_a_new_issue_takes_over_words_and_topics_but_no_items(
    editor: Desk, services: Services
) -> None:
    words = {"intro": "Hello {{first_name}}", "closing": "Keep safe"}
    last = services.drafting.new("November", words, Visibility.PUBLIC, "test")
    for topic in ("Statutory", "Online"):
        services.composing.add_new(str(last.id), f"About {topic}", topic, "test")
    made = editor.change("/app/issues/new", title="December", dateline="", take="1")
    number = made.headers["location"].split("/")[3]
    found = services.composing.composition(number)
    assert (found.issue.intro, found.issue.closing) == ("Hello {{first_name}}", "Keep safe")
    assert found.issue.visibility is Visibility.PUBLIC
    assert [(each.title, each.placed) for each in found.sections] == [
        ("Statutory", ()), ("Online", ()),
    ]  # fmt: skip


def test_a_draft_that_nobody_wants_is_deleted_after_one_question(editor: Desk) -> None:
    issue = editor.change("/app/issues/new", title="Spring").headers["location"].rpartition("/")[0]
    assert f'href="{issue}/delete"' in editor.get(f"{issue}/compose").text
    assert "This cannot be undone" in editor.get(f"{issue}/delete").text
    gone = editor.change(f"{issue}/delete")
    assert gone.headers["location"] == "/app/issues"
    page = editor.get("/app/issues").text
    assert "“Spring” is deleted." in page
    assert editor.get(f"{issue}/compose").status_code == 404


def test_the_list_comes_in_pages_of_fifty(editor: Desk, services: Services) -> None:
    for number in range(52):
        services.drafting.new(f"Issue {number:02}", {}, Visibility.PRIVATE, "test")
    first, second = editor.get("/app/issues"), editor.get("/app/issues?page=2")
    assert "51 to 52 of 52 issues" in second.text
    assert "Issue 51" in first.text
    assert "Issue 51" not in second.text
    assert "Issue 00" in second.text
