"""SendGrid: the connection that is kept, what becomes of a call when it breaks, and its bounds."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from consigned import left_in_doubt, only, outcomes, readers
from mail_send import KEY, Answer, MailSend, Request, Silence, accepting, always, refusal

from bulletin.errors import TransportBlocked, TransportStopped, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.transports.sendgrid import SendGridTransport
from certificates import SelfSigned

PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


Open = Callable[..., SendGridTransport]


@pytest.fixture
def transport_to() -> Iterator[Open]:
    """Makes transports, which are closed at the end."""
    made: list[SendGridTransport] = []

    def opened(url: str, timeout: float = 20) -> SendGridTransport:
        made.append(SendGridTransport(KEY, base_url=url, timeout=timeout))
        return made[-1]

    yield opened
    for transport in made:
        transport.close()


def test_calls_share_one_connection(transport_to: Open) -> None:
    """TRAP: a new connection costs 25 ms for each call."""
    with MailSend(keeps=True) as provider:
        transport = transport_to(provider.url)
        for start in range(1, 6):
            assert only(transport, readers(1, start)).outcome is Outcome.SUBMITTED
        transport.close()
    assert (len(provider.requests), len(provider.connections)) == (5, 1)


def test_a_connection_that_was_closed_meanwhile_costs_nothing(transport_to: Open) -> None:
    """Providers close what is idle, without a word: found out before anything is sent."""
    with MailSend(keeps=True) as provider:
        transport = transport_to(provider.url)
        only(transport, readers(1))
        provider.hang_up()
        found = outcomes(transport, readers(3, start=2))
    assert set(found.values()) == {Outcome.SUBMITTED}
    assert len(provider.addresses()) == len(set(provider.addresses())) == 4
    assert len(provider.connections) == 2


@pytest.mark.parametrize("reset", [True, False])
def test_a_kept_connection_that_breaks_after_the_request_left_is_uncertain(
    reset: bool, transport_to: Open
) -> None:
    """It may have been accepted, so it is not sent again."""

    def script(request: Request) -> Answer | Silence:
        return Silence(reset=reset) if "reader2" in request.addresses[0] else accepting(request)

    with MailSend(script, keeps=True) as provider:
        transport = transport_to(provider.url, timeout=0.5)
        only(transport, readers(1))
        left_in_doubt(transport, readers(1, start=2))
    assert len(provider.requests) == 2


def test_what_is_left_of_an_answer_is_never_taken_for_the_next(transport_to: Open) -> None:
    wire = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: 1\r\nContent-Length: 0\r\n\r\n"
    twice = Answer(wire=wire + wire)
    answers = iter([twice, Answer(503)])
    with MailSend(lambda _request: next(answers), keeps=True) as provider:
        transport = transport_to(provider.url)
        assert only(transport, readers(1)).outcome is Outcome.SUBMITTED
        left_in_doubt(transport, readers(1, start=2))


@contextmanager
def _raw_server(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """The URL of a server that does as it likes with its one connection."""
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            talk(connection, over)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


def test_an_answer_that_trickles_in_is_over_when_its_time_is(transport_to: Open) -> None:
    """A timeout for each byte would never end; the lease of the chunk would."""

    def trickle(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        line = b"HTTP/1.1 202 Accepted\r\nX-Slow: " + b"x" * 1000
        for number in range(len(line)):
            if over.wait(0.05):
                return
            connection.sendall(line[number : number + 1])

    with _raw_server(trickle) as url:
        started = time.monotonic()
        left_in_doubt(transport_to(url, timeout=0.4), readers(2))
        assert time.monotonic() - started < 5


def test_an_answer_without_end_is_not_read_to_its_end(transport_to: Open) -> None:
    def flood(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        head = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 10000000000\r\n\r\n"
        try:
            connection.sendall(head)
            while not over.is_set():
                connection.sendall(b"x" * 65536)
        except OSError:
            return

    with _raw_server(flood) as url:
        started = time.monotonic()
        assert only(transport_to(url), readers(1)).outcome is Outcome.FAILED
        assert time.monotonic() - started < 5


def test_sending_that_is_stopped_makes_no_further_call(transport_to: Open) -> None:
    asked: list[int] = []

    def go_on() -> bool:
        asked.append(len(provider.requests))
        return not provider.requests

    with MailSend() as provider:
        sending = transport_to(provider.url).send(replace(readers(1500), go_on=go_on))
        submitted = [next(sending) for _ in range(1000)]
        with pytest.raises(TransportStopped):
            next(sending)
    assert len(submitted) == 1000
    assert asked == [0, 1]
    assert len(provider.requests) == 1


def test_the_search_for_a_bad_row_can_be_stopped_too(transport_to: Open) -> None:
    answer = refusal(400, ("personalizations.0.to", "x"))
    with MailSend(always(answer)) as provider:
        handed = replace(readers(4), go_on=lambda: len(provider.requests) < 2)
        with pytest.raises(TransportStopped):
            list(transport_to(provider.url).send(handed))
    assert len(provider.requests) == 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "7", "X-RateLimit-Reset": "1"}, 7),
        ({"Retry-After": formatdate(1_000_040, usegmt=True)}, 40),
        ({"X-RateLimit-Reset": "1000090"}, 90),
        ({"X-RateLimit-Reset": "999000"}, 1),
        ({"Retry-After": "99999"}, 3600),
        ({"Retry-After": "soon"}, 60),
    ],
)
def test_how_long_429_asks_for_is_reckoned_by_the_clock_of_the_answer(
    headers: dict[str, str], seconds: float, transport_to: Open
) -> None:
    """A clock here that is hours off would wait for hours, or not at all."""
    answer = Answer(429, {"Date": formatdate(1_000_000, usegmt=True), **headers})
    wire = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    raw = Answer(wire=f"HTTP/1.1 429 Slow\r\n{wire}Content-Length: 0\r\n\r\n".encode())
    with (
        MailSend(always(raw)) as provider,
        pytest.raises(TransportUnavailable) as raised,
    ):
        only(transport_to(provider.url), readers(1))
    assert raised.value.retry_after == pytest.approx(seconds, abs=0.1)


def test_a_proxy_that_the_environment_names_is_used(
    monkeypatch: pytest.MonkeyPatch, transport_to: Open
) -> None:
    """School networks often let nothing out but through one."""
    with MailSend() as proxy:
        host = proxy.url.removeprefix("http://")
        monkeypatch.setenv("http_proxy", f"http://school:pass%20word@{host}")
        receipt = only(transport_to("http://api.provider.example"), readers(1))
    (request,) = proxy.requests
    assert receipt.outcome is Outcome.SUBMITTED
    assert request.path == "http://api.provider.example/v3/mail/send"
    assert request.headers["Host"] == "api.provider.example"
    secret = base64.b64encode(b"school:pass word").decode()
    assert request.headers["Proxy-Authorization"] == f"Basic {secret}"


def test_through_a_proxy_too_only_the_provider_itself_is_spoken_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, transport_to: Open
) -> None:
    """TLS goes from end to end: the proxy sees neither key nor copies."""
    asked: list[bytes] = []

    def tunnel(connection: socket.socket, _over: threading.Event) -> None:
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, port = provider.url.removeprefix("https://").split(":")
        with socket.create_connection((host, int(port))) as onwards:
            onwards.sendall(connection.recv(65536))
            connection.sendall(onwards.recv(65536))

    with MailSend(tls=SelfSigned(tmp_path).server()) as provider, _raw_server(tunnel) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises((TransportBlocked, TransportUnavailable)):
            only(transport_to("https://api.provider.example"), readers(1))
    assert asked[0].startswith(b"CONNECT api.provider.example:443 ")
    assert KEY.encode() not in asked[0]


def test_a_host_that_the_environment_excepts_is_reached_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch, transport_to: Open
) -> None:
    with MailSend() as provider:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert only(transport_to(provider.url), readers(1)).outcome is Outcome.SUBMITTED


def test_a_request_says_its_length_and_comes_whole(transport_to: Open) -> None:
    seen: list[int] = []

    def script(request: Request) -> Answer:
        seen.append(int(request.headers["Content-Length"]) - len(request.body))
        return accepting(request)

    with MailSend(script, keeps=True) as provider:
        outcomes(transport_to(provider.url), readers(1000))
    assert seen == [0]
