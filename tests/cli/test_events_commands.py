"""`bulletin events` and what `bulletin doctor` says of what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

GONE = b"""\
From: MAILER-DAEMON@mx.school.example
To: bulletin@school.example
Subject: failure notice

Hi. This is the qmail-send program at mx.school.example.

<dsl@school.example>:
[31mSorry, no mailbox here by that name. <b>(#5.1.1)</b>

--- Below this line is a copy of the message.
"""


@pytest.fixture
def bounce(tmp_path: Path) -> str:
    path = tmp_path / "bounce.eml"
    path.write_bytes(GONE.replace(b"[31m", b"\x1b[31m"))
    return str(path)


def test_a_message_is_read_into_one_document(bulletin: Any, bounce: str) -> None:
    found = bulletin("events", "parse", bounce, "--json")
    assert found.code == 0
    assert found.json == {
        "kind": "bounce",
        "recipients": [
            {
                "address": "dsl@school.example",
                "status": "",
                "hard": True,
                "diagnostic": "dsl@school.example>: [31mSorry, no mailbox here by that name. "
                "<b>(#5.1.1)</b>",
            }
        ],
    }


def test_a_person_is_told_in_words_that_steer_no_terminal(bulletin: Any, bounce: str) -> None:
    """Requirement 59."""
    said = bulletin("events", "parse", bounce).out
    assert "A copy came back." in said
    assert "dsl@school.example" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("command", ["parse", "ingest"])
def test_a_file_that_is_not_there_is_refused(bulletin: Any, command: str) -> None:
    refused = bulletin("events", command, "nothing.eml")
    assert refused.code == 1
    assert "There is no file nothing.eml" in refused.err


@pytest.mark.parametrize("command", ["parse", "ingest"])
def test_a_path_that_no_file_can_have_is_refused_in_a_sentence(bulletin: Any, command: str) -> None:
    refused = bulletin("events", command, "x" * 5000)
    assert refused.code == 1
    assert "cannot be read: File name too long." in refused.err


def test_what_is_not_about_a_copy_of_ours_is_counted(bulletin: Any, bounce: str) -> None:
    found = bulletin("events", "ingest", bounce, "--json")
    assert found.json == {
        "read": 1, "recorded": 0, "repeated": 0, "unmatched": 1, "ignored": 0, "unreadable": 0,
    }  # fmt: skip
    assert "1 about no copy of ours" in bulletin("events", "ingest", bounce).out


def test_a_mailbox_that_is_not_set_is_refused_with_the_setting(bulletin: Any) -> None:
    refused = bulletin("events", "ingest", "imap")
    assert (refused.code, "BULLETIN_BOUNCE_IMAP_URL is missing" in refused.err) == (1, True)


def test_doctor_says_whether_anybody_tells_of_copies(
    bulletin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_SENDGRID_WEBHOOK_PUBLIC_KEY", "no key")
    monkeypatch.setenv("BULLETIN_BOUNCE_IMAP_URL", "imap://b:secret@127.0.0.1:1/INBOX")
    found = {each["what"]: each for each in bulletin("doctor", "--json").json["checks"]}
    assert found["webhook"]["level"] == found["bounce mailbox"]["level"] == "wrong"
    assert "is no verification key" in found["webhook"]["said"]
    assert "INBOX of b at 127.0.0.1:1 cannot be read" in found["bounce mailbox"]["said"]
    assert "secret" not in found["bounce mailbox"]["said"]


def test_doctor_notes_what_a_transport_misses(
    bulletin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_TRANSPORT", "sendgrid")
    monkeypatch.setenv("BULLETIN_CHECK_SENDER", "false")
    found = {each["what"]: each for each in bulletin("doctor", "--json").json["checks"]}
    assert found["webhook"]["level"] == "note"


def test_doctor_says_where_copies_in_doubt_are_never_sent_again(
    bulletin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        found = {each["what"]: each for each in bulletin("doctor", "--json").json["checks"]}
        return found.get("copies in doubt", {"said": ""})["said"]

    monkeypatch.setenv("BULLETIN_CHECK_SENDER", "false")
    monkeypatch.setenv("BULLETIN_UNCERTAIN", "resend")
    assert "held, whatever BULLETIN_UNCERTAIN says" in said()
    monkeypatch.setenv("BULLETIN_TRANSPORT", "simulator")
    assert said() == ""
    monkeypatch.setenv("BULLETIN_TRANSPORT", "sendgrid")
    assert "nobody tells of every copy" in said()
