"""SendGrid: what becomes of copies goes by what the answer proves.

Only 400, 401, 403, 413 and 429 prove that nothing was accepted; there is no idempotency key, so
whatever else goes wrong leaves copies uncertain, and they are never sent again by themselves.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from consigned import CONTENT, consignment, copy_for, left_in_doubt, only, outcomes, readers
from mail_send import (
    KEY,
    Answer,
    MailSend,
    Request,
    Script,
    Silence,
    accepting,
    always,
    refusal,
)

from bulletin.errors import TransportBlocked, TransportError, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.transports.sendgrid import SendGridTransport

UNCERTAIN = Outcome.UNCERTAIN


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def transport_to(provider: MailSend, timeout: float = 20) -> SendGridTransport:
    return SendGridTransport(KEY, base_url=provider.url, timeout=timeout)


def about(address: str) -> Script:
    """The provider refuses any request with this address in it."""

    def script(request: Request) -> Answer:
        if address not in request.addresses:
            return accepting(request)
        where = f"personalizations.{request.addresses.index(address)}.to.0.email"
        return refusal(400, (where, "Does not contain a valid address."))

    return script


def test_202_means_submitted_and_keeps_the_providers_reference() -> None:
    """X-Message-Id names the request and is contained in every event's sg_message_id."""
    with MailSend() as provider:
        receipts = list(transport_to(provider).send(readers(3)))
    assert [receipt.outcome for receipt in receipts] == [Outcome.SUBMITTED] * 3
    assert {receipt.provider_ref for receipt in receipts} == {"msg-1"}


@pytest.mark.parametrize(
    "wire",
    [b"HTTP/1.1 202", b"HTTP/1.1 202 Accepted\r\n", b"HTTP/1.1 20", b"", b"202", b"\r\n\r\n",
     b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 2020 Accepted\r\n\r\n"],
)  # fmt: skip
def test_an_answer_that_was_cut_off_is_uncertain(wire: bytes) -> None:
    """TRAP: a truncated status line counts as 202."""
    with MailSend(always(Answer(wire=wire))) as provider:
        left_in_doubt(transport_to(provider), readers(3))
    assert len(provider.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 204, 408, 500, 502, 503, 504, 599])
def test_any_other_answer_is_uncertain_and_nothing_is_sent_twice(status: int) -> None:
    """TRAP: a bare HTTPError comes for 502 and 408. 200 is the sandbox's answer."""
    with MailSend(always(Answer(status, {"X-Message-Id": "m"}))) as provider:
        receipts = left_in_doubt(transport_to(provider), readers(3))
    assert {receipt.detail for receipt in receipts} == {str(status)}
    assert len(provider.requests) == 1


@pytest.mark.parametrize("reset", [True, False])
def test_no_answer_is_uncertain(reset: bool) -> None:
    """TRAP: no default timeout; TimeoutError, RemoteDisconnected, ConnectionResetError."""
    with MailSend(always(Silence(reset=reset))) as provider:
        started = time.monotonic()
        receipts = left_in_doubt(transport_to(provider, timeout=0.3), readers(2))
        waited = time.monotonic() - started
    assert receipts[0].detail
    assert waited < 5
    assert len(provider.requests) == 1


@contextmanager
def _breaking_off(*, reset: bool, answer: bytes = b"") -> Iterator[str]:
    """The base URL of a server that stops reading in the middle of a request.

    answer: what it says to that, and then it hangs up.
    """
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            if reset:
                now = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            elif answer:
                connection.sendall(answer)
            else:
                over.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


@pytest.mark.parametrize("reset", [True, False])
def test_a_request_that_did_not_leave_whole_is_not_accepted(reset: bool) -> None:
    """Nobody can act on JSON that has no end, so no copy is in doubt."""
    large = replace(CONTENT, html=CONTENT.html + "x" * 16_000_000)
    handed = consignment([copy_for(1), copy_for(2)], large)
    handed = replace(handed, mime=lambda _: b"")
    with (
        _breaking_off(reset=reset) as url,
        pytest.raises(TransportUnavailable, match="broke off in the middle of a call"),
    ):
        next(SendGridTransport(KEY, base_url=url, timeout=0.3).send(handed))


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, TransportBlocked, "answered 401. Check BULLETIN_SENDGRID_API_KEY"),
        (429, TransportUnavailable, "slow down"),
        (503, TransportUnavailable, "broke off in the middle of a call: 503"),
        (202, TransportUnavailable, "broke off in the middle of a call: 202"),
    ],
)
def test_what_is_answered_before_a_request_is_whole_is_heard(
    status: int, error: type[TransportError], words: str
) -> None:
    """Gateways answer at once and hang up. Whatever they say, no copy was taken."""
    large = replace(CONTENT, html=CONTENT.html + "x" * 16_000_000)
    handed = replace(consignment([copy_for(1)], large), mime=lambda _: b"")
    answer = f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n".encode()
    with _breaking_off(reset=False, answer=answer) as url, pytest.raises(error, match=words):
        next(SendGridTransport(KEY, base_url=url, timeout=20).send(handed))


