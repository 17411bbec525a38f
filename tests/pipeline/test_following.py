"""The links of an issue are looked at beside other work, and the look ends when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from desks import Desk

from bulletin.models.web import Page
from bulletin.pipeline.checking_links import LinkChecking
from bulletin.pipeline.reviewing.following import LONGEST, Following


class Pages:
    """A web that answers every page once it is let."""

    def __init__(self) -> None:
        self.let, self.begun = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def get(self, url: str, headers: object = None) -> Page:
        return self.head(url)

    def head(self, url: str) -> Page:
        self.asked.append(url)
        self.begun.set()
        self.let.wait(10)
        return Page(url, 200, {"content-type": "application/pdf"}, b"")


def issue(desk: Desk, links: int) -> int:
    intro = " ".join(f"[Page {n}](https://site{n}.example/a)" for n in range(links))
    desk.issue()
    desk.drafting.remove("december", [1, 2], "test")
    return desk.drafting.edit("december", {"intro": intro}, "test").id


def following(desk: Desk, web: Pages, ticks: Callable[[], float] | None = None) -> Following:
    checking = LinkChecking(desk.store, web, links_for=timedelta(hours=24))  # type: ignore[arg-type]  # all it asks
    return Following(checking, ticks=ticks) if ticks else Following(checking)


def test_a_look_goes_on_by_itself_and_says_how_far_it_is(quick_desk: Desk) -> None:
    number, web = issue(quick_desk, 3), Pages()
    looks = following(quick_desk, web)
    assert looks.progress(number) is None
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(looks.begin, number, wait=30)
        assert web.begun.wait(30)
        assert looks.begin(number).running  # the same look, not a second
        web.let.set()
        ended = first.result()
    assert (ended.done, ended.of, ended.running) == (3, 3, False)
    assert looks.progress(number) == ended
    assert len(web.asked) == 3
    assert quick_desk.approval.preflight("december").unchecked == 0


def test_a_look_that_takes_too_long_keeps_what_it_found(quick_desk: Desk) -> None:
    number, web = issue(quick_desk, 30), Pages()
    web.let.set()
    times = iter([0.0, *(LONGEST + 1 for _ in range(100))])
    ended = following(quick_desk, web, lambda: next(times)).begin(number, wait=30)
    assert not ended.running
    assert "too long" in ended.trouble
    proof = quick_desk.approval.preflight("december")
    assert 0 < proof.unchecked < 30
    assert "The pages behind the links work" not in proof.passed
