"""The links of an issue are opened once and politely, and what was found counts for its time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulletin.errors import AddressPrivate, AddressRefused, Refused, Unreachable
from bulletin.models.checks import LinkCheck, Verdict
from bulletin.models.issues import Visibility
from bulletin.models.items import Action, ItemDraft
from bulletin.models.web import Page
from bulletin.pipeline.checking_links import SITES_AT_ONCE, LinkChecking, look_at
from bulletin.pipeline.draft import PlacingOptions

if TYPE_CHECKING:
    from desks import Desk

HTML = {"content-type": "text/html"}
URL = "https://guidance.example/report"
DAY = timedelta(hours=24)


@dataclass
class FakeWeb:
    """Answers as it was told, by method; anything else is a page that is there."""

    answers: dict[tuple[str, str], Page | Exception] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        return self._answer("GET", url)

    def head(self, url: str) -> Page:
        return self._answer("HEAD", url)

    def _answer(self, method: str, url: str) -> Page:
        self.asked.append((method, url))
        answer = self.answers.get((method, url), Page(url, 200, HTML, b"<title>News</title>"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def issue_with(desk: Desk, *urls: str) -> str:
    actions = tuple(Action("Read", f"Report {n}", url) for n, url in enumerate(urls))
    with desk.store.write() as tx:
        item = tx.items.add(ItemDraft("Corridors", body="Light.", actions=actions), desk.clock())
    issue = desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    desk.drafting.place(issue.slug, [item], PlacingOptions(), "test")
    return issue.slug


def look(desk: Desk, web: FakeWeb, reference: str) -> list[LinkCheck]:
    checks: list[LinkCheck] = []
    checking = LinkChecking(desk.store, web, links_for=DAY)
    checking.look(reference, lambda check, _total: checks.append(check))
    return checks


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_server_that_does_not_take_head_is_asked_again(quick_desk: Desk, status: int) -> None:
    web = FakeWeb({("HEAD", URL): Page(URL, status)})
    assert look_at(web, URL, quick_desk.clock()).verdict is Verdict.FINE
    assert web.asked == [("HEAD", URL), ("GET", URL)]


def test_a_server_that_drops_head_is_asked_again(quick_desk: Desk) -> None:
    web = FakeWeb({("HEAD", URL): Unreachable("It broke off.")})
    assert look_at(web, URL, quick_desk.clock()).verdict is Verdict.FINE


def test_a_document_is_not_loaded(quick_desk: Desk) -> None:
    web = FakeWeb({("HEAD", URL): Page(URL, 200, {"content-type": "application/pdf"})})
    assert look_at(web, URL, quick_desk.clock()).verdict is Verdict.FINE
    assert web.asked == [("HEAD", URL)]


def test_a_page_too_large_to_be_read_is_there(quick_desk: Desk) -> None:
    web = FakeWeb({("GET", URL): Unreachable("It is larger than 10 MB.")})
    assert look_at(web, URL, quick_desk.clock()).verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AddressPrivate("It leads into this network."), Verdict.UNSAFE),
        (AddressRefused("It is asked at no such port."), Verdict.REFUSED),
        (Unreachable("It did not answer."), Verdict.FAILED),
        (Unreachable("It wants to be left alone.", retry_after=90), Verdict.REFUSED),
    ],
)
def test_what_cannot_be_asked_is_told_apart(
    quick_desk: Desk, error: Exception, verdict: Verdict
) -> None:
    web = FakeWeb({("HEAD", URL): error, ("GET", URL): error})
    check = look_at(web, URL, quick_desk.clock())
    assert (check.verdict, check.status, check.detail) == (verdict, None, str(error))


def test_a_link_that_works_is_left_in_peace_for_its_time(desk: Desk) -> None:
    reference = issue_with(desk, URL)
    web = FakeWeb()
    assert [check.verdict for check in look(desk, web, reference)] == [Verdict.FINE]
    desk.clock.now += DAY
    assert look(desk, web, reference) == []
    assert desk.approval.preflight(reference).unchecked == 0
    desk.clock.now += timedelta(seconds=1)
    assert desk.approval.preflight(reference).unchecked == 1
    assert len(look(desk, web, reference)) == 1


def test_a_link_that_did_not_work_is_looked_at_each_time(quick_desk: Desk) -> None:
    reference = issue_with(quick_desk, URL)
    web = FakeWeb({("HEAD", URL): Page(URL, 404), ("GET", URL): Page(URL, 404)})
    assert [check.verdict for check in look(quick_desk, web, reference)] == [Verdict.GONE]
    web.answers.clear()
    assert [check.verdict for check in look(quick_desk, web, reference)] == [Verdict.FINE]
    assert not quick_desk.approval.preflight(reference).blocking


def test_an_issue_with_a_page_that_is_gone_is_not_approved(quick_desk: Desk) -> None:
    reference = issue_with(quick_desk, URL)
    assert quick_desk.approval.preflight(reference).unchecked == 1
    web = FakeWeb({("HEAD", URL): Page(URL, 410), ("GET", URL): Page(URL, 410)})
    look(quick_desk, web, reference)
    with pytest.raises(Refused, match="the page is gone"):
        quick_desk.approval.approve(reference, "test")


def test_a_page_is_opened_once_however_often_it_is_linked_to(quick_desk: Desk) -> None:
    web = FakeWeb()
    look(quick_desk, web, issue_with(quick_desk, URL, f"{URL}#a", f"{URL}#b", "tel:01632960001"))
    assert web.asked == [("HEAD", URL), ("GET", URL)]


def test_a_site_that_is_away_is_not_waited_for_again_and_again(quick_desk: Desk) -> None:
    urls = [f"https://guidance.example/{n}" for n in range(6)]
    away = {(method, url): Unreachable("No answer.") for url in urls for method in ("HEAD", "GET")}
    web = FakeWeb(away)
    reference = issue_with(quick_desk, *urls)
    checks = look(quick_desk, web, reference)
    assert [check.verdict for check in checks] == [Verdict.FAILED] * 6
    assert len({url for _, url in web.asked}) == 2
    looked = LinkChecking(quick_desk.store, web, links_for=DAY).look(reference, lambda *_: None)
    assert (looked.links, looked.known, looked.silent, looked.unasked) == (6, 0, 6, 4)
    assert looked.found == {Verdict.FAILED: 6}


def test_one_site_is_asked_by_one_thread_and_several_sites_at_once(quick_desk: Desk) -> None:
    meeting = threading.Barrier(SITES_AT_ONCE, timeout=20)
    at_work: set[str] = set()

    class Crowded(FakeWeb):
        def head(self, url: str) -> Page:
            host = url.split("/")[2]
            assert host not in at_work
            at_work.add(host)
            if url.endswith("/first"):
                meeting.wait()
            at_work.discard(host)
            return Page(url, 200)

        get = head  # type: ignore[assignment]  # asked alike

    urls = [
        f"https://site{n}.example/{page}" for n in range(SITES_AT_ONCE) for page in ("first", "2")
    ]
    assert len(look(quick_desk, Crowded(), issue_with(quick_desk, *urls))) == len(urls)


def test_an_interruption_keeps_what_was_found(quick_desk: Desk) -> None:
    urls = [f"https://guidance.example/{n}" for n in range(5)]
    reference = issue_with(quick_desk, *urls)

    def interrupt(_check: LinkCheck, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LinkChecking(quick_desk.store, FakeWeb(), links_for=DAY).look(reference, interrupt)
    assert quick_desk.approval.preflight(reference).unchecked == 4
