"""Watched sources: what is new comes once, what fails is said, and nobody looks twice."""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desks import Clock
from feeds import FILTERING, HELPLINE, SURVEY, News, Newsroom, rss

from bulletin.errors import (
    AddressRefused,
    BulletinError,
    Conflict,
    InvalidInput,
    NotFound,
    Refused,
    StoreUnavailable,
    Unreachable,
)
from bulletin.models.items import ItemState, Nation
from bulletin.models.sources import SourceDefaults, SourceKind, SourceState
from bulletin.models.web import Page
from bulletin.pipeline.looking import LEASE
from bulletin.pipeline.watching import Wanted, minutes
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.store.watched import WatchedSources
from local_site import site

if TYPE_CHECKING:
    from desks import Desk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables, to be copied: making them takes longer than a test."""
    path = tmp_path_factory.mktemp("prepared") / "bulletin.db"
    store = Store(Database(f"sqlite:///{path}"), Clock())
    store.prepare()
    store.close()
    return path


@pytest.fixture
def room(prepared: Path, tmp_path: Path) -> Iterator[Newsroom]:
    path = shutil.copy(prepared, tmp_path / "bulletin.db")
    clock = Clock()
    store = Store(Database(f"sqlite:///{path}"), clock)
    with site() as local:
        yield Newsroom(store, clock, local)
    store.close()


@pytest.fixture
def both(desk: Desk) -> Iterator[Newsroom]:
    """The same on both databases."""
    with site() as local:
        yield Newsroom(desk.store, desk.clock, local)


class Answers:
    """A web that says what it is told to, or does it."""

    def __init__(self, answer: Callable[[str], Page]) -> None:
        self._answer = answer
        self.conditions: list[Mapping[str, str]] = []

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        self.conditions.append(headers or {})
        return self._answer(url)

    def head(self, url: str) -> Page:
        return self._answer(url)


def page(body: str, status: int = 200, **headers: str) -> Callable[[str], Page]:
    return lambda url: Page(url, status, headers, body.encode())


def test_a_new_source_brings_what_it_holds_at_once(both: Newsroom) -> None:
    both.site.says("/feed", rss(SURVEY, FILTERING), ETag='"one"')
    looked = both.add()
    assert looked.new == 2
    assert (looked.source.kind, looked.source.name) == (SourceKind.FEED, "Example Board")
    assert both.titles() == [FILTERING.title, SURVEY.title]  # the newest last, as it would come
    assert {item.state for item in both.items()} == {ItemState.CANDIDATE}
    assert {item.source_id for item in both.items()} == {looked.source.id}
    assert both.watching.source("1").candidates == 2


def test_of_a_later_look_only_what_was_not_there_before_comes(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.site.says("/feed", rss(SURVEY, HELPLINE, FILTERING))
    both.clock.now += HOUR
    assert [looked.new for looked in both.due()] == [2]
    both.site.says("/feed", rss(FILTERING, SURVEY, HELPLINE))
    both.clock.now += HOUR
    assert [looked.new for looked in both.due()] == [0]
    assert both.titles() == [FILTERING.title, HELPLINE.title, SURVEY.title]


def test_a_source_is_asked_only_whether_it_has_changed(room: Newsroom) -> None:
    room.site.says(
        "/feed", rss(FILTERING), ETag='"one"', Last_Modified="Mon, 02 Nov 2026 09:00:00 GMT"
    )
    room.add()
    room.site.says("/feed", status=304)
    room.clock.now += HOUR
    (looked,) = room.due()
    assert (looked.new, looked.source.trouble, looked.source.seen_at) == (0, "", room.clock.now)
    asked = room.site.asked[-1].headers
    assert asked["If-None-Match"] == '"one"'
    assert asked["If-Modified-Since"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    room.clock.now += HOUR
    room.due()
    assert room.site.asked[-1].headers["If-None-Match"] == '"one"'


def test_an_answer_of_not_changed_to_somebody_who_did_not_ask_is_none(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", status=304)
    room.clock.now += HOUR
    (looked,) = room.due()
    assert "status 304" in looked.source.trouble


def test_nothing_is_asked_before_its_time(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add(every_minutes=90)
    room.clock.now += timedelta(minutes=89)
    assert room.due() == []
    room.clock.now += timedelta(minutes=1)
    assert len(room.due()) == 1
    assert room.due() == []


@pytest.mark.parametrize("known_by", ["id", "link", "words"])
def test_an_entry_comes_once_also_when_it_was_rejected_and_the_feed_reorders(
    room: Newsroom, known_by: str
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

    room.site.says("/feed", feed(FILTERING, SURVEY))
    room.add()
    with room.store.write() as tx:
        tx.items.set_state([1, 2], ItemState.REJECTED, room.clock.now)
    room.site.says("/feed", feed(SURVEY, HELPLINE, FILTERING))
    room.clock.now += HOUR
    assert [looked.new for looked in room.due()] == [1]
    assert room.titles()[2:] == [HELPLINE.title]


def test_an_entry_that_says_something_else_comes_as_an_update_of_its_item(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING, SURVEY))
    both.add()
    before = next(item.id for item in both.items() if item.draft.title == SURVEY.title)
    later = News(
        "2", SURVEY.title, f"{SURVEY.text} It now closes on 18 December 2026, not on the 4th."
    )
    both.site.says("/feed", rss(FILTERING, later))
    both.clock.now += HOUR
    assert [looked.new for looked in both.due()] == [1]
    added = both.items()[-1]
    assert (added.draft.updates, added.draft.duplicate_of) == (before, None)
    assert [doubt.code for doubt in added.draft.warnings].count("updates") == 1
    assert added.state is ItemState.CANDIDATE
    both.clock.now += HOUR
    assert [looked.new for looked in both.due()] == [0]


def test_an_entry_that_is_only_set_otherwise_does_not_come_again(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    bold = News(
        "1", FILTERING.title.upper(), f"<p>{FILTERING.text.replace('new', '<b>new</b>')}</p>"
    )
    room.site.says("/feed", rss(bold))
    room.clock.now += HOUR
    assert [looked.new for looked in room.due()] == [0]


def test_entries_that_share_an_id_are_not_taken_for_one(room: Newsroom) -> None:
    room.site.says(
        "/feed", rss(*(News("same", one.title, one.text) for one in (FILTERING, SURVEY)))
    )
    assert room.add().new == 2
    room.clock.now += HOUR
    assert [looked.new for looked in room.due()] == [0]


def test_defaults_fill_what_the_text_does_not_say(room: Newsroom) -> None:
    welsh = News(
        "9", "Schools in Wales get a new curriculum", "This applies to schools in Wales only."
    )
    room.site.says("/feed", rss(FILTERING, welsh))
    defaults = SourceDefaults("Board of Examples", "Online safety", (Nation.ENGLAND,))
    room.add(defaults=defaults)
    drafts = {item.draft.title: item.draft for item in room.items()}
    plain, said = drafts[FILTERING.title], drafts[welsh.title]
    assert (plain.source, plain.topic, plain.nations) == (
        "Board of Examples", "Online safety", (Nation.ENGLAND,)
    )  # fmt: skip
    assert said.nations == (Nation.WALES,)
    assert "no_source" not in {doubt.code for doubt in plain.warnings}


def test_of_a_page_that_names_a_feed_the_feed_is_watched_and_that_is_said(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    room.site.says("/", f"<!doctype html><head>{head}</head><p>Welcome", Content_Type="text/html")
    looked = room.add("/#top")
    assert looked.source.url == room.site.url("/feed")
    assert "names a feed" in looked.remarks[0]


def test_a_page_whose_feed_does_not_work_is_watched_itself(room: Newsroom) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/gone">'
    room.site.says("/news", PAGE.replace("<head>", f"<head>{head}"), Content_Type="text/html")
    looked = room.add("/news")
    assert (looked.source.kind, looked.source.url) == (SourceKind.PAGE, room.site.url("/news"))


PAGE = """<!doctype html><html><head><title>News</title></head><body><main>
<h2>New guidance on filtering</h2>
<p>The Board has published new guidance on filtering for every school in the country.</p>
<p><a href="https://board.example/filtering">Read the guidance</a></p>
<h2>Governors asked about training</h2>
<p>A survey asks governors which training they need, and what has helped them so far.</p>
<p><a href="https://board.example/survey">Take part in the survey</a></p>
</main></body></html>"""
MORE = PAGE.replace(
    "<main>",
    "<main><h2>A helpline opens at weekends</h2><p>From January the duty team answers on "
    "Saturdays, too, and on Sundays in term time.</p>"
    '<p><a href="https://board.example/helpline">Save the number</a></p>',
)


def test_a_page_without_a_feed_is_watched_for_what_was_not_on_it(room: Newsroom) -> None:
    room.site.says("/news", PAGE, Content_Type="text/html")
    looked = room.add("/news")
    assert (looked.new, looked.source.kind, looked.source.name) == (2, SourceKind.PAGE, "127.0.0.1")
    room.site.says("/news", MORE, Content_Type="text/html")
    room.clock.now += HOUR
    assert [looked.new for looked in room.due()] == [1]
    assert room.titles()[-1] == "A helpline opens at weekends"


def test_a_page_that_has_lost_its_news_has_failed(room: Newsroom) -> None:
    room.site.says("/news", PAGE, Content_Type="text/html")
    room.add("/news")
    room.site.says("/news", "<!doctype html><nav>Home</nav>", Content_Type="text/html")
    room.clock.now += HOUR
    (looked,) = room.due()
    assert looked.source.trouble
    assert looked.source.failing_since == room.clock.now


def test_a_feed_that_answers_with_a_page_has_failed_and_brings_nothing(room: Newsroom) -> None:
    """A hotel's sign-in page, or a check that we are human, is no news."""
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", PAGE, Content_Type="text/html")
    room.clock.now += HOUR
    (looked,) = room.due()
    assert (looked.new, room.titles()) == (0, [FILTERING.title])
    assert "a page in place of its feed" in looked.source.trouble


