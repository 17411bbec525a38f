"""SMTP against Postfix's own test server, made to fail in each place that it knows how to."""

from __future__ import annotations

import postfix_sink
import pytest
from consigned import outcomes, readers

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.smtp import SmtpTransport


def transport_to(port: int) -> SmtpTransport:
    return SmtpTransport(SmtpServer("127.0.0.1", port, Tls.NONE), timeout=10)


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ((), Outcome.SUBMITTED),
        (("-p",), Outcome.SUBMITTED),
        (("-e",), Outcome.SUBMITTED),
        (("-r", "MAIL"), Outcome.RETRY),
        (("-r", "RCPT"), Outcome.RETRY),
        (("-f", "RCPT"), Outcome.FAILED),
        (("-f", "DATA"), Outcome.FAILED),
        (("-r", "."), Outcome.RETRY),
        (("-f", "."), Outcome.FAILED),
        (("-Q", "MAIL"), Outcome.RETRY),
        (("-Q", "RCPT"), Outcome.RETRY),
        (("-Q", "."), Outcome.RETRY),
        (("-q", "RCPT"), Outcome.RETRY),
        (("-q", "DATA"), Outcome.RETRY),
        (("-q", "."), Outcome.UNCERTAIN),
    ],
    ids=lambda value: " ".join(value) or "no-fault" if isinstance(value, tuple) else str(value),
)
def test_each_fault_of_a_server_leads_to_the_right_state(
    options: tuple[str, ...], outcome: Outcome
) -> None:
    """Requirements 31, 79. -r: a 4xx; -f: a 5xx; -Q: a 421; -q: the connection ends unexplained.

    TRAP: `-q DATA` (not sent) and `-q .` (nobody knows) raise the same exception in smtplib.
    """
    with postfix_sink.running(*options) as port:
        transport = transport_to(port)
        assert outcomes(transport, readers(3)) == dict.fromkeys((1, 2, 3), outcome)
        transport.close()


def test_a_server_that_refuses_the_sender_stops_the_issue_for_a_person() -> None:
    with (
        postfix_sink.running("-f", "MAIL") as port,
        pytest.raises(TransportBlocked, match="takes no mail from this sender: 500"),
    ):
        list(transport_to(port).send(readers(3)))


@pytest.mark.parametrize("fault", ["-Q", "-q"])
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO"])
def test_a_server_that_hangs_up_at_once_is_tried_again_later(fault: str, stage: str) -> None:
    with (
        postfix_sink.running(fault, stage) as port,
        pytest.raises(TransportUnavailable, match=r"127\.0\.0\.1"),
    ):
        list(transport_to(port).send(readers(1)))
