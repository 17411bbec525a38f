"""A mail scanner opens a copy in a browser and follows all its links; nobody pressed anything."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from pathlib import Path

from playwright.sync_api import Browser
from published import send
from served import serving

from bulletin.models.issues import Helpline
from bulletin.pipeline.joining import JoinForm
from bulletin.tokens import Purpose
from bulletin.wiring import Services


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def test_a_browser_that_follows_every_link_of_a_message_changes_no_row(
    services: Services, chromium: Browser, tmp_path: Path
) -> None:
    """Requirements 10 and 51: scripts run, every page and every link on it is opened."""
    send(services, helplines=(Helpline("Duty team", "01632 960 001"),))
    services.joining.ask(
        JoinForm("new@school.example", roles=("governor",), agreed=True), "192.0.2.1"
    )
    token = services.signer.sign(Purpose.PREFERENCES, 1)
    services.preferences.ask_to_move(token, "moved@school.example", "192.0.2.1")
    services.parting.ask(token, "192.0.2.1")
    services.correspondence.send(threading.Event())
    mails = [services.outbox.read(line.key) for line in services.outbox.page(1, 10).mails]
    assert len(mails) == 4
    before = dump(tmp_path / "bulletin.db")
    seen: set[str] = set()
    with serving(services) as address:
        for mail in mails:
            assert mail is not None
            start = mail.html.replace(services.settings.public_url, address)
            seen |= crawl(chromium, start, address)
    assert dump(tmp_path / "bulletin.db") == before
    kinds = {path.split("/")[1] for path in seen}
    assert {"u", "p", "v", "a", "confirm", "subscribe", "issues", "feed.xml", "privacy"} <= kinds
    assert any(path.startswith("/p/address/") for path in seen)
    assert any(path.startswith("/p/erase/") for path in seen)
    assert any(path.endswith("/erase") for path in seen)
    assert any(path.endswith(".json") for path in seen)


def crawl(chromium: Browser, html: str, address: str) -> set[str]:
    """Open a message, then each page of this site that a link leads to. Returns their paths."""
    page = chromium.new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.set_content(html)
    waiting = deque(links(page.evaluate(ALL_LINKS), address))
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        page.request.head(address + path)
        answer = page.request.get(address + path)
        assert answer.status == 200, path
        if "html" in answer.headers["content-type"]:
            page.goto(address + path)
            waiting.extend(links(page.evaluate(ALL_LINKS), address))
    page.close()
    return seen


ALL_LINKS = "[...document.querySelectorAll('[href], [src]')].map(each => each.href || each.src)"


def links(found: list[str], address: str) -> list[str]:
    own = (link.partition("#")[0] for link in found if link.startswith(f"{address}/"))
    return [link.removeprefix(address) for link in own]
