"""SMTP: what becomes of a copy goes by the reply's code and by whether the final dot had left.

Requirement 31, and the table of faults that real servers were made to show. "TRAP" names what
goes wrong in a sender that does not know of it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from consigned import as_mail, as_meant, consignment, copy_for, large, only, outcomes, readers
from hypothesis import given
from hypothesis import strategies as st
from scripted_smtp import Fault, Moment, ScriptedServer, Stage, at

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Outcome
from bulletin.transports.smtp import SmtpTransport

TIMEOUT = 5.0
SHORT = 0.3  # for servers that are meant to say nothing


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["step-by-step", "pipelined"])
def offers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What the server offers: the outcome is the same whichever way the commands travel."""
    found: tuple[str, ...] = request.param
    return found


def transport_to(server: ScriptedServer, timeout: float = TIMEOUT) -> SmtpTransport:
    return SmtpTransport(server.at_port(), timeout=timeout)


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        (Stage.MAIL, "451 4.3.0 later", Outcome.RETRY),
        (Stage.MAIL, "552 5.3.4 too big", Outcome.FAILED),
        (Stage.RCPT, "450 4.2.1 busy", Outcome.RETRY),
        (Stage.RCPT, "452 4.5.3 too many", Outcome.RETRY),
        (Stage.RCPT, "550 5.1.1 nobody here", Outcome.FAILED),
        (Stage.RCPT, "553 5.1.3 what a name", Outcome.FAILED),
        (Stage.DATA, "451 4.3.0 later", Outcome.RETRY),
        (Stage.DATA, "554 5.5.1 no", Outcome.FAILED),
        (Stage.DOT, "451 4.3.0 later", Outcome.RETRY),
        (Stage.DOT, "452 4.3.1 disk full", Outcome.RETRY),
        (Stage.DOT, "550 5.7.1 spam", Outcome.FAILED),
        (Stage.DOT, "554 5.6.0 malformed", Outcome.FAILED),
    ],
)
def test_a_refused_copy_gets_the_outcome_of_its_code_and_the_others_go(
    offers: tuple[str, ...], stage: Stage, answer: str, outcome: Outcome
) -> None:
    """TRAP: smtplib raises different classes for the same meaning. Classify by code."""
    with ScriptedServer(at(stage, answer, transaction=2), offers=offers) as server:
        transport = transport_to(server)
        found = list(transport.send(readers(3)))
        transport.close()
    assert [receipt.outcome for receipt in found] == [
        Outcome.SUBMITTED, outcome, Outcome.SUBMITTED,
    ]  # fmt: skip
    assert found[1].detail == answer
    assert server.recipients() == ["reader1@school.example", "reader3@school.example"]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_a_421_on_a_connection_that_was_used_is_answered_with_a_new_one(
    offers: tuple[str, ...], stage: Stage
) -> None:
    """It is how servers end a connection that has carried enough (RFC 5321 3.8)."""
    with ScriptedServer(
        at(stage, "421 4.7.0 enough", transaction=2, connection=1), offers=offers
    ) as server:
        transport = transport_to(server)
        assert set(outcomes(transport, readers(3)).values()) == {Outcome.SUBMITTED}
        transport.close()
    assert server.connections == 2
    assert server.recipients() == [f"reader{n}@school.example" for n in (1, 2, 3)]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_a_421_on_a_new_connection_means_try_later(offers: tuple[str, ...], stage: Stage) -> None:
    """TRAP: a 421 at RCPT hides in SMTPRecipientsRefused, and the connection is gone after it."""
    with ScriptedServer(at(stage, "421 4.7.0 slow down", connection=1), offers=offers) as server:
        transport = transport_to(server)
        found = outcomes(transport, readers(2))
        transport.close()
    assert found == {1: Outcome.RETRY, 2: Outcome.SUBMITTED}
    assert server.connections == 2
    assert server.recipients() == ["reader2@school.example"]


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.MAIL, "550 5.7.1 unknown sender"),
        (Stage.MAIL, "501 5.1.7 bad sender"),
        (Stage.MAIL, "530 5.7.0 sign in first"),
        (Stage.RCPT, "530 5.7.0 sign in first"),
        (Stage.RCPT, "538 5.7.11 encrypt first"),
        (Stage.DATA, "535 5.7.8 who are you"),
    ],
)
def test_what_every_copy_would_hear_stops_the_issue_for_a_person(
    offers: tuple[str, ...], stage: Stage, answer: str
) -> None:
    """RFC 4954 6: a thousand copies must not fail because nobody signed in."""
    with ScriptedServer(at(stage, answer, transaction=2), offers=offers) as server:
        transport = transport_to(server)
        sending = transport.send(readers(3))
        assert next(sending).outcome is Outcome.SUBMITTED
        with pytest.raises(TransportBlocked, match=rf"127\.0\.0\.1 .*{answer}"):
            next(sending)
        transport.close()
    assert server.recipients() == ["reader1@school.example"]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE])
