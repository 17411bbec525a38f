"""Which addresses are watched, and how: added, changed, paused and removed by people."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from feeds import (
    DAY,
    FILTERING,
    HOUR,
    PAGE,
    SURVEY,
    Answers,
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
from bulletin.models.web import Page
from bulletin.pipeline.watching import Round, Wanted, Watching, minutes


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
    ).source
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
    assert (looked.new, [each.known for each in looked.brought.collected]) == (0, [True])


def test_a_new_address_is_looked_at_before_it_is_taken(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/page", PAGE, Content_Type="text/html")
    for path, error in (("/page", InvalidInput), ("/nothing", Unreachable)):
        with pytest.raises(error):
            newsroom.watching.edit("1", "test", url=newsroom.site.url(path))
    newsroom.site.says("/atom", rss(SURVEY, FILTERING), ETag='"two"')
    look = newsroom.watching.edit("1", "test", url=newsroom.site.url("/atom"))
    assert (look.source.url, look.source.etag, look.new) == (
        newsroom.site.url("/atom"), '"two"', 1
    )  # fmt: skip
    assert newsroom.titles() == [FILTERING.title, SURVEY.title]


def test_at_a_new_address_nothing_is_held_against_the_source_any_more(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", status=500)
    for _ in range(4):
        newsroom.watching.look("1")
    newsroom.site.says("/atom", rss(FILTERING))
    source = newsroom.watching.edit("1", "test", url=newsroom.site.url("/atom")).source
    assert (source.failures, source.trouble, source.failing_since) == (0, "", None)
    assert source.due_at == newsroom.clock.now + HOUR


def test_a_quicker_pace_holds_at_once_and_a_slower_one_from_the_next_look_on(
    newsroom: Newsroom,
) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    due = newsroom.add(every_minutes=minutes("7d")).source.due_at
    assert due == newsroom.clock.now + 7 * DAY
    quicker = newsroom.watching.edit("1", "test", every_minutes=60).source
    assert quicker.due_at == newsroom.clock.now + HOUR
    slower = newsroom.watching.edit("1", "test", every_minutes=120).source
    assert slower.due_at == quicker.due_at
    newsroom.clock.now += HOUR
    assert [look.source.due_at for look in newsroom.due()] == [newsroom.clock.now + 2 * HOUR]


def test_sources_that_call_themselves_the_same_get_names_that_tell_them_apart(
    newsroom: Newsroom,
) -> None:
    for path in ("/a", "/b"):
        newsroom.site.says(path, PAGE, Content_Type="text/html")
    names = [newsroom.add(path).source.name for path in ("/a", "/b")]
    assert names == ["News", f"News (127.0.0.1:{newsroom.site.port}/b)"]
    assert newsroom.watching.source(names[1]).source.id == 2


def test_a_page_without_a_title_is_called_by_its_host(newsroom: Newsroom) -> None:
    newsroom.site.says("/", PAGE.replace("<title>News</title>", ""), Content_Type="text/html")
    assert newsroom.add("/").source.name == "127.0.0.1"


def test_a_document_is_called_by_its_host(newsroom: Newsroom) -> None:
    document = Document()
    document.add_heading("Doors are shut at nine", 1)
    document.add_paragraph("From January the doors of every school are shut at nine o'clock.")
    packed = BytesIO()
    document.save(packed)
    newsroom.site.says("/news.docx", packed.getvalue())
    look = newsroom.add("/news.docx")
    assert (look.source.name, look.new) == ("127.0.0.1", 1)


def test_that_an_address_has_moved_for_good_is_said_when_it_is_added(newsroom: Newsroom) -> None:
    newsroom.site.leads("/old", "/feed", 301)
    newsroom.site.says("/feed", rss(FILTERING))
    look = newsroom.add("/old")
    assert look.source.url == newsroom.site.url("/feed")
    assert look.remarks == (
        f"It has moved for good from {newsroom.site.url('/old')} to {newsroom.site.url('/feed')}.",
    )


def test_what_is_gone_when_it_is_added_was_never_looked_at(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", status=410)
    with pytest.raises(Unreachable, match="gone for good") as gone:
        newsroom.add()
    assert "no longer looked at" not in str(gone.value)


def test_a_round_says_what_it_left_out(newsroom: Newsroom) -> None:
    assert newsroom.watching.look_at_all() == Round(())
    for path in ("/a", "/b", "/c"):
        newsroom.site.says(path, rss(FILTERING))
        newsroom.add(path)
    newsroom.watching.pause("1", "test")

    def removes(url: str) -> Page:
        newsroom.watching.remove("3", "test")
        return Page(url, 200, {}, rss(FILTERING).encode())

    looking = newsroom.another(Answers(removes))
    done = Watching(newsroom.store, looking, every_minutes=60).look_at_all()
    assert [look.source.id for look in done.looks] == [2]
    assert (done.paused, done.missed) == (1, 1)


def test_a_name_that_several_have_names_none(newsroom: Newsroom) -> None:
    for path in ("/a", "/b"):
        newsroom.site.says(path, rss(FILTERING))
        newsroom.add(path, name="Example Board")
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
