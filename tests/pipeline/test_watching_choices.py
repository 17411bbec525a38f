"""Which addresses are watched, and how: added, changed, paused and removed by people."""

from __future__ import annotations

import pytest
from feeds import (
    DAY,
    FILTERING,
    PAGE,
    Newsroom,
    rss,
)

from bulletin.errors import (
    AddressRefused,
    BulletinError,
    InvalidInput,
    NotFound,
    Refused,
    Unreachable,
)
from bulletin.models.sources import SourceDefaults
from bulletin.pipeline.watching import Wanted, minutes


def test_people_pause_resume_change_and_remove_a_source_and_its_items_stay(
    any_newsroom: Newsroom,
) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.watching.pause("Example Board", "test")
    any_newsroom.clock.now += DAY
    assert any_newsroom.due() == []
    any_newsroom.watching.resume(any_newsroom.site.url("/feed"), "test")
    assert len(any_newsroom.due()) == 1
    changed = any_newsroom.watching.edit(
        "1", "test", name="Board", defaults=SourceDefaults(topic="News"), every_minutes=120
    )
    assert (changed.name, changed.defaults.topic, changed.every_minutes) == ("Board", "News", 120)
    any_newsroom.watching.remove("board", "test")
    assert any_newsroom.watching.sources() == []
    assert [item.source_id for item in any_newsroom.items()] == [None]
    with pytest.raises(NotFound, match="no source 'board'"):
        any_newsroom.watching.source("board")
    with any_newsroom.store.read() as tx:
        deeds = [what for _, _, what, _ in tx.audit.history("source:1")]
    assert deeds == [
        "source.add", "source.pause", "source.resume", "source.edit", "source.remove"
    ]  # fmt: skip


def test_a_source_that_is_watched_again_brings_nothing_twice(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.watching.remove("1", "test")
    looked = newsroom.add()
    assert (looked.new, [each.known for each in looked.collected]) == (0, [True])


def test_a_new_address_is_looked_at_before_it_is_taken(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/page", PAGE, Content_Type="text/html")
    for path, error in (("/page", InvalidInput), ("/nothing", Unreachable)):
        with pytest.raises(error):
            newsroom.watching.edit("1", "test", url=newsroom.site.url(path))
    newsroom.site.says("/atom", rss(FILTERING), ETag='"two"')
    assert newsroom.watching.edit("1", "test", url=newsroom.site.url("/atom")).etag == ""
    assert newsroom.watching.source("1").source.url == newsroom.site.url("/atom")


def test_a_name_that_several_have_names_none(newsroom: Newsroom) -> None:
    for path in ("/a", "/b"):
        newsroom.site.says(path, rss(FILTERING))
        newsroom.add(path)
    with pytest.raises(Refused, match="by number: 1, 2"):
        newsroom.watching.source("EXAMPLE BOARD")


@pytest.mark.parametrize(
    ("text", "found"), [("90", 90), ("90m", 90), ("2h", 120), (" 1 D ", 1440), ("7d", 10_080)]
)
def test_a_pace_is_minutes_hours_or_days(text: str, found: int) -> None:
    assert minutes(text) == found


@pytest.mark.parametrize("text", ["", "4m", "8d", "1w", "-60", "1.5h", "9" * 99, "٦٠"])
def test_any_other_pace_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no pace"):
        minutes(text)


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "x" * 201, "\u202ereversed"])
def test_names_and_defaults_are_one_line(newsroom: Newsroom, text: str) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    for wanted in ({"name": text}, {"defaults": SourceDefaults(source=text)}):
        with pytest.raises(InvalidInput, match="one line"):
            newsroom.add(**wanted)


def test_a_feeds_own_name_cannot_steer_a_terminal(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING, title="Board\u202e news" + "x" * 300))
    name = newsroom.add().source.name
    assert name.isprintable()
    assert len(name) <= 200


@pytest.mark.parametrize(
    ("answer", "error"),
    [(404, Unreachable), (500, Unreachable), (200, InvalidInput)],
)  # fmt: skip
def test_what_gives_no_news_is_not_watched(
    newsroom: Newsroom, answer: int, error: type[BulletinError]
) -> None:
    newsroom.site.says("/feed", "", status=answer)
    with pytest.raises(error):
        newsroom.add()
    assert newsroom.watching.sources() == []


def test_an_address_within_this_network_is_not_watched(newsroom: Newsroom) -> None:
    with pytest.raises(AddressRefused, match="is not asked"):
        newsroom.watching.add("http://169.254.169.254/feed", Wanted(), "test")


def test_an_address_is_watched_once(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    with pytest.raises(Refused, match="watched already"):
        any_newsroom.add()
    assert len(any_newsroom.watching.sources()) == 1
