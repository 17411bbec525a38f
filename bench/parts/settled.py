"""An installation as it is after years: 10,000 items, 200 issues, a million copies."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bulletin.models.issues import Visibility
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services
from parts.house import readers
from parts.stock import fill

ITEMS = 10_000
ISSUES = 200
SENT_TO_ALL = 20
PEOPLE = 50_000
PER_ISSUE = 30

# What became of the copies of an issue: most were delivered, a few came back, some left.
_OUTCOMES = text(
    "UPDATE deliveries SET state = CASE"
    " WHEN id % 97 = 0 THEN 'bounced_hard' WHEN id % 89 = 0 THEN 'failed'"
    " WHEN id % 991 = 0 THEN 'uncertain' WHEN id % 3 = 0 THEN 'submitted' ELSE 'delivered' END,"
    " submitted_at = :at, attempt = 1,"
    " detail = CASE WHEN id % 97 = 0 THEN '550 5.1.1 no such mailbox'"
    " WHEN id % 89 = 0 THEN '554 5.7.1 refused' ELSE '' END"
    " WHERE issue_id = :issue AND state = 'prepared'"
)
_CHUNKS = text("UPDATE chunks SET state = 'done', token = NULL WHERE issue_id = :issue")
_SENT = text(
    "UPDATE issues SET state = 'sent', started_at = :at, finished_at = :at WHERE id = :issue"
)
_PRESSES = text(
    "INSERT INTO acknowledgements (delivery_id, issue_id, subscriber_id, organisation_id, email,"
    " name, role_keys, nation, edition, content_hash, wording, acknowledged_at)"
    " SELECT d.id, d.issue_id, s.id, s.organisation_id, s.email, s.name, 'dsl', s.nation, 1,"
    " 'hash', 'wording', :at FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
    " WHERE d.issue_id = :issue AND d.id % 5 = 0"
)


def settle(services: Services) -> None:
    """Fill an empty installation. One issue is left in each state that somebody works on."""
    store = services.store
    fill(store, ITEMS)
    with store.write() as tx:
        tx.roster_import(datetime.now(UTC), "bench").run(readers(PEOPLE))
    services.enrolment.add_segment("Governors", "role = governor", "bench")
    for role in UserRole:
        services.enrolment.add_user(f"{role.value}@school.example", role, "", "bench")
    chance = random.Random(2026)
    usable = [number for number in range(1, ITEMS + 1) if number % 10 < 6]
    for number in range(1, ISSUES + 1):
        title = f"Issue {number}"
        services.drafting.new(title, {}, Visibility.PUBLIC, "editor@school.example")
        slug = f"issue-{number}"
        chosen = chance.sample(usable, PER_ISSUE)
        services.drafting.place(slug, chosen, PlacingOptions(), "editor@school.example")
        if number <= ISSUES - 3:
            _send(services, slug, number)
    _in_work(services)


def _send(services: Services, slug: str, number: int) -> None:
    issue = services.drafting.issue(slug)
    at = {
        "issue": issue.id,
        "at": (datetime.now(UTC) - timedelta(days=30 * (ISSUES - number) + 1)).replace(tzinfo=None),
    }
    services.approval.approve(slug, "approver@school.example", override="bench")
    planned = number > ISSUES - 3 - SENT_TO_ALL
    if planned:
        services.planning.start(slug, None, "editor@school.example")
    with services.store.write() as tx:
        connection = tx._connection  # noqa: SLF001  # what years of sending leave behind
        for statement in (_OUTCOMES, _CHUNKS, _PRESSES, _SENT) if planned else (_SENT,):
            connection.execute(statement, at if ":at" in statement.text else {"issue": issue.id})


def _in_work(services: Services) -> None:
    """The last three: a draft, one that waits for approval, one that is being sent."""
    asked, sending = f"issue-{ISSUES - 1}", f"issue-{ISSUES - 2}"
    services.approval.ask(asked, "editor@school.example", "a bench")
    services.approval.approve(sending, "approver@school.example", override="bench")
    services.planning.start(sending, None, "editor@school.example")
