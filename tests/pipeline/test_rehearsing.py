"""Rehearsals: the whole house, the team alone, and evidence of nothing (requirement 81)."""

from __future__ import annotations

import mailbox
import re
import threading
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from desks import RENDERER
from sqlalchemy import text

from bulletin.errors import InvalidInput, Refused, TransportBlocked
from bulletin.models.deliveries import PREVIEW
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Audience, Issue, IssueState, Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SuppressionReason, UserRole
from bulletin.models.segments import Condition, SegmentField
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.rehearse import Cast, Rehearsed
from bulletin.settings import load_settings
from bulletin.tokens import Purpose
from bulletin.transports.simulator import Behaviour, behaviour
from bulletin.wiring import Services
from sent_issues import House, open_house

EDITOR = "editor@school.example"
LEAD = "lead@school.example"
BOUNCES = next(
    address
    for number in range(1000)
    if behaviour(address := f"reader{number}@school.example") is Behaviour.BOUNCE
)
LINK = re.compile(r"https?://[^/\s]+/([upva])/([0-9a-z-]+)")


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path) -> Iterator[House]:
    """One lead who is of the team, a governor, and somebody whose mail bounces; two items."""
    made = open_house(sqlite_database, tmp_path)
    made.services.__dict__["renderer"] = RENDERER  # made once: trying every template takes long
    made.enrol(LEAD, "dsl")
    made.enrol("governor@school.example", "governor")
    made.enrol(BOUNCES, "dsl", "governor")
    for email in (EDITOR, LEAD):
        made.services.enrolment.add_user(email, UserRole.EDITOR, "", "test")
    yield made
    made.services.close()


def approved(house: House) -> Issue:
    """December: an item for everybody and one for leads."""
    made = house.services
    with made.store.write() as tx:
        both = tx.items.add(ItemDraft("For everybody", body="News."), house.now)
        lead = tx.items.add(ItemDraft("For leads", body="Duties."), house.now)
    issue = made.drafting.new("December", {}, Visibility.PUBLIC, "test")
    made.drafting.place(issue.slug, [both], PlacingOptions(), "test")
    made.drafting.place(issue.slug, [lead], PlacingOptions(roles=["dsl"]), "test")
    with made.store.write() as tx:  # more accounts than one: somebody else would have to approve
        tx._connection.execute(text("UPDATE users SET role = 'admin'"))
    return made.approval.approve(issue.slug, EDITOR)


def rehearse(
    house: House, *to: str, kind: ReaderKind | None = None, audience: Audience | None = None
) -> Rehearsed:
    return house.services.rehearsing.rehearse(
        "december", audience, Cast(to, kind), "test", stop=threading.Event()
    )


def mails(house: House) -> dict[str, Message]:
    """What is in the outbox, by address; the outbox is what really mails here."""
    found = mailbox.Maildir(house.services.settings.outbox_dir, create=False)
    return {str(mail["To"]).strip("<>").rpartition("<")[2]: mail for mail in found}


def body(mail: Message) -> str:
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "".join(part.decode() for part in parts if isinstance(part, bytes))


def test_the_team_gets_one_copy_each_and_nobody_else_any(house: House) -> None:
    approved(house)
    rehearsed = rehearse(house)
    assert set(mails(house)) == {EDITOR, LEAD}
    assert rehearsed.mailed == {EDITOR: "submitted", LEAD: "submitted"}
    assert all(mail["Subject"] == "[Rehearsal] December" for mail in mails(house).values())


def test_the_table_shows_what_would_become_of_everybodys_copy(house: House) -> None:
    approved(house)
    with house.services.store.write() as tx:
        tx.suppressions.add("governor@school.example", SuppressionReason.OBJECTION, house.now)
    issue = rehearse(house).issue
    _, status = house.services.reporting.status(issue.id)
    assert status.excluded_by_reason == {"suppressed": 1}
    assert (status.bounced, status.submitted) == (1, 2)
    assert status.state == "sent"


def test_an_editor_who_is_no_reader_gets_the_whole_issue_a_reader_their_own_edition(
    house: House,
) -> None:
    approved(house)
    house.enrol(LEAD, "governor")
    rehearse(house)
    assert "For leads" in body(mails(house)[EDITOR])
    assert "For leads" not in body(mails(house)[LEAD])


def test_with_roles_the_team_gets_that_edition(house: House) -> None:
    approved(house)
    rehearse(house, kind=ReaderKind(frozenset({"governor"})))
    assert set(mails(house)) == {EDITOR, LEAD}
    assert not any("For leads" in body(mail) for mail in mails(house).values())