def test_a_connection_lost_before_the_message_means_try_again(
    offers: tuple[str, ...], stage: Stage, fault: Fault
) -> None:
    """TRAP: not sent and unknown raise the same exception; here nothing had left."""
    with ScriptedServer(at(stage, fault, connection=1), offers=offers) as server:
        transport = transport_to(server)
        found = outcomes(transport, readers(2))
        transport.close()
    assert found == {1: Outcome.RETRY, 2: Outcome.SUBMITTED}
    assert server.recipients() == ["reader2@school.example"]


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE, Fault.HANG])
def test_a_connection_lost_in_the_middle_of_a_message_means_try_again(
    offers: tuple[str, ...], fault: Fault
) -> None:
    """TRAP: without its final dot no server has accepted a message."""
    with ScriptedServer(at(Stage.BODY, fault), offers=offers) as server:
        receipt = only(transport_to(server, SHORT), large(16))
    assert receipt.outcome is Outcome.RETRY
    assert server.accepted == []


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE, Fault.HANG])
@pytest.mark.parametrize("position", [1, 2])
def test_silence_after_the_final_dot_is_uncertain_and_nothing_is_said_twice(
    offers: tuple[str, ...], fault: Fault, position: int
) -> None:
    """TRAP: `-q .` looks like `-q DATA`, but the message may have been accepted."""
    script = at(Stage.DOT, fault, transaction=position, connection=1)
    with ScriptedServer(script, offers=offers) as server:
        transport = transport_to(server, SHORT)
        found = outcomes(transport, readers(3))
        transport.close()
    assert found.pop(position) is Outcome.UNCERTAIN
    assert set(found.values()) == {Outcome.SUBMITTED}
    assert len(server.said("DATA")) == 3


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    offers: tuple[str, ...], stage: Stage
) -> None:
    with ScriptedServer(at(stage, Fault.HANG, connection=1), offers=offers) as server:
        transport = transport_to(server, SHORT)
        receipts = list(transport.send(readers(2)))
        transport.close()
    assert [receipt.outcome for receipt in receipts] == [Outcome.RETRY, Outcome.SUBMITTED]
    assert "timed out" in receipts[0].detail


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CLOSE])
@pytest.mark.parametrize(
    ("stage", "outcome"), [(Stage.DATA, Outcome.RETRY), (Stage.DOT, Outcome.UNCERTAIN)]
)
def test_a_server_that_hangs_up_on_one_copy_after_another_is_left_alone(
    offers: tuple[str, ...], fault: Fault, stage: Stage, outcome: Outcome
) -> None:
    """A filter that crashes must not leave a whole issue in doubt."""
    with ScriptedServer(at(stage, fault), offers=offers) as server:
        transport = transport_to(server)
        sending = transport.send(readers(50))
        assert [next(sending).outcome for _ in range(5)] == [outcome] * 5
        with pytest.raises(TransportUnavailable, match=r"127\.0\.0\.1 takes nothing for now"):
            next(sending)
        transport.close()
    assert server.connections == 5


