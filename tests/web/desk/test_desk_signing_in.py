"""Signing in and out: what the browser gets, keeps and is told."""

from __future__ import annotations

import re

import pyotp
import pytest
from doors import PASSWORD, fill_in, form_of, is_in, sign_in, somebody
from fastapi.testclient import TestClient

from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.web.app import create_app
from bulletin.web.desk.access import csrf_of, own_page
from bulletin.wiring import Services
from quick_hashes import QUICK


@pytest.fixture(autouse=True)
def _quick(services: Services) -> None:
    services.passwords = Passwords(QUICK)


def test_who_signs_in_reaches_the_page_they_wanted(services: Services, browser: TestClient) -> None:
    somebody(services)
    wanted = browser.get("/app/issues?state=draft", follow_redirects=False)
    page = wanted.headers["location"]
    back = re.search(r'name="back" value="([^"]+)"', browser.get(page).text)
    assert back
    answer = sign_in(browser, back=back[1])
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/issues?state=draft")
    assert is_in(browser)
    assert browser.get("/app/sign-in", follow_redirects=False).headers["location"] == "/app"


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/app",
        "//elsewhere.example/app",
        "/\\elsewhere.example",
        "/app/\\..//elsewhere.example",
        "/app/\t/elsewhere.example",
        "/app\r\nSet-Cookie: a=b",
        "/application",
        "/outbox",
        "javascript:alert(1)",
        "/app/\u2028x",
        "",
    ],
)
def test_nobody_is_led_elsewhere_by_signing_in(back: str) -> None:
    assert own_page(back) == "/app"


def test_only_pages_of_the_desk_are_led_to() -> None:
    for path in ("/app", "/app/issues/3/compose", "/app?x=1", "/app/inbox?back=%2F%2Fx"):
        assert own_page(path) == path


def test_a_wrong_password_keeps_the_address_and_says_no_more_than_it_must(
    services: Services, browser: TestClient
) -> None:
    somebody(services)
    answer = sign_in(browser, password="wrong")
    assert answer.status_code == 422
    assert "<title>Error: Sign in" in answer.text
    assert 'value="ann@school.example"' in answer.text
    assert "wrong" not in re.findall(r'value="([^"]*)"', answer.text)
    unknown = sign_in(browser, email="nobody@school.example", password="wrong")
    assert unknown.text.replace("nobody@", "ann@") == answer.text


def test_who_has_to_wait_is_told_for_how_long(services: Services, browser: TestClient) -> None:
    somebody(services)
    answers = [sign_in(browser, password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "There were too many tries. Wait 1 second" in answers[-1].text


def test_a_session_that_was_there_before_is_not_taken_over(
    services: Services, browser: TestClient
) -> None:
    """Session fixation: signing in gives a token that nobody knew before."""
    somebody(services)
    browser.cookies.set("bulletin", "chosen-by-somebody-else", domain="127.0.0.1", path="/")
    assert sign_in(browser).status_code == 303
    assert browser.cookies["bulletin"] != "chosen-by-somebody-else"
    assert services.sessions.user("chosen-by-somebody-else") is None
    first = browser.cookies["bulletin"]
    browser.cookies.delete("bulletin")
    csrf = form_of(browser, "/app/sign-in")
    browser.cookies.set("bulletin", first, domain="127.0.0.1", path="/")
    again = {"csrf": csrf, "email": "ann@school.example", "password": PASSWORD}
    browser.post("/app/sign-in", data=again, follow_redirects=False)
    assert browser.cookies["bulletin"] != first
    assert services.sessions.user(first) is None


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    services: Services, browser: TestClient
) -> None:
    somebody(services)
    sign_in(browser)
    token = browser.cookies["bulletin"]
    answer = browser.post("/app/sign-out", data={"csrf": csrf_of(token)}, follow_redirects=False)
    assert answer.headers["location"] == "/app/sign-in"
    assert "bulletin" not in browser.cookies
    assert services.sessions.user(token) is None
    assert "You are signed out." in browser.get("/app/sign-in").text


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    services: Services, browser: TestClient
) -> None:
    somebody(services)
    sign_in(browser)
    answer = browser.get("/app/sign-in", follow_redirects=False)
    browser.cookies.clear()
    kept = sign_in(browser).headers.get_list("set-cookie") + answer.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in kept} >= {"bulletin", "bulletin_known"}
    for cookie in kept:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "domain" not in cookie.lower()
        assert "Secure" not in cookie  # by http no browser would send it back


