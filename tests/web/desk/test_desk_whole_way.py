"""From an empty database to a report: the whole way of an issue, in a real browser.

By mouse, by keyboard alone, and without JavaScript. The clock is moved by the test, and what
`bulletin serve` does at its time is done here.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page
from served import serving

from bulletin.settings import load_settings
from bulletin.wiring import Services

PASSWORD = "lantern gravel teapot north"
SAVED = re.compile(r"Saved( \d|\.)")
READERS = """\
Email\tRoles\tNation
dsl@school.example\tDSL\tEngland
governor@school.example\tGovernor\tEngland
"""
NEWS = """\
Online safety

When the picture is not real
Source: Lantern Centre published on this website Wednesday 11 November 2026
A made-up image can hurt as much as a real one. The guide says who decides what in the first hour.
Read the guide: When the picture is not real
https://lantern.example/guide

Governance

Ten questions for a governing board
Source: Boardroom Charity published on this website Monday 9 November 2026
Governors are not asked to handle cases, but they are asked to know whether the system works.
Read the briefing: Ten questions
https://boardroom.example/ten
"""


class Mouse:
    """Does things with a mouse, and a keyboard for text alone."""

    script = True

    def press(self, target: Locator) -> None:
        target.click()

    def tick(self, box: Locator) -> None:
        box.check()

    def untick(self, box: Locator) -> None:
        box.uncheck()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, words: str) -> None:
        field.select_option(label=words)


class MouseWithoutScript(Mouse):
    """The same in a browser that runs no script."""

    script = False


class Keyboard(Mouse):
    """Does everything with keys."""

    def press(self, target: Locator) -> None:
        target.focus()
        target.press("Enter")

    def tick(self, box: Locator) -> None:
        box.focus()
        if not box.is_checked():
            box.press("Space")
        assert box.is_checked()

    def untick(self, box: Locator) -> None:
        box.focus()
        box.press("Space")

    def write(self, field: Locator, text: str) -> None:
        field.focus()
        if field.get_attribute("type") in {"date", "time"}:
            field.press_sequentially(text)
            return
        field.press("ControlOrMeta+a")
        field.press("Delete")
        field.page.keyboard.insert_text(text)

    def choose(self, field: Locator, words: str) -> None:
        field.focus()
        field.press_sequentially(words)


@dataclass
class Visitor:
    """Somebody who works at the desk, with a mouse, with keys, or without script."""

    page: Page
    hands: Mouse

    def link(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("button", name=name).first)

    def field(self, label: str, text: str) -> None:
        self.hands.write(self.page.get_by_label(label, exact=True), text)

    def sees(self, heading: str) -> None:
        self.page.get_by_role("heading", name=re.compile(heading)).first.wait_for()

    def saved(self) -> None:
        """Wait until what was typed is saved; without script, save it."""
        if not self.hands.script:
            self.button("Save")
        self.page.get_by_text(SAVED).first.wait_for()

    def set_up(self, link: str) -> None:
        self.page.goto(link)
        self.field("Your name", "Asha Example")
        self.field("Your email address", "asha@school.example")
        self.field("Password", PASSWORD)
        self.field("The same password again", PASSWORD)
        self.button("Make my account")
        self.sees("Make your first issue")

    def bring_readers(self) -> None:
        self.link("Add people")
        self.link("Import a list")
        self.field("Or paste the rows (optional)", READERS)
        self.button("Read this list")
        self.button("Check the rows")
        self.button("Import 2 people")
        self.sees("^Imported$")

    def invite(self, email: str, role: str) -> str:
        """The way to the invitation, without the host: the test's server is at another port."""
        self.page.goto("/app/settings/users")
        self.field("Their address", email)
        self.hands.tick(self.page.get_by_role("radio", name=role))
        self.button("Invite")
        return urlsplit(self.page.get_by_label("Link to copy").input_value()).path

    def bring_news(self) -> None:
        self.link("Inbox")
        self.link("Bring news in")
        self.field("Paste the news here", NEWS)
        self.button("See what is in it")
        self.button("Keep 2 items")
        self.sees("^Inbox")

    def compose(self) -> None:
        self.link("Issues")
        self.link("Start the first issue")
        self.field("Title", "December bulletin")
        self.button("Start the issue")
        self.link("Add items")
        main = self.page.get_by_role("main")
        boxes = main.get_by_role("checkbox")
        boxes.first.wait_for()
        for box in boxes.all():
            self.hands.tick(box)
        adding = re.compile(r"^Add (the ticked|[0-9]+) items?$")  # the script counts them
        self.hands.press(main.get_by_role("button", name=adding))
        self.sees("^Contents")
        self.choose_role("When the picture is not real", "DSL")
        self.choose_role("Ten questions for a governing board", "Governor")

    def choose_role(self, title: str, role: str) -> None:
        """Open an item where it stands, and say who it is for."""
        self.link(title)
        readers = self.page.get_by_role("group", name="Who it is for")
        self.hands.tick(readers.get_by_label(role, exact=True))
        self.saved()
        if self.hands.script:  # without it, saving leads back to the contents
            self.link("Done")
        readers.wait_for(state="detached")

    def see_as_two_roles(self) -> None:
        """The two see different items, on a phone."""
        preview = self.page.get_by_role("region", name="Preview")
        self.hands.choose(preview.get_by_label("As", exact=True), "Email on a phone")
        roles = preview.get_by_role("group", name="Show it to somebody who is")
        for role, sees, not_sees in (
            ("DSL", "When the picture is not real", "Ten questions"),
            ("Governor", "Ten questions", "When the picture is not real"),
        ):
            for box in roles.get_by_role("checkbox", checked=True).all():
                self.hands.untick(box)
            self.hands.tick(roles.get_by_label(role, exact=True))
            if not self.hands.script:
                self.button("Show this edition")
            email = self.page.frame_locator(f'iframe[title*="for {role} in"]')
            email.get_by_role("heading", name=sees).wait_for()
            assert email.get_by_role("heading", name=not_sees).count() == 0

    def mend_what_blocks(self) -> None:
        """An issue without a subject does not go out; the check leads to the field."""
        self.link("Compose")
        self.link("Subject and introduction")
        self.field("Subject of the email", "")
        self.saved()
        self.link("Check")
        self.sees("^1 to fix")
        self.link("Go to the subject")
        self.field("Subject of the email", "December: two things to do")
        self.saved()
        self.link("Check")
        self.sees("^0 to fix")

    def ask_for_approval(self) -> None:
        self.button("Send for approval")
        self.page.get_by_text("Version 1").first.wait_for()

    def accept_invitation(self, link: str) -> None:
        self.page.goto(link)
        self.field("Your name", "Boris Example")
        self.field("Password", PASSWORD)
        self.field("The same password again", PASSWORD)
        self.button("Sign in")
        self.sees("Today")

    def approve(self) -> None:
        self.link("Issues")
        self.link("December bulletin")
        self.link("Approve")
        self.button("Approve version 1")
        self.sees("^When$")

    def schedule(self) -> None:
        self.link("Schedule")
        # On a keyboard a date is typed in the order of its place: this one is the same in all.
        keys = isinstance(self.hands, Keyboard)
        self.field("Date", "12122026" if keys else "2026-12-12")
        self.field("Time, UK", "0730AM" if keys else "07:30")
        self.button("Schedule for 2 people")
        self.sees("^It goes out Sat 12 December 2026, 7:30am")

    def read_the_report(self) -> None:
        """A month later, so the session is over and they sign in where they were going."""
        self.link("Sent")
        self.field("Your email address", "asha@school.example")
        self.field("Password", PASSWORD)
        self.button("Sign in")
        self.page.get_by_text("2 of 2 accepted by mail servers").first.wait_for()
        self.link("Read the report")
        self.sees("^December bulletin")