def test_an_answer_that_stops_half_way_is_uncertain() -> None:
    wire = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{"
    with MailSend(always(Answer(wire=wire))) as provider:
        left_in_doubt(transport_to(provider), readers(2))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(status: int) -> None:
    """TRAP: a 302 is sent again as GET with the API key, and the 200 there counts as success."""
    with MailSend(always(Answer(200))) as elsewhere:
        there = Answer(status, {"Location": f"{elsewhere.url}/v3/mail/send"})
        with (
            MailSend(always(there)) as provider,
            pytest.raises(TransportBlocked, match=f"answered {status}"),
        ):
            only(transport_to(provider), readers(1))
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", [401, 403, 404, 405, 415])
def test_a_refusal_of_us_needs_a_person_and_does_not_tell_the_key(status: int) -> None:
    """TRAP: the key must not be in an error."""
    answer = refusal(status, (None, "The provided authorization grant is invalid"))
    with (
        MailSend(always(answer)) as provider,
        pytest.raises(TransportBlocked, match=f"{status} The provided auth") as raised,
    ):
        only(transport_to(provider), readers(1))
    assert KEY not in str(raised.value)
    assert "reader1" not in str(raised.value)


@pytest.mark.parametrize(
    ("after", "seconds"), [("30", 30), ("0", 1), ("-5", 1), ("999999", 3600), (None, 60)]
)
def test_429_asks_for_time_and_says_how_much(after: str | None, seconds: float) -> None:
    """X-RateLimit-Reset is a moment in Unix time."""
    headers = {} if after is None else {"X-RateLimit-Reset": str(int(time.time()) + int(after))}
    with (
        MailSend(always(Answer(429, headers))) as provider,
        pytest.raises(TransportUnavailable, match="slow down") as raised,
    ):
        only(transport_to(provider), readers(1))
    assert raised.value.retry_after == pytest.approx(seconds, abs=3)


@pytest.mark.parametrize("reset", ["soon", "", "nan", "inf"])
def test_429_with_a_reset_that_is_none_still_names_a_time(reset: str) -> None:
    with (
        MailSend(always(Answer(429, {"X-RateLimit-Reset": reset}))) as provider,
        pytest.raises(TransportUnavailable) as raised,
    ):
        only(transport_to(provider), readers(1))
    assert raised.value.retry_after is not None
    assert 1 <= raised.value.retry_after <= 3600


def test_429_in_the_second_call_leaves_the_first_thousand_submitted() -> None:
    def script(request: Request) -> Answer:
        first = "reader1@school.example" in request.addresses
        return accepting(request) if first else Answer(429)

    with MailSend(script) as provider:
        sending = transport_to(provider).send(readers(1200))
        submitted = [next(sending) for _ in range(1000)]
        with pytest.raises(TransportUnavailable):
            next(sending)
    assert {receipt.outcome for receipt in submitted} == {Outcome.SUBMITTED}
    assert len(provider.requests) == 2


@pytest.mark.parametrize("bad", [1, 500, 1000])
def test_one_copy_that_is_refused_is_found_and_the_others_go_exactly_once(bad: int) -> None:
    """400: bisect to find the bad one. A refused call has accepted nothing."""
    address = f"reader{bad}@school.example"
    with MailSend(about(address)) as provider:
        receipts = {each.delivery_id: each for each in transport_to(provider).send(readers(1000))}
    refused = receipts.pop(bad)
    assert refused.outcome is Outcome.FAILED
    assert refused.detail == "400 Does not contain a valid address."
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.SUBMITTED}
    taken = Counter(
        reader
        for request in provider.requests
        if address not in request.addresses
        for reader in request.addresses
    )
    assert taken == Counter({f"reader{n}@school.example": 1 for n in range(1, 1001) if n != bad})
    assert len(provider.requests) < 25


@pytest.mark.parametrize(
    "errors",
    [
        [("subject", "The subject is required.")],
        [("content.0.value", "too short"), ("from.email", "no good")],
    ],
)
def test_a_refusal_of_what_all_copies_share_stops_at_once(
    errors: list[tuple[str | None, str]],
) -> None:
    """No thousand calls for what no splitting can mend."""
    with (
        MailSend(always(refusal(400, *errors))) as provider,
        pytest.raises(TransportBlocked, match=f"the issue itself: 400 {errors[0][1]}"),
    ):
        outcomes(transport_to(provider), readers(1000))
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors": [{"message": "Bad Request", "field": null, "help": null}]}',
        b"",
        b"<html>no</html>",
        b'{"errors": null}',
        b'{"errors": {"a": 1}}',
        b'{"errors": ["x", 7]}',
        b"[]",
        b"\xff\xfe",
    ],
)
def test_a_refusal_that_names_nothing_stops_after_a_few_copies(body: bytes) -> None:
    """SendGrid answers so to what all copies share, too; a thousand must not fail for it."""
    with MailSend(always(Answer(400, {}, body))) as provider:
        sending = transport_to(provider).send(readers(1000))
        failed = [next(sending), next(sending)]
        with pytest.raises(TransportBlocked, match="the issue itself: 400"):
            next(sending)
    assert {receipt.outcome for receipt in failed} == {Outcome.FAILED}
    assert len(provider.requests) < 20