def test_what_a_source_holds_today_can_be_left(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    assert room.add(only_new=True).new == 0
    room.site.says("/feed", rss(SURVEY, FILTERING))
    room.clock.now += HOUR
    room.due()
    assert room.titles() == [SURVEY.title]


def test_an_empty_feed_is_a_feed(room: Newsroom) -> None:
    room.site.says("/feed", rss(title=""))
    with pytest.raises(InvalidInput):
        room.add()
    room.site.says("/feed", rss())
    looked = room.add()
    assert (looked.new, looked.source.kind) == (0, SourceKind.FEED)
    room.site.says("/feed", rss(title=""))
    room.clock.now += HOUR
    assert [looked.source.trouble for looked in room.due()] == [""]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(404, Unreachable), (500, Unreachable), (200, InvalidInput)],
)  # fmt: skip
def test_what_gives_no_news_is_not_watched(
    room: Newsroom, answer: int, error: type[BulletinError]
) -> None:
    room.site.says("/feed", "", status=answer)
    with pytest.raises(error):
        room.add()
    assert room.watching.sources() == []


def test_an_address_within_this_network_is_not_watched(room: Newsroom) -> None:
    with pytest.raises(AddressRefused, match="is not asked"):
        room.watching.add("http://169.254.169.254/feed", Wanted(), "test")


