"""Watched sources: added after a look at them, paused, mended when they fail, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from at_desk import Desk

import local_site
from bulletin.models.items import Nation
from bulletin.models.people import UserRole
from bulletin.wiring import Services
from local_site import Site

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lantern news</title>
<item><title>Vaping survey</title><guid>a</guid><description>One in five.</description></item>
<item><title>Late buses</title><guid>b</guid><description>They wait.</description></item>
</channel></rss>"""


@pytest.fixture(autouse=True)
def _may_ask_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_FETCH_PRIVATE", "127.0.0.0/8")


@pytest.fixture
def site() -> Iterator[Site]:
    with local_site.site() as made:
        made.says("/feed.xml", FEED, Content_Type="application/rss+xml")
        yield made


@pytest.fixture
def desk(as_role: Callable[..., Desk]) -> Desk:
    return as_role(UserRole.AUTHOR)


def test_a_source_is_looked_at_before_it_is_watched_and_can_be_changed_and_removed(
    desk: Desk, services: Services, site: Site
) -> None:
    address = site.url("/feed.xml")
    found = desk.change("/app/sources/find", address=address)
    assert found.status_code == 200
    assert "2 items found" in found.text
    assert "Vaping survey" in found.text
    assert 'value="Lantern news"' in found.text
    assert services.watching.sources() == []
    fields = {"address": address, "name": "Lantern", "every": "120", "nation": ["Wales"]}
    desk.change("/app/sources/add", begin="all", **fields)
    page = desk.get("/app/sources").text
    assert "“Lantern” is watched from now on. 2 new items to sort." in page
    assert "Every 2 hours" in page
    assert services.library.item(1).draft.nations == (Nation.WALES,)
    again = desk.change("/app/sources/find", address=address)
    assert again.status_code == 422
    assert "watched already" in again.text
    desk.change(
        "/app/sources/1/edit", address=address, name="Lantern centre", every="60", topic="T"
    )
    source = services.watching.source("1").source
    assert (source.name, source.every_minutes, source.defaults.topic) == ("Lantern centre", 60, "T")
    desk.change("/app/sources/1/pause")
    assert "Paused" in desk.get("/app/sources/1").text
    desk.change("/app/sources/1/resume")
    desk.change("/app/sources/1/remove")
    assert services.watching.sources() == []


def test_what_fails_is_marked_with_the_reason_and_comes_back_by_itself(
    desk: Desk, services: Services, site: Site
) -> None:
    desk.change("/app/sources/add", address=site.url("/feed.xml"), every="60", begin="new")
    assert services.watching.source("1").candidates == 0
    site.says("/feed.xml", status=500)
    desk.change("/app/sources/1/look", list="1")
    page = desk.get("/app/sources").text
    assert "could not be read" in page
    assert "Failing since" in page
    assert "It could not be read since" in desk.get("/app/sources/1").text
    more = FEED.replace("<item>", "<item><title>New one</title><guid>c</guid></item><item>", 1)
    site.says("/feed.xml", more, Content_Type="application/rss+xml")
    desk.change("/app/sources/1/look")
    assert "1 new item to sort." in desk.get("/app/sources/1").text
    assert "Failing" not in desk.get("/app/sources").text
    assert "New one" in desk.get("/app/inbox?watched=1").text


def test_an_address_that_cannot_be_watched_is_refused_beside_its_field(
    desk: Desk, site: Site
) -> None:
    wrong = ("", "file:///etc/passwd", "http://10.0.0.1/", site.url("/nothing"))
    for address in wrong:
        answer = desk.change("/app/sources/find", address=address)
        assert answer.status_code == 422
        assert 'id="address-error"' in answer.text
    desk.change("/app/sources/add", address=site.url("/feed.xml"), every="60")
    answer = desk.change("/app/sources/1/edit", address=site.url("/feed.xml"), name="", every="60")
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


def test_a_page_is_brought_in_by_its_address(desk: Desk, site: Site) -> None:
    answer = desk.change("/app/inbox/paste/address", address=site.url("/feed.xml"))
    page = desk.get(answer.headers["location"]).text
    assert "2 items found" in page
    assert "Not found in the text" not in page
