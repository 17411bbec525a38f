"""Joining as it is lived through: `bulletin serve`, a real mail server, a browser's requests."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from installation import Installation, MailServer, free_port, large_issue, parsed, text_of
from test_serve import end, wait_until_up

from bulletin.models.requests import LetterKind, RequestKind, Wish

PUBLIC = "https://bulletin.school.example"
SAM = "sam@elsewhere.example"


@contextmanager
def serving(at: Installation) -> Iterator[str]:
    """A server of this installation; yields where it is."""
    port = free_port()
    server: subprocess.Popen[str] = at.start("serve", "--port", str(port))
    wait_until_up(server, port)
    yield f"http://127.0.0.1:{port}"
    end(server)


def post(url: str, client: str = "", **form: str) -> tuple[int, str]:
    """(status, page) of a form that a browser sends, maybe by way of a proxy."""
    headers = {"X-Forwarded-For": client} if client else {}
    request = urllib.request.Request(url, urlencode(form).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def sign_up(place: str, address: str = SAM, client: str = "") -> int:
    return post(f"{place}/subscribe", client, email=address, role="dsl", agree="yes")[0]


def letter_to(mail: MailServer, address: str) -> bytes:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for to, content in list(mail.accepted):
            if to == address:
                return content
        time.sleep(0.05)
    raise AssertionError(f"no letter to {address}")


def installed(folder: Path, mail: MailServer, **settings: str) -> Installation:
    return Installation(folder, {"TRANSPORT": "smtp", "SMTP_URL": mail.url, **settings})


def test_a_letter_leads_from_the_form_to_the_list(tmp_path: Path) -> None:
    """Requirements 19 and 32."""
    with MailServer() as mail:
        at = installed(tmp_path, mail)
        with serving(at) as place:
            assert sign_up(place) == 200
            message = parsed(letter_to(mail, SAM))
            (link,) = re.findall(rf"{PUBLIC}\S+", text_of(message, "plain"))
            assert post(place + urlsplit(link).path, join="1")[0] == 200
        assert message["Auto-Submitted"] == "auto-generated"
        assert [name for name in message if name.lower().startswith("list-")] == []
        assert SAM in at.run("subscribers", "show", SAM)
    assert [to for to, _ in mail.accepted] == [SAM]


class SlowMailServer(MailServer):
    """Takes a while over every message."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)


def test_a_confirmation_does_not_wait_behind_an_issue(tmp_path: Path) -> None:
    with SlowMailServer() as mail:
        at = installed(tmp_path, mail, SMTP_CONNECTIONS="1")
        issue = large_issue(at, 300)
        with at.services() as made:
            made.planning.start(issue, None, "test")
        with serving(at) as place:
            while not mail.accepted:
                time.sleep(0.01)
            assert sign_up(place) == 200
            letter_to(mail, SAM)
            assert len(mail.accepted) < 300


@pytest.mark.parametrize(
    ("trusted", "statuses"), [("127.0.0.1", [200, 200, 429]), ("", [200, 429, 429])]
)
def test_only_a_trusted_proxy_says_who_asks(
    tmp_path: Path, trusted: str, statuses: list[int]
) -> None:
    """Requirement 71: otherwise everybody could call themselves somebody else each time."""
    with MailServer() as mail:
        settings = {"REQUESTS_PER_HOUR_PER_CLIENT": "1", "TRUSTED_PROXY": trusted}
        at = installed(tmp_path, mail, **settings)
        with serving(at) as place:
            clients = ["192.0.2.1", "192.0.2.2", "203.0.113.9, 192.0.2.2"]
            found = [
                sign_up(place, f"reader{number}@elsewhere.example", client)
                for number, client in enumerate(clients)
            ]
    assert found == statuses


def test_what_the_last_process_died_with_is_not_sent_again(tmp_path: Path) -> None:
    """Requirement 79: a letter that may have left stays where it is, and the log says so."""
    with MailServer() as mail:
        at = installed(tmp_path, mail)
        with at.services() as made, made.store.write() as tx:
            now = made.store.clock()
            wish = Wish(RequestKind.JOIN, SAM, "192.0.2.1", roles=("dsl",))
            number = tx.requests.add(wish, now)
            tx.letters.post(LetterKind.CONFIRM_JOIN, SAM, number, now, unless_since=now)
            tx.letters.take(now)  # and nothing more
        with serving(at) as place:
            assert sign_up(place, "lee@elsewhere.example") == 200
            letter_to(mail, "lee@elsewhere.example")
    assert [to for to, _ in mail.accepted] == ["lee@elsewhere.example"]
