"""SendGrid: what is asked of Mail Send, within its limits. Each LIMIT is one of its own pages'.

It answers 202 to some of what it will not send, and says so only in a later event; so that is
refused here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from consigned import (
    CONTENT,
    SENDER,
    as_meant,
    consignment,
    copy_for,
    only,
    outcomes,
    readers,
)
from hypothesis import given
from hypothesis import strategies as st
from mail_send import KEY, MailSend, Request, arrived

from bulletin.errors import InvalidInput
from bulletin.models.deliveries import Consignment, Copy, Outcome
from bulletin.models.editions import EditionContent, Field
from bulletin.transports import sendgrid_request
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.sendgrid_request import RequestBuilder

# The fields of the reference that nobody may set in a message's or a personalization's headers.
RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type"),
    *("content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"),
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def provider() -> Iterator[MailSend]:
    with MailSend() as provider:
        yield provider


@pytest.fixture
def transport(provider: MailSend) -> SendGridTransport:
    return SendGridTransport(KEY, base_url=provider.url, timeout=20)


def request_for(handed: Consignment) -> dict[str, Any]:
    builder = RequestBuilder(handed)
    found: dict[str, Any] = json.loads(
        builder.request([builder.personalization(copy) for copy in handed.copies])
    )
    return found


def test_a_request_goes_to_mail_send_with_the_key_as_its_bearer(
    provider: MailSend, transport: SendGridTransport
) -> None:
    only(transport, readers(1))
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v3/mail/send")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Content-Type"] == "application/json"


def test_a_request_holds_these_fields_and_no_other() -> None:
    """LIMIT: no top-level custom_args (which the official specification refuses), no send_at (72
    hours), no categories (10), no top-level headers (a personalization's may take their place).
    """
    assert set(request_for(readers(2))) == {
        *("personalizations", "from", "reply_to", "subject", "content", "tracking_settings"),
    }


def test_everybody_has_a_personalization_of_their_own() -> None:
    """TRAP: `Mail(to_emails=[a, b])` puts all in ONE personalization; each sees the others."""
    request = request_for(readers(5))
    assert [each["to"] for each in request["personalizations"]] == [
        [{"email": f"reader{n}@school.example", "name": f"Reader {n}"}] for n in range(1, 6)
    ]
    for each in request["personalizations"]:
        assert set(each) == {"to", "headers", "substitutions", "custom_args"}


def test_headers_go_into_each_personalization_and_nothing_reserved_among_them() -> None:
    """LIMIT: substitutions do not apply to headers; some cannot be set. Requirements 6, 13, 22."""
    for number, each in enumerate(request_for(readers(3))["personalizations"], start=1):
        assert each["headers"] == {
            **dict(readers(1).headers),
            "List-Unsubscribe": f"<https://bulletin.school.example/u/{number}-abc?a=1&b=2>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        assert not RESERVED & {name.lower() for name in each["headers"]}


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_reserved_header_is_refused_by_name(name: str) -> None:
    """LIMIT: reserved headers cannot be set."""
    with pytest.raises(InvalidInput, match=f"(?i){name}"):
        RequestBuilder(replace(readers(1), headers=((name, "x"),)))


def test_custom_args_are_numbers_of_ours_and_say_nothing_about_a_person() -> None:
    """LIMIT: custom_args under 10,000 bytes, as strings; they come back in every event."""
    (each,) = request_for(readers(1, start=77))["personalizations"]
    assert each["custom_args"] == {"delivery_id": "77", "chunk_id": "12-3"}


def test_no_tracking_is_asked_for() -> None:
    """LIMIT: each kind is on unless it is switched off; subscription tracking inserts its own
    List-Unsubscribe. Invariant 9, requirement 6.
    """
    settings = request_for(readers(1))["tracking_settings"]
    assert set(settings) == {
        *("click_tracking", "open_tracking", "subscription_tracking", "ganalytics"),
    }
    assert all(setting["enable"] is False for setting in settings.values())
    assert settings["click_tracking"]["enable_text"] is False


def test_html_and_text_have_tags_of_their_own() -> None:
    """LIMIT: a substitution goes in raw, in text and in HTML alike."""
    handed = consignment([copy_for(1, name="O'Brien & <b>")])
    request = request_for(handed)
    (each,) = request["personalizations"]
    values = set(each["substitutions"].values())
    assert {"O'Brien & <b>", "O&#x27;Brien &amp; &lt;b&gt;"} <= values
    assert arrived(request, each) == as_meant(handed.copies[0])


def test_only_what_the_edition_uses_is_substituted() -> None:
    content = EditionContent("S", html=f"<p>{Field.ROLE.token}</p>", text="T")
    (each,) = request_for(consignment([copy_for(1)], content))["personalizations"]
    assert list(each["substitutions"].values()) == ["governor 1"]


@pytest.mark.parametrize("name", ["O'Brien, Sean", "Sean; Pat", "Reader, 1; 2"])
def test_a_name_with_a_comma_or_semicolon_is_left_out_of_to(name: str) -> None:
    """LIMIT: `to.name` without `,` or `;`. TRAP: `To("O'Brien, Sean <a@b>")` has a name
    "O'Brien" and no address.
    """
    (each,) = request_for(consignment([copy_for(1, name=name)]))["personalizations"]
    assert each["to"] == [{"email": "reader1@school.example"}]
    assert name in each["substitutions"].values()


@pytest.mark.parametrize("name", ["Siân O'Brien", 'Sam "Sunny" <x@y.example>', "李雷"])
def test_other_names_stand_in_to(name: str) -> None:
    (each,) = request_for(consignment([copy_for(1, name=name)]))["personalizations"]
    assert each["to"] == [{"email": "reader1@school.example", "name": name}]


def test_addresses_go_out_in_ascii() -> None:
    """Requirement 20."""
    sender = replace(SENDER, email="b@ysgol-tŷ.example", reply_to="r@ysgol-tŷ.example")
    handed = consignment([copy_for(1, address="dsl@ysgol-tŷ.example")], sender=sender)
    request = request_for(handed)
    assert request["from"]["email"] == "b@xn--ysgol-t-xvb.example"
    assert request["reply_to"]["email"] == "r@xn--ysgol-t-xvb.example"
    assert request["personalizations"][0]["to"][0]["email"] == "dsl@xn--ysgol-t-xvb.example"


def test_more_than_a_thousand_copies_are_several_calls(
    provider: MailSend, transport: SendGridTransport
) -> None:
    """LIMIT: 1000 personalizations, and 1000 recipients, a request."""
    assert set(outcomes(transport, readers(2001)).values()) == {Outcome.SUBMITTED}
    assert [len(request.personalizations) for request in provider.requests] == [1000, 1000, 1]
    assert len(set(provider.addresses())) == 2001


def test_a_call_stays_below_the_limit_in_bytes(
    provider: MailSend, transport: SendGridTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LIMIT: a request under 20 MB, content and all."""
    assert sendgrid_request.MOST_BYTES < 20_000_000
    monkeypatch.setattr(sendgrid_request, "MOST_BYTES", 20_000)
    assert set(outcomes(transport, readers(100)).values()) == {Outcome.SUBMITTED}
    sizes = [len(request.body) for request in provider.requests]
    assert len(sizes) > 2
    assert max(sizes) <= 20_000
    assert sorted(provider.addresses()) == sorted(copy.address for copy in readers(100).copies)


def test_a_real_call_of_a_thousand_is_far_below_that_limit(
    provider: MailSend, transport: SendGridTransport
) -> None:
    page = replace(CONTENT, html=CONTENT.html + "<p>x</p>" * 7_500)
    outcomes(transport, consignment([copy_for(n) for n in range(1000)], page))
    assert len(provider.requests) == 1
    assert len(provider.requests[0].body) < 2_000_000


def test_fields_that_are_longer_than_substitutions_may_be_fail_that_copy_alone(
    provider: MailSend, transport: SendGridTransport
) -> None:
    """LIMIT: 10,000 bytes of substitutions a personalization."""
    long = copy_for(2, name="ŵ" * 4000)
    receipts = {
        each.delivery_id: each
        for each in transport.send(consignment([copy_for(1), long, copy_for(3)]))
    }
    assert receipts[2].outcome is Outcome.FAILED
    assert "longer than SendGrid takes" in receipts[2].detail
    assert provider.addresses() == ["reader1@school.example", "reader3@school.example"]
    for each in provider.requests[0].personalizations:
        assert len(json.dumps(each["substitutions"])) <= 10_000


@pytest.mark.parametrize("again", ["reader1@school.example", "READER1@School.example"])
def test_an_address_stands_once_in_a_call(
    provider: MailSend, transport: SendGridTransport, again: str
) -> None:
    """LIMIT: an address twice in a request gets the whole request refused, or dropped."""
    found = outcomes(transport, consignment([copy_for(1), copy_for(2, address=again)]))
    assert found == {1: Outcome.SUBMITTED, 2: Outcome.FAILED}
    assert provider.addresses() == ["reader1@school.example"]


@pytest.mark.parametrize("subject", ["", "  "])
def test_an_issue_without_a_subject_is_not_offered(
    provider: MailSend, transport: SendGridTransport, subject: str
) -> None:
    """LIMIT: a subject is required."""
    handed = consignment([copy_for(1), copy_for(2)], replace(CONTENT, subject=subject))
    assert set(outcomes(transport, handed).values()) == {Outcome.FAILED}
    assert provider.requests == []


def test_no_call_is_made_for_nobody(provider: MailSend, transport: SendGridTransport) -> None:
    """LIMIT: at least one personalization."""
    bad = [copy_for(1, address="nobody"), copy_for(2, address="siân@school.example")]
    assert set(outcomes(transport, consignment(bad)).values()) == {Outcome.FAILED}
    assert provider.requests == []


def test_a_copy_is_checked_without_being_built_where_it_can_be() -> None:
    """Building, and signing, each message for a provider that builds its own costs the most."""

    def build(_copy: Copy) -> bytes:
        pytest.fail("a message was built")

    def check(copy: Copy) -> None:
        if copy.delivery_id == 2:
            raise InvalidInput("no message can be made of it")

    builder = RequestBuilder(replace(readers(2), mime=build, check=check))
    first, second = readers(2).copies
    assert builder.personalization(first).email == "reader1@school.example"
    with pytest.raises(InvalidInput, match="no message"):
        builder.personalization(second)


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)


@given(names=st.lists(NAMES, min_size=1, max_size=4))
def test_whatever_people_are_called_a_request_says_what_was_meant(names: list[str]) -> None:
    copies: list[Copy] = [copy_for(n, name=name) for n, name in enumerate(names, start=1)]
    request = request_for(consignment(copies))
    for copy, each in zip(copies, request["personalizations"], strict=True):
        assert arrived(request, each) == as_meant(copy)
        assert all(isinstance(value, str) for value in each["substitutions"].values())
        assert len(each["to"]) == 1
    assert len({json.dumps(each["to"]) for each in request["personalizations"]}) == len(names)


def test_a_request_reads_back_as_json_of_ascii(
    provider: MailSend, transport: SendGridTransport
) -> None:
    """Bytes are counted before they are sent, so a letter must not grow on the way."""
    outcomes(transport, consignment([copy_for(1, name="Llŷr 👩🏽‍🏫")]))
    (request,) = provider.requests
    assert isinstance(request, Request)
    assert request.body.isascii()
