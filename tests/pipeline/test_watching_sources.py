"""What a watched source lists comes once, and again only if it says something else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from feeds import (
    FILTERING,
    HELPLINE,
    HOUR,
    LONGER_PAGE,
    PAGE,
    SURVEY,
    News,
    Newsroom,
    rss,
)

from bulletin.errors import (
    InvalidInput,
)
from bulletin.models.items import ItemState, Nation
from bulletin.models.sources import SourceDefaults, SourceKind


def test_a_new_source_brings_what_it_holds_at_once(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(SURVEY, FILTERING), ETag='"one"')
    looked = any_newsroom.add()
    assert looked.new == 2
    assert (looked.source.kind, looked.source.name) == (SourceKind.FEED, "Example Board")
    # The newest last, as it would have come.
    assert any_newsroom.titles() == [FILTERING.title, SURVEY.title]
    assert {item.state for item in any_newsroom.items()} == {ItemState.CANDIDATE}
    assert {item.source_id for item in any_newsroom.items()} == {looked.source.id}
    assert any_newsroom.watching.source("1").candidates == 2


def test_of_a_later_look_only_what_was_not_there_before_comes(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.site.says("/feed", rss(SURVEY, HELPLINE, FILTERING))
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [2]
    any_newsroom.site.says("/feed", rss(FILTERING, SURVEY, HELPLINE))
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [0]
    assert any_newsroom.titles() == [FILTERING.title, HELPLINE.title, SURVEY.title]


def test_a_source_is_asked_only_whether_it_has_changed(newsroom: Newsroom) -> None:
    newsroom.site.says(
        "/feed", rss(FILTERING), ETag='"one"', Last_Modified="Mon, 02 Nov 2026 09:00:00 GMT"
    )
    newsroom.add()
    newsroom.site.says("/feed", status=304)
    newsroom.clock.now += HOUR
    (looked,) = newsroom.due()
    assert (looked.new, looked.source.trouble, looked.source.seen_at) == (0, "", newsroom.clock.now)
    asked = newsroom.site.asked[-1].headers
    assert asked["If-None-Match"] == '"one"'
    assert asked["If-Modified-Since"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    newsroom.clock.now += HOUR
    newsroom.due()
    assert newsroom.site.asked[-1].headers["If-None-Match"] == '"one"'


def test_nothing_is_asked_before_its_time(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add(every_minutes=90)
    newsroom.clock.now += timedelta(minutes=89)
    assert newsroom.due() == []
    newsroom.clock.now += timedelta(minutes=1)
    assert len(newsroom.due()) == 1
    assert newsroom.due() == []


@pytest.mark.parametrize("known_by", ["id", "link", "words"])
def test_an_entry_comes_once_also_when_it_was_rejected_and_the_feed_reorders(
    newsroom: Newsroom, known_by: str
) -> None:
    def feed(*entries: News) -> str:
        return rss(
            *(
                News(
                    one.id if known_by == "id" else "",
                    one.title,
                    one.text,
                    f"https://board.example/{one.id}" if known_by == "link" else "",
                )
                for one in entries
            )
        )

    newsroom.site.says("/feed", feed(FILTERING, SURVEY))
    newsroom.add()
    with newsroom.store.write() as tx:
        tx.items.set_state([1, 2], ItemState.REJECTED, newsroom.clock.now)
    newsroom.site.says("/feed", feed(SURVEY, HELPLINE, FILTERING))
    newsroom.clock.now += HOUR
    assert [looked.new for looked in newsroom.due()] == [1]
    assert newsroom.titles()[2:] == [HELPLINE.title]


def test_an_entry_that_says_something_else_comes_as_an_update_of_its_item(
    any_newsroom: Newsroom,
) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING, SURVEY))
    any_newsroom.add()
    before = next(item.id for item in any_newsroom.items() if item.draft.title == SURVEY.title)
    later = News(
        "2", SURVEY.title, f"{SURVEY.text} It now closes on 18 December 2026, not on the 4th."
    )
    any_newsroom.site.says("/feed", rss(FILTERING, later))
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [1]
    added = any_newsroom.items()[-1]
    assert (added.draft.updates, added.draft.duplicate_of) == (before, None)
    assert [doubt.code for doubt in added.draft.warnings].count("updates") == 1
    assert added.state is ItemState.CANDIDATE
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [0]


def test_an_entry_that_is_only_set_otherwise_does_not_come_again(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    bold = News(
        "1", FILTERING.title.upper(), f"<p>{FILTERING.text.replace('new', '<b>new</b>')}</p>"
    )
    newsroom.site.says("/feed", rss(bold))
    newsroom.clock.now += HOUR
    assert [looked.new for looked in newsroom.due()] == [0]


def test_entries_that_share_an_id_are_not_taken_for_one(newsroom: Newsroom) -> None:
    newsroom.site.says(
        "/feed", rss(*(News("same", one.title, one.text) for one in (FILTERING, SURVEY)))
    )
    assert newsroom.add().new == 2
    newsroom.clock.now += HOUR
    assert [looked.new for looked in newsroom.due()] == [0]


def test_defaults_fill_what_the_text_does_not_say(newsroom: Newsroom) -> None:
    welsh = News(
        "9", "Schools in Wales get a new curriculum", "This applies to schools in Wales only."
    )
    newsroom.site.says("/feed", rss(FILTERING, welsh))
    defaults = SourceDefaults("Board of Examples", "Online safety", (Nation.ENGLAND,))
    newsroom.add(defaults=defaults)
    drafts = {item.draft.title: item.draft for item in newsroom.items()}
    plain, said = drafts[FILTERING.title], drafts[welsh.title]
    assert (plain.source, plain.topic, plain.nations) == (
        "Board of Examples", "Online safety", (Nation.ENGLAND,)
    )  # fmt: skip
    assert said.nations == (Nation.WALES,)
    assert "no_source" not in {doubt.code for doubt in plain.warnings}


def test_of_a_page_that_names_a_feed_the_feed_is_watched_and_that_is_said(
    newsroom: Newsroom,
) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    newsroom.site.says(
        "/", f"<!doctype html><head>{head}</head><p>Welcome", Content_Type="text/html"
    )
    looked = newsroom.add("/#top")
    assert looked.source.url == newsroom.site.url("/feed")
    assert "names a feed" in looked.remarks[0]


def test_a_page_whose_feed_does_not_work_is_watched_itself(newsroom: Newsroom) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/gone">'
    newsroom.site.says("/news", PAGE.replace("<head>", f"<head>{head}"), Content_Type="text/html")
    looked = newsroom.add("/news")
    assert (looked.source.kind, looked.source.url) == (SourceKind.PAGE, newsroom.site.url("/news"))


def test_a_page_without_a_feed_is_watched_for_what_was_not_on_it(newsroom: Newsroom) -> None:
    newsroom.site.says("/news", PAGE, Content_Type="text/html")
    looked = newsroom.add("/news")
    assert (looked.new, looked.source.kind, looked.source.name) == (2, SourceKind.PAGE, "127.0.0.1")
    newsroom.site.says("/news", LONGER_PAGE, Content_Type="text/html")
    newsroom.clock.now += HOUR
    assert [looked.new for looked in newsroom.due()] == [1]
    assert newsroom.titles()[-1] == "A helpline opens at weekends"


def test_what_a_source_holds_today_can_be_left(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    assert newsroom.add(only_new=True).new == 0
    newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    newsroom.clock.now += HOUR
    newsroom.due()
    assert newsroom.titles() == [SURVEY.title]


def test_an_empty_feed_is_a_feed(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(title=""))
    with pytest.raises(InvalidInput):
        newsroom.add()
    newsroom.site.says("/feed", rss())
    looked = newsroom.add()
    assert (looked.new, looked.source.kind) == (0, SourceKind.FEED)
    newsroom.site.says("/feed", rss(title=""))
    newsroom.clock.now += HOUR
    assert [looked.source.trouble for looked in newsroom.due()] == [""]
