"""Accounts: the first one, invitations, forgotten passwords, one's own settings, and users."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from at_desk import COOKIE, Desk
from doors import ANOTHER, PASSWORD, fill_in, is_in, path_of, sign_in, somebody
from fastapi.testclient import TestClient

from bulletin.models.people import Theme, UserRole
from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.wiring import Services
from quick_hashes import QUICK

HOST = "http://127.0.0.1"
ADMIN = {"name": "Sam Jones", "email": "sam@school.example", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _quick(services: Services) -> None:
    services.passwords = Passwords(QUICK)


def first_page(services: Services) -> str:
    link = services.accounts.first_link(HOST)
    assert link
    return link.removeprefix(HOST)


def test_the_first_link_makes_an_admin_who_is_signed_in(
    services: Services, browser: TestClient
) -> None:
    page = first_page(services)
    answer = fill_in(browser, page, **ADMIN, again=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app")
    assert is_in(browser)
    (user,) = services.enrolment.users()
    assert (user.role, user.name) == (UserRole.ADMIN, "Sam Jones")
    browser.cookies.clear()
    assert sign_in(browser, "sam@school.example").status_code == 303


def test_the_first_link_works_once(services: Services, browser: TestClient) -> None:
    page = first_page(services)
    fill_in(browser, page, **ADMIN, again=PASSWORD)
    browser.cookies.clear()
    again = browser.get(page)
    assert again.status_code == 410
    assert "has been used, or is too old" in again.text
    assert services.accounts.first_link(HOST) is None


def test_a_new_first_link_ends_the_one_before(services: Services, browser: TestClient) -> None:
    """One that was printed at an earlier start, where somebody may have read it since."""
    old, new = first_page(services), first_page(services)
    assert browser.get(old).status_code == 410
    assert browser.get(new).status_code == 200


def test_the_first_link_works_for_a_day(services: Services, browser: TestClient) -> None:
    page = first_page(services)
    later = datetime.now(UTC) + timedelta(hours=24, seconds=1)
    services.store.clock = lambda: later
    assert browser.get(page).status_code == 410


def test_two_who_have_the_first_link_do_not_both_become_admins(
    services: Services, browser: TestClient
) -> None:
    page = first_page(services)
    somebody(services)  # meanwhile, on the command line
    answer = fill_in(browser, page, **ADMIN, again=PASSWORD)
    assert answer.status_code == 410
    assert "Somebody can sign in already" in answer.text
    assert [user.email for user in services.enrolment.users()] == ["ann@school.example"]


def test_what_is_wrong_with_a_first_account_is_said_beside_each_field(
    services: Services, browser: TestClient
) -> None:
    page = first_page(services)
    answer = fill_in(browser, page, name="", email="nobody", password="password1234", again="x")
    assert answer.status_code == 422
    for name in ("name", "email", "password"):
        assert f'id="{name}-error"' in answer.text
        assert f'href="#{name}"' in answer.text
    assert "password1234" not in answer.text
    answer = fill_in(browser, page, **ADMIN, again="another one")
    assert 'id="again-error"' in answer.text
    assert 'value="Sam Jones"' in answer.text


def test_a_link_of_one_kind_opens_nothing_else(services: Services, browser: TestClient) -> None:
    token = first_page(services).rpartition("/")[2]
    for page in ("invited", "reset"):
        assert browser.get(f"/app/{page}/{token}").status_code == 410


def test_who_tries_links_out_waits(browser: TestClient) -> None:
    answers = [browser.get(f"/app/reset/1-{number}").status_code for number in range(21)]
    assert answers == [410] * 20 + [429]


def test_an_invited_colleague_chooses_a_password_and_is_in(
    as_role: Callable[..., Desk], browser: TestClient, services: Services
) -> None:
    admin = as_role(UserRole.ADMIN)
    shown = admin.change("/app/settings/users/invite", email="new@school.example", role="author")
    link = re.search(r'value="(http[^"]+/app/invited/[^"]+)"', shown.text)
    assert link
    assert "Give it to them yourself" in shown.text  # the outbox mails nobody
    page = path_of(link[1])
    assert "new@school.example" in browser.get(page).text
    answer = fill_in(browser, page, name="Nia", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 303
    assert is_in(browser)
    assert browser.get(page).status_code == 410
    assert "Nia" in admin.get("/app/settings/users").text


def test_an_invitation_ends_with_the_next_one_and_when_somebody_is_switched_off(
    as_role: Callable[..., Desk], browser: TestClient, services: Services
) -> None:
    user, first = services.managing_users.invite("new@school.example", UserRole.EDITOR, "test")
    second = services.managing_users.link(user.id, "test")
    assert browser.get(path_of(first)).status_code == 410
    assert browser.get(path_of(second)).status_code == 200
    as_role(UserRole.ADMIN).change(f"/app/settings/users/{user.id}/off")
    assert browser.get(path_of(second)).status_code == 410


def test_a_forgotten_password_is_chosen_anew_by_a_letter(
    services: Services, browser: TestClient, tmp_path: Path
) -> None:
    user = somebody(services)
    elsewhere = services.sessions.open(user)
    known = fill_in(browser, "/app/forgotten", email="ann@school.example")
    unknown = fill_in(browser, "/app/forgotten", email="nobody@school.example")
    assert known.text == unknown.text.replace("nobody@", "ann@")
    services.correspondence.send(threading.Event())
    (letter,) = (path for path in (tmp_path / "outbox").rglob("*") if path.is_file())
    link = re.search(r"http://\S+/app/reset/\S+", letter.read_text())
    assert link
    answer = fill_in(browser, path_of(link[0]), password=ANOTHER, again=ANOTHER)
    assert answer.headers["location"] == "/app/sign-in"
    assert services.sessions.user(elsewhere) is None
    assert sign_in(browser).status_code == 422
    assert sign_in(browser, password=ANOTHER).status_code == 303
    browser.cookies.clear()
    assert browser.get(path_of(link[0])).status_code == 410


def test_nobodys_mailbox_is_filled_by_strangers(browser: TestClient) -> None:
    def ask(number: int) -> int:
        return fill_in(browser, "/app/forgotten", email=f"{number}@school.example").status_code

    assert [ask(1) for _ in range(4)] == [200] * 3 + [429]
    assert [ask(number) for number in range(2, 10)] == [200] * 7 + [429]


def test_a_password_is_changed_with_the_one_there_is(
    services: Services, browser: TestClient
) -> None:
    user = somebody(services)
    sign_in(browser)
    before, elsewhere = browser.cookies[COOKIE], services.sessions.open(user)
    csrf = re.search(r'name="csrf" content="([^"]+)"', browser.get("/app/settings").text)
    assert csrf
    fields = {"csrf": csrf[1], "old": PASSWORD, "password": ANOTHER, "again": ANOTHER}
    answer = browser.post("/app/settings/password", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/app/settings"
    assert browser.cookies[COOKIE] != before
    assert services.sessions.user(before) is None
    assert services.sessions.user(elsewhere) is None
    assert is_in(browser)


def test_settings_are_kept_with_the_user(as_role: Callable[..., Desk]) -> None:
    client = as_role()
    client.change("/app/settings/name", name="  Ann <b>Other</b> ")
    client.change("/app/settings/preferences", theme="dark")
    page = client.get("/app/settings").text
    assert 'data-theme="dark" data-letters="off"' in page
    assert "Ann &lt;b&gt;Other&lt;/b&gt;" in page
    assert "<b>Other" not in page
    client.change("/app/settings/preferences", theme="nonsense", shortcuts="1")
    page = client.get("/app/settings").text
    assert f'data-theme="{Theme.SYSTEM}"' in page
    assert "data-letters" not in page


def test_sessions_are_listed_and_ended(as_role: Callable[..., Desk], services: Services) -> None:
    client = as_role()
    phone = services.sessions.open(client.user, "Mozilla/5.0 (iPhone) Safari/604.1")
    page = client.get("/app/settings").text
    assert "Safari on an iPhone" in page
    (number,) = re.findall(r"/app/settings/sessions/(\d+)/end", page)
    client.change(f"/app/settings/sessions/{number}/end")
    assert services.sessions.user(phone) is None
    answer = client.change("/app/settings/sessions/end-all")
    assert answer.headers["location"] == "/app/sign-in"
    assert not is_in(client)


def test_an_admin_changes_what_others_may_do_and_they_sign_in_again(
    as_role: Callable[..., Desk], services: Services
) -> None:
    admin, editor = as_role(UserRole.ADMIN), as_role(UserRole.EDITOR)
    here = f"/app/settings/users/{editor.user.id}"
    admin.change(f"{here}/role", role="approver")
    assert services.managing_users.account(editor.user.id).user.role is UserRole.APPROVER
    assert not is_in(editor)
    assert admin.change(f"{here}/role", role="emperor").status_code == 422
    admin.change(f"{here}/off")
    assert "Switched off" in admin.get("/app/settings/users").text
    assert [user.role for user in services.enrolment.users()] == [UserRole.ADMIN]
    admin.change(f"{here}/on")
    admin.change(f"{here}/remove")
    assert admin.get(here).status_code == 404


def test_there_is_always_an_admin(as_role: Callable[..., Desk], services: Services) -> None:
    admin = as_role(UserRole.ADMIN)
    off = somebody(services, "second@school.example", UserRole.ADMIN)
    services.managing_users.switch_off(off.id, "test")
    here = f"/app/settings/users/{admin.user.id}"
    for change, fields in (("role", {"role": "editor"}), ("off", {}), ("remove", {})):
        answer = admin.change(f"{here}/{change}", **fields)
        assert answer.status_code == 409
        assert "is the only admin" in answer.text
    services.managing_users.switch_on(off.id, "test")
    assert admin.change(f"{here}/off").status_code == 303
    assert not is_in(admin)


def test_an_admin_sees_what_the_settings_say_and_no_secret(
    as_role: Callable[..., Desk], services: Services
) -> None:
    page = as_role(UserRole.ADMIN).get("/app/settings/installation").text
    assert "bulletin@school.example" in page
    assert "not set; every message should say who sends it" in page
    assert services.settings.secret() not in page
