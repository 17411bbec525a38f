"""Readers at the desk: looked through, added, corrected, stopped, erased, picked by segments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.people import SubscriberDraft, SubscriberKind, UserRole
from bulletin.wiring import Services

VECTOR = '"><script>alert(1)</script>'


@pytest.fixture
def admin(as_role: Callable[..., Desk]) -> Desk:
    return as_role(UserRole.ADMIN)


def enrol(services: Services, email: str, role: str = "governor", **facts: str) -> int:
    draft = SubscriberDraft(email, (role,), kind=SubscriberKind.CORPORATE, **facts)
    return services.enrolment.add(draft, "test").id


def test_readers_are_found_by_address_name_and_organisation(
    services: Services, admin: Desk
) -> None:
    enrol(services, "head@oak.school.example", name="Ash Example", organisation="Oak School")
    for words in ("HEAD@oak", "ash ex", "oak sch"):
        page = admin.get("/app/people", params={"q": words}).text
        assert "head@oak.school.example" in page
        assert "dsl@school.example" not in page
    assert "Nobody matches" in admin.get("/app/people", params={"q": "100%"}).text


def test_a_filter_by_role_and_by_what_mail_they_get_leaves_the_others_out(
    services: Services, admin: Desk
) -> None:
    number = enrol(services, "governor@school.example")
    admin.change(f"/app/people/{number}/stop")
    stopped = admin.get("/app/people", params={"state": "suppressed"}).text
    assert "governor@school.example" in stopped
    assert "dsl@school.example" not in stopped
    dsl = admin.get("/app/people", params={"role": "dsl", "state": "active"}).text
    assert "dsl@school.example" in dsl
    assert "governor@school.example" not in dsl


def test_a_list_goes_on_where_the_page_before_ended(services: Services, admin: Desk) -> None:
    for number in range(60):
        enrol(services, f"reader{number:02}@school.example")
    first = admin.get("/app/people")
    assert "50 of 61 people" in first.text
    after = first.text.split("after=")[1].split('"')[0]
    second = admin.get(f"/app/people?after={after}").text
    assert "reader59@school.example" in second
    assert "reader00@school.example" not in second


def test_a_person_is_added_corrected_and_what_is_emptied_is_forgotten(
    services: Services, admin: Desk
) -> None:
    added = admin.change(
        "/app/people/new", email="new@school.example", name="Sam", role=["dsl"], kind="corporate"
    )
    where = added.headers["location"]
    admin.change(f"{where}/edit", name="", role=["governor", "chair"], nation="Wales")
    person = services.enrolment.show("new@school.example")[0]
    assert (person.name, person.nation, person.roles) == ("", "Wales", {"governor", "chair"})


def test_a_wrong_form_keeps_what_was_typed_and_says_what_to_do(admin: Desk) -> None:
    answer = admin.change("/app/people/new", email="no address", name="Sam Example")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'value="no address"' in answer.text
    assert 'value="Sam Example"' in answer.text
    assert "at least one role" in answer.text


def test_stopping_mail_can_be_undone_but_not_a_readers_own_decision(
    services: Services, admin: Desk
) -> None:
    number = enrol(services, "reader@school.example")
    admin.change(f"/app/people/{number}/stop")
    assert services.enrolment.show("reader@school.example")[1] == "manual"
    admin.change(f"/app/people/{number}/resume")
    assert services.enrolment.show("reader@school.example")[1] is None
    services.enrolment.suppress("reader@school.example", "unsubscribed", "", "test")
    refused = admin.change(f"/app/people/{number}/resume")
    assert refused.status_code == 409
    assert services.enrolment.show("reader@school.example")[1] == "unsubscribed"
    lifted = admin.change("/app/people/suppressions/lift", email="reader@school.example")
    assert lifted.status_code == 409


def test_erasing_is_asked_for_on_a_page_and_leaves_nobody(services: Services, admin: Desk) -> None:
    number = enrol(services, "gone@school.example")
    assert "cannot be undone" in admin.get(f"/app/people/{number}/erase").text
    admin.change(f"/app/people/{number}/erase")
    assert admin.get(f"/app/people/{number}").status_code == 404
    assert "gone@school.example" not in admin.get("/app/people").text


def test_a_segment_is_made_by_a_form_counted_changed_and_removed(
    services: Services, admin: Desk
) -> None:
    enrol(services, "governor@school.example")
    counted = admin.change(
        "/app/people/segments/new", name="Governors", role=["governor"], count="1"
    )
    assert "1 person on the list is in it" in counted.text
    admin.change("/app/people/segments/new", name="Governors", role=["governor"])
    [(number, name, expression, people)] = services.enrolment.segments()
    assert (name, expression, people) == ("Governors", "role = governor", 1)
    admin.change(
        f"/app/people/segments/{number}", name="Governors", role=["governor"], not_role=["dsl"],
        urn="123456\n654321",
    )  # fmt: skip
    changed = services.enrolment.segments()[0][2]
    assert changed == "role = governor and urn in (123456, 654321) and role != dsl"
    admin.change(f"/app/people/segments/{number}/remove")
    assert services.enrolment.segments() == []


def test_a_segment_that_an_issue_waits_for_stays(services: Services, admin: Desk) -> None:
    number, _ = services.enrolment.add_segment("Wales", "nation = Wales", "test")
    issue = services.drafting.new("December", {}, "private", "test")
    with services.store.write() as tx:
        tx.issues.edit(issue, services.store.clock(), audience_include=["wales"])
    refused = admin.change(f"/app/people/segments/{number}/remove")
    assert refused.status_code == 409
    assert "December" in refused.text


def test_values_that_cannot_be_are_said_beside_their_field(admin: Desk) -> None:
    answer = admin.change("/app/people/segments/new", name="Some", urn="12", expression="")
    assert answer.status_code == 422
    assert "A URN is six digits" in answer.text
    wrong = admin.change("/app/people/segments/new", name="Some", expression="role = nobody")
    assert wrong.status_code == 422
    assert "Column" in wrong.text


def test_what_somebody_typed_stays_text_wherever_it_is_shown(
    services: Services, admin: Desk
) -> None:
    number = enrol(services, "x@school.example", name=VECTOR, organisation=VECTOR)
    pages = ["/app/people", f"/app/people/{number}", f"/app/people/{number}/edit",
             f"/app/people?q={VECTOR}"]  # fmt: skip
    for path in pages:
        assert "<script>alert" not in admin.get(path).text
    answer = admin.change("/app/people/segments/new", name=VECTOR, urn=VECTOR, expression=VECTOR)
    assert "<script>alert" not in answer.text


def test_the_whole_list_comes_as_a_file_that_an_import_reads_back(admin: Desk) -> None:
    answer = admin.get("/app/people/everybody.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("email,name,roles")
    assert "dsl@school.example" in answer.text


def test_an_author_sees_no_reader(as_role: Callable[..., Desk]) -> None:
    author = as_role(UserRole.AUTHOR)
    for path in ("/app/people", "/app/people/1", "/app/people/segments", "/app/people/import"):
        assert author.get(path).status_code == 403
