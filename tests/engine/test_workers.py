"""Workers as they run: real processes, a real PostgreSQL, a real mail server."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from installation import Installation, MailServer, large_issue

READERS = 120


def wait_until(true: Callable[[], bool], *processes: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        assert all(process.poll() is None for process in processes)
        time.sleep(0.02)


def test_workers_send_what_serve_or_a_command_started(
    tmp_path: Path, postgres_database: str
) -> None:
    with MailServer() as mail:
        at = Installation(
            tmp_path,
            {
                "DATABASE_URL": postgres_database,
                "ENGINE": "distributed",
                "TRANSPORT": "smtp",
                "SMTP_URL": mail.url,
                "CHUNK_SIZE": "20",
            },
        )
        issue = large_issue(at, READERS)
        worker = at.start("worker", "--pool", "bulk")
        with at.services() as made:
            made.planning.start(issue, None, "test")
            wait_until(lambda: made.drafting.issue(issue).state.value == "sent", worker)
        worker.send_signal(signal.SIGTERM)
        out, err = worker.communicate(timeout=20)
    assert worker.returncode == 0, out + err
    copies = Counter(address for address, _ in mail.accepted)
    assert (len(copies), max(copies.values())) == (READERS, 1)
