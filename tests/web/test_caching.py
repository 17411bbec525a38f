"""Public pages are built once, kept and revalidated; nobody's own page is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from published import send

from bulletin.web.app import create_app
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

PAGES = ("/", "/feed.xml", "/issues/december", "/issues/december?role=dsl", "/privacy")


@pytest.fixture
def published(services: Services, browser: TestClient) -> Iterator[TestClient]:
    send(services)
    return browser


@pytest.mark.parametrize("address", PAGES)
def test_who_has_the_page_is_told_so_and_sent_nothing(published: TestClient, address: str) -> None:
    """RFC 9110 section 13.1.2."""
    first = published.get(address)
    assert first.headers["cache-control"] == "public, max-age=60"
    tag = first.headers["etag"]
    for asked in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = published.get(address, headers={"If-None-Match": asked})
        assert again.status_code == 304, asked
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert published.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_pages_that_differ_have_tags_that_differ(published: TestClient) -> None:
    tags = {published.get(address).headers["etag"] for address in PAGES}
    assert len(tags) == len(PAGES)


def test_the_tag_is_the_same_after_a_restart(services: Services, published: TestClient) -> None:
    before = published.get("/issues/december").headers["etag"]
    again = Services(services.settings)
    with TestClient(create_app(again), base_url="http://127.0.0.1") as restarted:
        assert restarted.get("/issues/december").headers["etag"] == before
    again.close()


def test_a_page_is_packed_for_whoever_can_unpack_it(published: TestClient) -> None:
    plain = published.get("/issues/december", headers={"Accept-Encoding": "identity"})
    packed = published.get("/issues/december", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.text == plain.text
    for refusal in ("gzip;q=0", "gzip; q=0.00, br", "x-gzip"):
        refused = published.get("/issues/december", headers={"Accept-Encoding": refusal})
        assert "content-encoding" not in refused.headers, refusal
    assert plain.headers["vary"] == "Accept-Encoding"


def test_what_is_taken_off_the_web_is_gone_at_once_and_its_tag_with_it(
    services: Services, published: TestClient
) -> None:
    """Requirement 72."""
    tag = published.get("/issues/december").headers["etag"]
    listed = published.get("/").headers["etag"]
    services.publishing.unpublish("december", "test")
    asked = {"If-None-Match": tag}
    assert published.get("/issues/december", headers=asked).status_code == 404
    assert published.get("/", headers={"If-None-Match": listed}).status_code == 200
    services.publishing.publish("december", "test")
    assert published.get("/issues/december", headers=asked).status_code == 304


def test_a_role_that_gets_another_name_gets_it_on_the_page_too(
    services: Services, published: TestClient
) -> None:
    assert "designated safeguarding lead" in published.get("/issues/december").text
    with services.store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE roles SET name = 'lead' WHERE key = 'dsl'")
    assert "What this means for you: lead" in published.get("/issues/december").text


def test_a_shelf_builds_each_page_once_and_never_holds_more_than_it_may() -> None:
    built: list[int] = []

    def build(number: int) -> str:
        built.append(number)
        return f"page {number}"

    shelf = Shelf(build, "text/html", size=3)
    request = Request({"type": "http", "method": "GET", "headers": []})
    for _ in range(5):
        assert shelf.answer(request, 1).body == b"page 1"
    assert built == [1]
    for number in range(100):
        shelf.answer(request, number)
    assert shelf.kept() == 3


def test_a_head_request_gets_the_headers_of_the_page(published: TestClient) -> None:
    """RFC 9110 section 9.3.2."""
    assert published.head("/").headers["etag"] == published.get("/").headers["etag"]


def test_static_files_are_kept_for_good_under_an_address_of_their_own(
    published: TestClient,
) -> None:
    page = published.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = published.get(address)
    assert "?v=" in address
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
