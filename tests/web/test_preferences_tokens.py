"""A token opens the pages it was made for and nothing else; looking at any of them does nothing.

The routes are read from the application, so a new one that takes a token is held to this, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi.testclient import TestClient
from published import send
from reader_links import preferences_link, suppressed
from rows import dump

from bulletin.models.people import SubscriberDraft, SuppressionReason
from bulletin.models.requests import LetterKind
from bulletin.settings import load_settings
from bulletin.tokens import Purpose
from bulletin.web.app import create_app
from bulletin.wiring import Services

# What each route is for. A route that takes a token and is not here fails the first test.
PURPOSES = {
    "/a/": Purpose.ACKNOWLEDGE,
    "/confirm/": Purpose.CONFIRM,
    "/p/address/": Purpose.CHANGE_ADDRESS,
    "/p/back/": Purpose.MOVE_BACK,
    "/p/erase/": Purpose.ERASE,
    "/p/": Purpose.PREFERENCES,
    "/report/": Purpose.REPORT,
    "/u/": Purpose.UNSUBSCRIBE,
    "/v/": Purpose.VIEW,
}
BUTTONS = ("seen", "undo", "move", "back", "erase", "rejoin", "resume", "join")
OF_NO_PREVIEW = {
    Purpose.CONFIRM, Purpose.CHANGE_ADDRESS, Purpose.MOVE_BACK, Purpose.ERASE, Purpose.REPORT,
}  # fmt: skip
# A press of any button there is, with fields that the forms take.
PRESSED = dict.fromkeys(BUTTONS, "yes") | {
    "join": "1", "role": "dsl", "nation": "Wales", "email": "x@y.example",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A route that takes a token, and the number that a token for it carries here."""

    method: str
    template: str

    @property
    def purpose(self) -> Purpose:
        start = max((start for start in PURPOSES if self.template.startswith(start)), key=len)
        return PURPOSES[start]

    def path(self, token: str) -> str:
        return self.template.replace("{token}", token).replace("{_part}", "roles")


def doors() -> list[Door]:
    """Every (method, route) with a token in it."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bulletin.db"
        services = Services(load_settings(secret_key="x" * 40, database_url=database))
        paths = create_app(services).openapi()["paths"]
        services.close()
    return [
        Door(method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if "{token" in path
    ]


DOORS = doors()


def number(purpose: Purpose) -> int:
    """The number of something that exists and that a token for this purpose names."""
    numbers = {Purpose.CHANGE_ADDRESS: 2, Purpose.ERASE: 3, Purpose.MOVE_BACK: 5}
    return numbers.get(purpose, 1)


@pytest.fixture
def stocked(services: Services, browser: TestClient) -> TestClient:
    """One of everything that a token may name.

    Request 1 is to join, 2 to move, 3 to be erased; letter 5 tells an old address of a move.
    """
    draft = SubscriberDraft("head@school.example", ("dsl",), organisation="Oak School")
    services.enrolment.add(draft, "test")
    send(services, "December")
    services.evidence.open_link("Oak School", "head@school.example", "test")
    join = {"email": "new@school.example", "role": "dsl", "agree": "yes", "nation": "England"}
    browser.post("/subscribe", data=join)
    browser.post(f"{preferences_link(services)}/address", data={"email": "move@school.example"})
    browser.post(f"{preferences_link(services)}/erase", data={"erase": "yes"})
    browser.post(f"{preferences_link(services, 2)}/address", data={"email": "away@school.example"})
    browser.post(f"/p/address/{services.signer.sign(Purpose.CHANGE_ADDRESS, 4)}", data=PRESSED)
    with services.store.read() as tx:
        asked = [found.kind for number in (1, 2, 3, 4) if (found := tx.requests.get(number))]
        told = tx.letters.get(5)
    assert asked == ["join", "change_address", "erase", "change_address"]
    assert told is not None
    assert told.kind is LetterKind.MOVED_AWAY
    return browser


def test_every_route_with_a_token_says_what_its_tokens_are_for() -> None:
    assert len(DOORS) > 20
    unknown = [door for door in DOORS if not door.template.startswith(tuple(PURPOSES))]
    assert unknown == []


def test_a_token_opens_only_the_pages_it_was_made_for(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """Requirement 70."""
    before = dump(tmp_path)
    for door in DOORS:
        for purpose in set(Purpose) - {door.purpose}:
            for one in {number(door.purpose), number(purpose)}:
                path = door.path(services.signer.sign(purpose, one))
                answer = stocked.request(door.method, path, data=PRESSED)
                assert answer.status_code == 404, (door, purpose)
    assert dump(tmp_path) == before


def altered(token: str) -> list[str]:
    """A token with each of its characters changed, and other things that are no tokens."""
    changed = [
        token[:place] + ("b" if token[place] == "a" else "a") + token[place + 1 :]
        for place in range(len(token))
    ]
    return [*changed, token.upper(), token[:-1], f"{token}a", "1", "1-", "-", "%00", "x" * 900]


def test_one_altered_character_of_a_token_opens_nothing(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """Requirements 8, 64."""
    before = dump(tmp_path)
    for door in DOORS:
        for other in altered(services.signer.sign(door.purpose, number(door.purpose))):
            answer = stocked.request(door.method, door.path(other), data=PRESSED)
            assert answer.status_code == 404, (door, other)
    assert dump(tmp_path) == before


def test_a_preview_link_opens_the_page_that_says_so_and_does_nothing(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """The links of a preview name delivery and subscriber 0; a letter and a report have none."""
    before = dump(tmp_path)
    for door in DOORS:
        path = door.path(services.signer.sign(door.purpose, 0))
        answer = stocked.request(door.method, path, data=PRESSED)
        if door.purpose in OF_NO_PREVIEW:
            assert answer.status_code in {404, 410}, door
        else:
            assert answer.status_code == 200, door
            assert "This link belongs to a preview" in answer.text, door
    assert dump(tmp_path) == before


def test_looking_at_every_page_changes_nothing(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """Requirements 10, 51; RFC 8058 section 1: scanners open every link."""
    before = dump(tmp_path)
    tokens = {
        door: services.signer.sign(door.purpose, number(door.purpose))
        for door in DOORS
        if door.method == "GET"
    }
    for address in (*(door.path(token) for door, token in tokens.items()), "/", "/outbox", "/x"):
        for method in ("GET", "HEAD"):
            answer = stocked.request(method, address)
            assert answer.status_code == (404 if address == "/x" else 200), address
            assert "set-cookie" not in answer.headers
    assert dump(tmp_path) == before


def test_a_bare_post_acts_on_no_page_but_one_click_unsubscribe(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """Requirement 51: scanners have sent POSTs."""
    before = dump(tmp_path)
    for door in DOORS:
        if door.method == "POST" and door.template != "/u/{token}":
            path = door.path(services.signer.sign(door.purpose, number(door.purpose)))
            answer = stocked.post(path)
            assert answer.status_code in {200, 422}, door
            assert "set-cookie" not in answer.headers
    assert dump(tmp_path) == before
    stocked.post(f"/u/{services.signer.sign(Purpose.UNSUBSCRIBE, 1)}")
    assert suppressed(services) is SuppressionReason.UNSUBSCRIBED
