"""Interruptions: a killed machine, a pressed Ctrl-C, a server that is not there."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from installation import Installation, MailServer, issue_for_two_roles, large_issue

from bulletin.transports.smtp import SmtpTransport

READERS = 400
IN_FLIGHT = 4 * SmtpTransport.window  # connections x copies that each may have in hand


def wait_for(server: MailServer, copies: int, sender: subprocess.Popen[str]) -> None:
    while len(server.accepted) < copies and sender.poll() is None:
        time.sleep(0.002)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nobody_is_lost_or_doubled_when_the_sender_is_killed_five_times(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """Requirements 78, 79: who has no copy is counted as uncertain, and nobody has two."""
    settings = {"TRANSPORT": "smtp", "CHUNK_SIZE": "50"}
    if database == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgres_database")
    chance = random.Random(79)
    with MailServer() as server:
        at = Installation(tmp_path, {**settings, "SMTP_URL": server.url})
        issue = large_issue(at, READERS)
        in_hand = 0
        for _ in range(5):
            sender = at.start("issue", "send", issue, "--wait")
            wait_for(server, len(server.accepted) + 1 + chance.randrange(55), sender)
            time.sleep(chance.random() / 100)
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
            with at.services() as made:
                held = made.reporting.status(issue)[1].sending
            assert held <= IN_FLIGHT
            in_hand += held
        at.run("issue", "send", issue, "--wait")
        status = at.json("issue", "status", issue)
    copies = Counter(address for address, _ in server.accepted)
    assert status["state"] == "sent"
    assert max(copies.values()) == 1
    assert status["submitted"] + status["uncertain"] == status["audience"] == READERS
    missing = READERS - len(copies)
    assert missing <= status["uncertain"] <= in_hand
    assert status["submitted"] <= len(copies)


def test_ctrl_c_finishes_the_copies_in_hand_and_sending_again_goes_on(tmp_path: Path) -> None:
    with MailServer() as server:
        settings = {"TRANSPORT": "smtp", "SMTP_URL": server.url, "CHUNK_SIZE": "50"}
        at = Installation(tmp_path, settings)
        issue = large_issue(at, READERS)
        sender = at.start("issue", "send", issue, "--wait")
        wait_for(server, 20, sender)
        sender.send_signal(signal.SIGINT)
        out, err = sender.communicate(timeout=60)
        assert sender.returncode == 1, out + err
        assert "Nothing is lost" in err
        status = at.json("issue", "status", issue)
        assert (status["uncertain"], status["sending"]) == (0, 0)
        assert 0 < status["submitted"] == len(server.accepted) < READERS
        at.run("issue", "send", issue, "--wait")
    copies = Counter(address for address, _ in server.accepted)
    assert (len(copies), max(copies.values())) == (READERS, 1)


def test_an_unreachable_server_loses_nothing_and_is_named(tmp_path: Path) -> None:
    at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": "smtp://127.0.0.1:9?tls=none"})
    issue = issue_for_two_roles(at)
    said = at.run("issue", "send", issue, code=1)
    assert "127.0.0.1:9" in said
    assert f"bulletin issue send {issue}" in said
    status = at.json("issue", "status", issue)
    assert (status["state"], status["prepared"], status["uncertain"]) == ("sending", 3, 0)
    with MailServer() as server:
        at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": server.url})
        at.run("issue", "send", issue, "--wait")
        assert len(server.accepted) == 3


def test_two_senders_at_once_share_the_work_and_double_nothing(tmp_path: Path) -> None:
    with MailServer() as server:
        settings = {"TRANSPORT": "smtp", "SMTP_URL": server.url, "CHUNK_SIZE": "20"}
        at = Installation(tmp_path, settings)
        issue = large_issue(at, READERS)
        senders = [at.start("issue", "send", issue, "--wait") for _ in range(2)]
        results = [sender.communicate(timeout=120) for sender in senders]
    assert all(not err or "started already" in err for _, err in results), results
    copies = Counter(address for address, _ in server.accepted)
    assert (len(copies), max(copies.values())) == (READERS, 1)
    assert at.json("issue", "status", issue)["submitted"] == READERS