def test_by_https_cookies_are_this_hosts_alone(services: Services) -> None:
    services.settings = services.settings.model_copy(
        update={"public_url": "https://bulletin.school.example"}
    )
    somebody(services)
    app = create_app(services)
    with TestClient(app, base_url="https://bulletin.school.example") as browser:
        answer = sign_in(browser)
        kept = answer.headers.get_list("set-cookie")
        assert any(cookie.startswith("__Host-bulletin=") for cookie in kept)
        for cookie in kept:
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie
            assert "Path=/;" in cookie
        assert is_in(browser)
        browser.cookies.clear()
        browser.cookies.set("bulletin", services.sessions.open(services.enrolment.users()[0]))
        assert not is_in(browser)  # a cookie that another host of the domain could have set


def test_a_second_factor_is_asked_before_there_is_a_session(
    services: Services, browser: TestClient
) -> None:
    user = somebody(services)
    services.second_factor.begin(user)
    offer = services.second_factor.offer(user)
    assert offer
    app = pyotp.TOTP(offer.secret.replace(" ", ""))
    _, codes = services.second_factor.confirm(user, app.now(), "")
    answer = sign_in(browser, back="/app/settings")
    assert answer.headers["location"] == "/app/sign-in/code?back=/app/settings"
    assert not is_in(browser)
    wrong = fill_in(browser, "/app/sign-in/code", code="nonsense", back="/app/settings")
    assert wrong.status_code == 422
    right = fill_in(browser, "/app/sign-in/code", code=codes[3], back="/app/settings")
    assert right.headers["location"] == "/app/settings"
    assert is_in(browser)
    assert "9 recovery codes left" in browser.get("/app/settings").text


def test_a_code_without_a_password_before_it_lets_nobody_in(browser: TestClient) -> None:
    assert browser.get("/app/sign-in/code").status_code == 422
    form_of(browser, "/app/sign-in")
    data = {"csrf": csrf_of(browser.cookies["bulletin_form"]), "code": "123456"}
    answer = browser.post("/app/sign-in/code", data=data, follow_redirects=False)
    assert answer.status_code == 422
    assert "Sign in with your password again" in answer.text


def test_a_script_whose_session_ended_gets_a_form_and_goes_on(
    services: Services, browser: TestClient
) -> None:
    """The form is shown over the page; nothing that was typed there is lost."""
    somebody(services)
    script = {"hx-request": "true"}
    asked = browser.get("/app/issues", headers=script)
    assert asked.status_code == 401
    assert "<html" not in asked.text
    assert 'id="sign-in-again"' in asked.text
    csrf = re.search(r'name="csrf" value="([^"]+)"', asked.text)
    assert csrf
    data = {"csrf": csrf[1], "email": "ann@school.example", "password": "wrong"}
    wrong = browser.post("/app/sign-in", data=data, headers=script)
    assert wrong.status_code == 422
    assert "<html" not in wrong.text
    data["password"] = PASSWORD
    right = browser.post("/app/sign-in", data=data, headers=script)
    assert right.status_code == 204
    assert right.headers["x-csrf-token"] == csrf_of(browser.cookies["bulletin"])
    assert is_in(browser)


def test_where_everybody_must_have_a_second_factor_it_comes_before_all_else(
    services: Services,
) -> None:
    services.settings = services.settings.model_copy(update={"require_second_factor": True})
    somebody(services)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as browser:
        sign_in(browser)
        answer = browser.get("/app/issues", follow_redirects=False)
        assert answer.headers["location"] == "/app/settings/second-factor"
        page = browser.get("/app/settings/second-factor").text
        assert "Everybody must have a second factor here" in page
        csrf = {"csrf": csrf_of(browser.cookies["bulletin"])}
        browser.post("/app/settings/second-factor/begin", data=csrf)
        page = browser.get("/app/settings/second-factor").text
        secret = re.search(r'class="secret">([^<]+)<', page)
        assert secret
        code = pyotp.TOTP(secret[1].replace(" ", "")).now()
        shown = browser.post("/app/settings/second-factor/confirm", data={**csrf, "code": code})
        assert len(re.findall(r"<li><code>[a-z2-7-]{19}</code>", shown.text)) == 10
        assert browser.get("/app/issues", follow_redirects=False).status_code == 200
