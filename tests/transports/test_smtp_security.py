"""SMTP: no password and no copy crosses the network to anybody but the server that was meant."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from consigned import only, outcomes, readers
from scripted_smtp import Fault, Moment, ScriptedServer, Stage, at

from bulletin.errors import TransportBlocked, TransportError, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.models.servers import Tls
from bulletin.transports.smtp import SmtpTransport
from certificates import SelfSigned

PASSWORD = "correct-horse-battery"
SIGNING_IN = ("STARTTLS", "AUTH PLAIN LOGIN")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SelfSigned:
    return SelfSigned(tmp_path_factory.mktemp("certificate"))


def transport_to(
    server: ScriptedServer,
    tls: Tls,
    context: ssl.SSLContext | None = None,
    password: str = PASSWORD,
) -> SmtpTransport:
    username = "bulletin" if password else ""
    return SmtpTransport(server.at_port(tls, username, password), timeout=5, context=context)


def test_no_password_is_said_when_tls_was_asked_for_and_is_not_offered() -> None:
    """TRAP: smtplib signs in in clear when TLS is not offered; so does whoever strips the offer."""
    with ScriptedServer(offers=("AUTH PLAIN LOGIN",)) as server:
        transport = transport_to(server, Tls.STARTTLS)
        with pytest.raises(TransportBlocked, match=rf"127\.0\.0\.1:{server.port} .*no STARTTLS"):
            only(transport, readers(1))
        transport.close()
    assert [command.line.split(" ")[0] for command in server.commands] == ["ehlo"]


def test_no_password_is_said_without_tls_even_if_that_was_asked_for() -> None:
    with ScriptedServer(offers=("AUTH PLAIN LOGIN",)) as server:
        transport = transport_to(server, Tls.NONE)
        with pytest.raises(TransportBlocked, match=r"a password never goes out without TLS"):
            only(transport, readers(1))
        transport.close()
    assert server.said("AUTH") == server.said("MAIL") == []


@pytest.mark.parametrize("answer", ["535 \x1b[2Jno\x07", "454 \x1b]0;title\x07later"])
def test_what_a_server_says_while_signing_in_cannot_act_on_a_terminal(
    answer: str, certificate: SelfSigned
) -> None:
    script = at(Stage.AUTH, answer)
    with ScriptedServer(script, offers=SIGNING_IN, tls=certificate.server()) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(TransportError, match=answer[:3]) as raised:
            only(transport, readers(1))
        transport.close()
    assert str(raised.value).isprintable()


def test_a_server_that_offers_tls_and_then_refuses_it_gets_no_password(
    certificate: SelfSigned,
) -> None:
    with ScriptedServer(
        at(Stage.STARTTLS, "454 4.7.0 not now"), offers=SIGNING_IN, tls=certificate.server()
    ) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(TransportUnavailable, match="454"):
            only(transport, readers(1))
        transport.close()
    assert server.said("AUTH") == server.said("MAIL") == []


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tls: Tls, certificate: SelfSigned
) -> None:
    """TRAP: `starttls()` without a context accepts a self-signed certificate."""
    with ScriptedServer(
        offers=SIGNING_IN, tls=certificate.server(), implicit=tls is Tls.IMPLICIT
    ) as server:
        transport = transport_to(server, tls)
        with pytest.raises(TransportBlocked, match=rf"certificate of 127\.0\.0\.1:{server.port}"):
            only(transport, readers(1))
        transport.close()
    assert server.said("AUTH") == server.said("MAIL") == []


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_certificate_for_another_name_is_refused(tls: Tls, tmp_path: Path) -> None:
    other = SelfSigned(tmp_path, "mail.elsewhere.example")
    with ScriptedServer(
        offers=SIGNING_IN, tls=other.server(), implicit=tls is Tls.IMPLICIT
    ) as server:
        transport = transport_to(server, tls, other.trusting())
        with pytest.raises(TransportBlocked, match="certificate"):
            only(transport, readers(1))
        transport.close()
    assert server.said("AUTH") == server.said("MAIL") == []


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_signing_in_and_everything_after_it_is_encrypted(tls: Tls, certificate: SelfSigned) -> None:
    """TRAP: enforce TLS before AUTH."""
    with ScriptedServer(
        offers=SIGNING_IN, tls=certificate.server(), implicit=tls is Tls.IMPLICIT
    ) as server:
        transport = transport_to(server, tls, certificate.trusting())
        assert outcomes(transport, readers(2)) == {1: Outcome.SUBMITTED, 2: Outcome.SUBMITTED}
        transport.close()
    assert len(server.said("AUTH")) == 1
    in_clear = [command.line.split(" ")[0] for command in server.commands if not command.encrypted]
    assert in_clear == ([] if tls is Tls.IMPLICIT else ["ehlo", "STARTTLS"])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("535 5.7.8 wrong password", TransportBlocked),
        ("534 5.7.9 use another way", TransportBlocked),
        ("454 4.7.0 temporary trouble", TransportUnavailable),
    ],
)
def test_a_wrong_password_needs_a_person_and_a_busy_server_only_time(
    answer: str, error: type[Exception], certificate: SelfSigned
) -> None:
    with ScriptedServer(
        at(Stage.AUTH, answer), offers=("STARTTLS", "AUTH PLAIN"), tls=certificate.server()
    ) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(error, match=answer) as raised:
            only(transport, readers(1))
        transport.close()
    assert f"127.0.0.1:{server.port}" in str(raised.value)
    assert PASSWORD not in str(raised.value) + repr(transport._server)
    assert server.said("MAIL") == []


@pytest.mark.parametrize("offered", [("STARTTLS",), ("STARTTLS", "AUTH XOAUTH2 GSSAPI")])
def test_a_server_where_nobody_can_sign_in_with_a_password_needs_a_person(
    offered: tuple[str, ...], certificate: SelfSigned
) -> None:
    with ScriptedServer(offers=offered, tls=certificate.server()) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(TransportBlocked, match=rf"127\.0\.0\.1:{server.port}"):
            only(transport, readers(1))
        transport.close()
    assert server.said("AUTH") == server.said("MAIL") == []


def test_a_password_that_smtp_cannot_carry_is_named_without_being_told(
    certificate: SelfSigned,
) -> None:
    with ScriptedServer(offers=SIGNING_IN, tls=certificate.server()) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting(), "pässword")
        with pytest.raises(TransportBlocked, match="BULLETIN_SMTP_URL") as raised:
            only(transport, readers(1))
        transport.close()
    assert "pässword" not in str(raised.value)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE])
def test_a_server_that_breaks_off_while_signing_in_is_tried_again_later(
    fault: Fault, certificate: SelfSigned
) -> None:
    with ScriptedServer(
        at(Stage.AUTH, fault), offers=SIGNING_IN, tls=certificate.server()
    ) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(TransportUnavailable, match="cannot be reached"):
            only(transport, readers(1))
        transport.close()


def test_tls_to_a_server_that_speaks_none_is_an_explained_failure() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server, Tls.IMPLICIT)
        with pytest.raises(TransportUnavailable, match=rf"127\.0\.0\.1:{server.port} cannot be"):
            only(transport, readers(1))
        transport.close()


@pytest.mark.parametrize("challenge", ["334 x", "334 " + "A" * 5000, "334 \x1b[2J"])
def test_a_challenge_that_makes_no_sense_is_an_explained_failure(
    challenge: str, certificate: SelfSigned
) -> None:
    script = at(Stage.AUTH, challenge)
    with ScriptedServer(script, offers=SIGNING_IN, tls=certificate.server()) as server:
        transport = transport_to(server, Tls.STARTTLS, certificate.trusting())
        with pytest.raises(TransportError, match=rf"127\.0\.0\.1:{server.port}") as raised:
            only(transport, readers(1))
    assert str(raised.value).isprintable()
    assert PASSWORD not in str(raised.value)


def test_words_slipped_in_before_tls_are_found_out(certificate: SelfSigned) -> None:
    """What somebody in between adds to the answer would else be read as said under TLS."""
    script = at(Stage.STARTTLS, "220 go ahead\r\n250-mail.school.example\r\n250 AUTH PLAIN")
    with ScriptedServer(script, offers=("STARTTLS",), tls=certificate.server()) as server:
        transport = SmtpTransport(
            server.at_port(Tls.STARTTLS), timeout=5, context=certificate.trusting()
        )
        with pytest.raises(TransportBlocked, match="between STARTTLS and TLS"):
            only(transport, readers(1))
    assert server.said("MAIL") == []


def test_what_was_offered_before_tls_counts_for_nothing(certificate: SelfSigned) -> None:
    """RFC 3207 4.2: the offer in clear may be anybody's."""

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
        assert only(transport, readers(1)).outcome is Outcome.SUBMITTED
        transport.close()
