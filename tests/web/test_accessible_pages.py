"""axe-core in Chromium finds nothing wrong with a page that a reader can meet (requirement 50)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser
from published import send, view_link
from served import serving

from bulletin.models.issues import Helpline
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.moving import BACK
from bulletin.tokens import Purpose
from bulletin.wiring import Services
from looked_over import wrong_with

LONG = "A word " + "w" * 300


@dataclass
class Site:
    """A running site with one issue that went out, and links of all kinds to it."""

    address: str
    paths: dict[str, str]


@pytest.fixture
def site(services: Services) -> Iterator[Site]:
    services.enrolment.add(
        SubscriberDraft(
            "governor@school.example", ("governor",), name=LONG, organisation=LONG,
            kind=SubscriberKind.CORPORATE,
        ),
        "test",
    )  # fmt: skip
    slug = send(
        services, title=f"December {LONG}", standfirst=LONG, intro=f"{{{{full_name}}}} {LONG}",
        helplines=(Helpline(LONG, "01632 960 001", LONG, f"https://help.example/{LONG}"),),
    )  # fmt: skip
    with services.store.write() as tx:
        now = services.store.clock()
        wish = Wish(RequestKind.JOIN, "new@school.example", "192.0.2.1", roles=("dsl",))
        joining = tx.requests.add(wish, now)
        move = replace(
            wish, kind=RequestKind.CHANGE_ADDRESS, email="moved@school.example", subscriber_id=1
        )
        moving = tx.requests.add(move, now)
        erasing = tx.requests.add(
            replace(move, kind=RequestKind.ERASE, email="governor@school.example", subscriber_id=2),
            now,
        )
        tx.letters.post(LetterKind.MOVED_AWAY, "old@school.example", moving, now)
    link = services.evidence.open_link(LONG, "head@school.example", "test")
    sign = services.signer.sign
    paths = {
        "archive": "/",
        "issue": f"/issues/{slug}",
        "issue as shown to": f"/issues/{slug}?role=dsl&nation=Wales",
        "my edition": view_link(services),
        "subscribe": "/subscribe",
        "confirm": f"/confirm/{sign(Purpose.CONFIRM, joining)}",
        "leave": f"/u/{sign(Purpose.UNSUBSCRIBE, 2)}",
        "preferences": f"/p/{sign(Purpose.PREFERENCES, 2)}",
        "erase": f"/p/{sign(Purpose.PREFERENCES, 2)}/erase",
        "erase for good": f"/p/erase/{sign(Purpose.ERASE, erasing)}",
        "move back": f"/p/back/{sign(Purpose.MOVE_BACK, 1)}",
        "move": f"/p/address/{sign(Purpose.CHANGE_ADDRESS, moving)}",
        "acknowledge": f"/a/{sign(Purpose.ACKNOWLEDGE, 2)}",
        "report": f"/report/{sign(Purpose.REPORT, link.id)}",
        "accessibility": "/accessibility",
        "privacy": "/privacy",
        "for school IT": "/allow-listing",
        "nothing there": "/nowhere",
        "a preview's link": f"/p/{sign(Purpose.PREFERENCES, 0)}",
        "outbox": "/outbox",
    }
    with serving(services) as address:
        yield Site(address, paths)


def test_nothing_is_wrong_with_any_page(site: Site, chromium: Browser) -> None:
    page = chromium.new_page()
    wrong = {}
    for name, path in site.paths.items():
        page.goto(site.address + path)
        if found := wrong_with(page):
            wrong[name] = found
    page.close()
    assert wrong == {}


def test_nothing_is_wrong_with_what_a_button_leads_to(site: Site, chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_default_timeout(5_000)
    wrong = {}
    for name, button in (
        ("subscribe", "Ask for the bulletin"),  # with nothing filled in: errors
        ("confirm", "Yes, send me the bulletin"),
        ("preferences", "Pause"),
        ("preferences", "Write to the new address"),
        ("acknowledge", "I have seen this issue"),
        ("move", "address"),
        ("leave", "Unsubscribe"),
        ("erase", "confirm it"),
        ("move back", BACK),
        ("erase for good", "Erase me for good"),
    ):
        page.goto(site.address + site.paths[name])
        page.locator("main").get_by_role("button", name=button).first.click()
        page.wait_for_load_state()
        if found := wrong_with(page):
            wrong[f"{name}: {button}"] = found
    page.close()
    assert wrong == {}
