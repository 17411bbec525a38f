"""`bulletin dkim` and `bulletin doctor`: keys, and what to publish for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import dkim
import pytest

from bulletin.pipeline.authentication import Authentication, Finding, Level, SendingAs

if TYPE_CHECKING:
    from conftest import Command


def test_a_new_key_is_for_its_owner_alone_and_comes_with_what_to_publish(
    bulletin: Command, tmp_path: Path
) -> None:
    """Requirement 14."""
    file = tmp_path / "dkim.pem"
    made = bulletin("dkim", "new", str(file), "--selector", "autumn2026")
    assert made.code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" in file.read_bytes()
    assert "autumn2026._domainkey.school.example" in made.out
    assert re.search(r"v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{300,}", made.out)
    assert f"BULLETIN_DKIM_KEY={file}" in made.out
    assert "PRIVATE" not in made.out


def test_a_key_is_never_written_over(bulletin: Command, tmp_path: Path) -> None:
    file = tmp_path / "dkim.pem"
    file.write_text("somebody's key")
    refused = bulletin("dkim", "new", str(file))
    assert refused.code == 1
    assert "never written over" in refused.err
    assert file.read_text() == "somebody's key"


@pytest.mark.parametrize("selector", ["two words", "a;b", "ŵ"])
def test_a_selector_that_the_dns_cannot_have_makes_no_key(
    bulletin: Command, tmp_path: Path, selector: str
) -> None:
    refused = bulletin("dkim", "new", str(tmp_path / "dkim.pem"), "--selector", selector)
    assert refused.code == 1
    assert "selector" in refused.err
    assert not (tmp_path / "dkim.pem").exists()


def test_a_name_that_would_steer_a_terminal_is_shown_without_that(bulletin: Command) -> None:
    """Requirement 59."""
    made, refused = bulletin("dkim", "new", "\x1b[31mred"), bulletin("dkim", "new", "\x1b[31mred")
    assert "The private key is in  [31mred." in made.out
    assert "[31mred exists already" in refused.err
    assert "\x1b" not in made.out + refused.err


def test_a_folder_that_is_not_there_is_named(bulletin: Command, tmp_path: Path) -> None:
    refused = bulletin("dkim", "new", str(tmp_path / "nowhere" / "dkim.pem"))
    assert refused.code == 1
    assert "cannot be written" in refused.err


def _keys(bulletin: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[bytes, bytes]:
    """Make both keys and set them; the records that publish them, by name."""
    records = {}
    for setting, flags in (("DKIM", []), ("DKIM_ED25519", ["--ed25519"])):
        file = folder / f"{setting}.pem"
        selector = setting.lower().replace("_", "-")
        made = bulletin("dkim", "new", str(file), *flags, "--selector", selector, "--json").json
        assert made["file"] == str(file)
        assert made["selector"] == selector
        records[f"{made['name']}.".encode()] = made["record"].encode()
        monkeypatch.setenv(f"BULLETIN_{setting}_KEY", str(file))
        monkeypatch.setenv(f"BULLETIN_{setting}_SELECTOR", selector)
    return records


def test_doctor_prints_the_record_of_every_key(
    bulletin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = _keys(bulletin, tmp_path, monkeypatch)
    said = bulletin("doctor").out
    for name, record in records.items():
        assert f"TXT record at {name.decode().rstrip('.')}: {record.decode()}" in said


def test_what_the_outbox_holds_is_signed_with_these_keys(
    bulletin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what is looked at there is what would leave."""
    records = _keys(bulletin, tmp_path, monkeypatch)
    outbox = tmp_path / "outbox"
    monkeypatch.setenv("BULLETIN_OUTBOX_DIR", str(outbox))
    news = tmp_path / "news.json"
    news.write_text('{"items": [{"topic": "Online", "title": "Advice", "body": "Read it."}]}')
    people = tmp_path / "people.csv"
    people.write_text("email,name,roles,kind\ndsl@school.example,Siân  Ŵ,dsl,corporate\n")
    item = bulletin("items", "import", str(news), "--json").json["items"][0]["id"]
    bulletin("subscribers", "import", str(people))
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", str(item))
    assert bulletin("issue", "approve", "december", "--override", "a test").code == 0
    assert bulletin("issue", "send", "december").code == 0
    (copy,) = (outbox / "new").iterdir()
    raw = copy.read_bytes()
    assert raw.count(b"DKIM-Signature: ") == 2
    found = dkim.DKIM(raw)
    assert found.verify(0, dnsfunc=lambda name, timeout=5: records.get(name))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DKIM_KEY": "nowhere.pem", "DKIM_SELECTOR": "a"}, "nowhere.pem cannot be read: No such"),
        ({"DKIM_KEY": "/dev/zero", "DKIM_SELECTOR": "a"}, "/dev/zero is no file."),
        ({"DKIM_KEY": "rsa.pem"}, "BULLETIN_DKIM_KEY needs BULLETIN_DKIM_SELECTOR"),
        ({"DKIM_KEY": "ed.pem", "DKIM_SELECTOR": "a"}, "ed.pem holds a key that is not RSA"),
        ({"DKIM_ED25519_KEY": "rsa.pem", "DKIM_ED25519_SELECTOR": "a"}, "not Ed25519"),
        ({"DKIM_ED25519_SELECTOR": "a"}, "BULLETIN_DKIM_ED25519_KEY is not"),
        (
            {"DKIM_KEY": "rsa.pem", "DKIM_SELECTOR": "a", "DKIM_ED25519_KEY": "ed.pem",
             "DKIM_ED25519_SELECTOR": "A"},
            "must be different",
        ),
        ({"BOUNCE_ADDRESS": "not an address"}, "BULLETIN_BOUNCE_ADDRESS must be one bare address"),
        ({"BOUNCE_ADDRESS": "b" * 26 + "@school.example"}, "more than 25 characters before"),
    ],
)  # fmt: skip
def test_a_key_or_address_that_cannot_be_used_stops_a_send_at_its_start(
    bulletin: Command,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    said: str,
) -> None:
    bulletin("dkim", "new", "rsa.pem")
    bulletin("dkim", "new", "ed.pem", "--ed25519")
    for name, value in settings.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)
    for words in (("issue", "send", "december"), ("doctor",)):
        refused = bulletin(*words)
        assert refused.code == 1
        assert said in refused.err + refused.out


def test_doctor_says_what_the_dns_says(bulletin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(_self: Authentication, sending: SendingAs) -> Sequence[Finding]:
        return [Finding("DMARC", Level.WRONG, f"{sending.domain} has no DMARC record.")]

    monkeypatch.setattr(Authentication, "examine", examine)
    monkeypatch.setenv("BULLETIN_TRANSPORT", "sendgrid")
    monkeypatch.setenv("BULLETIN_SENDGRID_API_KEY", "SG.x")
    found = bulletin("doctor", "--json")
    assert found.code == 1
    assert {
        "what": "DMARC", "level": "wrong", "said": "school.example has no DMARC record.",
    } in found.json["checks"]  # fmt: skip
    monkeypatch.setenv("BULLETIN_CHECK_SENDER", "false")
    assert "not asked" in bulletin("doctor").out
