"""SMTP, pipelined (RFC 2920): one copy's end and the next one's envelope travel together.

What becomes of one copy must never depend on its neighbour, and of one body at a time, at most,
it is unknown what became of it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from certificates import SelfSigned
from consigned import consignment, copy_for, large, only, outcomes, readers, unbuildable
from scripted_smtp import DRIP_SECONDS, Fault, Moment, Script, ScriptedServer, Stage, at

from bulletin.errors import TransportStopped, TransportUnavailable
from bulletin.models.deliveries import Copy, Outcome
from bulletin.models.servers import Tls
from bulletin.transports.smtp import SmtpTransport
from bulletin.transports.smtp_session import SmtpSession

PIPELINING = ("PIPELINING",)
SHORT = 0.2
SUBMITTED, RETRY, FAILED, UNCERTAIN = (
    Outcome.SUBMITTED, Outcome.RETRY, Outcome.FAILED, Outcome.UNCERTAIN,
)  # fmt: skip


def transport_to(
    server: ScriptedServer, timeout: float = 5, limit: int = 100, patience: float | None = None
) -> SmtpTransport:
    return SmtpTransport(
        server.at_port(), timeout=timeout, patience=patience, messages_per_connection=limit
    )


def both(*scripts: Script) -> Script:
    """The first script that has something to say."""
    return lambda moment: next((act for each in scripts if (act := each(moment))), None)


class Spliced:
    """A socket that lets so many bytes through and then breaks. flights: what left together."""

    def __init__(self, sock: socket.socket, allowed: float = float("inf")) -> None:
        self._sock = sock
        self.allowed = allowed
        self.flights: list[bytes] = []

    def send(self, data: memoryview) -> int:
        if self.allowed <= 0:
            raise ConnectionResetError(104, "Connection reset by peer")
        some = data[: int(min(len(data), self.allowed))]
        sent = self._sock.send(some)
        self.allowed -= sent
        self.flights.append(bytes(some[:sent]))
        return sent

    def __getattr__(self, name: str) -> object:
        return getattr(self._sock, name)


def spliced(session: SmtpSession) -> Spliced:
    found = Spliced(session._wire.sock)
    session._wire.sock = cast("socket.socket", found)
    return found


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


def cut_after(session: SmtpSession, act: Callable[[], None]) -> None:
    """Do it once the first copy has been announced."""
    propose = session.propose

    def announced(parcel: object) -> None:
        propose(parcel)  # type: ignore[arg-type]  # what the transport hands over
        act()

    session.propose = announced  # type: ignore[method-assign,assignment]  # for one test


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
    script = at(Stage.DOT, answer, connection=1) if answer else both()
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


def test_told_to_stop_it_finishes_what_is_under_way_and_begins_nothing() -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        stop: list[bool] = []
        sending = transport.send(replace(readers(5), go_on=lambda: not stop))
        found = [next(sending)]
        stop.append(True)
        found.append(next(sending))
        with pytest.raises(TransportStopped):
            next(sending)
        transport.close()
    assert [receipt.outcome for receipt in found] == [SUBMITTED, SUBMITTED]
    assert len(server.accepted) == len(found)


def test_told_to_stop_with_nothing_left_it_has_simply_finished() -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        answers = iter([True])
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


def test_a_server_may_take_longer_over_a_whole_copy_than_over_a_command() -> None:
    """RFC 5321 4.5.3.2.6: a filter may read it first, and giving up early leaves a doubt."""
    with ScriptedServer(at(Stage.DOT, Fault.DRIP), offers=PIPELINING) as server:
        transport = transport_to(server, SHORT, patience=10)
        assert outcomes(transport, readers(1)) == {1: SUBMITTED}
        transport.close()


def test_the_size_is_said_where_the_server_wants_to_know() -> None:
    """RFC 1870: the octets of the message, without stuffed dots and the final one."""
    handed = replace(readers(1), mime=lambda _: b"Subject: x\r\n\r\n.one\r\n..two\r\n")
    with ScriptedServer(offers=(*PIPELINING, "SIZE 90000", "8BITMIME")) as server:
        transport = transport_to(server)
        assert only(transport, handed).outcome is SUBMITTED
        transport.close()
    (mail,) = server.said("MAIL")
    assert mail.line == "MAIL FROM:<bulletin@school.example> SIZE=27"
    assert server.accepted[0].wire == b"Subject: x\r\n\r\n..one\r\n...two\r\n"


EIGHT_BITS = "Subject: x\r\n\r\nŵ\r\n".encode()


def test_eight_bits_are_announced_if_there_are_any() -> None:
    """RFC 6152."""
    with ScriptedServer(offers=("8BITMIME",)) as server:
        transport = transport_to(server)
        assert only(transport, replace(readers(1), mime=lambda _: EIGHT_BITS)).outcome is SUBMITTED
        transport.close()
    assert server.said("MAIL")[0].line.endswith("> BODY=8BITMIME")


def test_eight_bits_are_kept_from_a_server_that_takes_seven() -> None:
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        bodies = {1: EIGHT_BITS, 2: b"Subject: x\r\n\r\nw\r\n", 3: EIGHT_BITS}
        found = outcomes(transport, replace(readers(3), mime=lambda copy: bodies[copy.delivery_id]))
        transport.close()
    assert found == {1: FAILED, 2: SUBMITTED, 3: FAILED}
    assert len(server.said("MAIL")) == 1


def test_bounces_of_each_copy_go_to_an_address_of_its_own() -> None:
    """Requirement 17."""
    copies: list[Copy] = [
        replace(copy_for(n), bounces_to=f"bounces+{n}-abc@bulletin.school.example") for n in (1, 2)
    ]
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        outcomes(transport, consignment([*copies, copy_for(3)]))
        transport.close()
    assert [each.sender for each in server.accepted] == [
        "bounces+1-abc@bulletin.school.example",
        "bounces+2-abc@bulletin.school.example",
        "bulletin@school.example",
    ]


def test_a_bounce_address_that_is_none_never_reaches_the_envelope() -> None:
    """Requirement 63."""
    forged = replace(copy_for(1), bounces_to="a@x.example>\r\nRCPT TO:<b@y.example")
    with ScriptedServer(offers=PIPELINING) as server:
        transport = transport_to(server)
        assert outcomes(transport, consignment([forged, copy_for(2)])) == {1: FAILED, 2: SUBMITTED}
        transport.close()
    assert server.recipients() == ["reader2@school.example"]


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


def test_words_slipped_in_before_tls_are_found_out(tmp_path: Path) -> None:
    """What somebody in between adds to the answer would else be read as said under TLS."""
    certificate = SelfSigned(tmp_path)
    script = at(Stage.STARTTLS, "220 go ahead\r\n250-mail.school.example\r\n250 AUTH PLAIN")
    with ScriptedServer(script, offers=("STARTTLS",), tls=certificate.server()) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=5, context=certificate.trusting()
        )
        with pytest.raises(Exception, match="between STARTTLS and TLS"):
            only(transport, readers(1))
    assert server.said("MAIL") == []


def test_what_was_offered_before_tls_counts_for_nothing(tmp_path: Path) -> None:
    """RFC 3207 4.2: the offer in clear may be anybody's."""
    certificate = SelfSigned(tmp_path)

    def script(moment: Moment) -> str | None:
        if moment.stage is not Stage.EHLO:
            return None
        greeted.append(moment.line)
        return "250-mail\r\n250-PIPELINING\r\n250 STARTTLS" if len(greeted) == 1 else "250 mail"

    greeted: list[str] = []
    with ScriptedServer(script, tls=certificate.server()) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=5, context=certificate.trusting()
        )
        assert not transport.connect().pipelines
        assert only(transport, readers(1)).outcome is SUBMITTED
        transport.close()


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