def test_a_server_that_takes_a_copy_now_and_then_is_not_left_alone(
    offers: tuple[str, ...],
) -> None:
    def script(moment: Moment) -> str | Fault | None:
        hangs_up = moment.stage is Stage.DOT and moment.connection % 5
        return Fault.CLOSE if hangs_up else None

    with ScriptedServer(script, offers=offers) as server:
        transport = SmtpTransport(server.at_port(), timeout=TIMEOUT, messages_per_connection=1)
        found = outcomes(transport, readers(15))
        transport.close()
    taken = [number for number, outcome in found.items() if outcome is Outcome.SUBMITTED]
    assert taken == [5, 10, 15]


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.MAIL, "550 no READER1@school.example"),
        (Stage.DATA, "535 reader1@school.example"),
    ],
)
def test_what_stops_an_issue_names_no_reader(
    offers: tuple[str, ...], stage: Stage, answer: str
) -> None:
    """It is kept with the issue and goes into logs; the reader may be erased long before."""
    with ScriptedServer(at(stage, answer), offers=offers) as server:
        transport = transport_to(server)
        with pytest.raises(TransportBlocked, match=r"\(address\)") as raised:
            only(transport, readers(1))
        transport.close()
    assert "reader1" not in str(raised.value).lower()


NONSENSE = ["what?", "\x00\xff\x1b[31m", "2", "999 no such code", "x" * 9000, "550-and then",
            "250-on and on\r\n" * 6000]  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_nonsense_before_the_message_means_try_again_on_a_new_connection(
    offers: tuple[str, ...], stage: Stage, nonsense: str
) -> None:
    with ScriptedServer(at(stage, nonsense, connection=1), offers=offers) as server:
        transport = transport_to(server, SHORT)
        found = outcomes(transport, readers(2))
        transport.close()
    assert found == {1: Outcome.RETRY, 2: Outcome.SUBMITTED}
    assert server.recipients() == ["reader2@school.example"]


@pytest.mark.parametrize("nonsense", [*NONSENSE, "354 go on", "100 wait"])
def test_nonsense_after_the_final_dot_is_uncertain(offers: tuple[str, ...], nonsense: str) -> None:
    with ScriptedServer(at(Stage.DOT, nonsense, connection=1), offers=offers) as server:
        transport = transport_to(server, SHORT)
        found = outcomes(transport, readers(2))
        transport.close()
    assert found == {1: Outcome.UNCERTAIN, 2: Outcome.SUBMITTED}


def test_what_a_server_says_is_kept_short_and_printable() -> None:
    said = "550 5.1.1 \x1b[31mno\x00body\x07 " + "x" * 400
    with ScriptedServer(at(Stage.RCPT, said)) as server:
        transport = transport_to(server)
        receipt = only(transport, readers(1))
        transport.close()
    assert receipt.detail.isprintable()
    assert receipt.detail.startswith("550 5.1.1 [31mno body xxx")
    assert len(receipt.detail) <= 210


def test_a_copy_larger_than_the_server_announces_is_not_even_offered() -> None:
    """RFC 1870: the sizes are known before, and the other copies go."""
    with ScriptedServer(offers=("SIZE 2000",)) as server:
        transport = transport_to(server)
        handed = readers(2)
        build = handed.mime
        copies = {1: b"Subject: x\r\n\r\n" + b"x\r\n" * 1000, 2: build(handed.copies[1])[:1500]}
        receipts = list(transport.send(replace(handed, mime=lambda c: copies[c.delivery_id])))
        transport.close()
    assert [receipt.outcome for receipt in receipts] == [Outcome.FAILED, Outcome.SUBMITTED]
    assert receipts[0].detail == "552 the copy has 3014 bytes, the server takes 2000"
    assert len(server.said("MAIL")) == 1


