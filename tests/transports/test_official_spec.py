"""Our requests, judged by SendGrid's own OpenAPI specification. Opt-in: it needs two things.

BULLETIN_TEST_SENDGRID_SPEC  the path of the official OpenAPI file of Mail Send v3
BULLETIN_TEST_PRISM          the program `prism` (npm @stoplight/prism-cli), unless it is on PATH
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from consigned import CONTENT, consignment, copy_for, outcomes, readers
from mail_send import KEY

from bulletin.models.deliveries import Outcome
from bulletin.models.editions import EditionContent
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.sendgrid_client import SendGridClient
from bulletin.transports.sendgrid_request import RequestBuilder
from bulletin.transports.sendgrid_wire import KeptConnection

# Read now: the tests' own environment has no settings in it.
SPEC = os.environ.get("BULLETIN_TEST_SENDGRID_SPEC", "")
PRISM = os.environ.get("BULLETIN_TEST_PRISM", "") or shutil.which("prism") or ""

pytestmark = [
    pytest.mark.skipif(
        not SPEC, reason="BULLETIN_TEST_SENDGRID_SPEC does not name the official OpenAPI file."
    ),
    pytest.mark.skipif(
        not PRISM, reason="The program prism is neither on PATH nor named by BULLETIN_TEST_PRISM."
    ),
]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server that answers 202 only to what the specification allows."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("prism") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PRISM, "mock", "--errors", "-h", "127.0.0.1", "-p", str(port), SPEC],
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_ready(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"prism did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def transport_to(judge: str) -> SendGridTransport:
    return SendGridTransport(KEY, base_url=judge, timeout=60)


def test_the_specification_allows_a_call_for_a_thousand_readers(judge: str) -> None:
    page = EditionContent(CONTENT.subject, CONTENT.html + "<p>x</p>\n" * 6_000, CONTENT.text)
    handed = consignment([copy_for(number) for number in range(1000)], page)
    assert set(outcomes(transport_to(judge), handed).values()) == {Outcome.SUBMITTED}


@pytest.mark.parametrize("name", ["O'Brien, Pat", 'Sam "Sunny" <x@y.example>', "Llŷr 👩🏽‍🏫"])
def test_the_specification_allows_whatever_a_reader_is_called(judge: str, name: str) -> None:
    handed = consignment([copy_for(1, name=name)])
    assert outcomes(transport_to(judge), handed) == {1: Outcome.SUBMITTED}


def _without_an_address(request: dict[str, Any]) -> None:
    request["personalizations"][0]["to"] = [{"email": "nobody"}]


def _without_a_sender(request: dict[str, Any]) -> None:
    del request["from"]


def _with_too_many(request: dict[str, Any]) -> None:
    request["personalizations"] *= 1001


@pytest.mark.parametrize("spoil", [_without_an_address, _without_a_sender, _with_too_many])
def test_the_judge_is_awake(judge: str, spoil: Any) -> None:
    """Without this, a judge that says yes to all would pass for approval."""
    handed = readers(1)
    builder = RequestBuilder(handed)
    parts = [builder.personalization(copy) for copy in handed.copies]
    request = json.loads(builder.request(parts))
    spoil(request)
    spoilt = json.dumps(request).encode()
    client = SendGridClient(KEY, base_url=judge, wire=KeptConnection(judge, timeout=60))
    assert client.post(spoilt).status in {400, 422}
