"""A report says who acknowledged what, who has not for a year, and no more than it knows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.evidence import Mark, OrganisationReport, PersonEvidence, Presence
from bulletin.models.items import Nation
from bulletin.models.people import SubscriberKind, SuppressionReason
from bulletin.pipeline.evidence import exporting, words
from bulletin.settings import load_settings
from sent_issues import ELM, House, open_house

LONDON = ZoneInfo("Europe/London")
DSL, HEAD, GOVERNOR = "dsl@oak.example", "head@oak.example", "governor@oak.example"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(database_url, tmp_path)
    made.enrol(DSL, "dsl", name="Alex Example")
    made.enrol(HEAD, "headteacher", "deputy_dsl", name="Sam Sample")
    made.enrol(GOVERNOR, "governor", name="Kim Placeholder")
    yield made
    made.services.close()


def oak(house: House, on: str = "2026-12-20") -> OrganisationReport:
    house.now = house.now.fromisoformat(f"{on}T09:00:00+00:00")
    return house.services.evidence.organisation("Oak School")


def row(report: OrganisationReport, email: str) -> PersonEvidence:
    (found,) = [each for each in (*report.people, *report.former) if each.email == email]
    return found


def marks(person: PersonEvidence) -> list[Mark]:
    return [cell.mark for cell in person.cells]


def rows_of(report: OrganisationReport) -> list[dict[str, str]]:
    text = exporting.as_csv(report, LONDON)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_it_says_per_person_and_issue_what_was_acknowledged_and_when(house: House) -> None:
    november = house.send("November", "2026-11-03")
    house.press(november, DSL, on="2026-11-04")
    december = house.send("December", "2026-12-01")
    house.press(december, DSL, on="2026-12-02")
    house.press(december, HEAD, on="2026-12-03")
    report = oak(house)
    assert [issue.title for issue in report.issues] == ["December", "November"]
    assert marks(row(report, DSL)) == [Mark.ACKNOWLEDGED, Mark.ACKNOWLEDGED]
    assert marks(row(report, HEAD)) == [Mark.ACKNOWLEDGED, Mark.OPEN]
    assert marks(row(report, GOVERNOR)) == [Mark.OPEN, Mark.OPEN]
    assert words.cell(row(report, HEAD).cells[0], LONDON) == "3 December 2026"
    assert words.summary(report) == "2 of 3 people acknowledged an issue in the last 365 days."
    assert [words.tally(share) for share in report.shares] == ["2 of 3", "1 of 3"]


def test_nobody_is_flagged_on_the_365th_day_and_everybody_on_the_next(house: House) -> None:
    """Requirement 54."""
    issue = house.send("December", "2025-12-01")
    house.press(issue, DSL, on="2025-12-02")
    assert not row(oak(house, "2026-12-02"), DSL).overdue
    person = row(oak(house, "2026-12-03"), DSL)
    assert person.overdue
    assert words.latest(person, LONDON) == "No issue acknowledged since 2 December 2025."


def test_who_never_acknowledged_anything_is_flagged(house: House) -> None:
    house.send("December", "2026-12-01")
    person = row(oak(house), GOVERNOR)
    assert person.overdue
    assert words.latest(person, LONDON) == (
        "No issue acknowledged. On the list since 5 January 2026."
    )


def test_issues_go_back_24_months_and_the_last_acknowledgement_further(house: House) -> None:
    old = house.send("Old", "2024-11-30")
    house.press(old, DSL, on="2024-12-01")
    house.send("Young", "2024-12-21")
    report = oak(house, "2026-12-20")
    assert [issue.title for issue in report.issues] == ["Young"]
    last = row(report, DSL).last
    assert last is not None
    assert report.titles[last.issue_id] == "Old"


def test_an_issue_that_nobody_there_was_sent_is_not_in_the_report(house: House) -> None:
    house.send("Ours", "2026-11-03")
    for email in (DSL, HEAD, GOVERNOR):
        house.services.enrolment.suppress(email, SuppressionReason.MANUAL, "", "test")
    house.enrol("dsl@elm.example", **ELM)
    house.send("Theirs", "2026-12-01")
    report = oak(house)
    assert [issue.title for issue in report.issues] == ["Ours"]
    assert words.summary(report) == "Nobody at this organisation is on the list."


def test_who_joined_later_was_not_sent_the_issues_before(house: House) -> None:
    house.send("November", "2026-11-03")
    house.enrol("new@oak.example", "senco")
    house.send("December", "2026-12-01")
    assert marks(row(oak(house), "new@oak.example")) == [Mark.OPEN, Mark.NOT_SENT]


def test_who_unsubscribed_is_shown_as_left_with_the_date_and_not_counted(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    house.services.enrolment.suppress(DSL, SuppressionReason.UNSUBSCRIBED, "", "test")
    report = oak(house)
    person = row(report, DSL)
    assert person in report.former
    assert words.presence(person, LONDON) == "Left the list on 2 December 2026"
    assert marks(person) == [Mark.ACKNOWLEDGED]
    assert words.summary(report) == "0 of 2 people acknowledged an issue in the last 365 days."


def test_why_somebody_gets_no_mail_stays_between_them_and_us(house: House) -> None:
    """A complaint is no business of an employer: it looks like any other way of leaving."""
    house.send("December", "2026-12-01")
    house.services.enrolment.suppress(DSL, SuppressionReason.COMPLAINT, "rude words", "test")
    report = oak(house)
    everything = exporting.as_json(report) + exporting.as_csv(report, LONDON)
    assert words.presence(row(report, DSL), LONDON) == "Left the list on 1 December 2026"
    assert "complain" not in everything.casefold()
    assert "rude words" not in everything


@pytest.mark.parametrize("why", [SuppressionReason.HARD_BOUNCE, SuppressionReason.SOFT_BOUNCE])
def test_who_cannot_be_reached_is_still_here_and_to_be_followed_up(
    house: House, why: SuppressionReason
) -> None:
    house.send("December", "2026-12-01")
    house.services.enrolment.suppress(HEAD, why, "", "test")
    report = oak(house)
    person = row(report, HEAD)
    assert person in report.overdue
    assert words.presence(person, LONDON) == "Address stopped working on 1 December 2026"


def test_who_moved_on_stays_with_what_they_acknowledged_there(house: House) -> None:
    november = house.send("November", "2026-11-03")
    house.press(november, DSL, on="2026-11-04")
    house.enrol(DSL, "headteacher", name="Alex New-Name", **ELM)
    december = house.send("December", "2026-12-01")
    house.press(december, DSL, on="2026-12-02")
    before = row(oak(house), DSL)
    assert before.presence is Presence.MOVED
    assert (before.name, before.roles) == ("Alex Example", ("dsl",))
    assert marks(before) == [Mark.AWAY, Mark.ACKNOWLEDGED]


def test_what_was_acknowledged_elsewhere_counts_for_the_person_and_says_so(house: House) -> None:
    november = house.send("November", "2026-11-03")
    house.press(november, DSL, on="2026-11-04")
    house.enrol(DSL, "dsl", **ELM)
    house.send("December", "2026-12-01")
    report = house.services.evidence.organisation("100002")
    (person,) = report.people
    assert not person.overdue
    assert marks(person) == [Mark.OPEN, Mark.ACKNOWLEDGED]
    assert [words.tally(share) for share in report.shares] == ["0 of 1", "0 of 0"]
    assert words.cell(person.cells[1], LONDON) == "4 November 2026 (at another organisation)"


def test_a_copy_stays_with_the_organisation_it_went_to(house: House) -> None:
    """Somebody who changed schools did not neglect anything at the new one."""
    house.send("November", "2026-11-03")
    house.enrol(DSL, "headteacher", **ELM)
    house.send("December", "2026-12-01")
    left = row(oak(house), DSL)
    assert (left.presence, left.roles) == (Presence.MOVED, ("dsl",))
    assert marks(left) == [Mark.AWAY, Mark.OPEN]
    report = house.services.evidence.organisation("Elm School")
    assert [issue.title for issue in report.issues] == ["December"]
    assert marks(report.people[0]) == [Mark.OPEN]
    assert [words.tally(share) for share in oak(house).shares] == ["0 of 2", "0 of 3"]
    november = house.services.evidence.issue("november").shares
    assert [(each.organisation, each.copies) for each in november] == [
        (left_to, 3) for left_to in [oak(house).organisation]
    ]


def test_where_somebody_moved_to_is_not_told_to_where_they_were(house: House) -> None:
    house.press(house.send("November", "2026-11-03"), DSL)
    house.enrol(DSL, "dsl", name="Alex Example", **ELM)
    move = text("UPDATE subscribers SET email = 'alex@elm.example' WHERE email = :old")
    with house.services.store.write() as tx:
        tx._connection.execute(move, {"old": DSL})
    assert "alex@elm.example" not in exporting.as_json(oak(house))
    assert words.tally(oak(house).shares[0]) == "1 of 3"


def test_a_copy_from_before_its_organisation_was_kept_is_its_readers(house: House) -> None:
    house.send("November", "2026-11-03")
    with house.services.store.write() as tx:
        tx._connection.execute(text("UPDATE deliveries SET organisation_id = NULL"))
    report = oak(house)
    assert marks(row(report, DSL)) == [Mark.OPEN]
    assert words.tally(report.shares[0]) == "0 of 3"


@pytest.mark.parametrize("leaving", ["unsubscribes", "moves", "is erased"])
def test_who_left_is_named_for_as_long_as_the_report_goes_back(house: House, leaving: str) -> None:
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    if leaving == "unsubscribes":
        house.services.enrolment.suppress(DSL, SuppressionReason.UNSUBSCRIBED, "", "test")
    elif leaving == "moves":
        house.enrol(DSL, "dsl", **ELM)
    else:
        house.services.enrolment.forget(DSL, "test")
    shown = [len(report.former) + len(report.erased) for report in (
        oak(house, "2028-11-30"), oak(house, "2028-12-03"),
    )]  # fmt: skip
    assert shown == [1, 0]


def test_an_erased_person_counts_without_a_name_in_every_form(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    house.services.enrolment.forget(DSL, "test")
    report = oak(house)
    assert words.erased(report, 0) == 1
    assert words.tally(report.shares[0]) == "1 of 3"
    erased = [each for each in rows_of(report) if each["name"] == "A person since erased"]
    assert [each["acknowledged_at"] for each in erased] == ["2026-12-02 10:00"]
    everything = exporting.as_json(report) + exporting.as_csv(report, LONDON)
    for trace in ("Alex", DSL, '"dsl"', ",DSL,"):
        assert trace not in everything


def test_the_table_has_a_row_per_person_and_issue_with_the_evidence(house: House) -> None:
    """Requirement 53."""
    november = house.send("November", "2026-07-03")
    house.press(november, HEAD, on="2026-07-04")
    house.send("December", "2026-12-01")
    found = rows_of(oak(house))
    assert len(found) == 3 * 2
    (pressed,) = [each for each in found if each["acknowledged_at"]]
    assert pressed == {
        "organisation": "Oak School",
        "urn": "100001",
        "name": "Sam Sample",
        "email": HEAD,
        "roles": "Deputy DSL, Head",
        "status": "On the list",
        "last_acknowledged_on": "2026-07-04",
        "overdue": "no",
        "issue": "November",
        "sent_on": "2026-07-03",
        "outcome": "acknowledged",
        "acknowledged_at": "2026-07-04 11:00",
        "edition": "1",
        "content_hash": november.approved_hash,
        "wording": "I have seen this issue of the bulletin.",
    }


def test_a_person_without_issues_has_a_row_all_the_same(house: House) -> None:
    found = rows_of(oak(house))
    assert [(each["email"], each["issue"], each["overdue"]) for each in found] == [
        (DSL, "", "no"), (GOVERNOR, "", "no"), (HEAD, "", "no"),
    ]  # fmt: skip
    assert words.summary(oak(house)) == "0 of 3 people acknowledged an issue in the last 365 days."


def test_a_private_address_is_not_told_to_anybody_elses_organisation(house: House) -> None:
    house.enrol("home@private.example", "governor", kind=SubscriberKind.INDIVIDUAL,
                consent_basis="asked for it", name="")  # fmt: skip
    house.enrol("kitchen@private.example", "chair", kind=SubscriberKind.INDIVIDUAL,
                consent_basis="asked for it", name="Grace Example")  # fmt: skip
    house.send("November", "2026-11-03")
    report = oak(house)
    names = [person.called for person in report.people]
    assert "Grace Example" in names
    assert "Somebody with a private address" in names
    for text_of_it in (
        exporting.as_json(report),
        exporting.as_csv(report, house.services.settings.zone),
    ):
        assert "private.example" not in text_of_it


def test_no_cell_of_the_table_runs_in_a_spreadsheet(house: House) -> None:
    """Requirement 62."""
    nasty = {"organisation": "=HYPERLINK(1)", "urn": "100009"}
    house.enrol("+cmd@oak.example", "dsl", name="@SUM(1)", **nasty)
    house.send("-2+3", "2026-12-01")
    report = house.services.evidence.organisation("urn:100009")
    (found,) = rows_of(report)
    assert (found["organisation"], found["name"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    assert (found["email"], found["issue"]) == ("'+cmd@oak.example", "'-2+3")
    (issue_row,) = [
        each
        for each in exporting.as_csv(house.services.evidence.issue("2-3"), LONDON).splitlines()
        if "HYPERLINK" in each
    ]
    assert issue_row.startswith("'=")


def test_a_report_says_acknowledged_and_never_read(house: House) -> None:
    """Requirement 53."""
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    report = oak(house)
    said = exporting.as_json(report) + exporting.as_csv(report, LONDON) + words.summary(report)
    assert "acknowledged" in said
    assert " read" not in said.casefold()


def test_the_json_document_holds_the_whole_report(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    found = json.loads(exporting.as_json(oak(house)))
    assert (found["people"], found["overdue"]) == (3, 2)
    (alex, _, _) = found["persons"]
    assert alex["last_acknowledged_at"] == "2026-12-02T10:00:00+00:00"
    (cell,) = alex["issues"]
    assert (cell["outcome"], cell["edition"], cell["roles"]) == ("acknowledged", 1, ["dsl"])
    assert cell["content_hash"] == issue.approved_hash


def said_of_guidance(house: House, nation: Nation | None, *settings: str) -> str:
    """What the report of a school of that nation says of guidance, by default or as it was set."""
    house.enrol("dsl@nation.example", organisation="Nation School", urn="1", nation=nation)
    house.services.settings = load_settings(**dict(zip(["guidance"], settings, strict=False)))
    return house.services.evidence.organisation("Nation School").guidance


def test_guidance_for_england_is_named_where_it_may_apply_and_nowhere_else(house: House) -> None:
    """Requirement 54."""
    for nation in (None, Nation.ENGLAND):
        assert "asks that all staff" in said_of_guidance(house, nation)
    for nation in (Nation.WALES, Nation.SCOTLAND, Nation.JERSEY):
        assert said_of_guidance(house, nation) == ""


@pytest.mark.parametrize("sentence", ["Keeping learners safe asks for it yearly.", ""])
def test_a_sentence_on_guidance_of_ones_own_stands_in_every_report(
    house: House, sentence: str
) -> None:
    assert said_of_guidance(house, Nation.WALES, sentence) == sentence


def test_an_issue_is_reported_by_organisation_and_every_copy_counts_once(house: House) -> None:
    house.enrol("dsl@elm.example", **ELM)
    house.enrol("alone@example.example", organisation="", urn="")
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL)
    house.press(issue, "dsl@elm.example")
    house.enrol("dsl@elm.example", organisation="Oak School", urn="100001")
    report = house.services.evidence.issue("december")
    shares = [
        (each.organisation.name if each.organisation else "", each.acknowledged, each.copies)
        for each in report.shares
    ]
    # The copy that was acknowledged for Elm School stays there, wherever its reader went.
    assert shares == [("Elm School", 1, 1), ("Oak School", 1, 3), ("", 0, 1)]
    assert report.copies == report.status.submitted == 5
    assert words.issue_summary(report) == "2 of 5 copies acknowledged."


def test_a_page_opens_until_it_is_revoked_and_both_are_on_the_trail(house: House) -> None:
    evidence = house.services.evidence
    link = evidence.open_link("oak school", " Head@Oak.example", "admin@school.example")
    token = evidence.address(link).rpartition("/")[2]
    opened = evidence.opened(token)
    assert opened is not None
    assert (opened.link.contact, opened.report.organisation.name) == (HEAD, "Oak School")
    assert evidence.revoke(link.id, "admin@school.example")[1]
    assert not evidence.revoke(link.id, "admin@school.example")[1]
    assert evidence.opened(token) is None
    with house.services.store.read() as tx:
        trail = tx.audit.history(f"organisation:{link.organisation.id}")
    assert [action for _, _, action, _ in trail] == [
        "report.link", "report.revoke", "report.revoke",
    ]  # fmt: skip


def test_a_page_ends_after_a_year_and_another_takes_its_place(house: House) -> None:
    evidence = house.services.evidence
    link = evidence.open_link("Oak School", HEAD, "test")
    token = evidence.address(link).rpartition("/")[2]
    house.now = link.created_at + timedelta(days=365, seconds=-1)
    assert evidence.opened(token) is not None
    house.now = link.created_at + timedelta(days=365)
    assert evidence.opened(token) is None
    again = evidence.open_link("Oak School", HEAD, "test")
    assert evidence.opened(evidence.address(again).rpartition("/")[2]) is not None


def test_a_contact_who_is_erased_loses_the_page(house: House) -> None:
    evidence = house.services.evidence
    link = evidence.open_link("Oak School", HEAD, "test")
    token = evidence.address(link).rpartition("/")[2]
    house.services.enrolment.forget(HEAD, "test")
    assert evidence.opened(token) is None
    assert evidence.links("Oak School")[1][0].contact == ""


def test_a_page_is_made_for_one_real_address_of_a_known_organisation(house: House) -> None:
    evidence = house.services.evidence
    with pytest.raises(InvalidInput):
        evidence.open_link("Oak School", "head@oak.example\r\nBcc: x@y.example", "test")
    with pytest.raises(NotFound):
        evidence.open_link("Nowhere", HEAD, "test")
    with pytest.raises(NotFound):
        evidence.revoke(99, "test")