@pytest.mark.parametrize("announced", ["SIZE", "SIZE 0", "SIZE lots"])
def test_a_size_that_is_no_limit_is_none(announced: str) -> None:
    with ScriptedServer(offers=(announced,)) as server:
        transport = transport_to(server)
        assert only(transport, readers(1)).outcome is Outcome.SUBMITTED
        transport.close()


def test_each_copy_has_a_transaction_with_one_recipient() -> None:
    """TRAP: of several recipients, a partial refusal RETURNS a dict that nobody looks at."""
    with ScriptedServer() as server:
        transport = transport_to(server)
        outcomes(transport, readers(5))
        transport.close()
    verbs = [command.line.partition(" ")[0] for command in server.commands]
    assert verbs == ["ehlo", *["MAIL", "RCPT", "DATA"] * 5, "QUIT"]
    assert [len(each.recipients) for each in server.accepted] == [1] * 5


def test_the_envelope_holds_the_senders_address_and_the_readers() -> None:
    """Requirement 20: a domain of other letters as its A-label; requirement 44."""
    with ScriptedServer() as server:
        transport = transport_to(server)
        copy = copy_for(1, address="dsl@ysgol-tŷ.example")
        assert only(transport, consignment([copy])).outcome is Outcome.SUBMITTED
        transport.close()
    (accepted,) = server.accepted
    assert accepted.sender == "bulletin@school.example"
    assert accepted.recipients == ("dsl@xn--ysgol-t-xvb.example",)


def test_a_sender_that_is_no_address_never_reaches_the_envelope() -> None:
    """Requirement 63."""
    handed = readers(1)
    forged = replace(handed.sender, email="a@x.example>\r\nRCPT TO:<b@y.example")
    with ScriptedServer() as server:
        transport = transport_to(server)
        assert only(transport, replace(handed, sender=forged)).outcome is Outcome.FAILED
        transport.close()
    assert server.commands == []


LINES = st.lists(st.sampled_from([b".", b"..", b".x", b"", b"x", b"x.", b"...."]), max_size=12)


@given(messages=st.lists(LINES, min_size=1, max_size=3))
def test_dots_arrive_as_they_were_sent(messages: list[list[bytes]]) -> None:
    """RFC 5321 4.5.2, and CVE-2024-27305: a line that is one dot ends nothing."""
    bodies = [b"\r\n".join(lines) + b"\r\n" for lines in messages]
    handed = readers(len(bodies))
    with ScriptedServer() as server:
        transport = transport_to(server)
        sent = replace(handed, mime=lambda copy: bodies[copy.delivery_id - 1])
        assert set(outcomes(transport, sent).values()) == {Outcome.SUBMITTED}
        transport.close()
    assert [each.message for each in server.accepted] == bodies
    assert len(server.said("MAIL")) == len(bodies)


def test_a_message_without_a_last_line_end_gets_one() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server)
        only(transport, replace(readers(1), mime=lambda _: b"Subject: x\r\n\r\n.end"))
        transport.close()
    assert server.accepted[0].wire == b"Subject: x\r\n\r\n..end\r\n"


def test_a_real_copy_arrives_byte_for_byte() -> None:
    handed = consignment([copy_for(1, name="O'Brien & <b>")])
    with ScriptedServer() as server:
        transport = transport_to(server)
        only(transport, handed)
        transport.close()
    (accepted,) = server.accepted
    assert accepted.message == handed.mime(handed.copies[0])
    assert as_mail(accepted.message, accepted.recipients) == as_meant(handed.copies[0])


def test_a_server_that_goes_away_between_copies_leaves_the_rest_for_later() -> None:
    with ScriptedServer() as server:
        transport = transport_to(server)
        sending = transport.send(readers(3))
        assert next(sending).outcome is Outcome.SUBMITTED
    with pytest.raises(TransportUnavailable, match=rf"127\.0\.0\.1:{server.port} cannot be"):
        next(sending)
    assert server.recipients() == ["reader1@school.example"]
