"""Requirement 23: a send that the DNS says would be turned away is not started."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from bulletin.errors import Refused
from bulletin.messages.dkim import ed25519_key, new_key
from bulletin.pipeline.authentication import Authentication, Level, SendingAs
from bulletin.pipeline.nameservers import NameServers, Unanswered

KEY = ed25519_key(new_key(ed25519=True), "autumn")
OTHER_KEY = ed25519_key(new_key(ed25519=True), "autumn")
SENDING = SendingAs(domain="school.example", envelope="school.example", keys=(KEY,))
SPF = "v=spf1 ip4:192.0.2.1 -all"
GOOD = {
    "school.example": (SPF, "a-site-verification=1"),
    "autumn._domainkey.school.example": (KEY.record,),
    "_dmarc.school.example": ("v=DMARC1; p=reject",),
}


class Scripted:
    """A DNS that knows these names; the silent ones it does not answer for."""

    def __init__(self, known: Mapping[str, tuple[str, ...]], *, silent: bool = False) -> None:
        self._known = known
        self._silent = silent
        self.asked: list[str] = []

    def texts(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        if self._silent:
            raise Unanswered(f"the DNS gave no answer for {name}")
        return self._known.get(name, ())


def levels(known: Mapping[str, tuple[str, ...]], sending: SendingAs = SENDING) -> dict[str, Level]:
    return {each.what: each.level for each in Authentication(Scripted(known)).examine(sending)}


def said(known: Mapping[str, tuple[str, ...]], sending: SendingAs = SENDING) -> str:
    """Why nothing may be sent."""
    with pytest.raises(Refused) as refused:
        Authentication(Scripted(known)).require(sending)
    return str(refused.value)


def test_a_sender_with_spf_dkim_and_dmarc_may_send() -> None:
    assert levels(GOOD) == {"SPF": Level.OK, "DKIM": Level.OK, "DMARC": Level.OK}
    Authentication(Scripted(GOOD)).require(SENDING)


@pytest.mark.parametrize("without", list(GOOD))
def test_whatever_is_missing_stops_the_send_and_is_named_with_what_to_publish(without: str) -> None:
    known = {name: texts for name, texts in GOOD.items() if name != without}
    why = said(known)
    assert without in why
    assert "Publish" in why
    assert "BULLETIN_CHECK_SENDER=false" in why


def test_two_spf_records_are_as_bad_as_none() -> None:
    """RFC 7208 4.5."""
    assert "2 SPF records" in said({**GOOD, "school.example": (SPF, "V=SPF1 mx ~all")})


@pytest.mark.parametrize("record", ["v=spf10 -all", "spf1 -all", "x v=spf1"])
def test_what_only_looks_like_spf_is_none(record: str) -> None:
    assert levels({**GOOD, "school.example": (record,)})["SPF"] is Level.WRONG


@pytest.mark.parametrize(
    "records",
    [
        (OTHER_KEY.record,),
        (KEY.record.replace("ed25519", "rsa"),),
        ("v=DKIM1; k=ed25519; p=",),
        (KEY.record, OTHER_KEY.record),
        ("nonsense",),
        ("\x1b[2J; p=\x00",),
    ],
    ids=["another", "another-kind", "revoked", "two", "nonsense", "control-characters"],
)
def test_a_record_that_is_not_our_key_stops_the_send(records: tuple[str, ...]) -> None:
    why = said({**GOOD, "autumn._domainkey.school.example": records})
    assert f'"{KEY.record}"' in why
    assert why.isprintable()


def test_white_space_and_order_in_a_record_mean_nothing() -> None:
    tags = KEY.record.split("; ")
    spaced = " ; ".join([tags[2][:20] + " " + tags[2][20:], tags[1], "s=email"])
    assert levels({**GOOD, "autumn._domainkey.school.example": (spaced,)})["DKIM"] is Level.OK


def test_where_a_provider_signs_its_selector_must_have_a_key() -> None:
    sending = replace(SENDING, keys=(), selector="s1")
    assert "s1._domainkey.school.example has no key" in said(GOOD, sending)
    known = {**GOOD, "s1._domainkey.school.example": ("k=rsa; p=MIIB",)}
    assert levels(known, sending)["DKIM"] is Level.OK


def test_where_nobody_says_who_signs_that_is_a_note() -> None:
    assert levels(GOOD, replace(SENDING, keys=()))["DKIM"] is Level.NOTE


def test_a_provider_with_an_envelope_of_its_own_needs_no_spf_of_ours() -> None:
    known = {name: texts for name, texts in GOOD.items() if name != "school.example"}
    assert levels(known, replace(SENDING, envelope=""))["SPF"] is Level.OK


def test_a_dmarc_record_of_the_domain_above_counts() -> None:
    """RFC 9989 4.10: bulletin.school.example is under school.example's policy."""
    sending = replace(SENDING, domain="bulletin.school.example", envelope="bulletin.school.example")
    known = {
        **GOOD,
        "bulletin.school.example": (SPF,),
        "autumn._domainkey.bulletin.school.example": (KEY.record,),
    }
    assert levels(known, sending)["DMARC"] is Level.OK


