"""The outbox is for this machine alone; the archive shows what was made public, no more."""

from __future__ import annotations

import threading

import pytest
from fastapi.testclient import TestClient

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.pipeline.draft import PlacingOptions
from bulletin.web.app import create_app
from bulletin.wiring import Services

HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


def send(services: Services, title: str, visibility: Visibility) -> str:
    draft = ItemDraft(title=HOSTILE, body=f"**Bold** {HOSTILE}", source=HOSTILE)
    with services.store.write() as tx:
        item = tx.items.add(draft, services.store.clock())
    intro = "Dear {{first_name}},"
    issue = services.drafting.new(title, {"intro": intro}, visibility, "test")
    services.drafting.place(issue.slug, [item], PlacingOptions(topic=HOSTILE), "test")
    services.approval.approve(issue.slug, "test")
    started = services.planning.start(issue.slug, None, "test")
    services.delivery.run(started.id, threading.Event(), lambda _: None)
    return issue.slug


def test_every_copy_in_the_outbox_can_be_looked_at(services: Services, browser: TestClient) -> None:
    send(services, "December", Visibility.PRIVATE)
    listing = browser.get("/outbox")
    assert "1 copies" not in listing.text
    assert "1 copy, newest first" in listing.text
    assert 'href="/outbox/1"' in listing.text
    page = browser.get("/outbox/1")
    assert "dsl@school.example" in page.text
    assert "List-Unsubscribe-Post" in page.text
    assert "Dear colleague," in page.text


def test_the_html_of_a_copy_is_shown_where_nothing_in_it_can_run(
    services: Services, browser: TestClient
) -> None:
    send(services, "December", Visibility.PRIVATE)
    answer = browser.get("/outbox/1/html")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    page = browser.get("/outbox/1").text
    assert "<script" not in page
    assert "sandbox" in page


@pytest.mark.parametrize("key", ["2", "x", "..%2f..%2fbulletin.db", "0x1", "9" * 400])
def test_a_key_that_is_no_copy_of_ours_is_not_found(
    services: Services, browser: TestClient, key: str
) -> None:
    send(services, "December", Visibility.PRIVATE)
    for page in (f"/outbox/{key}", f"/outbox/{key}/html"):
        assert browser.get(page).status_code in {404, 422}


@pytest.mark.parametrize(
    "host",
    ["bulletin.school.example", "rebound.example:8025", "10.0.0.7", "127.0.0.1.example", "", "]"],
)
def test_the_outbox_is_not_shown_under_any_name_but_this_machines_own(
    services: Services, browser: TestClient, host: str
) -> None:
    send(services, "December", Visibility.PRIVATE)
    for page in ("/outbox", "/outbox/1", "/outbox/1/html"):
        assert browser.get(page, headers={"Host": host}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_the_outbox_is_not_shown_through_a_proxy(browser: TestClient, header: str) -> None:
    assert browser.get("/outbox", headers={header: "127.0.0.1"}).status_code == 404


def test_an_installation_that_is_open_to_the_world_shows_no_outbox(services: Services) -> None:
    world = Services(
        services.settings.model_copy(update={"public_url": "https://bulletin.school.example"})
    )
    app = create_app(world)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as client:
        assert client.get("/outbox").status_code == 404
    world.close()


def test_the_outbox_is_not_shown_to_another_machine(services: Services) -> None:
    app = create_app(services)
    with TestClient(app, base_url="http://127.0.0.1", client=("192.0.2.7", 5000)) as stranger:
        assert stranger.get("/outbox").status_code == 404


def test_the_archive_lists_public_issues_that_have_gone_out(
    services: Services, browser: TestClient
) -> None:
    """Requirement 72: private by default, also for who knows the address."""
    public = send(services, "Public December", Visibility.PUBLIC)
    private = send(services, "Private December", Visibility.PRIVATE)
    services.drafting.new("Draft December", {}, Visibility.PUBLIC, "test")
    page = browser.get("/").text
    assert "Public December" in page
    assert "Private December" not in page
    assert "Draft December" not in page
    assert browser.get(f"/issues/{public}").status_code == 200
    assert browser.get(f"/issues/{private}").status_code == 404
    assert browser.get("/issues/draft-december").status_code == 404


def test_the_web_edition_holds_nothing_personal(services: Services, browser: TestClient) -> None:
    page = browser.get(f"/issues/{send(services, 'December', Visibility.PUBLIC)}").text
    assert "Dear colleague," in page
    for personal in ("BLT0", "blt.invalid", "Unsubscribe", "You get this bulletin", "block:"):
        assert personal not in page


def test_an_archive_of_several_years_is_grouped_by_year_the_latest_first(
    services: Services, browser: TestClient
) -> None:
    for title, sent_at in (("Old", "2024-12-31 23:30"), ("New year", "2026-01-01 00:30")):
        slug = send(services, title, Visibility.PUBLIC)
        with services.store.write() as tx:
            tx._connection.exec_driver_sql(
                "UPDATE issues SET started_at = ? WHERE slug = ?", (f"{sent_at}:00.000000", slug)
            )
    page = browser.get("/").text
    places = [page.index(words) for words in ("<h2>2026", "New year", "<h2>2024", "Old")]
    assert places == sorted(places)
    assert "1 January 2026</time>, 1 item" in page


def test_an_archive_of_one_year_needs_no_headings(services: Services, browser: TestClient) -> None:
    send(services, "December", Visibility.PUBLIC)
    assert "<h2>" not in browser.get("/").text


def test_an_empty_archive_says_so_and_offers_one_thing_to_do(browser: TestClient) -> None:
    page = browser.get("/").text
    assert "No issue has been published here yet." in page
    assert '<a class="button" href="/subscribe">' in page
    assert browser.get("/subscribe").status_code == 200


def test_search_engines_may_list_what_is_public_and_nothing_else(
    services: Services, browser: TestClient
) -> None:
    slug = send(services, "December", Visibility.PUBLIC)
    for address in ("/", f"/issues/{slug}", "/feed.xml", "/privacy"):
        answer = browser.get(address)
        assert "x-robots-tag" not in answer.headers, address
        assert "noindex" not in answer.text
    for address in ("/outbox", "/nowhere", "/healthz"):
        assert browser.get(address).headers["x-robots-tag"] == "noindex", address
