"""SendGrid's own client, with the traps that a run of it showed, each closed."""

from __future__ import annotations

import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from consigned import left_in_doubt, only, readers
from mail_send import KEY, Answer, MailSend, Request, accepting, always, refusal

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.sendgrid_client import SendGridClient
from bulletin.transports.sendgrid_wire import KeptConnection
from certificates import SelfSigned


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("answer", [Answer(202, {"X-Message-Id": "m"}), Answer(500)])
def test_a_log_at_debug_holds_neither_the_key_nor_a_recipient(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    """TRAP: at DEBUG the client logs its headers and its payload."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="python_http_client")
    with MailSend(always(answer)) as provider, suppress(TransportUnavailable):
        only(SendGridTransport(KEY, base_url=provider.url, timeout=20), readers(1))
    caplog.handler.flush()
    assert KEY not in caplog.text
    assert "reader1" not in caplog.text


def test_what_the_provider_quotes_is_not_logged_either(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    quoting = refusal(400, ("personalizations.0.to", "reader1@school.example is not valid"))
    with MailSend(always(quoting)) as provider:
        only(SendGridTransport(KEY, base_url=provider.url, timeout=20), readers(1))
    assert "reader1" not in caplog.text


def test_another_region_is_another_base_url_with_the_same_key() -> None:
    """TRAP: `set_sendgrid_data_residency('eu')` resets what was set before, so it is not used."""
    with MailSend() as provider:
        wire = KeptConnection(provider.url, timeout=7)
        client = SendGridClient(KEY, base_url=provider.url, wire=wire)
        assert client.post(b"{}").status == 202
    assert provider.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_two_threads_each_with_their_own_never_mix() -> None:
    """TRAP: `request_headers=` sticks to later calls: one client for each thread."""

    def script(request: Request) -> Answer:
        return Answer(202, {"X-Message-Id": request.headers["Authorization"][-1]})

    def send(name: str) -> set[str]:
        transport = SendGridTransport(f"{KEY}-{name}", base_url=provider.url, timeout=20)
        handed = [readers(5, start=number) for number in range(0, 100, 5)]
        return {each.provider_ref for part in handed for each in transport.send(part)}

    with MailSend(script) as provider, ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, ["a", "b"])) == [{"a"}, {"b"}]
    assert len(provider.requests) == 40


def test_calls_carry_the_same_headers_as_the_first() -> None:
    """TRAP: state of one call that shows in the next."""
    with MailSend() as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        for start in (1, 2, 3):
            only(transport, readers(1, start))
    first, *later = [
        {name: value for name, value in request.headers.items() if name != "Content-Length"}
        for request in provider.requests
    ]
    assert later == [first, first]


def test_the_certificate_authorities_are_not_read_again_for_each_call(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TRAP: 25 ms of CPU a call, so 36 calls a second."""
    reads: list[str] = []
    original = ssl.SSLContext.load_default_certs
    monkeypatch.setattr(
        ssl.SSLContext, "load_default_certs", lambda *args: (reads.append("x"), original(*args))
    )
    with MailSend(tls=SelfSigned(tmp_path).server()) as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        for _ in range(3):
            with pytest.raises(TransportBlocked, match="certificate"):
                only(transport, readers(1))
    assert len(reads) == 1


def test_a_certificate_that_nobody_vouches_for_gets_neither_key_nor_copies(tmp_path: Path) -> None:
    with MailSend(tls=SelfSigned(tmp_path).server()) as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        with pytest.raises(TransportBlocked, match=f"The certificate of {provider.url} is not"):
            only(transport, readers(1))
    assert provider.requests == []


@pytest.mark.parametrize("key", ["SG.ŵ", "SG.a\r\nX-Injected: 1", "SG.“pasted”"])
def test_a_key_that_no_header_can_carry_is_named_but_not_told(key: str) -> None:
    with MailSend() as provider:
        transport = SendGridTransport(key, base_url=provider.url, timeout=20)
        with pytest.raises(TransportBlocked, match="BULLETIN_SENDGRID_API_KEY") as raised:
            only(transport, readers(1))
    assert key not in str(raised.value)
    assert provider.requests == []


def test_an_answer_without_a_reference_is_still_an_acceptance() -> None:
    with MailSend(always(Answer(202, {"Server": "x"}))) as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        receipt = only(transport, readers(1))
    assert (receipt.outcome, receipt.provider_ref) == (Outcome.SUBMITTED, "")


def test_a_call_after_a_failed_one_is_like_any_other() -> None:
    answers = iter([Answer(500), Answer(wire=b""), None])

    def script(request: Request) -> Answer:
        return next(answers) or accepting(request)

    with MailSend(script) as provider:
        transport = SendGridTransport(KEY, base_url=provider.url, timeout=20)
        left_in_doubt(transport, readers(1))
        left_in_doubt(transport, readers(1, 2))
        assert only(transport, readers(1, 3)).outcome is Outcome.SUBMITTED