def test_an_address_is_watched_once(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    with pytest.raises(Refused, match="watched already"):
        both.add()
    assert len(both.watching.sources()) == 1


def test_a_move_for_good_changes_the_address_and_is_said(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.leads("/feed", "/new", 301)
    room.site.says("/new", rss(SURVEY, FILTERING))
    room.clock.now += HOUR
    (looked,) = room.due()
    assert looked.source.url == room.site.url("/new")
    assert "moved for good" in looked.remarks[0]
    assert looked.new == 1
    with room.store.read() as tx:
        assert tx.audit.history("source:1")[-1][2] == "source.move"


def test_a_passing_redirect_or_one_to_no_feed_moves_nothing(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/new", rss(FILTERING))
    room.site.says("/sign-in", PAGE, Content_Type="text/html")
    for path, status in (("/new", 302), ("/sign-in", 301)):
        room.site.leads("/feed", path, status)
        room.clock.now += DAY
        assert [looked.source.url for looked in room.due()] == [room.site.url("/feed")]


def test_a_move_to_an_address_that_is_watched_already_leaves_both(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.site.says("/new", rss(SURVEY))
    room.add()
    room.add("/new")
    room.site.leads("/feed", "/new", 301)
    room.clock.now += HOUR
    assert [looked.source.trouble for looked in room.due()] == ["", ""]
    assert [each.source.url for each in room.watching.sources()] == [
        room.site.url("/feed"), room.site.url("/new")
    ]  # fmt: skip


def test_what_is_gone_for_good_is_paused(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", status=410)
    room.clock.now += HOUR
    (looked,) = room.due()
    assert looked.source.state is SourceState.PAUSED
    assert "gone for good" in looked.source.trouble
    room.clock.now += 30 * DAY
    assert room.due() == []


def test_a_source_that_fails_is_asked_half_as_often_each_time_down_to_once_a_day(
    room: Newsroom,
) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", status=500)
    began = room.clock.now + HOUR
    waits = []
    for _ in range(7):
        room.clock.now = room.watching.source("1").source.due_at
        (looked,) = room.due()
        waits.append(looked.source.due_at - room.clock.now)
    assert waits == [hours * HOUR for hours in (1, 2, 4, 8, 16, 24, 24)]
    assert (looked.source.failures, looked.source.failing_since) == (7, began)
    assert "status 500" in looked.source.trouble
    room.site.says("/feed", rss(SURVEY, FILTERING))
    room.clock.now = looked.source.due_at
    (looked,) = room.due()
    assert (looked.source.failures, looked.source.failing_since, looked.source.trouble) == (
        0, None, ""
    )  # fmt: skip
    assert looked.source.due_at == room.clock.now + HOUR
    assert looked.new == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_left_alone_until_then(room: Newsroom, status: int) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", status=status, Retry_After=str(5 * 3600))
    room.clock.now += HOUR
    (looked,) = room.due()
    assert looked.source.due_at == room.clock.now + 5 * HOUR
    for asked in ("9" * 9, "-1", "soon"):
        busy = room.another(Answers(page("", status, **{"retry-after": asked})))
        wait = busy.look(1).source.due_at - room.clock.now
        assert HOUR <= wait <= 7 * DAY


def test_what_fails_for_a_week_is_known_apart(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/feed", status=404)
    room.clock.now += HOUR
    room.due()
    room.clock.now += 7 * DAY
    assert room.watching.failing() == []
    room.clock.now += HOUR
    assert [source.id for source in room.watching.failing()] == [1]
    room.watching.pause("1", "test")
    assert room.watching.failing() == []


def test_one_that_breaks_something_keeps_no_other_waiting(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.site.says("/other", rss(SURVEY, title="Other"))
    room.add()
    room.add("/other")
    room.clock.now += HOUR

    def breaks(url: str) -> Page:
        if url.endswith("/feed"):
            raise RecursionError("nobody thought of this")
        return Page(url, 200, {}, rss(HELPLINE).encode())

    first, second = room.another(Answers(breaks)).due()
    assert "RecursionError: nobody thought of this" in first.source.trouble
    assert (second.source.trouble, second.new) == ("", 1)


def test_two_that_look_at_once_ask_once_and_keep_once(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.clock.now += HOUR
    looks = itertools.chain.from_iterable
    meanwhile: list[object] = []

    def slow(url: str) -> Page:
        elsewhere = both.another(Answers(page(rss(HELPLINE))))
        meanwhile.extend(elsewhere.due())
        with pytest.raises(Conflict, match="looked at just now"):
            elsewhere.look(1)
        return Page(url, 200, {}, rss(SURVEY).encode())

    assert [looked.new for looked in looks([both.another(Answers(slow)).due()])] == [1]
    assert meanwhile == []
    assert both.titles() == [FILTERING.title, SURVEY.title]


def test_threads_that_look_at_once_look_once_each_turn(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.clock.now += HOUR
    both.site.says("/feed", rss(SURVEY, FILTERING))
    looks: list[int] = []
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait()
        looks.extend(looked.new for looked in both.due())

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looks == [1]
    assert len(both.site.asked) == 2


def test_a_process_that_dies_after_asking_loses_and_doubles_nothing(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.clock.now += HOUR

    class Killed(BaseException):
        pass

    def dies(_url: str) -> Page:
        raise Killed

    with pytest.raises(Killed):
        list(both.another(Answers(dies)).due())
    both.site.says("/feed", rss(SURVEY, FILTERING))
    assert both.due() == []  # it is still in the dead one's hands
    _let_the_lease_run_out(both)
    assert [looked.new for looked in both.due()] == [1]
    assert both.titles() == [FILTERING.title, SURVEY.title]


def test_one_that_was_frozen_while_another_looked_keeps_nothing(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.clock.now += HOUR
    done: list[int] = []

    def frozen(url: str) -> Page:
        _let_the_lease_run_out(both)
        elsewhere = both.another(Answers(page(rss(SURVEY, FILTERING))))
        done.extend(looked.new for looked in elsewhere.due())
        return Page(url, 200, {}, rss(HELPLINE).encode())

    assert list(both.another(Answers(frozen)).due()) == []
    assert done == [1]
    assert both.titles() == [FILTERING.title, SURVEY.title]


def test_what_cannot_be_kept_whole_is_not_kept_at_all(
    both: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.clock.now += HOUR
    both.site.says("/feed", rss(SURVEY, HELPLINE, FILTERING))
    with monkeypatch.context() as broken:

        def fails(*_words: object) -> None:
            raise StoreUnavailable("The disk went away.")

        broken.setattr(WatchedSources, "remember", fails)
        with pytest.raises(StoreUnavailable):
            both.due()
    assert both.titles() == [FILTERING.title]
    _let_the_lease_run_out(both)
    assert [looked.new for looked in both.due()] == [2]


def test_a_source_that_is_changed_or_removed_meanwhile_gets_nothing(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()

    def paused(url: str) -> Page:
        room.watching.pause("1", "test")
        return Page(url, 200, {}, rss(SURVEY).encode())

    def removed(url: str) -> Page:
        room.watching.remove("1", "test")
        return Page(url, 200, {}, rss(SURVEY).encode())

    for happens in (paused, removed):
        with pytest.raises(Conflict):
            room.another(Answers(happens)).look(1)
    assert room.titles() == [FILTERING.title]


def test_a_source_is_paused_resumed_changed_and_removed_and_its_items_stay(both: Newsroom) -> None:
    both.site.says("/feed", rss(FILTERING))
    both.add()
    both.watching.pause("Example Board", "test")
    both.clock.now += DAY
    assert both.due() == []
    both.watching.resume(both.site.url("/feed"), "test")
    assert len(both.due()) == 1
    changed = both.watching.edit(
        "1", "test", name="Board", defaults=SourceDefaults(topic="News"), every_minutes=120
    )
    assert (changed.name, changed.defaults.topic, changed.every_minutes) == ("Board", "News", 120)
    both.watching.remove("board", "test")
    assert both.watching.sources() == []
    assert [item.source_id for item in both.items()] == [None]
    with pytest.raises(NotFound, match="no source 'board'"):
        both.watching.source("board")
    with both.store.read() as tx:
        deeds = [what for _, _, what, _ in tx.audit.history("source:1")]
    assert deeds == [
        "source.add", "source.pause", "source.resume", "source.edit", "source.remove"
    ]  # fmt: skip


def test_a_source_that_is_watched_again_brings_nothing_twice(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.watching.remove("1", "test")
    looked = room.add()
    assert (looked.new, [each.known for each in looked.collected]) == (0, [True])


def test_a_new_address_is_looked_at_before_it_is_taken(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING))
    room.add()
    room.site.says("/page", PAGE, Content_Type="text/html")
    for path, error in (("/page", InvalidInput), ("/nothing", Unreachable)):
        with pytest.raises(error):
            room.watching.edit("1", "test", url=room.site.url(path))
    room.site.says("/atom", rss(FILTERING), ETag='"two"')
    assert room.watching.edit("1", "test", url=room.site.url("/atom")).etag == ""
    assert room.watching.source("1").source.url == room.site.url("/atom")


def test_a_name_that_several_have_names_none(room: Newsroom) -> None:
    for path in ("/a", "/b"):
        room.site.says(path, rss(FILTERING))
        room.add(path)
    with pytest.raises(Refused, match="by number: 1, 2"):
        room.watching.source("EXAMPLE BOARD")


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
def test_names_and_defaults_are_one_line(room: Newsroom, text: str) -> None:
    room.site.says("/feed", rss(FILTERING))
    for wanted in ({"name": text}, {"defaults": SourceDefaults(source=text)}):
        with pytest.raises(InvalidInput, match="one line"):
            room.add(**wanted)


def test_a_feeds_own_name_cannot_steer_a_terminal(room: Newsroom) -> None:
    room.site.says("/feed", rss(FILTERING, title="Board\u202e news" + "x" * 300))
    name = room.add().source.name
    assert name.isprintable()
    assert len(name) <= 200


def _let_the_lease_run_out(room: Newsroom) -> None:
    with room.store.write() as tx:
        held = tx.lease_clock() - LEASE
        tx.watched.claim(1, held + 100 * LEASE, held)
