"""Joining: what the form takes, and what a press of the letter's button puts on the list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bulletin.errors import WrongFields
from bulletin.models.items import Nation
from bulletin.models.people import Subscriber, SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.models.requests import Wish
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.joining import Invitation, InvitationState, JoinForm, Joining, checked
from bulletin.store.tables import consents, organisations, subscribers
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
SIGNER = TokenSigner("x" * 40)
SAM = "sam@school.example"
FORM = JoinForm(
    email=SAM,
    name="Sam Example",
    organisation="Oak School",
    nation="Wales",
    roles=("governor", "dsl"),
    agreed=True,
)


class Door:
    """The way onto a desk's list."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.asking = Asking(desk.store, per_hour=1000, per_client=1000, zone=LONDON)
        self.joining = Joining(desk.store, self.asking, SIGNER, LONDON, name="Example Bulletin")

    def ask(self, form: JoinForm = FORM) -> str:
        """Fill in the form. Returns the token that the letter would carry."""
        self.joining.ask(form, "192.0.2.1")
        with self.desk.store.read() as tx:
            number = 1
            while tx.requests.get(number + 1):
                number += 1
        return SIGNER.sign(Purpose.CONFIRM, number)

    def press(self, token: str) -> Invitation:
        shown = self.joining.invitation(token)
        assert shown is not None
        found = self.joining.confirm(token, shown.form)
        assert found is not None
        return found

    def reader(self, address: str = SAM) -> Subscriber:
        with self.desk.store.read() as tx:
            return tx.subscribers.by_email(address)

    def suppression(self) -> SuppressionReason | None:
        with self.desk.store.read() as tx:
            return tx.suppressions.reason(SAM)

    def is_known(self, address: str = SAM) -> bool:
        with self.desk.store.read() as tx:
            return tx.subscribers.has(address)

    def consents(self) -> list[tuple[str, str, str, str]]:
        """(action, basis, by whom, the words) of every record, oldest first."""
        with self.desk.store.read() as tx:
            rows = tx._connection.execute(select(consents).order_by(consents.c.id)).all()
            return [
                (row.action, row.basis, row.recorded_by, tx.wordings.text(row.wording))
                for row in rows
            ]

    def enrol(self, **facts: object) -> None:
        given_facts = {"email": SAM, "roles": ("senco",), "kind": SubscriberKind.CORPORATE}
        draft = SubscriberDraft(**(given_facts | facts))  # type: ignore[arg-type]
        with self.desk.store.write() as tx:
            tx.roster_import(self.desk.clock(), "test").run([(draft, False)])

    def suppress(self, reason: SuppressionReason) -> None:
        with self.desk.store.write() as tx:
            tx.suppressions.add(SAM, reason, self.desk.clock())


@pytest.fixture
def door(desk: Desk) -> Door:
    return Door(desk)


@pytest.fixture
def quick_door(quick_desk: Desk) -> Door:
    return Door(quick_desk)


def test_asking_alone_puts_nobody_on_the_list(door: Door) -> None:
    """Requirement 32."""
    token = door.ask()
    found = door.joining.invitation(token)
    assert found is not None
    assert (found.state, found.email, found.nation) == (InvitationState.OPEN, SAM, Nation.WALES)
    assert [role.key for role in found.roles] == ["dsl", "governor"]
    assert not door.is_known()
    assert door.consents() == []


def test_a_press_puts_somebody_on_the_list_with_what_they_filled_in(door: Door) -> None:
    found = door.press(door.ask())
    reader = door.reader()
    assert found.state is InvitationState.JOINED
    assert found.preferences == SIGNER.sign(Purpose.PREFERENCES, reader.id)
    assert (reader.name, reader.organisation, reader.nation, reader.roles, reader.kind) == (
        "Sam Example", "Oak School", Nation.WALES, {"dsl", "governor"}, None,
    )  # fmt: skip


def test_consent_is_on_record_once_with_its_exact_words(door: Door) -> None:
    """Requirement 37: who, when, how, and the version of the wording."""
    token = door.ask()
    for _ in range(3):
        assert door.press(token).state is InvitationState.JOINED
    assert door.consents() == [("given", "confirmed opt-in", "reader", door.joining.consent)]
    assert "Example Bulletin" in door.joining.consent
    reader = door.reader()
    assert (reader.consent_basis, reader.consent_date) == (
        "confirmed opt-in",
        door.desk.clock().date(),
    )