def test_only_those_named_really_get_it(house: House) -> None:
    approved(house)
    rehearse(house, "Someone@elsewhere.example")
    assert set(mails(house)) == {"someone@elsewhere.example"}


def test_links_in_its_copies_act_for_nobody(house: House) -> None:
    approved(house)
    rehearse(house)
    purposes = {
        "u": Purpose.UNSUBSCRIBE,
        "p": Purpose.PREFERENCES,
        "v": Purpose.VIEW,
        "a": Purpose.ACKNOWLEDGE,
    }
    for mail in mails(house).values():
        found = set(LINK.findall(body(mail) + str(mail["List-Unsubscribe"])))
        assert {page for page, _ in found} == set(purposes)
        signer = house.services.signer
        assert {signer.verify(purposes[page], token) for page, token in found} == {PREVIEW}


def test_the_issue_is_as_it_was_and_can_be_sent_afterwards(house: House) -> None:
    before = approved(house)
    rehearse(house)
    assert house.services.drafting.issue("december") == before
    assert house.services.reporting.status("december")[1].audience == 0
    started = house.services.planning.start("december", None, "test")
    house.services.delivery.run(started.id, threading.Event(), lambda _: None)
    assert house.services.reporting.status("december")[1].submitted == 3
    assert set(mails(house)) == {EDITOR, LEAD, "governor@school.example", BOUNCES}


def test_a_rehearsal_replaces_the_one_before(house: House) -> None:
    approved(house)
    rehearse(house)
    second = rehearse(house).issue
    drafting = house.services.drafting
    assert [issue.slug for issue in drafting.issues(rehearsals=True)] == [second.slug, "december"]
    with house.services.store.read() as tx:
        query = text("SELECT count(*) FROM deliveries WHERE issue_id != :id")
        assert tx._connection.scalar(query, {"id": second.id}) == 0


def test_it_is_evidence_of_nothing(house: House) -> None:
    """Nor does a link with the number of one of its copies, whoever may have signed it."""
    approved(house)
    issue = rehearse(house).issue
    made = house.services
    number = house.delivery(issue, LEAD)
    assert made.acknowledging.acknowledge(made.signer.sign(Purpose.ACKNOWLEDGE, number)) is None
    assert made.publishing.own(made.signer.sign(Purpose.VIEW, number)) is None
    report = made.evidence.organisation("Oak School")
    assert report.issues == ()
    assert not any(person.overdue for person in report.people)
    with pytest.raises(Refused, match="is a rehearsal"):
        made.evidence.issue(issue.slug)


def test_it_is_on_no_page_and_in_no_list(house: House) -> None:
    approved(house)
    issue = rehearse(house).issue
    made = house.services
    with pytest.raises(Refused, match="is a rehearsal"):
        made.publishing.publish(issue.slug, "test")
    with made.store.write() as tx:
        tx._connection.execute(text("UPDATE issues SET visibility = 'public'"))
    assert made.publishing.archive() == ()
    assert made.publishing.find(issue.slug) is None
    assert [each.slug for each in made.drafting.issues()] == ["december"]


def test_nobody_else_sends_it_resends_it_or_corrects_it(house: House) -> None:
    approved(house)
    issue = rehearse(house).issue
    made = house.services
    with made.store.write() as tx:
        tx._connection.execute(text("UPDATE issues SET state = 'sending' WHERE id = 2"))
    assert made.delivery.sending() == []
    for act in (
        lambda: made.delivery.run(issue.id, threading.Event(), lambda _: None),
        lambda: made.delivery.pause(issue.slug, "test"),
        lambda: made.resending.resend_missed(issue.slug, "test"),
        lambda: made.correcting.correct(issue.slug, 1, "test"),
        lambda: made.rehearsing.rehearse(
            issue.slug, None, Cast((EDITOR,)), "test", stop=threading.Event()
        ),
    ):
        with pytest.raises(Refused, match="rehearsal"):
            act()


def test_no_simulated_bounce_suppresses_anybody(house: House) -> None:
    approved(house)
    issue = rehearse(house).issue
    assert house.services.reporting.status(issue.id)[1].bounced == 1
    with house.services.store.read() as tx:
        assert tx.suppressions.reason(BOUNCES) is None


def test_it_is_rehearsed_for_the_audience_that_is_named(house: House) -> None:
    approved(house)
    with house.services.store.write() as tx:
        tx.segments.add("leads", Condition(SegmentField.ROLE, ("dsl",)), house.now)
    issue = rehearse(house, EDITOR, audience=Audience(("leads",))).issue
    # two leads, and the copy of an editor who is no reader
    assert house.services.reporting.status(issue.id)[1].audience == 3


