"""DKIM: every copy is signed, and dkimpy, which nobody here wrote, has nothing to object to."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import CONTENT, COPY, LINES, SENDER, header_block, raw_headers, with_fields

from bulletin.errors import InvalidInput
from bulletin.messages import Skeleton, static_headers
from bulletin.messages.dkim import SigningKey, ed25519_key, new_key, rsa_key
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Sender

SIGNED_AT = datetime(2024, 12, 3, 7, 30, tzinfo=UTC)  # verifiers refuse what is still to come
RSA = rsa_key(new_key(ed25519=False), "autumn")
ED25519 = ed25519_key(new_key(ed25519=True), "autumn-ed")
BOTH = (RSA, ED25519)

BODIES = st.lists(
    st.one_of(
        st.sampled_from([field.token for field in Field]),
        st.sampled_from(
            [
                "\n",
                "\r\n",
                "  ",
                " ",
                "\t",
                " \n",
                "   \n\n\n",
                "\n \n",
                ".",
                "\n.\n",
                "x" * 100,
                "Ysgol Tŷ-du  a'r cylch",
                "👩🏽\u200d🏫 ",
                "=20",
                "From here",
            ]
        ),
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60),
    ),
    max_size=10,
).map("".join)


class _VerifyKey:
    """Ed25519 for dkimpy, which asks PyNaCl for it, by the library that we have."""

    def __init__(self, text: bytes, **_: object) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(text))

    def verify(self, message: bytes, signature: bytes) -> bytes:
        self._key.verify(signature, message)
        return message


@pytest.fixture(autouse=True, scope="module")
def _ed25519_for_dkimpy() -> None:
    dkim.nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=_VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature),
    )


def signed(
    content: EditionContent = CONTENT,
    copy: Copy = COPY,
    sender: Sender = SENDER,
    keys: Sequence[SigningKey] = BOTH,
) -> bytes:
    headers = static_headers(issue_id=42, sender=sender)
    return Skeleton(content, sender, headers, keys).dated(SIGNED_AT)(copy)


def verdicts(raw: bytes, domain: str = "school.example") -> list[bool]:
    """What dkimpy says of each signature, with our own records in place of the DNS."""
    published = {f"{key.name(domain)}.".encode(): key.record.encode() for key in BOTH}
    message = dkim.DKIM(raw)
    count = len(re.findall(rb"^DKIM-Signature:", header_block(raw), re.MULTILINE))
    found = []
    for number in range(count):
        try:
            found.append(
                bool(message.verify(number, dnsfunc=lambda name, timeout=5: published.get(name)))
            )
        except dkim.DKIMException:
            found.append(False)
    return found


def tags(raw: bytes) -> list[dict[str, str]]:
    """The tags of each signature."""
    values = [value for name, value in raw_headers(raw) if name == "DKIM-Signature"]
    pairs = [[tag.strip().partition("=") for tag in value.split(";")] for value in values]
    return [{name: re.sub(r"\s", "", text) for name, _, text in each} for each in pairs]


@settings(max_examples=150)
@given(html=BODIES, text=BODIES, name=LINES, subject=LINES)
def test_both_signatures_of_any_copy_hold(html: str, text: str, name: str, subject: str) -> None:
    """Requirement 14: Welsh, emoji, long subjects, spaces side by side, empty lines at the end."""
    content = EditionContent(f"{subject} {Field.FIRST_NAME.token}", html, text)
    raw = signed(content, with_fields(name=name, first_name=name, organisation=name))
    assert verdicts(raw) == [True, True]


@given(html=BODIES, text=BODIES, name=LINES)
def test_squeezing_spaces_on_the_way_would_change_nothing(html: str, text: str, name: str) -> None:
    """RFC 6376 3.4.4: the body is its own relaxed form, which the signer relies on."""
    raw = signed(EditionContent("News", html, text), with_fields(first_name=name, role=name))
    body = raw.partition(b"\r\n\r\n")[2]
    assert dkim.canonicalization.Relaxed.canonicalize_body(body) == body


def _characters_covered(raw: bytes) -> list[int]:
    """Where letters and digits stand in values of our headers, and in the body."""
    start, body = raw.index(b"Date: "), raw.index(b"\r\n\r\n")
    values = [at for at in range(start, body) if b": " in raw[:at].rpartition(b"\r\n")[2]]
    return [at for at in [*values, *range(body, len(raw))] if chr(raw[at]).isalnum()]


@settings(max_examples=60)
@given(st.data())
def test_one_changed_character_breaks_both_signatures(data: st.DataObject) -> None:
    """Nobody changes a word of a copy, or whom it is from, unnoticed."""
    raw = signed()
    at = data.draw(st.sampled_from(_characters_covered(raw)))
    other = b"x" if raw[at : at + 1].lower() != b"x" else b"y"
    assert verdicts(raw[:at] + other + raw[at + 1 :]) == [False, False]


@pytest.mark.parametrize("name", ["From", "To", "Subject", "Date", "Reply-To"])
def test_a_second_header_of_a_name_that_readers_see_breaks_the_signatures(name: str) -> None:
    """Requirement 15: these are oversigned."""
    raw = f"{name}: somebody@elsewhere.example\r\n".encode() + signed()
    assert verdicts(raw) == [False, False]


def test_a_line_added_at_the_end_breaks_the_signatures() -> None:
    """Requirement 15: no l=, which would leave room for more."""
    assert verdicts(signed() + b"More\r\n") == [False, False]
    assert not any("l" in each for each in tags(signed()))


def test_headers_folded_and_spaced_in_another_way_still_verify() -> None:
    raw = signed(sender=replace(SENDER, name="A rather long name, " * 6 + "for a school"))
    name, address = b'From: "', b" <bulletin@school.example>"
    assert b"\r\n" in raw[raw.index(name) : raw.index(address)]
    other = raw.replace(address, b" \t <bulletin@school.example>  ").replace(
        b"Subject: ", b"SUBJECT:"
    )
    assert other != raw
    assert verdicts(other) == [True, True]


def test_what_is_signed_and_how_is_what_the_providers_ask_for() -> None:
    """Requirements 7, 14, 15."""
    found = tags(signed())
    assert [each["a"] for each in found] == ["rsa-sha256", "ed25519-sha256"]
    assert [each["s"] for each in found] == ["autumn", "autumn-ed"]
    for each in found:
        names = each["h"].split(":")
        assert each["c"] == "relaxed/relaxed"
        assert each["d"] == "school.example"
        assert each["t"] == str(int(SIGNED_AT.timestamp()))
        assert set(names) == {
            *("from", "reply-to", "to", "subject", "date", "message-id", "mime-version"),
            *("content-type", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
            "feedback-id",
        }
        twice = {name for name in names if names.count(name) == 2}
        assert twice == {"from", "reply-to", "to", "subject", "date"}


def test_a_letter_that_belongs_to_no_list_is_signed_without_its_headers() -> None:
    copy = replace(COPY, list_unsubscribe=None)
    raw = Skeleton(CONTENT, SENDER, (("Auto-Submitted", "auto-generated"),), BOTH).dated(SIGNED_AT)(
        copy
    )
    assert verdicts(raw) == [True, True]
    assert "list-unsubscribe" not in tags(raw)[0]["h"]


def test_a_domain_of_other_letters_signs_as_it_stands_in_the_dns() -> None:
    raw = signed(sender=replace(SENDER, email="bulletin@ysgol-tŷ.example"))
    assert {each["d"] for each in tags(raw)} == {"xn--ysgol-t-xvb.example"}
    assert verdicts(raw, "xn--ysgol-t-xvb.example") == [True, True]


def test_no_line_of_a_signature_is_long() -> None:
    """Requirement 1."""
    lines = signed().partition(b"\r\nDate: ")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 78


def test_without_keys_nothing_is_signed() -> None:
    assert b"DKIM-Signature" not in signed(keys=())


def test_each_copy_has_a_signature_of_its_own() -> None:
    build = Skeleton(CONTENT, SENDER, static_headers(issue_id=1, sender=SENDER), BOTH).dated(
        SIGNED_AT
    )
    raws = [build(replace(COPY, message_id=f"<{number}@school.example>")) for number in range(3)]
    assert all(verdicts(raw) == [True, True] for raw in raws)
    assert len({each["b"] for raw in raws for each in tags(raw)}) == 6


def _pem(key: object, password: bytes = b"") -> bytes:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)  # type: ignore[attr-defined,no-any-return]  # any kind of key


def test_the_published_record_of_an_ed25519_key_is_the_standards() -> None:
    """RFC 8463 appendix A.2."""
    secret = base64.b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    key = ed25519_key(_pem(ed25519.Ed25519PrivateKey.from_private_bytes(secret)), "brisbane")
    assert key.record == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    assert key.name("football.example.com") == "brisbane._domainkey.football.example.com"


def test_an_rsa_key_that_is_too_short_is_refused_with_what_to_do() -> None:
    """Requirement 14."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(InvalidInput, match=r"1024 bits.*2048.*bulletin dkim new"):
        rsa_key(_pem(short), "autumn")


@pytest.mark.parametrize(
    "pem",
    [b"", b"not a key", new_key(ed25519=True), _pem(ec.generate_private_key(ec.SECP256R1())),
     _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048), b"secret")],
    ids=["empty", "text", "ed25519", "ec", "with-a-password"],
)  # fmt: skip
def test_what_is_no_rsa_key_is_refused(pem: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^holds "):
        rsa_key(pem, "autumn")


def test_what_is_no_ed25519_key_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not Ed25519"):
        ed25519_key(new_key(ed25519=False), "autumn")


@pytest.mark.parametrize(
    "selector", ["", "a b", "a;b", "x\r\ny", "ŵ", ".a", "a..b", "a" * 64, "a\n"]
)
def test_a_selector_that_no_name_can_have_is_refused(selector: str) -> None:
    with pytest.raises(InvalidInput, match="selector"):
        ed25519_key(new_key(ed25519=True), selector)


def test_a_key_never_shows_itself() -> None:
    assert "sign" not in repr(RSA)