def test_two_presses_at_once_count_once(door: Door) -> None:
    token = door.ask()
    start = threading.Barrier(4)

    def press(_: int) -> InvitationState:
        start.wait()
        return door.press(token).state

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {InvitationState.JOINED}
    assert len(door.consents()) == 1


def test_somebody_who_left_and_comes_back_agrees_anew(door: Door) -> None:
    door.press(door.ask())
    door.suppress(SuppressionReason.UNSUBSCRIBED)
    again = door.ask(replace(FORM, roles=("senco",)))
    assert door.press(again).state is InvitationState.JOINED
    assert door.suppression() is None
    assert door.reader().roles == {"senco"}
    assert [record[:2] for record in door.consents()] == [("given", "confirmed opt-in")] * 2


@pytest.mark.parametrize(
    "reason", [each for each in SuppressionReason if each is not SuppressionReason.UNSUBSCRIBED]
)
def test_no_press_lifts_any_other_suppression(quick_door: Door, reason: SuppressionReason) -> None:
    """Requirements 35 and 41: no form resurrects an address."""
    token = quick_door.ask()
    quick_door.suppress(reason)
    assert quick_door.press(token) == Invitation(InvitationState.OVER)
    assert quick_door.suppression() is reason
    assert not quick_door.is_known()
    assert quick_door.consents() == []


def test_the_last_form_counts_whichever_letter_is_opened(door: Door) -> None:
    """There is one letter a day, so a stranger's form must not stand before the person's own."""
    strangers = door.ask(replace(FORM, name="Prank", roles=("chair",)))
    own = door.ask()
    door.ask(replace(FORM, email="lee@school.example", name="Lee"))
    for token in (strangers, own):
        found = door.joining.invitation(token)
        assert found is not None
        assert (found.name, [role.key for role in found.roles]) == (FORM.name, ["dsl", "governor"])
        assert (found.organisation, found.consent) == ("Oak School", door.joining.consent)
    assert door.press(strangers).state is InvitationState.JOINED
    assert door.reader().roles == {"dsl", "governor"}
    assert door.press(own).state is InvitationState.JOINED
    assert len(door.consents()) == 1
    assert not door.is_known("lee@school.example")


def test_a_form_that_is_too_old_does_not_count(door: Door) -> None:
    old = door.ask(replace(FORM, roles=("chair",)))
    door.desk.clock.now += timedelta(days=7, seconds=1)
    new = door.ask()
    assert door.press(old) == Invitation(InvitationState.OVER)
    assert door.press(new).state is InvitationState.JOINED
    assert door.reader().roles == {"dsl", "governor"}


def test_only_the_answer_to_the_press_leads_to_the_preferences(door: Door) -> None:
    token = door.ask()
    assert door.press(token).preferences == SIGNER.sign(Purpose.PREFERENCES, 1)
    assert door.press(token).preferences == ""
    found = door.joining.invitation(token)
    assert found is not None
    assert (found.state, found.preferences) == (InvitationState.JOINED, "")


def test_whoever_comes_back_ends_their_pause(door: Door) -> None:
    door.press(door.ask())
    day = door.desk.clock().date()
    with door.desk.store.write() as tx:
        tx.subscribers.pause(1, day + timedelta(days=60), door.desk.clock())
    door.suppress(SuppressionReason.UNSUBSCRIBED)
    door.press(door.ask())
    assert door.reader().paused_until is None


def test_consent_has_the_day_of_where_the_readers_are(door: Door) -> None:
    door.desk.clock.set("2026-06-30T23:30:00+00:00")  # past midnight in London
    door.press(door.ask())
    consent = door.reader().consent_date
    assert consent is not None
    assert consent.isoformat() == "2026-07-01"


def test_a_press_while_an_admin_erases_puts_nobody_on_the_list(desk: Desk) -> None:
    """Whichever comes first: afterwards nobody is held."""
    for number in range(8):
        door, address = Door(desk), f"sam{number}@school.example"
        token = door.ask(replace(FORM, email=address))
        start = threading.Barrier(2)

        def act(one: Callable[[], object], start: threading.Barrier = start) -> None:
            start.wait()
            one()

        press = partial(door.joining.confirm, token, number + 1)
        erasing = partial(Enrolment(desk.store, LONDON).forget, address, "admin")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(act, (press, erasing)))
        assert not door.is_known(address)