@dataclass
class House:
    """A desk that runs, with a clock that stands until it is moved."""

    services: Services
    address: str
    browser: Browser
    now: datetime

    def visitor(self, hands: Mouse) -> Visitor:
        """Somebody at a browser of their own."""
        context = self.browser.new_context(
            base_url=self.address, java_script_enabled=hands.script, locale="en-GB"
        )
        context.set_default_timeout(20_000)
        return Visitor(context.new_page(), hands)

    def first_link(self) -> str:
        link = self.services.accounts.first_link(self.address)
        assert link is not None
        return link

    def pass_time_until_sent(self) -> None:
        """Let time go by until the issue is due; start and send it, as `bulletin serve` does."""
        [issue] = self.services.drafting.issues()
        assert issue.scheduled_at is not None
        self.now = issue.scheduled_at
        [fired] = self.services.planning.start_due()
        assert fired.started
        halt = self.services.delivery.run(issue.id, threading.Event(), lambda _: None)
        assert halt.error is None


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path, chromium: Browser) -> Iterator[House]:
    services = Services(
        load_settings(
            database_url=sqlite_database,
            secret_key="a secret of at least thirty-two characters",
            from_email="bulletin@school.example",
            postal_address="Example Trust, 1 School Lane, Exampleton EX1 1EX",
            outbox_dir=tmp_path / "outbox",
        )
    )
    with serving(services) as address:
        house = House(services, address, chromium, datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
        services.store.clock = lambda: house.now
        yield house
        for context in chromium.contexts:
            context.close()
    services.close()


@pytest.mark.parametrize("hands", [Mouse(), Keyboard(), MouseWithoutScript()])
def test_an_issue_goes_its_whole_way(house: House, hands: Mouse) -> None:
    asha = house.visitor(hands)
    asha.set_up(house.first_link())
    asha.bring_readers()
    link = asha.invite("approver@school.example", "Approver")
    asha.bring_news()
    asha.compose()
    asha.see_as_two_roles()
    asha.mend_what_blocks()
    asha.ask_for_approval()
    boris = house.visitor(hands)
    boris.accept_invitation(link)
    boris.approve()
    asha.schedule()
    house.pass_time_until_sent()
    asha.read_the_report()
