"""SMTP: a connection that breaks, drips or hangs, and how much of a copy had left by then."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from consigned import large, only, outcomes, readers
from scripted_smtp import DRIP_SECONDS, Fault, Moment, ScriptedServer, Stage, as_usual, at
from spliced import cut_after, spliced

from bulletin.errors import TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.models.servers import Tls
from bulletin.transports.smtp import SmtpTransport
from certificates import SelfSigned

PIPELINING = ("PIPELINING",)
SHORT = 0.2
SUBMITTED, RETRY, FAILED, UNCERTAIN = (
    Outcome.SUBMITTED, Outcome.RETRY, Outcome.FAILED, Outcome.UNCERTAIN,
)  # fmt: skip


def transport_to(
    server: ScriptedServer, timeout: float = 5, patience: float | None = None
) -> SmtpTransport:
    return SmtpTransport(server.at_port(), timeout=timeout, patience=patience)


@pytest.mark.parametrize("offers", [(), PIPELINING], ids=["step-by-step", "pipelined"])
@pytest.mark.parametrize("short_of_the_end", [1, 2, 3, 5, 500])
def test_a_connection_that_breaks_before_the_dot_has_left_means_try_again(
    offers: tuple[str, ...], short_of_the_end: int
) -> None:
    """TRAP: the sender must know whether the final dot left; here nearly everything had."""
    handed = readers(2)
    size = len(handed.mime(handed.copies[0])) + len(b".\r\n")
    with ScriptedServer(offers=offers) as server:
        transport = transport_to(server)
        session = transport.connect()
        wire = spliced(session)
        cut_after(session, lambda: setattr(wire, "allowed", size - short_of_the_end))
        assert outcomes(transport, handed) == {1: RETRY, 2: SUBMITTED}
        transport.close()
    assert server.recipients() == ["reader2@school.example"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(None, SUBMITTED), ("550 5.7.1 spam", FAILED), ("451 later", RETRY), (Fault.HANG, UNCERTAIN)],
)
def test_a_connection_that_breaks_behind_the_dot_is_listened_to_once_more(
    answer: str | Fault | None, outcome: Outcome
) -> None:
    """The next envelope could not be sent, but what became of the copy may have been said."""
    handed = readers(2)
    size = len(handed.mime(handed.copies[0])) + len(b".\r\n")
    script = at(Stage.DOT, answer, connection=1) if answer else as_usual
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        session = transport.connect()
        wire = spliced(session)
        cut_after(session, lambda: setattr(wire, "allowed", size))
        assert outcomes(transport, handed) == {1: outcome, 2: SUBMITTED}
        transport.close()
    assert server.connections == 2


def test_a_server_that_refuses_in_the_middle_of_a_copy_is_heard() -> None:
    """It says why and hangs up before it has read everything: no reason to try for three days."""
    with ScriptedServer(at(Stage.BODY, "552 5.3.4 too big"), offers=PIPELINING) as server:
        receipt = only(transport_to(server), large(16))
    assert receipt.outcome in {FAILED, RETRY}  # the reset may overtake the words
    if receipt.outcome is FAILED:
        assert receipt.detail == "552 5.3.4 too big"
    assert server.accepted == []


@pytest.mark.parametrize("offers", [(), PIPELINING], ids=["step-by-step", "pipelined"])
@pytest.mark.parametrize(
    ("stage", "outcome"),
    [(Stage.MAIL, RETRY), (Stage.RCPT, RETRY), (Stage.DATA, RETRY), (Stage.DOT, UNCERTAIN)],
)
def test_a_server_that_drips_its_answer_is_not_listened_to_for_ever(
    offers: tuple[str, ...], stage: Stage, outcome: Outcome
) -> None:
    """Each byte comes in good time; the answer does not."""
    assert DRIP_SECONDS < SHORT < DRIP_SECONDS * len("250 x\r\n")
    with ScriptedServer(at(stage, Fault.DRIP, connection=1), offers=offers) as server:
        transport = transport_to(server, SHORT)
        assert outcomes(transport, readers(1)) == {1: outcome}
        transport.close()


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.EHLO])
def test_a_server_that_drips_its_greeting_cannot_be_reached(stage: Stage) -> None:
    with ScriptedServer(at(stage, Fault.DRIP)) as server:
        transport = transport_to(server, SHORT)
        with pytest.raises(TransportUnavailable, match="cannot be reached"):
            only(transport, readers(1))


def test_all_of_saying_hello_takes_no_longer_than_two_answers(tmp_path: Path) -> None:
    """Else the chunk of copies is lost to another sender before the first of them has gone."""

    def slowly(_moment: Moment) -> None:
        time.sleep(SHORT * 0.8)

    certificate = SelfSigned(tmp_path)
    with ScriptedServer(slowly, offers=("STARTTLS",), tls=certificate.server()) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=SHORT, context=certificate.trusting()
        )
        with pytest.raises(TransportUnavailable, match="cannot be reached"):
            transport.connect()
        assert server.connections == 1


def test_a_server_may_take_longer_over_a_whole_copy_than_over_a_command() -> None:
    """RFC 5321 4.5.3.2.6: a filter may read it first, and giving up early leaves a doubt."""
    with ScriptedServer(at(Stage.DOT, Fault.DRIP), offers=PIPELINING) as server:
        transport = transport_to(server, SHORT, patience=10)
        assert outcomes(transport, readers(1)) == {1: SUBMITTED}
        transport.close()


@pytest.mark.parametrize(("spared", "outcome"), [(0, UNCERTAIN), (16384 * 2, RETRY)])
def test_under_tls_a_copy_is_in_doubt_from_the_record_that_holds_the_dot(
    tmp_path: Path, spared: int, outcome: Outcome
) -> None:
    """A write under TLS that fails may have sent all of its record (RFC 8446 5.1)."""
    certificate = SelfSigned(tmp_path)
    body = b"Subject: x\r\n\r\n" + b"x" * 50_000 + b"\r\n"
    with ScriptedServer(
        at(Stage.BODY, Fault.HANG), offers=("STARTTLS", "PIPELINING"), tls=certificate.server()
    ) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=5, context=certificate.trusting()
        )
        session = transport.connect()
        wire = spliced(session)
        cut_after(session, lambda: setattr(wire, "allowed", 16384 * 3 - spared))
        receipt = only(transport, replace(readers(1), mime=lambda _: body))
    assert receipt.outcome is outcome


def test_a_server_that_drops_tls_in_the_middle_of_a_copy_means_try_again(tmp_path: Path) -> None:
    certificate = SelfSigned(tmp_path)
    with ScriptedServer(
        at(Stage.BODY, Fault.DROP), offers=("STARTTLS", "PIPELINING"), tls=certificate.server()
    ) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=5, context=certificate.trusting()
        )
        assert only(transport, large(16)).outcome is RETRY
    assert server.accepted == []
