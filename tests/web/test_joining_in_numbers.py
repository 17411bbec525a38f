"""A thousand sign-ups: all are answered alike, the caps hold, nobody is written to twice a day."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

from fastapi import FastAPI
from fastapi.testclient import TestClient

from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.web.app import create_app
from bulletin.wiring import Services

PEOPLE = 1000
KINDS = ("unknown", "listed", "left", "objected", "repeated")


def address(number: int) -> str:
    """The address of the nth sign-up, which says what it is to us; each fifth repeats one."""
    kind = KINDS[number % len(KINDS)]
    return "again@school.example" if kind == "repeated" else f"{kind}{number}@school.example"


def enrol(services: Services) -> None:
    """Have those on the list who should be, and those suppressed."""
    drafts = [
        SubscriberDraft(address(number), ("dsl",), kind=SubscriberKind.CORPORATE)
        for number in range(PEOPLE)
        if KINDS[number % len(KINDS)] in {"listed", "left"}
    ]
    with services.store.write() as tx:
        now = services.store.clock()
        tx.roster_import(now, "test").run((draft, False) for draft in drafts)
        for number in range(PEOPLE):
            if address(number).startswith("left"):
                tx.suppressions.add(address(number), SuppressionReason.UNSUBSCRIBED, now)
            if address(number).startswith("objected"):
                tx.suppressions.add(address(number), SuppressionReason.OBJECTION, now)


def sign_up(app: FastAPI, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """(status, body) of sign-ups; there are ten from each client."""
    for ten, some in groupby(numbers, lambda number: number // 10):
        with TestClient(app, client=(f"192.0.2.{ten}", 5000)) as client:
            for number in some:
                form = {"email": address(number), "role": "dsl", "agree": "yes"}
                answer = client.post("/subscribe", data=form)
                yield answer.status_code, answer.text


def written_to(services: Services) -> Counter[str]:
    """Send what waits, and count every address in the outbox."""
    assert services.correspondence.send(threading.Event()) is None
    return Counter(line.to for line in services.outbox.page(1, 10_000).mails)


def test_a_thousand_sign_ups(services: Services) -> None:
    """Requirements 61 and 71."""
    enrol(services)
    app = create_app(services)
    now = services.store.clock()
    services.store.clock = lambda: now
    answers = list(sign_up(app, range(PEOPLE)))

    assert len(set(answers)) == 2  # one for whoever asked in time, one for whoever came too late
    most = services.settings.requests_per_hour
    assert [status for status, _ in answers] == [200] * most + [429] * (PEOPLE - most)

    letters = written_to(services)
    assert set(letters.values()) == {1}
    expected = {address(number) for number in range(most) if "objected" not in address(number)}
    assert set(letters) == expected


def test_a_day_later_everybody_may_be_written_to_again(services: Services) -> None:
    app = create_app(services)
    now = services.store.clock()
    for later, copies in ((timedelta(0), 1), (timedelta(hours=23), 1), (timedelta(hours=25), 2)):
        services.store.clock = lambda moment=now + later: moment  # type: ignore[misc]
        assert [status for status, _ in sign_up(app, [0])] == [200]
        assert written_to(services) == {address(0): copies}