@pytest.mark.parametrize(
    ("envelope", "record", "expected"),
    [
        ("bounces.school.example", "v=DMARC1; p=none", Level.OK),
        ("school.example", "v=DMARC1; p=none; aspf=s", Level.OK),
        ("bounces.school.example", "v=DMARC1; p=none; aspf=s", Level.WRONG),
        ("elsewhere.example", "v=DMARC1; p=none", Level.WRONG),
    ],
)
def test_without_a_signature_the_envelope_has_to_align(
    envelope: str, record: str, expected: Level
) -> None:
    """RFC 9989 4.4.2."""
    known = {**GOOD, envelope: (SPF,), "_dmarc.school.example": (record,)}
    sending = replace(SENDING, envelope=envelope, keys=())
    assert levels(known, sending)["DMARC"] is expected


def test_two_schools_under_one_public_suffix_are_not_one_organisation() -> None:
    """RFC 9989 4.10.2: psd=y says that the domains below belong to different people."""
    known = {
        "_dmarc.sch.example": ("v=DMARC1; p=none; psd=y",),
        "oak.sch.example": (SPF,),
        "ash.sch.example": (SPF,),
    }
    sending = SendingAs(domain="oak.sch.example", envelope="ash.sch.example")
    assert levels(known, sending)["DMARC"] is Level.WRONG
    assert levels(known, replace(sending, envelope="oak.sch.example"))["DMARC"] is Level.OK


def test_a_name_of_many_parts_is_asked_for_a_few_times_only() -> None:
    domain = ".".join("abcdefghijklmnop") + ".example"
    names = Scripted({})
    Authentication(names).examine(SendingAs(domain=domain, envelope=domain))
    assert len([name for name in names.asked if name.startswith("_dmarc.")]) == 8


def test_a_dns_that_does_not_answer_stops_nothing_and_is_asked_once() -> None:
    names = Scripted(GOOD, silent=True)
    found = Authentication(names).examine(SENDING)
    assert [each.level for each in found] == [Level.NOTE] * 3
    assert len(names.asked) == 1
    Authentication(names).require(SENDING)


class _Server:
    """A name server on 127.0.0.1 that answers from a script, over UDP."""

    def __init__(self, known: Mapping[str, tuple[tuple[str, ...], ...]], rcode: int) -> None:
        self._known = known
        self._rcode = rcode
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(4096)
            if not query:
                return
            self._socket.sendto(self._answer(dns.message.from_wire(query)).to_wire(), client)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        name = query.question[0].name
        records = self._known.get(name.to_text(omit_final_dot=True))
        if records:
            texts = [" ".join(f'"{piece}"' for piece in pieces) for pieces in records]
            reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", texts))
        elif records is None:
            reply.set_rcode(dns.rcode.Rcode(self._rcode))
        return reply

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))


@contextmanager
def name_servers(
    known: Mapping[str, tuple[tuple[str, ...], ...]], otherwise: int = dns.rcode.NXDOMAIN
) -> Iterator[NameServers]:
    server = _Server(known, otherwise)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
        yield NameServers(resolver)
    finally:
        server.stop()
        thread.join()
        server._socket.close()


def test_a_record_in_pieces_is_one_text() -> None:
    with name_servers({"long.school.example": (("v=DKIM1; p=AA", "BB"), ("second",))}) as names:
        assert sorted(names.texts("long.school.example")) == ["second", "v=DKIM1; p=AABB"]


def test_no_such_name_and_no_such_record_are_answers() -> None:
    with name_servers({"empty.school.example": ()}) as names:
        assert names.texts("nowhere.school.example") == ()
        assert names.texts("empty.school.example") == ()


def test_a_server_in_trouble_is_no_answer() -> None:
    with (
        name_servers({}, otherwise=dns.rcode.SERVFAIL) as names,
        pytest.raises(Unanswered, match=r"no answer for school\.example"),
    ):
        names.texts("school.example")


def test_a_name_that_cannot_be_one_is_no_answer() -> None:
    with name_servers({}) as names, pytest.raises(Unanswered):
        names.texts("x" * 64 + ".example")
