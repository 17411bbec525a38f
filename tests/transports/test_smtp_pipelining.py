"""SMTP, pipelined (RFC 2920): one copy's end and the next one's envelope travel together.

What becomes of one copy must never depend on its neighbour, and of one body at a time, at most,
it is unknown what became of it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from consigned import consignment, copy_for, outcomes, readers, unbuildable
from scripted_smtp import Fault, Moment, Script, ScriptedServer, Stage, at
from spliced import spliced

from bulletin.errors import TransportStopped, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.models.servers import Tls
from bulletin.transports.smtp import SmtpTransport
from certificates import SelfSigned

PIPELINING = ("PIPELINING",)
SHORT = 0.2
SUBMITTED, RETRY, FAILED, UNCERTAIN = (
    Outcome.SUBMITTED, Outcome.RETRY, Outcome.FAILED, Outcome.UNCERTAIN,
)  # fmt: skip


def transport_to(server: ScriptedServer, timeout: float = 5, limit: int = 100) -> SmtpTransport:
    return SmtpTransport(server.at_port(), timeout=timeout, messages_per_connection=limit)


def both(*scripts: Script) -> Script:
    """The first script that has something to say."""
    return lambda moment: next((act for each in scripts if (act := each(moment))), None)


def test_the_end_of_a_copy_and_the_next_envelope_leave_together() -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        wire = spliced(transport.connect())
        assert set(outcomes(transport, readers(3)).values()) == {SUBMITTED}
        transport.close()
    *_, last, goodbye = wire.flights
    assert len(wire.flights) == 5
    assert wire.flights[0].startswith(b"MAIL FROM:<bulletin@school.example>\r\nRCPT TO:")
    for flight in wire.flights[1:3]:
        assert flight.endswith(b"\r\nDATA\r\n")
        assert flight.count(b"\r\n.\r\nMAIL FROM:") == 1
    assert last.endswith(b"\r\n.\r\n")
    assert goodbye == b"QUIT\r\n"
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 3)]


def test_without_the_offer_each_command_waits_for_its_answer() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server)
        wire = spliced(transport.connect())
        outcomes(transport, readers(2))
        transport.close()
    assert [flight.partition(b" ")[0].partition(b"\r\n")[0] for flight in wire.flights] == [
        *(b"MAIL", b"RCPT", b"DATA", wire.flights[3].partition(b" ")[0]),
        *(b"MAIL", b"RCPT", b"DATA", wire.flights[7].partition(b" ")[0]),
        b"QUIT",
    ]
    assert wire.flights[3].endswith(b"\r\n.\r\n")


@pytest.mark.parametrize("dot", ["250 thank you", "554 5.5.1 no valid recipients"])
def test_a_go_on_after_a_refused_recipient_gets_a_lone_dot_and_no_copy(dot: str) -> None:
    """RFC 2920 3.1: whatever comes back to that dot, nothing was accepted."""
    script = both(
        at(Stage.RCPT, "550 5.1.1 nobody here", transaction=2),
        at(Stage.DATA, "354 go on all the same", transaction=2),
        at(Stage.DOT, dot, transaction=2),
    )
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        assert outcomes(transport, readers(3)) == {1: SUBMITTED, 2: FAILED, 3: SUBMITTED}
        transport.close()
    assert server.connections == 1
    assert [each.wire for each in server.accepted if not each.recipients] in ([], [b""])
    assert server.recipients() == ["reader1@school.example", "reader3@school.example"]


def test_a_server_that_takes_a_recipient_from_a_sender_that_it_refused_gets_no_empty_message() -> (
    None
):
    script = both(
        at(Stage.MAIL, "451 4.3.0 later", transaction=2, connection=1),
        at(Stage.RCPT, "250 well", transaction=2, connection=1),
        at(Stage.DATA, "354 go on", transaction=2, connection=1),
    )
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        assert outcomes(transport, readers(3)) == {1: SUBMITTED, 2: RETRY, 3: SUBMITTED}
        transport.close()
    assert server.connections == 2
    assert all(each.wire for each in server.accepted)


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "550 5.7.1 spam"])
def test_a_copy_that_is_refused_at_its_end_does_not_hurt_the_one_behind_it(answer: str) -> None:
    with ScriptedServer(at(Stage.DOT, answer, transaction=2), offers=PIPELINING) as server:
        transport = transport_to(server)
        found = outcomes(transport, readers(3))
        transport.close()
    assert found == {1: SUBMITTED, 2: RETRY if answer[0] == "4" else FAILED, 3: SUBMITTED}
    assert server.connections == 1
    assert not server.said("RSET")


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE, Fault.HANG])
@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_whatever_becomes_of_one_connection_one_copy_at_most_is_in_doubt(
    fault: Fault, position: int
) -> None:
    """Requirement 79."""
    script = at(Stage.DOT, fault, transaction=position, connection=1)
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server, SHORT)
        found = outcomes(transport, readers(4))
        transport.close()
    assert found.pop(position) is UNCERTAIN
    assert set(found.values()) == {SUBMITTED}
    assert len(server.recipients()) == 3


def test_a_server_that_accepts_and_hangs_up_each_time_still_gets_every_copy_once() -> None:
    with ScriptedServer(at(Stage.IDLE, Fault.CLOSE), offers=PIPELINING) as server:
        transport = transport_to(server)
        assert set(outcomes(transport, readers(4)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == 4
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 3, 4)]


def test_a_server_that_is_out_of_step_is_met_again_on_a_new_connection() -> None:
    """A 503 says that the sequence is wrong, which is about the connection, not the copy."""
    script = at(Stage.MAIL, "503 5.5.1 nested MAIL", transaction=2, connection=1)
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        assert set(outcomes(transport, readers(3)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == 2


@pytest.mark.parametrize("extra", ["250 one more", "554 no, after all"])
def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_copys(extra: str) -> None:
    """One reply too many would make every later one the answer to something else."""
    script = at(Stage.DATA, f"354 go on\r\n{extra}", transaction=2, connection=1)
    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        assert set(outcomes(transport, readers(3)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == 2
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 3)]


@pytest.mark.parametrize(("limit", "connections"), [(1, 5), (2, 3), (5, 1)])
def test_no_envelope_follows_down_a_connection_that_has_carried_its_share(
    limit: int, connections: int
) -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server, limit=limit)
        assert set(outcomes(transport, readers(5)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == connections
    assert len(server.said("MAIL")) == 5


@pytest.mark.parametrize("offers", [(), PIPELINING], ids=["step-by-step", "pipelined"])
def test_told_to_stop_it_hands_over_no_more_not_even_what_it_has_announced(
    offers: tuple[str, ...],
) -> None:
    """Whoever was frozen with a copy announced may find it sent by somebody else."""
    with ScriptedServer(offers=offers) as server:
        transport = transport_to(server)
        stop: list[bool] = []
        sending = transport.send(replace(readers(5), go_on=lambda: not stop))
        assert next(sending).outcome is SUBMITTED
        stop.append(True)
        with pytest.raises(TransportStopped):
            next(sending)
        assert len(server.accepted) == 1
        assert set(outcomes(transport, readers(2)).values()) == {SUBMITTED}
        transport.close()
    assert len(server.accepted) == 3


def test_told_to_stop_with_nothing_left_it_has_simply_finished() -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        answers = iter([True, True])
        assert outcomes(transport, replace(readers(1), go_on=lambda: next(answers))) == {
            1: SUBMITTED
        }
        transport.close()


def test_whoever_stops_listening_leaves_a_transport_that_is_in_step() -> None:
    """An envelope is under way when the caller goes; its answers are not taken for others'."""
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        sending = transport.send(readers(3))
        next(sending)
        sending.close()  # type: ignore[attr-defined]  # a generator
        assert outcomes(transport, readers(2, 7)) == {7: SUBMITTED, 8: SUBMITTED}
        transport.close()
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 7, 8)]


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_pipelining_under_tls_loses_and_doubles_nothing(tls: Tls, tmp_path: Path) -> None:
    certificate = SelfSigned(tmp_path)
    offers = ("STARTTLS", "PIPELINING")
    script = at(Stage.RCPT, "550 5.1.1 nobody", transaction=3)
    with ScriptedServer(
        script, offers=offers, tls=certificate.server(), implicit=tls is Tls.IMPLICIT
    ) as server:
        transport = SmtpTransport(server.at_port(tls), timeout=5, context=certificate.trusting())
        found = outcomes(transport, readers(5))
        transport.close()
    assert found.pop(3) is FAILED
    assert set(found.values()) == {SUBMITTED}
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 4, 5)]


