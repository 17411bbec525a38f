"""News comes in: pasted, dropped or from an address; looked at, mended, and kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from at_desk import Desk
from httpx2 import Response

from bulletin.models.people import UserRole
from bulletin.wiring import Services

NEWSFEED = """\
Late arrivals: what they tell us

Source: Northbridge Institute published on this website Tuesday 3 November 2026 by Alex Sample

Researchers followed 212 primary schools in England and looked at pupils who are often late.

One in nine of them turned out to be caring for somebody before school.

Read the report: Late arrivals
https://northbridge.example/reports/late-arrivals

Share and Enjoy:
  • Facebook
  • Twitter

Group chats after bedtime

Source: Lantern Online Safety Centre published on this website Thursday 5 November 2026 by Mina Specimen

Lantern has rewritten its guidance on class group chats for schools in Wales.

Read the guidance: Group chats after bedtime
https://lantern.example/guidance/group-chats

Share and Enjoy:
  • Facebook
  • Twitter
"""


@pytest.fixture
def desk(as_role: Callable[..., Desk]) -> Desk:
    return as_role(UserRole.AUTHOR)


def paste(desk: Desk, text: str = NEWSFEED, **more: str) -> str:
    """Paste a text; the address of its preview."""
    answer = desk.change("/app/inbox/paste/text", text=text, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def step(desk: Desk, address: str, name: str, **fields: object) -> Response:
    """Change a paste as its page's own form would."""
    page = desk.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return desk.change(f"{address}/{name}", version=version[1], **fields)


def titles(services: Services) -> list[str]:
    from bulletin.models.library import LibraryQuery

    hits = services.library.search(LibraryQuery(limit=300)).hits
    return sorted(hit.item.draft.title for hit in hits)


def test_a_pasted_newsfeed_is_shown_beside_its_items_before_anything_is_kept(
    desk: Desk, services: Services
) -> None:
    page = desk.get(paste(desk)).text
    assert "2 items found" in page
    assert "Keep 2 items" in page
    assert "Left out: Share buttons of the website." in page
    assert titles(services) == []


def test_keeping_brings_the_items_to_the_inbox_and_undo_takes_them_out_again(
    desk: Desk, services: Services
) -> None:
    address = paste(desk)
    answer = step(desk, address, "keep")
    assert answer.headers["location"] == "/app/inbox?paste=1"
    assert titles(services) == ["Group chats after bedtime", "Late arrivals: what they tell us"]
    answer = desk.change(f"{address}/take-back")
    assert answer.headers["location"] == address
    assert titles(services) == []
    assert "Keep 2 items" in desk.get(address).text
