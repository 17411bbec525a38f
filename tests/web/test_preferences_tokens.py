"""A token opens the pages it was made for and nothing else; looking at any of them does nothing.

The routes are read from the application, so a new one that takes a token is held to this, too.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from doors_listed import Door, doors_of
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


def doors() -> list[Door]:
    """Every way in with a token in it."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bulletin.db"
        services = Services(load_settings(secret_key="x" * 40, database_url=database))
        found = [door for door in doors_of(create_app(services)) if "{token" in door.path]
        services.close()
    return [door for door in found if not door.path.startswith("/app/")]


DOORS = doors()


def purpose_of(door: Door) -> Purpose:
    start = max((start for start in PURPOSES if door.path.startswith(start)), key=len)
    return PURPOSES[start]


def filled(door: Door, token: str) -> str:
    return door.path.replace("{token}", token).replace("{_part}", "roles")


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
    unknown = [door for door in DOORS if not door.path.startswith(tuple(PURPOSES))]
    assert unknown == []


def test_a_token_opens_only_the_pages_it_was_made_for(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """Requirement 70."""
    before = dump(tmp_path)
    for door in DOORS:
        for purpose in set(Purpose) - {purpose_of(door)}:
            for one in {number(purpose_of(door)), number(purpose)}:
                path = filled(door, services.signer.sign(purpose, one))
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
        for other in altered(services.signer.sign(purpose_of(door), number(purpose_of(door)))):
            answer = stocked.request(door.method, filled(door, other), data=PRESSED)
            assert answer.status_code == 404, (door, other)
    assert dump(tmp_path) == before


def test_a_preview_link_opens_the_page_that_says_so_and_does_nothing(
    services: Services, stocked: TestClient, tmp_path: Path
) -> None:
    """The links of a preview name delivery and subscriber 0; a letter and a report have none."""
    before = dump(tmp_path)
    for door in DOORS:
        path = filled(door, services.signer.sign(purpose_of(door), 0))
        answer = stocked.request(door.method, path, data=PRESSED)
        if purpose_of(door) in OF_NO_PREVIEW:
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
        door: services.signer.sign(purpose_of(door), number(purpose_of(door)))
        for door in DOORS
        if door.method == "GET"
    }
    for address in (*(filled(door, token) for door, token in tokens.items()), "/", "/outbox", "/x"):
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
        if door.method == "POST" and door.path != "/u/{token}":
            path = filled(door, services.signer.sign(purpose_of(door), number(purpose_of(door))))
            answer = stocked.post(path)
            assert answer.status_code in {200, 422}, door
            assert "set-cookie" not in answer.headers
    assert dump(tmp_path) == before
    stocked.post(f"/u/{services.signer.sign(Purpose.UNSUBSCRIBE, 1)}")
    assert suppressed(services) is SuppressionReason.UNSUBSCRIBED
