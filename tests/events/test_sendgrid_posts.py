"""SendGrid's Event Webhook: who may tell us something, and what it means."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import InvalidInput, Misconfigured
from bulletin.events.sendgrid import REPLAY_WINDOW, Seal, read_post
from bulletin.models.events import EventKind
from bulletin.models.people import SuppressionReason
from signed_posts import PUBLIC_KEY, body_of, row, sign

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)

# The example that the provider's own libraries are tested with: a fact, which nobody can make up.
OFFICIAL_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1"
    "flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
OFFICIAL_SIGNATURE = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtE"
    "ZtM="
)
OFFICIAL_MOMENT = "1600112502"
OFFICIAL_BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)
OTHER_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo"
    "7aNDthvj+y7GjUuFDb/R1NGe1OPzpA=="
)
OTHER_SIGNATURE = (
    "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3"
    "j/0="
)
THEN = datetime.fromtimestamp(1600112510, UTC)


def test_the_providers_own_example_is_genuine() -> None:
    seal = Seal(OFFICIAL_KEY)
    assert seal.is_genuine(OFFICIAL_BODY, OFFICIAL_SIGNATURE, OFFICIAL_MOMENT, THEN)


@pytest.mark.parametrize(
    ("key", "body", "signature", "moment"),
    [
        (OTHER_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, OFFICIAL_MOMENT),
        (OFFICIAL_KEY, b"payload", OFFICIAL_SIGNATURE, OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY.rstrip(), OFFICIAL_SIGNATURE, OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY, OTHER_SIGNATURE, OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, "timestamp"),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, "1600112503"),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, ""),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, "-1"),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, "1" * 400),
        (OFFICIAL_KEY, OFFICIAL_BODY, OFFICIAL_SIGNATURE, "١٦٠٠١١٢٥٠٢"),
        (OFFICIAL_KEY, OFFICIAL_BODY, "", OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY, "not base64!", OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY, "é", OFFICIAL_MOMENT),
        (OFFICIAL_KEY, OFFICIAL_BODY, base64.b64encode(b"not DER").decode(), OFFICIAL_MOMENT),
    ],
)
def test_anything_else_is_not(key: str, body: bytes, signature: str, moment: str) -> None:
    """Requirement 66: the raw bytes, to the last line end, and nothing raised."""
    assert not Seal(key).is_genuine(body, signature, moment, THEN)


@given(st.binary(max_size=60), st.text(max_size=60), st.text(max_size=15))
def test_nothing_made_up_is_genuine(body: bytes, signature: str, moment: str) -> None:
    assert not Seal(OFFICIAL_KEY).is_genuine(body, signature, moment, THEN)


@pytest.mark.parametrize(
    ("age", "taken"),
    [
        (timedelta(0), True),
        (timedelta(hours=24, minutes=30), True),
        (REPLAY_WINDOW + timedelta(seconds=1), False),
        (-timedelta(minutes=4), True),
        (-timedelta(minutes=6), False),
    ],
)
def test_a_post_may_be_repeated_for_a_day_and_comes_from_no_future(
    age: timedelta, taken: bool
) -> None:
    moment = str(int((NOON - age).timestamp()))
    assert Seal(PUBLIC_KEY).is_genuine(b"[]", sign(b"[]", moment), moment, NOON) is taken


def test_a_key_may_be_pasted_over_several_lines() -> None:
    broken = f" {OFFICIAL_KEY[:40]}\n{OFFICIAL_KEY[40:]} "
    assert Seal(broken).is_genuine(OFFICIAL_BODY, OFFICIAL_SIGNATURE, OFFICIAL_MOMENT, THEN)


def _another_curve() -> str:
    public = generate_private_key(SECP384R1()).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.mark.parametrize(
    "key", ["secret", OFFICIAL_KEY[:-8], OFFICIAL_KEY[4:], "é", _another_curve()]
)
def test_a_key_that_is_none_is_said_at_the_start(key: str) -> None:
    with pytest.raises(Misconfigured, match="SENDGRID_WEBHOOK_PUBLIC_KEY is no verification key"):
        Seal(key)


@pytest.mark.parametrize(
    ("event", "more", "kind"),
    [
        ("processed", {}, EventKind.PROCESSED),
        ("deferred", {"response": "450 4.2.1 try later", "attempt": "2"}, EventKind.DEFERRED),
        ("delivered", {"response": "250 2.0.0 OK"}, EventKind.DELIVERED),
        ("spamreport", {}, EventKind.COMPLAINED),
        ("unsubscribe", {}, EventKind.UNSUBSCRIBED),
        ("group_unsubscribe", {"asm_group_id": 10}, EventKind.UNSUBSCRIBED),
        ("dropped", {"reason": "Spam Content"}, EventKind.DROPPED),
    ],
)
def test_every_event_of_the_provider_has_a_meaning(
    event: str, more: dict[str, object], kind: EventKind
) -> None:
    (told,) = read_post(body_of(row(event, 7, NOON, **more)))
    assert (told.kind, told.delivery_id, told.occurred_at) == (kind, 7, NOON)
    assert told.address == "dsl@school.example"


@pytest.mark.parametrize(
    ("more", "hard"),
    [
        ({"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}, True),
        ({"type": "bounce", "status": "5.0.0", "reason": "550 5.1.1 no such user"}, True),
        ({"type": "bounce", "status": "5.1.1"}, True),
        ({"type": "bounce", "reason": "550 unknown", "bounce_classification": "Invalid Address"},
         True),
        ({"type": "bounce", "status": "5.0.0", "reason": "550 unknown"}, False),
        ({"type": "bounce", "status": "5.7.1", "bounce_classification": "Invalid Address"}, False),
        ({"type": "bounce", "reason": "552 5.2.2 full"}, False),
        ({"type": "bounce", "reason": "550 x", "bounce_classification": "Mailbox Unavailable"},
         False),
        ({"type": "blocked", "status": "5.1.1", "reason": "550 5.1.1 blocked"}, False),
        ({"type": "blocked", "bounce_classification": "Invalid Address"}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_a_bounce_is_hard_only_by_its_code_or_the_providers_own_word(
    more: dict[str, object], hard: bool
) -> None:
    """`blocked` is about the copy or the server, whatever else it says."""
    (told,) = read_post(body_of(row("bounce", 7, NOON, **more)))
    assert told.kind is (EventKind.BOUNCED_HARD if hard else EventKind.BOUNCED_SOFT)
    assert told.bars is (SuppressionReason.HARD_BOUNCE if hard else None)


@pytest.mark.parametrize(
    ("reason", "bars"),
    [
        ("Spam Reporting Address", SuppressionReason.COMPLAINT),
        ("Unsubscribed Address", SuppressionReason.UNSUBSCRIBED),
        ("Invalid", SuppressionReason.HARD_BOUNCE),
        ("Bounced Address", None),
        ("Invalid SMTPAPI header", None),
        ("Recipient List over Package Quota", None),
        ("Spam Content", None),
    ],
)
def test_a_drop_bars_an_address_where_the_provider_knows_why(
    reason: str, bars: SuppressionReason | None
) -> None:
    (told,) = read_post(body_of(row("dropped", 7, NOON, reason=reason)))
    assert (told.kind, told.bars, told.detail) == (EventKind.DROPPED, bars, reason)


@pytest.mark.parametrize(
    "told",
    [
        row("open", 7, NOON, useragent="Scanner"),
        row("click", 7, NOON, url="https://school.example/"),
        row("group_resubscribe", 7, NOON),
        row("something_new", 7, NOON),
        row("delivered", -7, NOON),
        row("delivered", 0, NOON),
        row("delivered", 2**63, NOON),
        row("delivered", 7, NOON) | {"delivery_id": None},
        row("delivered", 7, NOON) | {"delivery_id": "7; DROP TABLE events"},
        row("delivered", 7, NOON) | {"delivery_id": ["7"]},
        row("delivered", 7, NOON) | {"email": None},
        row("spamreport", 7, NOON) | {"email": ""},
        row("spamreport", 7, NOON) | {"email": " \t"},
        row("delivered", 7, NOON) | {"timestamp": "noon"},
        row("delivered", 7, NOON) | {"timestamp": 1e300},
        row("delivered", 7, NOON) | {"timestamp": True, "delivery_id": True},
        {},
    ],
)
def test_what_is_about_no_copy_of_ours_is_left_out(told: dict[str, object]) -> None:
    """Letters have negative numbers; opens and clicks are never looked at (requirement 52)."""
    assert read_post(body_of(told, row("delivered", 8, NOON)))[0].delivery_id == 8
    assert len(read_post(body_of(told))) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"[1]",
        b"[",
        b"[" * 100_000,
        b"\xff\xfe",
        b'"x"',
        b"[" + b"1" * 5000 + b"]",
    ],
)
def test_what_is_no_list_of_events_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_post(body)


def test_no_address_and_nothing_of_a_person_is_kept() -> None:
    (told,) = read_post(
        body_of(
            row(
                "bounce", 7, NOON, type="bounce", ip="192.0.2.9", useragent="Phone", url="https://x",
                reason="550 5.1.1 <DSL@school.example>: dsl@School.example is unknown",
            )
        )
    )  # fmt: skip
    kept = json.dumps([dict(told.raw), told.detail]).lower()
    for trace in ("dsl@school.example", "192.0.2.9", "phone", "https://x", "smtp-id"):
        assert trace not in kept
    assert told.detail == "550 5.1.1 <(address)>: (address) is unknown"
    assert told.raw["event"] == "bounce"


def test_an_event_without_a_number_has_one_made_of_what_it_says() -> None:
    bare = {name: value for name, value in row("dropped", 7, NOON).items() if name != "sg_event_id"}
    (first,), (again,) = read_post(body_of(bare)), read_post(body_of(bare))
    (other,) = read_post(body_of(bare | {"reason": "Invalid"}))
    assert first.event_id == again.event_id != other.event_id
    assert (
        len(read_post(body_of(row("dropped", 7, NOON, sg_event_id="x" * 500)))[0].event_id) <= 128
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["event", "email", "timestamp", "delivery_id", "sg_event_id", "reason",
                         "status", "type", "attempt", "tls", "bounce_classification"]),
        json_values,
    ),
    st.sampled_from(["bounce", "dropped", "delivered"]),
)  # fmt: skip
def test_whatever_a_field_holds_an_event_can_be_stored(
    fields: dict[str, object], event: str
) -> None:
    for told in read_post(json.dumps([row(event, 7, NOON) | fields]).encode()):
        assert told.event_id.isprintable()
        assert 0 < len(told.event_id) <= 128
        assert told.detail.isprintable()
        for value in told.raw.values():
            assert not isinstance(value, str) or value.isprintable()