@pytest.mark.parametrize(("had", "has"), [("Ash School", "Ash School"), ("", "Oak School")])
def test_somebody_on_the_list_keeps_their_organisation_unless_they_had_none(
    door: Door, had: str, has: str
) -> None:
    door.enrol(organisation=had, name="Sam")
    door.press(door.ask())
    reader = door.reader()
    assert (reader.organisation, reader.roles) == (has, {"dsl", "governor"})
    assert reader.kind is SubscriberKind.CORPORATE


def test_what_a_visitor_types_makes_no_organisation_and_nobody_belong_to_one(door: Door) -> None:
    """It is no proof: the evidence of an organisation must not be filled by strangers."""
    door.enrol(email="head@school.example", organisation="Oak School")
    door.press(door.ask())
    door.press(door.ask(replace(FORM, email="lee@school.example", organisation="Elm School")))
    with door.desk.store.read() as tx:
        rows = tx._connection.execute(select(subscribers).order_by(subscribers.c.id)).all()
        names = tx._connection.execute(select(organisations.c.name)).scalars().all()
    assert names == ["Oak School"]
    assert [(row.organisation_id, row.stated_organisation) for row in rows] == [
        (1, ""), (None, "Oak School"), (None, "Elm School"),
    ]  # fmt: skip


def test_blank_optional_fields_take_nothing_away(door: Door) -> None:
    door.enrol(name="Sam", nation=Nation.SCOTLAND, organisation="Ash School")
    door.press(door.ask(replace(FORM, name="", nation="", organisation="")))
    reader = door.reader()
    assert (reader.name, reader.nation, reader.organisation) == (
        "Sam", Nation.SCOTLAND, "Ash School",
    )  # fmt: skip


def test_what_a_visitor_says_changes_nothing_about_a_known_organisation(door: Door) -> None:
    door.enrol(
        email="head@school.example",
        organisation="Oak School",
        nation=Nation.ENGLAND,
        phase="primary",
    )
    door.press(door.ask())
    with door.desk.store.read() as tx:
        rows = tx._connection.execute(select(organisations)).all()
    assert [(row.name, row.nation, row.phase) for row in rows] == [
        ("Oak School", "England", "primary")
    ]


def test_a_link_works_for_seven_days(door: Door) -> None:
    token = door.ask()
    door.desk.clock.now += timedelta(days=7)
    found = door.joining.invitation(token)
    assert found is not None
    assert found.state is InvitationState.OPEN
    door.desk.clock.now += timedelta(seconds=1)
    assert door.press(token) == Invitation(InvitationState.OVER)
    assert not door.is_known()


def test_a_used_link_says_so_for_longer_and_brings_nobody_back(door: Door) -> None:
    token = door.ask()
    door.press(token)
    door.desk.clock.now += timedelta(days=20)
    assert door.press(token).state is InvitationState.JOINED
    door.suppress(SuppressionReason.UNSUBSCRIBED)
    assert door.press(token) == Invitation(InvitationState.OVER)
    assert door.suppression() is SuppressionReason.UNSUBSCRIBED


def test_a_link_whose_request_is_forgotten_is_over(door: Door) -> None:
    token = door.ask()
    with door.desk.store.write() as tx:
        now = door.desk.clock()
        tx.requests.forget(unconfirmed=now + timedelta(1), confirmed=now)
    assert door.press(token) == Invitation(InvitationState.OVER)


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.CONFIRM])
def test_a_token_for_anything_else_confirms_nothing(quick_door: Door, purpose: Purpose) -> None:
    """Requirement 70."""
    quick_door.ask()
    token = SIGNER.sign(purpose, 1)
    assert quick_door.joining.confirm(token, 1) is None
    assert quick_door.joining.invitation(token) is None
    assert not quick_door.is_known()