def test_a_refusal_that_names_nothing_but_hits_single_copies_does_not_stop_the_rest() -> None:
    bad = {f"reader{n}@school.example" for n in range(1, 60, 10)}

    def script(request: Request) -> Answer:
        refused = bad & set(request.addresses)
        return refusal(400, (None, "Bad Request")) if refused else accepting(request)

    with MailSend(script) as provider:
        found = outcomes(transport_to(provider), readers(60))
    failed = {number for number, outcome in found.items() if outcome is Outcome.FAILED}
    assert failed == set(range(1, 60, 10))
    assert set(found.values()) == {Outcome.FAILED, Outcome.SUBMITTED}


def test_what_is_too_large_is_split_until_it_fits() -> None:
    """413: nothing of it was accepted."""

    def script(request: Request) -> Answer:
        too_large = len(request.addresses) > 100
        return refusal(413, (None, "too large")) if too_large else accepting(request)

    with MailSend(script) as provider:
        found = outcomes(transport_to(provider), readers(1000))
    assert set(found.values()) == {Outcome.SUBMITTED}
    fitting = [request for request in provider.requests if len(request.addresses) <= 100]
    taken = Counter(address for request in fitting for address in request.addresses)
    assert taken == Counter({f"reader{n}@school.example": 1 for n in range(1, 1001)})


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_an_issue_that_is_too_large_for_one_reader_needs_a_person(count: int) -> None:
    """What a person adds is at most 10,000 bytes, so it is not the copy that is too large."""
    with (
        MailSend(always(Answer(413))) as provider,
        pytest.raises(TransportBlocked, match="the issue itself: 413"),
    ):
        next(transport_to(provider).send(readers(count)))
    assert len(provider.requests) < 15


def test_after_a_doubt_no_further_call_is_made() -> None:
    """A provider's bad minute must not leave a whole issue in doubt."""
    with MailSend(always(Answer(503))) as provider:
        sending = transport_to(provider).send(readers(2500))
        assert {next(sending).outcome for _ in range(1000)} == {UNCERTAIN}
        with pytest.raises(TransportUnavailable, match="did not say whether it took a call: 503"):
            next(sending)
    assert len(provider.requests) == 1


def test_a_doubt_in_one_half_leaves_the_other_half_for_later() -> None:
    def script(request: Request) -> Answer:
        if len(request.addresses) == 4:
            return refusal(400, ("personalizations.0.to", "x"))
        return Answer(502) if "reader1@school.example" in request.addresses else accepting(request)

    with MailSend(script) as provider:
        sending = transport_to(provider).send(readers(4))
        assert [next(sending).outcome for _ in range(2)] == [UNCERTAIN] * 2
        with pytest.raises(TransportUnavailable):
            next(sending)
    assert len(provider.requests) == 2


@pytest.mark.parametrize("body", [b"<html>Welcome to this hotel</html>", b"{}", b" "])
def test_202_with_a_body_is_somebody_elses_answer(body: bytes) -> None:
    """Mail Send's 202 has none; a proxy's page, or another service's answer, has."""
    with MailSend(always(Answer(202, {"X-Message-Id": "m"}, body))) as provider:
        left_in_doubt(transport_to(provider), readers(2))


def test_what_stops_an_issue_names_no_reader() -> None:
    """It is kept with the issue and goes into logs; the reader may be erased long before."""
    answer = refusal(403, (None, "reader2@School.example may not be mailed from here"))
    with (
        MailSend(always(answer)) as provider,
        pytest.raises(TransportBlocked, match=r"403 \(address\) may not be mailed"),
    ):
        only(transport_to(provider), readers(3))


def test_what_the_provider_says_is_kept_short_and_printable() -> None:
    said = "no\r\n \x1b[2J\x00good\x07 " + "x" * 500
    answer = refusal(400, ("personalizations.0.to.0.email", said))
    with MailSend(always(answer)) as provider:
        receipt = only(transport_to(provider), readers(1))
    assert receipt.detail.startswith("400 no [2J good xxx")
    assert receipt.detail.isprintable()
    assert len(receipt.detail) <= 200


def test_a_port_where_nobody_listens_means_nothing_was_sent() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(TransportUnavailable, match=f"{url} cannot be reached: .*refused"):
            only(SendGridTransport(KEY, base_url=url, timeout=5), readers(1))


def test_a_host_that_does_not_exist_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """TRAP: URLError comes for this and for an answer that was lost."""

    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    transport = SendGridTransport(KEY, base_url="https://api.nowhere.example", timeout=5)
    with pytest.raises(TransportUnavailable, match=r"https://api\.nowhere\.example cannot be"):
        only(transport, readers(1))


@pytest.mark.parametrize("url", ["https://127.0.0.1:port", f"https://{'x' * 80}.example"])
def test_an_address_that_cannot_be_one_means_nothing_was_sent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_: host.encode("idna"))
    with pytest.raises((TransportBlocked, TransportUnavailable), match=url):
        only(SendGridTransport(KEY, base_url=url, timeout=5), readers(1))
