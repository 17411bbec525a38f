"""What a watched source lists comes once, and again only if it says something else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from feeds import (
    DAY,
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
from bulletin.pipeline import answers
from bulletin.pipeline.bringing import ACTOR
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.entries import entries_of
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.sources import read


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


LATER = News("2", SURVEY.title, f"{SURVEY.text} It now closes on 18 December 2026, not on the 4th.")


def test_an_entry_that_says_something_else_comes_as_an_update_of_an_item_that_was_kept(
    any_newsroom: Newsroom,
) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING, SURVEY))
    any_newsroom.add()
    before = next(item.id for item in any_newsroom.items() if item.draft.title == SURVEY.title)
    _keep(any_newsroom, before)
    any_newsroom.site.says("/feed", rss(FILTERING, LATER))
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [1]
    added = any_newsroom.items()[-1]
    assert (added.draft.updates, added.draft.duplicate_of) == (before, None)
    assert [doubt.code for doubt in added.draft.warnings].count("updates") == 1
    assert added.state is ItemState.CANDIDATE
    any_newsroom.clock.now += HOUR
    assert [looked.new for looked in any_newsroom.due()] == [0]


def test_a_candidate_that_nobody_has_touched_says_what_its_source_says_now(
    any_newsroom: Newsroom,
) -> None:
    any_newsroom.site.says("/feed", rss(SURVEY))
    any_newsroom.add()
    for number, closes in enumerate(("8 January 2027", "15 January 2027"), start=2):
        later = News("2", SURVEY.title, f"{SURVEY.text} It closes on {closes}.")
        any_newsroom.site.says("/feed", rss(later))
        any_newsroom.clock.now += HOUR
        (look,) = any_newsroom.due()
        assert (look.new, look.brought.revised, look.source.trouble) == (0, (1,), "")
        (item,) = any_newsroom.items()
        assert closes in item.draft.body
        assert (item.version, item.draft.updates, item.state) == (number, None, ItemState.CANDIDATE)
    any_newsroom.clock.now += HOUR
    assert [look.brought.revised for look in any_newsroom.due()] == [()]
    with any_newsroom.store.read() as tx:
        assert {step.changed_by for step in tx.item_versions.of(1)} == {ACTOR}


def test_a_candidate_is_compared_again_when_its_source_changes_it(newsroom: Newsroom) -> None:
    newsroom.site.says("/other", rss(FILTERING, title="Other Office"))
    newsroom.add("/other")
    said = News("2", SURVEY.title, SURVEY.text)
    for text, copies in ((FILTERING, 1), (HELPLINE, None)):
        newsroom.site.says("/feed", rss(said))
        if len(newsroom.items()) == 1:
            newsroom.add()
        assert newsroom.items()[1].draft.duplicate_of is None
        newsroom.site.says("/feed", rss(News("2", text.title, f"{text.text} More to come.")))
        newsroom.clock.now += HOUR
        (_, look) = newsroom.due()
        assert look.brought.revised == (2,)
        item = newsroom.items()[1]
        assert item.draft.duplicate_of == copies
        assert [doubt.code for doubt in item.draft.warnings].count("duplicate") == (copies or 0)
        if copies:
            assert "item 1 (“New guidance on filtering”): " in item.draft.warnings[-1].message
            newsroom.site.says("/feed", rss(said))
            newsroom.clock.now += HOUR
            newsroom.due()


def test_candidates_that_come_to_say_the_same_are_copies_and_both_stay(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    newsroom.add()
    newsroom.site.says("/feed", rss(*(News(name, HELPLINE.title, HELPLINE.text) for name in "12")))
    newsroom.clock.now += HOUR
    (look,) = newsroom.due()
    assert (look.new, look.brought.revised) == (0, (1, 2))
    copies = [item.draft.duplicate_of for item in newsroom.items()]
    assert sorted(copies, key=str) in ([1, None], [2, None])
    (said,) = [doubt for item in newsroom.items() for doubt in item.draft.warnings]
    assert "word for word. Use one of them" in said.message


def test_entries_that_said_the_same_and_change_alike_stay_one_item(any_newsroom: Newsroom) -> None:
    def twice(text: str) -> str:
        return rss(*(News(name, SURVEY.title, f"{SURVEY.text}{text}") for name in ("2", "2b")))

    any_newsroom.site.says("/feed", twice(""))
    assert any_newsroom.add().new == 1
    any_newsroom.site.says("/feed", twice(" It closes on 8 January 2027."))
    any_newsroom.clock.now += HOUR
    (look,) = any_newsroom.due()
    assert (look.source.trouble, look.new, look.brought.revised) == ("", 0, (1,))
    assert len(any_newsroom.items()) == 1


def test_what_an_editor_has_worked_on_is_left_and_the_newer_version_of_it_revised(
    newsroom: Newsroom,
) -> None:
    newsroom.site.says("/feed", rss(SURVEY))
    newsroom.add()
    Editing(newsroom.store).revise(
        1, lambda content: changed(content, ItemChanges(topic="Governors")), "dsl@school.example"
    )
    for closes in ("8 January 2027", "15 January 2027"):
        later = News("2", SURVEY.title, f"{SURVEY.text} It closes on {closes}.")
        newsroom.site.says("/feed", rss(later))
        newsroom.clock.now += HOUR
        newsroom.due()
    edited, newer = newsroom.items()
    assert (edited.draft.topic, edited.version) == ("Governors", 2)
    assert "15 January" in newer.draft.body
    assert (newer.draft.updates, [doubt.code for doubt in newer.draft.warnings]) == (
        1, ["updates"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Posted 1 hour ago.", "Posted 3 hours ago."),
        ("Posted just now.", "Posted yesterday."),
        ("<b>an</b> hour ago", "2&#160;days ago"),
        ("1 comment", "1,204 comments"),
        ("Views: 12", "Views: 1,313"),
        ("", "5 min ago"),
    ],
)
def test_words_that_change_by_themselves_change_nothing(
    newsroom: Newsroom, before: str, after: str
) -> None:
    for counted in (before, after):
        said = News("2", SURVEY.title, f"<p>{counted}</p><p>{SURVEY.text}</p>")
        newsroom.site.says("/feed", rss(said))
        newsroom.clock.now += HOUR
        looks = newsroom.due() if newsroom.items() else [newsroom.add()]
    assert [(look.new, look.brought.revised) for look in looks] == [(0, ())]


@pytest.mark.parametrize(
    ("before", "after"),
    [("It is open for 3 days.", "It is open for 5 days."), ("12 schools ask", "13 schools ask")],
)
def test_numbers_that_say_something_do_change_an_entry(
    newsroom: Newsroom, before: str, after: str
) -> None:
    newsroom.site.says("/feed", rss(News("2", SURVEY.title, f"{before} {SURVEY.text}")))
    newsroom.add()
    newsroom.site.says("/feed", rss(News("2", SURVEY.title, f"{after} {SURVEY.text}")))
    newsroom.clock.now += HOUR
    assert [look.brought.revised for look in newsroom.due()] == [(1,)]


def test_what_is_listed_still_is_remembered_and_what_is_not_is_forgotten_after_a_year(
    any_newsroom: Newsroom,
) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING, SURVEY))
    any_newsroom.add()
    any_newsroom.site.says("/feed", rss(HELPLINE, FILTERING))
    for _ in range(2):
        any_newsroom.clock.now += 200 * DAY
        any_newsroom.site.says("/feed", rss(HELPLINE, FILTERING, title=str(any_newsroom.clock.now)))
        any_newsroom.due()
    listed = read(rss(FILTERING, SURVEY, HELPLINE))
    keys = [entry.key for entry in entries_of(listed)]
    with any_newsroom.store.read() as tx:
        seen = {one.item_id for one in tx.watched.entries(1, keys).values()}
    titles = {item.id: item.draft.title for item in any_newsroom.items()}
    assert {titles[item_id] for item_id in seen} == {FILTERING.title, HELPLINE.title}


def test_an_answer_in_the_same_bytes_is_not_read_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()
    newsroom.clock.now += HOUR
    with monkeypatch.context() as unread:
        unread.setattr(answers, "read", lambda *_words, **_more: pytest.fail("It was read."))
        (look,) = newsroom.due()
    assert (look.new, look.source.trouble, look.source.seen_at) == (0, "", newsroom.clock.now)
    newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    newsroom.clock.now += HOUR
    assert [look.new for look in newsroom.due()] == [1]


def test_a_feed_is_asked_for_as_one_and_a_page_as_a_page(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.site.says("/news", PAGE, Content_Type="text/html")
    newsroom.add()
    newsroom.add("/news", page_itself=True)
    newsroom.clock.now += HOUR
    newsroom.due()
    asked = [asked.headers["Accept"].partition(",")[0] for asked in newsroom.site.asked]
    assert asked == ["application/atom+xml", "text/html"] * 2


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
    assert (looked.new, looked.source.kind, looked.source.name) == (2, SourceKind.PAGE, "News")
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


def _keep(newsroom: Newsroom, item_id: int) -> None:
    with newsroom.store.write() as tx:
        tx.items.set_state([item_id], ItemState.KEPT, newsroom.clock.now)
