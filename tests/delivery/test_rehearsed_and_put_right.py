"""Rehearsing an issue, resending what it missed, correcting it: at the command's own prompt."""

from __future__ import annotations

import mailbox
import threading
from pathlib import Path

from installation import Installation, issue_for_two_roles, parsed

from bulletin.models.issues import IssueState
from bulletin.models.people import SubscriberDraft, SubscriberKind, UserRole


def outbox(folder: Path) -> dict[str, str]:
    """Subjects by address of what was really mailed."""
    copies = [parsed(bytes(mail)) for mail in mailbox.Maildir(folder / "outbox", create=False)]
    return {copy["To"].addresses[0].addr_spec: str(copy["Subject"]) for copy in copies}


def send(at: Installation, issue: str) -> int:
    """Send an issue within this process, which is quicker. Returns how many copies have gone."""
    with at.services() as made:
        if made.drafting.issue(issue).state is not IssueState.SENDING:
            made.planning.start(issue, None, "test")
        made.delivery.run(issue, threading.Event(), lambda _: None)
        return made.reporting.status(issue)[1].submitted


def test_an_editor_rehearses_and_then_sends(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_for_two_roles(at)
    found = at.json("issue", "rehearse", issue, "--to", "editor@school.example")
    assert found["mailed"] == {"editor@school.example": "submitted"}
    assert (found["audience"], found["excluded_by_reason"]) == (5, {"nothing_for_roles": 1})
    assert outbox(tmp_path) == {"editor@school.example": "[Rehearsal] December"}
    shown = at.run("issue", "rehearse", issue, "--to", "editor@school.example", "--roles", "dsl")
    assert "nobody else was mailed, and the issue is as it was" in shown
    everything = at.json("issue", "list", "--all")["issues"]
    assert [each["slug"] for each in everything] == [f"{issue}-rehearsal", issue]
    assert send(at, issue) == 3


def test_a_mistake_is_put_right_for_those_who_had_it(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_for_two_roles(at)
    send(at, issue)
    made = at.json("issue", "correction", issue, "1")
    assert (made["corrects_issue"], made["corrects_item"], made["state"]) == (1, 1, "draft")
    assert f"Corrects item 1 of {issue}" in at.run("issue", "show", made["slug"])
    with at.services() as services:
        services.approval.approve(made["slug"], "test")
    refused = at.run("issue", "send", made["slug"], "--exclude", "leads", code=1)
    assert "leave out --segment" in refused
    assert send(at, made["slug"]) == 2
    refused = at.run("issue", "resend-missed", issue, code=1)
    assert f"was corrected by '{made['slug']}'" in refused


def test_who_joined_late_gets_an_issue_that_has_gone(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = issue_for_two_roles(at)
    send(at, issue)
    late = SubscriberDraft("late@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    with at.services() as services:
        services.enrolment.add(late, "test")
    counted = at.json("issue", "resend-missed", issue, "--dry-run")
    assert (counted["late"], counted["failed"], counted["prepared"]) == (1, 0, 1)
    assert "1 copy was prepared" in at.run("issue", "resend-missed", issue)
    assert send(at, issue) == 4


def test_a_trial_says_what_became_of_everybodys_copy(tmp_path: Path) -> None:
    at = Installation(tmp_path, {"TRIAL": "true"})
    issue = issue_for_two_roles(at)
    with at.services() as made:
        made.enrolment.add_user("dsl@school.example", UserRole.EDITOR, "", "test")
    status = at.json("issue", "send", issue, "--wait")
    assert (status["submitted"], status["delivered"]) == (1, 2)
    assert list(outbox(tmp_path)) == ["dsl@school.example"]
