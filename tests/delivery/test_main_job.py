"""The main job, from a newsfeed and a list to mail, at the command's own prompt."""

from __future__ import annotations

import mailbox
from pathlib import Path

from installation import (
    Installation,
    MailServer,
    issue_by_commands,
    issue_for_two_roles,
    large_issue,
    parsed,
    text_of,
)


def check_everybody_has_their_own_edition(messages: list[object]) -> None:
    by_address = {str(message["To"]): message for message in messages}  # type: ignore[index]
    assert len(by_address) == len(messages) == 3
    lead, governor, both = (
        next(message for to, message in by_address.items() if address in to)
        for address in ("dsl@", "governor@", "both@")
    )
    for kind in ("plain", "html"):
        assert "Late lunches" in text_of(lead, kind)  # type: ignore[arg-type]
        assert "Safer recruitment" not in text_of(lead, kind)  # type: ignore[arg-type]
        assert "Late lunches" not in text_of(governor, kind)  # type: ignore[arg-type]
        assert "Late lunches" in text_of(both, kind)  # type: ignore[arg-type]
        assert "Safer recruitment" in text_of(both, kind)  # type: ignore[arg-type]
        assert "BLT0" not in text_of(both, kind)  # type: ignore[arg-type]
    assert "Dear Siân," in text_of(lead, "plain")  # type: ignore[arg-type]


def check_it_adds_up(at: Installation, issue: str) -> None:
    status = at.json("issue", "status", issue)
    assert status["state"] == "sent"
    assert status["excluded_by_reason"] == {"nothing_for_roles": 1}
    settled = ("submitted", "failed", "uncertain", "excluded")
    assert status["audience"] == 4 == sum(status[name] for name in settled)


def test_the_outbox_holds_one_copy_a_person_cut_to_their_roles(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_by_commands(at)
    at.run_apart("issue", "send", issue, "--wait")
    copies = [bytes(mail) for mail in mailbox.Maildir(tmp_path / "outbox", create=False)]
    check_everybody_has_their_own_edition([parsed(copy) for copy in copies])
    check_it_adds_up(at, issue)


def test_a_real_smtp_server_gets_one_copy_a_person_cut_to_their_roles(tmp_path: Path) -> None:
    with MailServer() as server:
        at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": server.url})
        issue = issue_for_two_roles(at)
        at.run("issue", "send", issue, "--wait")
        check_everybody_has_their_own_edition(list(server.messages()))
    assert sorted(address for address, _ in server.accepted) == [
        "both@school.example",
        "dsl@school.example",
        "governor@school.example",
    ]
    check_it_adds_up(at, issue)


def test_sending_again_sends_nothing_again(tmp_path: Path) -> None:
    with MailServer() as server:
        at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": server.url})
        issue = issue_for_two_roles(at)
        at.run("issue", "send", issue)
        at.run("issue", "send", issue, "--wait")
        assert len(server.accepted) == 3


def test_the_same_job_on_postgresql(tmp_path: Path, postgres_database: str) -> None:
    at = Installation(tmp_path, {"DATABASE_URL": postgres_database})
    issue = issue_for_two_roles(at)
    at.run("issue", "send", issue, "--wait")
    check_it_adds_up(at, issue)


def test_a_segment_and_an_exclusion_narrow_the_audience(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_for_two_roles(at)
    at.run("segments", "add", "leads", "--where", "role = dsl")
    at.run("segments", "add", "governors", "--where", "role = governor")
    at.run("issue", "send", issue, "--segment", "leads", "--exclude", "governors", "--wait")
    status = at.json("issue", "status", issue)
    assert (status["audience"], status["submitted"]) == (2, 1)
    assert status["excluded_by_reason"] == {"excluded_segment": 1}


def test_whoever_unsubscribes_before_the_send_gets_none(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_for_two_roles(at)
    at.run("suppressions", "add", "dsl@school.example", "--reason", "objection")
    at.run("issue", "send", issue, "--wait")
    status = at.json("issue", "status", issue)
    assert status["excluded_by_reason"] == {"nothing_for_roles": 1, "suppressed": 1}


def test_a_larger_list_gets_every_copy_over_several_connections(tmp_path: Path) -> None:
    with MailServer() as server:
        at = Installation(
            tmp_path,
            {"TRANSPORT": "smtp", "SMTP_URL": server.url, "CHUNK_SIZE": "20"},
        )
        issue = large_issue(at, 200)
        at.run("issue", "send", issue, "--wait")
    addresses = [address for address, _ in server.accepted]
    assert len(addresses) == len(set(addresses)) == 200


def test_the_message_id_of_a_copy_is_its_own_and_of_our_domain(tmp_path: Path) -> None:
    """Requirement 3."""
    with MailServer() as server:
        at = Installation(tmp_path, {"TRANSPORT": "smtp", "SMTP_URL": server.url})
        at.run("issue", "send", issue_for_two_roles(at), "--wait")
        ids = {str(message["Message-ID"]) for message in server.messages()}
    assert len(ids) == 3
    assert all(name.endswith("@school.example>") for name in ids)