def test_somebody_of_the_team_who_objected_is_not_mailed_either(house: House) -> None:
    """Requirement 35: an objection is absolute."""
    approved(house)
    with house.services.store.write() as tx:
        tx.suppressions.add(EDITOR, SuppressionReason.OBJECTION, house.now)
    rehearsed = rehearse(house)
    assert set(mails(house)) == {LEAD}
    assert rehearsed.mailed[EDITOR] == "on the list of suppressions"


def test_only_an_approved_issue_that_has_not_gone_out_can_be_rehearsed(house: House) -> None:
    issue = approved(house)
    house.services.drafting.edit("december", {"subject": "Changed"}, "test")
    with pytest.raises(Refused, match="only an approved issue"):
        rehearse(house)
    house.services.approval.approve("december", LEAD)
    started = house.services.planning.start("december", None, "test")
    assert started.id == issue.id
    with pytest.raises(Refused, match="only an approved issue"):
        rehearse(house)


@pytest.mark.parametrize("wrong", ["nobody", "a@b@school.example", "a@school.example\r\nBcc: x"])
def test_an_address_that_is_none_is_refused(house: House, wrong: str) -> None:
    approved(house)
    with pytest.raises(InvalidInput):
        rehearse(house, wrong)
    assert house.services.drafting.issues(rehearsals=True)[0].slug == "december"


def test_without_a_team_it_says_whom_to_name(house: House) -> None:
    approved(house)
    with house.services.store.write() as tx:
        tx._connection.execute(text("DELETE FROM users"))
    with pytest.raises(Refused, match="--to EMAIL"):
        rehearse(house)


def test_roles_that_would_get_nothing_are_refused(house: House) -> None:
    made = house.services
    with made.store.write() as tx:
        lead = tx.items.add(ItemDraft("For leads", body="Duties."), house.now)
    made.drafting.new("December", {}, Visibility.PRIVATE, "test")
    made.drafting.place("december", [lead], PlacingOptions(roles=["dsl"]), "test")
    with made.store.write() as tx:
        tx._connection.execute(text("UPDATE users SET role = 'admin'"))
    made.approval.approve("december", EDITOR)
    with pytest.raises(Refused, match="Nothing of the issue"):
        rehearse(house, kind=ReaderKind(frozenset({"governor"})))


def test_a_transport_that_refuses_ends_it_with_the_reason(house: House, tmp_path: Path) -> None:
    approved(house)
    (tmp_path / "outbox").write_text("a file, not a folder")
    rehearsed = rehearse(house, EDITOR)
    assert isinstance(rehearsed.halt.error, TransportBlocked)
    assert rehearsed.mailed[EDITOR].startswith("failed: The outbox")
    assert house.services.drafting.issue("december").state is IssueState.APPROVED


def in_settings(house: House, **changed: object) -> Services:
    """The same house under other settings."""
    kept = house.services.settings
    settings = load_settings(
        database_url=kept.database_url,
        secret_key=kept.secret_key,
        from_email=kept.from_email,
        outbox_dir=kept.outbox_dir,
        **changed,
    )
    return Services(settings)


def test_a_trial_installation_mails_nobody_but_the_team(house: House) -> None:
    approved(house)
    made = in_settings(house, trial=True)
    started = made.planning.start("december", None, "test")
    made.delivery.run(started.id, threading.Event(), lambda _: None)
    assert set(mails(house)) == {LEAD}
    assert made.news is not None
    assert made.news.tell() == 2
    status = made.reporting.status("december")[1]
    assert (status.submitted, status.delivered, status.bounced) == (1, 1, 1)
    made.close()


def test_the_simulator_tells_what_became_of_copies_a_little_later(house: House) -> None:
    reserved = [f"{each.value}@simulator.example" for each in Behaviour]
    for address in reserved:
        house.enrol(address, "dsl")
    approved(house)
    made = in_settings(house, transport="simulator")
    started = made.planning.start("december", None, "test")
    made.delivery.run(started.id, threading.Event(), lambda _: None)
    status = made.reporting.status("december")[1]
    assert (status.failed, status.uncertain, status.prepared) == (1, 1, 1)
    assert (status.submitted, status.delivered) == (8, 0)
    assert made.news is not None
    assert made.news.tell() > 0
    status = made.reporting.status("december")[1]
    assert (status.bounced, status.deferred, status.complained) == (3, 1, 1)
    assert made.news.tell() == 1  # what was deferred is delivered now
    assert made.news.tell() == 0
    status = made.reporting.status("december")[1]
    assert (status.delivered, status.deferred) == (5, 0)
    made.close()


def test_where_nothing_is_simulated_there_is_no_news(house: House) -> None:
    assert house.services.news is None
