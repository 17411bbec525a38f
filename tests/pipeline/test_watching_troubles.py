"""A source that fails, moves or is gone: it is said, and tried again at a fitting time."""

from __future__ import annotations

import pytest
from feeds import (
    DAY,
    FILTERING,
    HOUR,
    PAGE,
    SURVEY,
    Answers,
    Newsroom,
    answering,
    rss,
)

from bulletin.models.sources import SourceState


def test_an_answer_of_not_changed_to_somebody_who_did_not_ask_is_none(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=304)
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert "status 304" in looked.source.trouble


def test_a_page_that_has_lost_its_news_has_failed(newsroom: Newsroom) -> None:
    newsroom.site.says("/news", PAGE, Content_Type="text/html")
    newsroom.add("/news")
    newsroom.site.says("/news", "<!doctype html><nav>Home</nav>", Content_Type="text/html")
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert looked.source.trouble
    assert looked.source.failing_since == newsroom.clock.now


def test_a_feed_that_answers_with_a_page_has_failed_and_brings_nothing(newsroom: Newsroom) -> None:
    """A hotel's sign-in page, or a check that we are human, is no news."""
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", PAGE, Content_Type="text/html")
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert (looked.new, newsroom.titles()) == (0, [FILTERING.title])
    assert "a page in place of its feed" in looked.source.trouble


def test_a_move_for_good_changes_the_address_and_is_said(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.leads("/feed", "/new", 301)
    newsroom.site.says("/new", rss(SURVEY, FILTERING))
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert looked.source.url == newsroom.site.url("/new")
    assert "moved for good" in looked.remarks[0]
    assert looked.new == 1
    with newsroom.store.read() as tx:
        assert tx.audit.history("source:1")[-1][2] == "source.move"


def test_a_passing_redirect_or_one_to_no_feed_moves_nothing(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/new", rss(FILTERING))
    newsroom.site.says("/sign-in", PAGE, Content_Type="text/html")
    for path, status in (("/new", 302), ("/sign-in", 301)):
        newsroom.site.leads("/feed", path, status)
        newsroom.clock.now += DAY
        assert [looked.source.url for looked in newsroom.due()] == [newsroom.site.url("/feed")]


def test_a_move_to_an_address_that_is_watched_already_leaves_both(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.site.says("/new", rss(SURVEY))
    newsroom.add()
    newsroom.add("/new")
    newsroom.site.leads("/feed", "/new", 301)
    newsroom.clock.now += HOUR
    assert [looked.source.trouble for looked in newsroom.due()] == ["", ""]
    assert [each.source.url for each in newsroom.watching.sources()] == [
        newsroom.site.url("/feed"), newsroom.site.url("/new")
    ]  # fmt: skip


def test_what_is_gone_for_good_is_paused(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=410)
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert looked.source.state is SourceState.PAUSED
    assert "gone for good" in looked.source.trouble
    assert "no longer looked at" in looked.source.trouble
    newsroom.clock.now += 30 * DAY
    assert newsroom.due() == []


def test_a_source_that_fails_is_asked_half_as_often_each_time_down_to_once_a_day(
    newsroom: Newsroom,
) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=500)
    began = newsroom.clock.now + HOUR
    waits = []
    for _ in range(7):
        newsroom.clock.now = newsroom.watching.source("1").source.due_at
        (looked,) = newsroom.due()
        waits.append(looked.source.due_at - newsroom.clock.now)
    assert waits == [hours * HOUR for hours in (1, 2, 4, 8, 16, 24, 24)]
    assert (looked.source.failures, looked.source.failing_since) == (7, began)
    assert "status 500" in looked.source.trouble
    newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    newsroom.clock.now = looked.source.due_at
    (looked,) = newsroom.due()
    assert (looked.source.failures, looked.source.failing_since, looked.source.trouble) == (
        0, None, ""
    )  # fmt: skip
    assert looked.source.due_at == newsroom.clock.now + HOUR
    assert looked.new == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_left_alone_until_then(
    newsroom: Newsroom, status: int
) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=status, Retry_After=str(5 * 3600))
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert looked.source.due_at == newsroom.clock.now + 5 * HOUR
    for asked in ("9" * 9, "-1", "soon"):
        busy = newsroom.another(Answers(answering("", status, **{"retry-after": asked})))
        wait = busy.look(1).source.due_at - newsroom.clock.now
        assert HOUR <= wait <= 7 * DAY


def test_what_fails_for_a_week_is_known_apart(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=404)
    newsroom.clock.now += HOUR
    newsroom.due()
    newsroom.clock.now += 7 * DAY
    assert newsroom.watching.failing() == []
    newsroom.clock.now += HOUR
    assert [source.id for source in newsroom.watching.failing()] == [1]
    newsroom.watching.pause("1", "test")
    assert newsroom.watching.failing() == []