@pytest.mark.parametrize("offers", [(), PIPELINING], ids=["step-by-step", "pipelined"])
@pytest.mark.parametrize("answer", ["451 4.7.1 too much today", "421 4.7.0 too much today"])
def test_a_server_that_takes_nothing_for_now_is_not_asked_about_every_copy(
    offers: tuple[str, ...], answer: str
) -> None:
    """The rest keep their tries: they go back to where they were (see Transport)."""
    with ScriptedServer(at(Stage.MAIL, answer), offers=offers) as server:
        transport = transport_to(server)
        sending = transport.send(readers(20))
        assert [next(sending).outcome for _ in range(5)] == [RETRY] * 5
        with pytest.raises(TransportUnavailable, match=r"takes nothing for now: 4.1 4\.7"):
            next(sending)
        transport.close()
    assert len(server.said("MAIL")) == 5


def test_busy_mailboxes_say_nothing_about_the_server() -> None:
    def script(moment: Moment) -> str | None:
        full = moment.stage is Stage.RCPT and moment.transaction > 1
        return "452 4.2.2 mailbox full" if full else None

    with ScriptedServer(script, offers=PIPELINING) as server:
        transport = transport_to(server)
        found = outcomes(transport, readers(12))
        transport.close()
    assert found == {1: SUBMITTED, **dict.fromkeys(range(2, 13), RETRY)}


def test_what_is_known_is_told_before_a_connection_cannot_be_had() -> None:
    """A copy that no message can be made of fails for good, also while the server is away."""
    with ScriptedServer() as server:
        transport = transport_to(server)
    sending = transport.send(consignment([unbuildable(1), copy_for(2)]))
    assert next(sending).outcome is FAILED
    with pytest.raises(TransportUnavailable):
        next(sending)