def test_nobody_confirms_what_the_page_did_not_show(door: Door) -> None:
    """Requirement 37: another form for the same address came between the look and the press."""
    token = door.ask()
    shown = door.joining.invitation(token)
    door.ask(replace(FORM, name="Evil Name"))
    assert shown is not None
    found = door.joining.confirm(token, shown.form)
    assert found is not None
    assert (found.state, found.name) == (InvitationState.OPEN, "Evil Name")
    assert not door.is_known()
    assert door.press(token).state is InvitationState.JOINED
    assert door.reader().name == "Evil Name"


def test_looking_at_an_invitation_changes_nothing(door: Door) -> None:
    """Requirements 10 and 51."""
    token = door.ask()
    for _ in range(3):
        door.joining.invitation(token)
    assert door.joining.confirm(token, 1) is not None
    assert len(door.consents()) == 1


def judged(form: JoinForm) -> Wish | Mapping[str, str]:
    """The wish that a form is, or a sentence for each field that is refused."""
    try:
        return checked(form, DEFAULT_ROLES, "192.0.2.1")
    except WrongFields as error:
        return error.fields


def mistakes(form: JoinForm) -> set[str]:
    """The names of the fields that are refused."""
    found = judged(form)
    return set() if isinstance(found, Wish) else set(found)


def test_every_mistake_is_named_at_once() -> None:
    empty = JoinForm()
    assert mistakes(empty) == {"email", "role", "agree"}
    assert mistakes(FORM) == set()
    assert mistakes(replace(FORM, name="", organisation="", nation="")) == set()


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("email", "sam", "email"),
        ("email", "Sam <sam@school.example>", "email"),
        ("email", "sam@school.example\r\nBcc: lee@school.example", "email"),
        ("email", "sam@school.example,lee@school.example", "email"),
        ("email", "a@x.example>b@y.example", "email"),
        ("email", "sam\x00@school.example", "email"),
        ("email", "siân@school.example", "email"),
        ("email", "s" * 5000 + "@school.example", "email"),
        ("name", "Sam\r\nBcc: lee@school.example", "name"),
        ("name", "Sam\x00", "name"),
        ("name", "Sam\u202eelpmaxE", "name"),
        ("name", "Sam\u2028Example", "name"),
        ("name", "Sam\ud800", "name"),
        ("name", "w" * 5000, "name"),
        ("organisation", "Oak\nSchool", "organisation"),
        ("organisation", "w" * 5000, "organisation"),
        ("nation", "Narnia", "nation"),
        ("nation", "wales", "nation"),
        ("roles", (), "role"),
        ("roles", ("king",), "role"),
        ("roles", ("dsl", "' OR 1=1"), "role"),
        ("agreed", False, "agree"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(
    field: str, value: object, wrong: str
) -> None:
    """Requirement 63."""
    assert mistakes(replace(FORM, **{field: value})) == {wrong}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    ["{{7*7}}", "<script>alert(1)</script>", "O'Brien, Siân", "Llŷr ap Siôn", "👩🏽‍🏫", "w" * 200,
     "=cmd()", "BLT0role0BLT", "%(role)s", "Robert'); DROP TABLE subscribers;--"],
)  # fmt: skip
def test_what_looks_dangerous_is_kept_as_the_text_it_is(quick_door: Door, name: str) -> None:
    """Requirements 58 to 60."""
    quick_door.press(quick_door.ask(replace(FORM, name=name, organisation=name)))
    reader = quick_door.reader()
    assert (reader.name, reader.organisation) == (name, name)


def any_form() -> st.SearchStrategy[JoinForm]:
    return st.builds(
        JoinForm,
        email=st.one_of(st.text(), st.emails()),
        name=st.text(),
        organisation=st.text(),
        nation=st.one_of(st.text(), st.sampled_from([*Nation, ""])),
        roles=st.lists(
            st.one_of(st.text(), st.sampled_from([role.key for role in DEFAULT_ROLES]))
        ).map(tuple),
        agreed=st.booleans(),
    )


@given(any_form())
def test_whatever_is_filled_in_is_taken_whole_or_refused_with_reasons(form: JoinForm) -> None:
    found = judged(form)
    if isinstance(found, Wish):
        assert form.agreed
        assert set(found.roles) == set(form.roles)
        for value in (found.email, found.name, found.organisation):
            assert value == value.strip()
            assert len(value.splitlines()) <= 1
    else:
        assert found
        assert all(sentence.endswith(".") for sentence in found.values())
