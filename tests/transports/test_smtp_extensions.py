"""SMTP: what a server offers is used, and what it does not offer is not assumed."""

from __future__ import annotations

from dataclasses import replace

from consigned import consignment, copy_for, only, outcomes, readers
from scripted_smtp import ScriptedServer

from bulletin.models.deliveries import Copy, Outcome
from bulletin.transports.smtp import SmtpTransport

PIPELINING = ("PIPELINING",)
SUBMITTED, FAILED = Outcome.SUBMITTED, Outcome.FAILED


def transport_to(server: ScriptedServer) -> SmtpTransport:
    return SmtpTransport(server.at_port(), timeout=5)


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
