"""A list of readers comes in step by step, and nothing changes before the last."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from at_desk import Desk, DeskBrowser
from openpyxl import Workbook

from bulletin.models.directory import Lookup
from bulletin.models.people import UserRole
from bulletin.wiring import Services

LIST = """\
Staff of the trust,,
,,
Work email,Job,Establishment
office@oak.school.example,DSL/Head,Oak School
no address,Governor,Elm School
chair@elm.school.example,Chair of cheese,Elm School
dsl@school.example,Governor,Ash School
"""


@pytest.fixture
def admin(as_role: Callable[..., Desk]) -> Desk:
    return as_role(UserRole.ADMIN)


def bring(admin: Desk, content: bytes | str, name: str = "staff.csv") -> str:
    """Bring a file; the address of its import."""
    data = content.encode() if isinstance(content, str) else content
    answer = admin.post(
        "/app/people/import", data={"csrf": admin.csrf}, files={"file": (name, data)},
        follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("/columns")


def go_on(admin: Desk, where: str, **columns: str) -> None:
    chosen = {name.replace("_", "-"): field for name, field in columns.items()}
    admin.change(f"{where}/columns", sheet="0", heading="3", **chosen)


def test_a_list_below_other_rows_is_understood_by_its_headings(admin: Desk) -> None:
    page = admin.get(bring(admin, LIST) + "/columns").text
    assert "4 rows below the headings in row 3" in page
    assert "office@oak.school.example" in page
    assert "Every row needs an address and a role" in page


def test_only_rows_that_cannot_be_used_are_shown_with_their_number_in_the_file(
    services: Services, admin: Desk
) -> None:
    where = bring(admin, LIST)
    go_on(admin, where, column_0="email", column_1="roles", column_2="organisation")
    page = admin.get(f"{where}/rows").text
    assert "2 rows cannot be used" in page
    assert "Row 5" in page
    assert "Row 6: chair@elm.school.example" in page
    assert "office@oak" not in page
    assert services.directory.page(Lookup()).total == 1


def test_mended_rows_come_in_and_an_undo_takes_everything_back(
    services: Services, admin: Desk
) -> None:
    where = bring(admin, LIST)
    go_on(admin, where, column_0="email", column_1="roles", column_2="organisation")
    admin.change(f"{where}/rows", **{"cell-5-email": "governor@elm.school.example", "leave-6": "1"})
    confirm = admin.get(f"{where}/confirm").text
    assert "Add 2, update 1, leave out 1, unsubscribe 0" in confirm
    admin.change(f"{where}/confirm", expected="3")
    assert services.enrolment.show("governor@elm.school.example")[0].organisation == "Elm School"
    assert services.enrolment.show("dsl@school.example")[0].roles == {"governor"}
    answer = admin.change(f"{where}/undo")
    assert answer.status_code == 303
    assert services.enrolment.show("dsl@school.example")[0].roles == {"dsl"}
    assert "1 of 1 person" in admin.get("/app/people").text


def test_nothing_is_imported_if_the_list_is_another_than_was_shown(admin: Desk) -> None:
    where = bring(admin, "email,roles\na@school.example,dsl\nb@school.example,dsl\n")
    refused = admin.change(f"{where}/confirm", expected="1")
    assert refused.status_code == 409
    assert "Nothing was imported" in refused.text
    assert "1 of 1 person" in admin.get("/app/people").text


def test_an_import_happens_once_however_often_it_is_sent(services: Services, admin: Desk) -> None:
    where = bring(admin, "email,roles\na@school.example,dsl\n")
    assert admin.change(f"{where}/confirm", expected="1").status_code == 303
    assert admin.change(f"{where}/confirm", expected="1").status_code == 409
    assert services.roster_files.recent()[0].content == b""


def test_who_was_changed_after_the_import_stays_as_they_are(
    services: Services, admin: Desk
) -> None:
    where = bring(admin, "email,roles\na@school.example,dsl\nb@school.example,dsl\n")
    admin.change(f"{where}/confirm", expected="2")
    number = services.enrolment.show("a@school.example")[0].id
    admin.change(f"/app/people/{number}/edit", name="Changed", role=["dsl"])
    admin.change(f"{where}/undo")
    assert services.enrolment.show("a@school.example")[0].name == "Changed"
    assert "2 of 2 people" in admin.get("/app/people").text


def test_a_workbook_comes_in_by_the_sheet_that_holds_the_list(
    services: Services, admin: Desk
) -> None:
    book = Workbook()
    book.active.append(["Notes of the office"])
    people = book.create_sheet("People")
    for row in (["Our staff"], ["E-mail", "Roles"], ["a@school.example", "DSL; Governor"]):
        people.append(row)
    data = io.BytesIO()
    book.save(data)
    where = bring(admin, data.getvalue(), "staff.xlsx")
    assert "1 row below the headings in row 2" in admin.get(f"{where}/columns").text
    admin.change(f"{where}/confirm", expected="1")
    assert services.enrolment.show("a@school.example")[0].roles == {"dsl", "governor"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"\0\1\2"])
def test_what_is_no_list_is_refused_in_words(admin: Desk, content: bytes) -> None:
    answer = admin.post(
        "/app/people/import", data={"csrf": admin.csrf}, files={"file": ("x.csv", content)}
    )
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text


def test_a_wrong_choice_of_columns_is_said_and_nothing_is_lost(admin: Desk) -> None:
    where = bring(admin, LIST)
    twice = admin.change(
        f"{where}/columns", sheet="0", heading="3", **{"column-0": "email", "column-1": "email"}
    )
    assert twice.status_code == 422
    assert "Two columns become email" in twice.text
    nowhere = admin.change(f"{where}/columns", sheet="7", heading="3")
    assert nowhere.status_code == 422
    words = admin.change(f"{where}/columns", sheet="0", heading="three")
    assert "in which row the headings are" in words.text


def test_a_list_is_imported_by_keyboard_alone_on_a_phone(desk_browser: DeskBrowser) -> None:
    page = desk_browser.open(
        "/app/people/import", UserRole.ADMIN, viewport={"width": 375, "height": 700}
    )
    page.get_by_label("Or paste the rows").focus()
    page.keyboard.insert_text("Email\tRoles\nnew@school.example\tDSL\n")
    page.get_by_role("button", name="Read this list").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Check the rows").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Import 1 person").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Imported", exact=True).wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    person = desk_browser.services.enrolment.show("new@school.example")[0]
    assert person.roles == {"dsl"}


def test_a_list_that_nobody_imports_is_forgotten_after_a_week(
    services: Services, admin: Desk
) -> None:
    bring(admin, "email,roles\na@school.example,dsl\n")
    assert services.roster_files.tidy() == 0
    now = services.store.clock()
    services.store.clock = lambda: now + timedelta(days=8)
    assert services.roster_files.tidy() == 1
    assert services.roster_files.recent() == []
