"""`issue send` where workers do the sending: it starts them, and shows how they get on."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from installation import SECRET, Installation, large_issue
from typer.testing import CliRunner

from bulletin.__main__ import app
from bulletin.models.issues import IssueState


@pytest.mark.parametrize("wait", [["--wait"], []])
def test_it_sends_nothing_itself_and_stays_until_workers_are_done(
    tmp_path: Path,
    postgres_database: str,
    monkeypatch: pytest.MonkeyPatch,
    wait: list[str],
) -> None:
    settings = {"DATABASE_URL": postgres_database, "ENGINE": "distributed", "SECRET_KEY": SECRET}
    for name, value in {**settings, "FROM_EMAIL": "bulletin@school.example"}.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)
    at = Installation(tmp_path, settings)
    issue = large_issue(at, 4)
    with at.services() as made:

        def work() -> None:
            while made.drafting.issue(issue).state is not IssueState.SENDING:
                time.sleep(0.02)
            number = made.drafting.issue(issue).id
            made.delivery.run_chunk(number, 0, threading.Event(), lambda _copies: None)

        worker = threading.Thread(target=work)
        if wait:
            worker.start()
        result = CliRunner().invoke(app, ["issue", "send", issue, *wait])
        status = made.reporting.status(issue)[1]
        if wait:
            worker.join()
    assert result.exit_code == 0, result.output
    assert (status.state, status.submitted) == (("sent", 4) if wait else ("sending", 0))
    assert ("The workers send it" in result.output) is not bool(wait)
