"""`bulletin serve`: the pages, the clock and the sender in one process, ended without loss."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from installation import Installation, MailServer, free_port, issue_for_two_roles, large_issue


def wait_until_up(server: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(server.communicate(timeout=5))


def wait_for_state(at: Installation, issue: str, state: str) -> None:
    deadline = time.monotonic() + 60
    with at.services() as made:
        while made.drafting.issue(issue).state.value != state:
            assert time.monotonic() < deadline, made.drafting.issue(issue)
            time.sleep(0.1)


def end(server: subprocess.Popen[str]) -> str:
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=30)
    assert "Traceback" not in err, err
    return err


def test_a_scheduled_issue_goes_out_once_although_the_server_was_restarted(tmp_path: Path) -> None:
    with MailServer() as mail:
        at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": mail.url})
        issue = issue_for_two_roles(at)
        with at.services() as made:  # not by the command: on a busy machine the time would pass
            made.planning.schedule(issue, datetime.now(UTC) + timedelta(seconds=2), None, "test")
        for _ in range(2):
            port = free_port()
            server = at.start("serve", "--port", str(port))
            wait_until_up(server, port)
            wait_for_state(at, issue, "sent")
            end(server)
    copies = Counter(address for address, _ in mail.accepted)
    assert sorted(copies.values()) == [1, 1, 1]


def test_stopping_the_server_in_mid_send_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with MailServer() as mail:
        settings = {"TRANSPORT": "smtp", "SMTP_URL": mail.url, "CHUNK_SIZE": "50"}
        at = Installation(tmp_path, settings)
        issue = large_issue(at, 400)
        with at.services() as made:
            made.planning.start(issue, None, "test")
        for stop_at in (20, 401):
            port = free_port()
            server = at.start("serve", "--port", str(port))
            deadline = time.monotonic() + 60
            while len(mail.accepted) < min(stop_at, 400) and time.monotonic() < deadline:
                time.sleep(0.01)
            if stop_at > 400:
                wait_for_state(at, issue, "sent")
            end(server)
        copies = Counter(address for address, _ in mail.accepted)
        assert (len(copies), max(copies.values())) == (400, 1)
        assert at.json("issue", "status", issue)["uncertain"] == 0


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with MailServer() as mail:
        at = Installation(tmp_path, {})
        said = at.run("serve", "--port", str(mail.port), code=1)
    assert f"Port {mail.port}" in said
