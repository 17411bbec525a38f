"""Who changed address stays one person: for every list, every command, and for good once erased."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bulletin.errors import Refused
from bulletin.models.people import (
    ImportResult,
    Subscriber,
    SubscriberDraft,
    SubscriberKind,
    SuppressionReason,
)
from bulletin.models.requests import RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.joining import InvitationState, JoinForm, Joining
from bulletin.store.tables import former_addresses
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

OLD, NEW = "old@school.example", "new@school.example"
LIST = f"email,name,roles,consent basis\n{OLD},Another Name,governor,the old list\n"


@dataclass
class Office:
    """One reader who moved, and what an admin can do about them."""

    desk: Desk

    def __post_init__(self) -> None:
        self.enrolment = Enrolment(self.desk.store, ZoneInfo("Europe/London"))

    def move(self, old: str, new: str) -> bool:
        now = self.desk.clock()
        with self.desk.store.write() as tx:
            reader = tx.subscribers.by_email(old)
            tx.consents.record(new, "given", "moved", "reader", now)
            moved = tx.subscribers.move(reader, new, "moved", now, today=date(2026, 12, 1))
            return moved is not None

    def import_list(self, text: str = LIST) -> ImportResult:
        return self.enrolment.import_subscribers(
            io.StringIO(text), mapping={}, partial=False, dry_run=False, actor="admin"
        )

    def people(self) -> list[str]:
        with self.desk.store.read() as tx:
            return [each.email for each in tx.subscribers.stream()]

    def find(self, email: str) -> Subscriber | None:
        with self.desk.store.read() as tx:
            return tx.subscribers.find(email)

    def former(self) -> int:
        with self.desk.store.read() as tx:
            return len(tx._connection.execute(select(former_addresses)).all())


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.enrol((OLD, "dsl"))
    made = Office(desk)
    assert made.move(OLD, NEW)
    return made


def test_consent_has_the_day_of_where_the_readers_are(desk: Desk) -> None:
    """In July, half past eleven at night in UTC is the next day in London."""
    desk.clock.set("2027-06-30T23:30:00+00:00")
    office = Office(desk)
    office.import_list("email,roles\na@school.example,dsl\n")
    added = office.enrolment.add(SubscriberDraft("b@school.example", ("dsl",)), "admin")
    listed = office.find("a@school.example")
    assert listed is not None
    assert listed.consent_date == added.consent_date == date(2027, 7, 1)


def test_somebody_is_found_by_the_address_they_had(office: Office) -> None:
    found = office.find(f" {OLD.upper()}")
    assert found is not None
    assert found.email == NEW
    assert found == office.find(NEW)
    assert office.find("nobody@school.example") is None


def test_whoever_moves_back_has_one_former_address(office: Office) -> None:
    assert office.move(NEW, OLD)
    assert (office.people(), office.former()) == ([OLD], 1)
    assert office.find(NEW) == office.find(OLD)


def test_an_address_that_somebody_else_took_over_leads_to_them(office: Office) -> None:
    office.desk.enrol(("third@school.example", "senco"))
    assert office.move("third@school.example", OLD)
    found = office.find(OLD)
    assert found is not None
    assert found.roles == {"senco"}


def test_an_old_list_does_not_bring_them_in_a_second_time(office: Office) -> None:
    """Its row says nothing about who moved: nothing is counted as new, and no fact is taken."""
    before = office.find(NEW)
    result = office.import_list()
    assert (result.read, result.created, result.updated, result.unchanged) == (1, 0, 0, 1)
    assert office.people() == [NEW]
    assert office.find(NEW) == before
    assert result.moved_away == (OLD,)
    with pytest.raises(Refused, match="moved away") as refused:
        office.enrolment.add(SubscriberDraft(OLD, ("governor",), "Another Name"), "admin")
    assert "--new-holder" in refused.value.command
    assert office.find(NEW) == before
    with office.desk.store.read() as tx:
        assert "the old list" not in str(tx.consents.history(OLD))


def test_a_list_with_both_addresses_speaks_of_one_person(office: Office) -> None:
    rows = f"email,roles,kind\n{OLD},governor,corporate\n{NEW},senco,corporate\n"
    result = office.import_list(rows)
    assert (result.created, result.updated, result.unchanged) == (0, 1, 1)
    found = office.find(NEW)
    assert found is not None
    assert found.roles == {"senco"}


def test_whoever_has_the_address_now_joins_by_their_own_press(office: Office) -> None:
    """Addresses of a role, such as head@, get new holders; who left one keeps what is theirs."""
    mover = office.find(NEW)
    signer, zone = TokenSigner("x" * 40), ZoneInfo("Europe/London")
    asking = Asking(office.desk.store, per_hour=9, per_client=9, zone=zone)
    joining = Joining(office.desk.store, asking, signer, zone, name="Bulletin")
    joining.ask(JoinForm(OLD, "Next Head", roles=("headteacher",), agreed=True), "192.0.2.1")
    token = signer.sign(Purpose.CONFIRM, 1)
    for _ in range(2):
        found = joining.confirm(token, 1)
        assert found is not None
        assert found.state is InvitationState.JOINED
    joined = office.find(OLD)
    assert joined is not None
    assert (joined.email, joined.name, joined.roles) == (OLD, "Next Head", {"headteacher"})
    assert office.find(NEW) == mover
    assert (office.people(), office.former()) == ([NEW, OLD], 0)
    office.enrolment.forget(OLD, "admin")
    assert office.people() == [NEW]


def test_an_admin_gives_the_address_to_its_new_holder(office: Office) -> None:
    mover = office.find(NEW)
    draft = SubscriberDraft(OLD, ("headteacher",), kind=SubscriberKind.CORPORATE)
    assert office.enrolment.add(draft, "admin", new_holder=True).email == OLD
    assert office.enrolment.add(draft, "admin").email == OLD
    assert office.find(NEW) == mover
    assert office.import_list().moved_away == ()


def test_a_new_holder_sees_nothing_that_the_one_before_asked_for(office: Office) -> None:
    """UK GDPR article 15(4)."""
    with office.desk.store.write() as tx:
        now = office.desk.clock()
        tx.requests.add(Wish(RequestKind.JOIN, NEW, "192.0.2.1", name="Gwen"), now)
    assert office.move(NEW, "third@school.example")
    draft = SubscriberDraft(NEW, ("dsl",), kind=SubscriberKind.CORPORATE)
    office.enrolment.add(draft, "admin", new_holder=True)
    assert office.enrolment.holdings(NEW)["requests"] == []
    assert [row["name"] for row in office.enrolment.holdings(OLD)["requests"]] == ["Gwen"]


def test_a_single_addition_still_works_for_whoever_is_new(office: Office) -> None:
    draft = SubscriberDraft("fresh@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    assert office.enrolment.add(draft, "admin").email == "fresh@school.example"


@pytest.mark.parametrize("known_by", [OLD, NEW])
def test_whoever_moved_and_was_forgotten_by_either_address_stays_away(
    office: Office, known_by: str
) -> None:
    """Requirement 41: no old list, no new list, no form brings them back."""
    office.enrolment.forget(known_by, "admin")
    assert (office.people(), office.former()) == ([], 0)
    for address in (OLD, NEW):
        with office.desk.store.read() as tx:
            assert tx.suppressions.reason(address) is SuppressionReason.ERASED
        assert office.import_list(f"email,roles\n{address},dsl\n").suppressed == 1
    assert office.people() == []
    with office.desk.store.read() as tx:
        assert {each.email for each in tx.suppressions.list_suppressions()} == {"(erased)"}


def test_what_they_agreed_to_at_every_address_is_theirs_to_see(office: Office) -> None:
    """UK GDPR article 15."""
    with office.desk.store.write() as tx:
        tx.consents.record(OLD, "given", "a form of long ago", "reader", office.desk.clock())
    person = office.find(NEW)
    assert person is not None
    with office.desk.store.read() as tx:
        said = [row["basis"] for row in tx.holdings.of(person)["consents"]]
    assert said == ["moved", "a form of long ago"]
    _, _, history = office.enrolment.show(OLD)
    assert [line.partition(": ")[2] for line in history] == [
        "given, moved (reader)", "given, a form of long ago (reader)",
    ]  # fmt: skip


def test_what_a_reader_typed_is_shown_to_them_and_becomes_no_fact_on_the_list(
    office: Office,
) -> None:
    draft = SubscriberDraft("head@oak.example", ("dsl",), organisation="Oak School")
    office.enrolment.add(draft, "admin")
    with office.desk.store.write() as tx:
        for address in (NEW, draft.email):
            number = tx.subscribers.by_email(address).id
            tx.subscribers.state_organisation(number, "Hogwarts", office.desk.clock())
    found = [office.find(NEW), office.find(draft.email)]
    assert [each.organisation for each in found if each] == ["Hogwarts", "Oak School"]
    out = io.StringIO()
    office.enrolment.export(out)
    assert "Hogwarts" not in out.getvalue()
    assert "Oak School" in out.getvalue()
