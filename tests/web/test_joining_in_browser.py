"""Joining in a real browser, by keyboard alone."""

from __future__ import annotations

import re
import threading

from playwright.sync_api import Browser, Page
from served import serving

from bulletin.wiring import Services


def tab_stops(page: Page) -> list[str]:
    """The names of the controls that Tab reaches, in order, until the button that sends."""
    found: list[str] = []
    while "Ask for the bulletin" not in found:
        page.keyboard.press("Tab")
        found.append(
            page.evaluate("document.activeElement.name || document.activeElement.innerText")
        )
        assert len(found) < 60, found
    return found


def test_somebody_joins_by_keyboard_alone(services: Services, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    with serving(services) as address:
        page.goto(f"{address}/subscribe")
        stops = tab_stops(page)
        assert stops.index("email") < stops.index("role") < stops.index("agree")
        assert "subject" not in stops  # the field that only machines fill in
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_role("link").first.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "email"
        page.keyboard.type("sam@school.example")
        for label in ("Governor", "Wales", "I want Safeguarding Bulletin"):
            page.get_by_label(label, exact=label != "I want Safeguarding Bulletin").focus()
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Look in your mailbox").wait_for()
        services.correspondence.send(threading.Event())
        (line,) = services.outbox.page(1, 10).mails
        mail = services.outbox.read(line.key)
        assert mail is not None
        (path,) = re.findall(r"http://[^/]+(/confirm/\S+)", mail.text)
        page.goto(address + path)
        page.get_by_role("button", name="Yes, send me the bulletin").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="You are on the list").wait_for()
    page.close()
    reader = services.enrolment.show("sam@school.example")[0]
    assert (reader.roles, reader.nation) == ({"governor"}, "Wales")
