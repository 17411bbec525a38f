"""SMTP: one connection for many copies, and another when that one is spent, idle or gone."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from consigned import only, outcomes, readers
from scripted_smtp import Fault, ScriptedServer, Stage, at

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.smtp import SmtpTransport
from certificates import SelfSigned

SUBMITTED = Outcome.SUBMITTED


def transport_to(server: ScriptedServer, timeout: float = 5, limit: int = 100) -> SmtpTransport:
    return SmtpTransport(server.at_port(), timeout=timeout, messages_per_connection=limit)


def test_one_connection_carries_one_consignment_after_another() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server)
        for start in (1, 6, 11):
            assert set(outcomes(transport, readers(5, start)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == 1
    assert server.recipients() == [f"reader{n}@school.example" for n in range(1, 16)]


@pytest.mark.parametrize(("limit", "connections"), [(1, 5), (2, 3), (5, 1), (100, 1)])
def test_a_connection_carries_no_more_than_its_share(limit: int, connections: int) -> None:
    """TRAP: providers limit messages a connection (25 to 5000), so it is a parameter."""
    with ScriptedServer() as server:
        transport = transport_to(server, limit=limit)
        assert set(outcomes(transport, readers(5)).values()) == {SUBMITTED}
        transport.close()
    assert server.connections == connections
    assert len(server.said("QUIT")) == connections


@pytest.mark.parametrize("tls", list(Tls))
def test_small_packets_do_not_wait(tls: Tls, tmp_path: Path) -> None:
    """TRAP: smtplib and STARTTLS without TCP_NODELAY is 22 messages a second instead of 300."""
    certificate = SelfSigned(tmp_path)
    context = None if tls is Tls.NONE else certificate.server()
    with ScriptedServer(offers=("STARTTLS",), tls=context, implicit=tls is Tls.IMPLICIT) as server:
        transport = SmtpTransport(server.at_port(tls), timeout=5, context=certificate.trusting())
        sock = transport.connect()._wire.sock
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        transport.close()


@pytest.mark.parametrize("how", [Fault.CLOSE, Fault.DROP, "421 4.4.2 idle for too long"])
def test_a_copy_goes_once_although_the_server_closed_the_idle_connection(how: str | Fault) -> None:
    with ScriptedServer(at(Stage.IDLE, how, connection=1)) as server:
        transport = transport_to(server)
        assert outcomes(transport, readers(1)) == {1: SUBMITTED}
        assert outcomes(transport, readers(2, 2)) == {2: SUBMITTED, 3: SUBMITTED}
        transport.close()
    assert server.connections == 2
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 3)]


def test_a_server_that_closes_every_connection_again_is_not_tried_for_ever() -> None:
    with ScriptedServer(at(Stage.MAIL, "421 4.7.0 go away")) as server:
        transport = transport_to(server)
        assert set(outcomes(transport, readers(3)).values()) == {Outcome.RETRY}
        transport.close()
    assert server.connections == 3


@pytest.mark.parametrize("answer", ["500 what?", Fault.DROP, Fault.HANG])
def test_after_a_refusal_a_connection_that_cannot_be_reset_is_replaced(answer: str | Fault) -> None:
    def script(moment: object) -> str | Fault | None:
        refusing = at(Stage.RCPT, "550 5.1.1 nobody", transaction=1, connection=1)
        return refusing(moment) or at(Stage.RSET, answer)(moment)  # type: ignore[arg-type]

    with ScriptedServer(script) as server:
        transport = transport_to(server, timeout=0.3)
        assert outcomes(transport, readers(2)) == {1: Outcome.FAILED, 2: SUBMITTED}
        transport.close()
    assert server.connections == 2


def test_a_transport_can_be_used_again_after_close() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server)
        only(transport, readers(1))
        transport.close()
        transport.close()
        only(transport, readers(1, 2))
        transport.close()
    assert server.connections == 2


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DROP, "500 no"])
def test_a_server_that_does_not_say_goodbye_is_simply_left(fault: str | Fault) -> None:
    with ScriptedServer(at(Stage.QUIT, fault)) as server:
        transport = transport_to(server, timeout=0.3)
        assert only(transport, readers(1)).outcome is SUBMITTED
        transport.close()


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.EHLO])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DROP, Fault.CLOSE, "421 4.3.2 later", "hm?"])
def test_a_server_that_is_not_ready_is_tried_again_later(stage: Stage, fault: str | Fault) -> None:
    with ScriptedServer(at(stage, fault)) as server:
        transport = transport_to(server, timeout=0.3)
        with pytest.raises(TransportUnavailable, match=rf"127\.0\.0\.1:{server.port}") as raised:
            only(transport, readers(1))
        transport.close()
    assert "-1" not in str(raised.value)
    assert server.accepted == []


def test_a_server_that_wants_nobodys_mail_needs_a_person() -> None:
    with ScriptedServer(at(Stage.GREETING, "554 5.7.1 not you")) as server:
        transport = transport_to(server)
        with pytest.raises(TransportBlocked, match=r"554 5\.7\.1 not you\. Check BULLETIN"):
            only(transport, readers(1))
        transport.close()


def test_an_old_server_without_ehlo_will_do() -> None:
    """RFC 5321 2.2.1: HELO is what is left."""

    def script(moment: object) -> str | None:
        line = getattr(moment, "line", "")
        return "502 not known" if line.lower().startswith("ehlo") else None

    with ScriptedServer(script) as server:
        transport = transport_to(server)
        assert only(transport, readers(1)).outcome is SUBMITTED
        transport.close()
    assert len(server.said("HELO")) == 1


def test_a_port_where_nobody_listens_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        transport = SmtpTransport(SmtpServer("127.0.0.1", port, Tls.NONE), timeout=5)
        with pytest.raises(
            TransportUnavailable, match=rf"127\.0\.0\.1:{port} cannot be reached: .*refused"
        ):
            only(transport, readers(1))
        transport.close()


def test_a_host_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    transport = SmtpTransport(SmtpServer("mail.nowhere.example", 587, Tls.STARTTLS), timeout=5)
    with pytest.raises(
        TransportUnavailable, match=r"mail\.nowhere\.example:587 .* there is no such host"
    ):
        only(transport, readers(1))


def test_a_host_name_that_cannot_be_one_needs_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up does not answer that there is no such host; it fails on the letters."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_: host.encode("idna"))
    transport = SmtpTransport(SmtpServer(f"{'x' * 80}.example", 587, Tls.NONE), timeout=5)
    with pytest.raises(TransportBlocked, match="BULLETIN_SMTP_URL"):
        only(transport, readers(1))
