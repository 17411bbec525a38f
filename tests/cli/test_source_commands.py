"""`bulletin source`: news from feeds and pages, and how they fare, at the command line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulletin.cli.background import working
from bulletin.cli.source import _pace
from bulletin.settings import load_settings
from bulletin.wiring import Services
from local_site import Site, site

if TYPE_CHECKING:
    from conftest import Command

FEED = """<rss version="2.0"><channel><title>Example Board</title><link>https://board.example/</link>
<description>News</description>
<item><guid>1</guid><title>New guidance on filtering</title><link>https://board.example/1</link>
<description>The Board has published new guidance for every school.</description></item>
</channel></rss>"""
MORE = FEED.replace(
    "<item>",
    "<item><guid>2</guid><title>A helpline opens at weekends</title>"
    "<description>From January the duty team answers on Saturdays, too.</description></item><item>",
    1,
)


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("BULLETIN_FETCH_PRIVATE", "127.0.0.1")
    with site() as made:
        made.says("/feed", FEED, Content_Type="application/rss+xml")
        yield made


def test_a_feed_is_added_listed_and_shown(bulletin: Command, local: Site) -> None:
    added = bulletin("source", "add", local.url("/feed"), "--nation", "Wales", "--every", "2h")
    assert (added.code, added.err) == (0, "")
    assert "Example Board: 1 new" in added.out
    assert "every 2 hours" in added.out
    for words in (("source", "list"), ("source", "show", "Example Board")):
        shown = bulletin(*words)
        assert shown.code == 0
        assert "Example Board" in shown.out
    found = bulletin("items", "list", "--watched", "example board", "--json").json["items"]
    assert [(item["title"], item["nations"]) for item in found] == [
        ("New guidance on filtering", ["Wales"])
    ]


def test_a_program_gets_every_fact_of_a_source(bulletin: Command, local: Site) -> None:
    url = local.url("/feed")
    added = bulletin("source", "add", url, "--topic", "News", "--json").json
    assert (added["id"], added["url"], added["new"], added["items"]) == (1, url, 1, [1])
    (listed,) = bulletin("source", "list", "--json").json["sources"]
    assert (listed["state"], listed["kind"], listed["candidates"]) == ("active", "feed", 1)
    assert (listed["failures"], listed["trouble"], listed["failing_since"]) == (0, "", None)
    assert listed["defaults"] == {"source": "", "topic": "News", "nations": []}
    for moment in ("added_at", "seen_at", "brought_at", "next_look"):
        assert datetime.fromisoformat(listed[moment]).tzinfo is not None
    assert bulletin("source", "show", "1", "--json").json == listed


def test_all_or_one_are_looked_at_now(bulletin: Command, local: Site) -> None:
    assert "No source is watched" in bulletin("source", "poll").out
    bulletin("source", "add", local.url("/feed"))
    local.says("/feed", MORE)
    polled = bulletin("source", "poll", "--json")
    assert [source["new"] for source in polled.json["sources"]] == [1]
    assert bulletin("source", "poll", "1").out == "Example Board: nothing new\n"
    local.says("/feed", status=503)
    failed = bulletin("source", "poll", "Example Board")
    assert (failed.code, failed.out) == (1, "")
    assert "status 503" in failed.err
    assert "status 503" in bulletin("source", "list").out
    assert bulletin("source", "list", "--json").json["sources"][0]["failures"] == 1


def test_a_source_is_changed_paused_resumed_and_removed(bulletin: Command, local: Site) -> None:
    bulletin("source", "add", local.url("/feed"), "--nation", "Wales,England")
    edit = ("source", "edit", "1", "--name", "Board", "--every", "1d", "--nation", "", "--json")
    edited = bulletin(*edit).json
    assert (edited["name"], edited["every_minutes"]) == ("Board", 1440)
    assert edited["defaults"]["nations"] == []
    assert bulletin("source", "pause", "Board", "--json").json["next_look"] is None
    assert "paused" in bulletin("source", "list").out
    assert bulletin("source", "poll").out == "1 source is paused. See: bulletin source list\n"
    assert bulletin("source", "resume", "Board", "--json").json["state"] == "active"
    assert bulletin("source", "remove", "Board", "--json").json == {"id": 1, "removed": True}
    assert len(bulletin("items", "list", "--json").json["items"]) == 1


def test_a_new_address_and_a_change_of_words_are_said(bulletin: Command, local: Site) -> None:
    bulletin("source", "add", local.url("/feed"))
    local.says("/new", MORE.replace("for every school", "for every school and college"))
    edited = bulletin("source", "edit", "1", "--url", local.url("/new"))
    assert edited.out == "Source 1 changed.\nExample Board: 1 new, 1 changed\n"


def test_the_whole_address_is_offered_for_one_without_its_scheme(
    bulletin: Command, local: Site
) -> None:
    refused = bulletin("source", "add", "guidance.example/news")
    assert "Did you mean https://guidance.example/news?" in refused.err


REFUSED = (
    ("add", "http://169.254.169.254/"), ("add", "http://localhost:22/"), ("add", "news"),
    ("add", "https://dsl:secret@board.example/"), ("show", "9"), ("show", "no such"),
    ("edit", "1"), ("edit", "1", "--every", "1m"), ("poll", "9"), ("remove", "9" * 30),
    ("add", "https://board.example/", "--nation", "Atlantis"),
)  # fmt: skip


def test_what_cannot_be_is_refused_in_a_sentence(bulletin: Command, local: Site) -> None:
    for words in REFUSED:
        refused = bulletin("source", *words)
        assert (refused.code, refused.out) == (1, ""), words
        assert refused.err.startswith("Error: ")
        assert "secret" not in refused.err


def test_what_feeds_say_cannot_steer_a_terminal(bulletin: Command, local: Site) -> None:
    local.says("/feed", FEED.replace("Example Board", "Board \u202e\u009b2J&#x9b;31m"))
    for words in (("add", local.url("/feed")), ("list",), ("show", "1"), ("poll",)):
        shown = bulletin("source", *words)
        assert shown.code == 0
        assert "\u202e" not in shown.out
        assert "\x9b" not in shown.out


def test_doctor_names_a_source_that_has_failed_for_a_week(bulletin: Command, local: Site) -> None:
    bulletin("source", "add", local.url("/feed"))
    assert "source 1" not in bulletin("doctor").out
    made = Services(load_settings())
    with made.store.write() as tx:
        long_ago = datetime.now(UTC) - timedelta(days=8)
        tx.watched.change(1, failing_since=long_ago, trouble="It answered with status 404.")
    made.close()
    told = bulletin("doctor").out
    assert "note   source 1: Example Board has not answered well for a week" in told


def test_what_serves_looks_at_sources_by_itself(
    bulletin: Command, local: Site, tmp_path: Path
) -> None:
    bulletin("source", "add", local.url("/feed"), "--only-new")
    asked = threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(MORE.encode())
        asked.set()

    local.does("/feed", answer)
    made = Services(load_settings())
    with made.store.write() as tx:
        tx.watched.change(1, due_at=made.store.clock())
    with working(made, []):
        assert asked.wait(20)
    (listed,) = made.watching.sources()
    made.close()
    assert listed.candidates == 1


@pytest.mark.parametrize(
    ("every", "said"),
    [(5, "5 minutes"), (60, "hour"), (90, "90 minutes"), (120, "2 hours"), (1440, "day"),
     (2880, "2 days")],
)  # fmt: skip
def test_a_pace_is_said_as_people_say_it(every: int, said: str) -> None:
    assert _pace(every) == said
