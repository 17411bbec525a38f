"""Several processes watch the same sources: each look happens once, or not at all."""

from __future__ import annotations

import itertools
import threading

import pytest
from feeds import (
    FILTERING,
    HELPLINE,
    HOUR,
    SURVEY,
    Answers,
    Newsroom,
    answering,
    rss,
)

from bulletin.errors import (
    Conflict,
    StoreUnavailable,
)
from bulletin.models.web import Page
from bulletin.pipeline.looking import LEASE
from bulletin.store.watched import WatchedSources


def test_one_that_breaks_something_keeps_no_other_waiting(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.site.says("/other", rss(SURVEY, title="Other"))
    newsroom.add()
    newsroom.add("/other")
    newsroom.clock.now += HOUR

    def breaks(url: str) -> Page:
        if url.endswith("/feed"):
            raise RecursionError("nobody thought of this")
        return Page(url, 200, {}, rss(HELPLINE).encode())

    first, second = newsroom.another(Answers(breaks)).due()
    assert "RecursionError: nobody thought of this" in first.source.trouble
    assert (second.source.trouble, second.new) == ("", 1)


def test_two_that_look_at_once_ask_once_and_keep_once(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.clock.now += HOUR
    looks = itertools.chain.from_iterable
    meanwhile: list[object] = []

    def slow(url: str) -> Page:
        elsewhere = any_newsroom.another(Answers(answering(rss(HELPLINE))))
        meanwhile.extend(elsewhere.due())
        with pytest.raises(Conflict, match="looked at just now"):
            elsewhere.look(1)
        return Page(url, 200, {}, rss(SURVEY).encode())

    assert [looked.new for looked in looks([any_newsroom.another(Answers(slow)).due()])] == [1]
    assert meanwhile == []
    assert any_newsroom.titles() == [FILTERING.title, SURVEY.title]


def test_threads_that_look_at_once_look_once_each_turn(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.clock.now += HOUR
    any_newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    looks: list[int] = []
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait()
        looks.extend(looked.new for looked in any_newsroom.due())

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looks == [1]
    assert len(any_newsroom.site.asked) == 2


def test_a_process_that_dies_after_asking_loses_and_doubles_nothing(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.clock.now += HOUR

    class Killed(BaseException):
        pass

    def dies(_url: str) -> Page:
        raise Killed

    with pytest.raises(Killed):
        list(any_newsroom.another(Answers(dies)).due())
    any_newsroom.site.says("/feed", rss(SURVEY, FILTERING))
    assert any_newsroom.due() == []  # it is still in the dead one's hands
    _let_the_lease_run_out(any_newsroom)
    assert [looked.new for looked in any_newsroom.due()] == [1]
    assert any_newsroom.titles() == [FILTERING.title, SURVEY.title]


def test_one_that_was_frozen_while_another_looked_keeps_nothing(any_newsroom: Newsroom) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.clock.now += HOUR
    done: list[int] = []

    def frozen(url: str) -> Page:
        _let_the_lease_run_out(any_newsroom)
        elsewhere = any_newsroom.another(Answers(answering(rss(SURVEY, FILTERING))))
        done.extend(looked.new for looked in elsewhere.due())
        return Page(url, 200, {}, rss(HELPLINE).encode())

    assert list(any_newsroom.another(Answers(frozen)).due()) == []
    assert done == [1]
    assert any_newsroom.titles() == [FILTERING.title, SURVEY.title]


def test_what_cannot_be_kept_whole_is_not_kept_at_all(
    any_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_newsroom.site.says("/feed", rss(FILTERING))
    any_newsroom.add()
    any_newsroom.clock.now += HOUR
    any_newsroom.site.says("/feed", rss(SURVEY, HELPLINE, FILTERING))
    with monkeypatch.context() as broken:

        def fails(*_words: object) -> None:
            raise StoreUnavailable("The disk went away.")

        broken.setattr(WatchedSources, "remember", fails)
        with pytest.raises(StoreUnavailable):
            any_newsroom.due()
    assert any_newsroom.titles() == [FILTERING.title]
    _let_the_lease_run_out(any_newsroom)
    assert [looked.new for looked in any_newsroom.due()] == [2]


def test_a_source_that_is_changed_or_removed_meanwhile_gets_nothing(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()

    def paused(url: str) -> Page:
        newsroom.watching.pause("1", "test")
        return Page(url, 200, {}, rss(SURVEY).encode())

    def removed(url: str) -> Page:
        newsroom.watching.remove("1", "test")
        return Page(url, 200, {}, rss(SURVEY).encode())

    for happens in (paused, removed):
        with pytest.raises(Conflict):
            newsroom.another(Answers(happens)).look(1)
    assert newsroom.titles() == [FILTERING.title]


def test_whoever_stops_a_look_lets_the_next_one_have_the_source(newsroom: Newsroom) -> None:
    newsroom.site.says("/feed", rss(FILTERING))
    newsroom.add()

    def stopped(_url: str) -> Page:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        newsroom.another(Answers(stopped)).look(1)
    assert newsroom.looking.look(1).source.trouble == ""


def test_a_source_that_is_removed_in_the_midst_of_a_round_ends_it_for_no_other(
    newsroom: Newsroom,
) -> None:
    for path in ("/a", "/b", "/c"):
        newsroom.site.says(path, rss(FILTERING))
        newsroom.add(path)
    newsroom.clock.now += HOUR

    def removes(url: str) -> Page:
        if url.endswith("/a"):
            newsroom.watching.remove("2", "test")
        return Page(url, 200, {}, rss(FILTERING).encode())

    looks = newsroom.another(Answers(removes)).due()
    assert [looked.source.id for looked in looks] == [1, 3]


def _let_the_lease_run_out(newsroom: Newsroom) -> None:
    with newsroom.store.write() as tx:
        held = tx.lease_clock() - LEASE
        tx.watched.claim(1, held + 100 * LEASE, held)
