"""Signing in with an identity provider: a real one on this machine, which is also attacked with."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from issuer_at_hand import CLIENT_ID, CLIENT_SECRET, Issuer, an_issuer
from joserfc.jwk import RSAKey

from bulletin.models.people import UserRole
from bulletin.settings import load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

BEGIN, BACK = "/app/sign-in/provider", "/app/sign-in/provider/back"


@pytest.fixture(scope="module")
def running_issuer() -> Iterator[Issuer]:
    with an_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(running_issuer: Issuer) -> Issuer:
    """As it is when nothing is wrong with it."""
    running_issuer.claims, running_issuer.header, running_issuer.token = {}, {}, None
    running_issuer.named = ""
    return running_issuer


@pytest.fixture
def services(sqlite_database: str, tmp_path: Path, issuer: Issuer) -> Iterator[Services]:
    made = Services(
        load_settings(
            database_url=sqlite_database,
            secret_key="a secret of at least thirty-two characters",
            from_email="bulletin@school.example",
            outbox_dir=tmp_path / "outbox",
            oidc_issuer=issuer.address,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="Example Trust",
            oidc_domains="school.example",
        )
    )
    made.enrolment.add_user("ann@school.example", UserRole.EDITOR, "", "test")
    yield made
    made.close()


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    app = create_app(services)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as client:
        yield client


def go_there_and_back(browser: TestClient, issuer: Issuer, **changed: str) -> Response:
    """Press the link, sign in at the provider, and come back."""
    begun = browser.get(f"{BEGIN}?back=/app/settings", follow_redirects=False)
    assert begun.status_code == 303, begun.text
    brought = {**issuer.visit(begun.headers["location"]), **changed}
    return browser.get(BACK, params=brought, follow_redirects=False)


def assert_refused(browser: TestClient, answer: Response, sentence: str) -> None:
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (
        browser.get("/app", follow_redirects=False).headers["location"].startswith("/app/sign-in")
    )


def test_an_invited_user_comes_in_and_reaches_the_page_they_wanted(
    browser: TestClient, issuer: Issuer
) -> None:
    assert "sign in with Example Trust" in browser.get("/app/sign-in").text
    answer = go_there_and_back(browser, issuer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/settings")
    assert "ann@school.example" in browser.get("/app/settings").text
    assert issuer.asked[-1]["client_id"] == CLIENT_ID


def test_nobody_gets_an_account_by_it(
    browser: TestClient, issuer: Issuer, services: Services
) -> None:
    issuer.claims = {"email": "stranger@school.example", "sub": "subject-9"}
    assert_refused(browser, go_there_and_back(browser, issuer), "has no account here")
    assert [user.email for user in services.enrolment.users()] == ["ann@school.example"]


def test_who_is_switched_off_stays_out(
    browser: TestClient, issuer: Issuer, services: Services
) -> None:
    (ann,) = services.enrolment.users()
    services.managing_users.switch_off(ann.id, "test")
    assert_refused(browser, go_there_and_back(browser, issuer), "has no account here")


def test_an_address_that_was_given_to_somebody_else_lets_nobody_in(
    browser: TestClient, issuer: Issuer
) -> None:
    """The provider's subject counts, from the first time on: addresses are handed on."""
    assert go_there_and_back(browser, issuer).status_code == 303
    browser.cookies.clear()
    issuer.claims = {"sub": "subject-2"}
    assert_refused(browser, go_there_and_back(browser, issuer), "somebody else")


def test_a_second_factor_is_asked_all_the_same(
    browser: TestClient, issuer: Issuer, services: Services
) -> None:
    (ann,) = services.enrolment.users()
    with services.store.write() as tx:
        tx.accounts.use_factor(ann.id, 0, services.store.clock())
    answer = go_there_and_back(browser, issuer)
    assert answer.headers["location"].startswith("/app/sign-in/code")


def test_an_address_that_is_not_vouched_for_lets_nobody_in(
    browser: TestClient, issuer: Issuer
) -> None:
    for claims in (
        {"email_verified": False},
        {"email": None},
        {"email": "ann@elsewhere.example"},
        {"email": "ann@elsewhere.example", "email_verified": None},
    ):
        issuer.claims = claims
        assert_refused(browser, go_there_and_back(browser, issuer), "does not vouch")


def test_an_address_in_a_domain_of_the_providers_own_needs_no_word_of_verification(
    browser: TestClient, issuer: Issuer
) -> None:
    issuer.claims = {"email_verified": None}
    assert go_there_and_back(browser, issuer).status_code == 303


def test_a_token_that_is_not_for_this_moment_lets_nobody_in(
    browser: TestClient, issuer: Issuer
) -> None:
    now = int(time.time())
    for claims in (
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"]},  # and no azp, which says whose it is
        {"exp": now - 3600},
        {"exp": None},
        {"iat": now + 3600},
        {"sub": None},
    ):
        issuer.claims = claims
        assert_refused(browser, go_there_and_back(browser, issuer), "does not work for the moment")


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_a_token_without_a_signature_lets_nobody_in(browser: TestClient, issuer: Issuer) -> None:
    begun = browser.get(BEGIN, follow_redirects=False)
    brought = issuer.visit(begun.headers["location"])
    _, claims, _ = issuer.signed().split(".")
    issuer.token = f"{encoded({'alg': 'none'})}.{claims}."
    answer = browser.get(BACK, params=brought, follow_redirects=False)
    assert_refused(browser, answer, "does not work for the moment")


def test_a_token_signed_with_the_public_key_as_a_secret_lets_nobody_in(
    browser: TestClient, issuer: Issuer
) -> None:
    begun = browser.get(BEGIN, follow_redirects=False)
    brought = issuer.visit(begun.headers["location"])
    _, claims, _ = issuer.signed().split(".")
    text = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{claims}"
    mac = hmac.digest(issuer.key.as_pem(private=False), text.encode(), "sha256")
    issuer.token = f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    answer = browser.get(BACK, params=brought, follow_redirects=False)
    assert_refused(browser, answer, "does not work for the moment")


def test_a_token_that_another_key_signed_lets_nobody_in(
    browser: TestClient, issuer: Issuer
) -> None:
    kept = issuer.key
    issuer.key = RSAKey.generate_key(2048, {"kid": "first"})
    answer = go_there_and_back(browser, issuer)
    issuer.key = kept
    assert_refused(browser, answer, "does not work for the moment")


def test_keys_that_were_changed_are_read_again(browser: TestClient, issuer: Issuer) -> None:
    assert go_there_and_back(browser, issuer).status_code == 303
    old = issuer.key
    issuer.key = issuer.published = RSAKey.generate_key(2048, {"kid": "second"})
    issuer.header = {"kid": "second"}
    answer = go_there_and_back(browser, issuer)
    issuer.key = issuer.published = old
    assert answer.status_code == 303


def test_an_issuer_that_calls_itself_something_else_is_not_believed(
    browser: TestClient, issuer: Issuer
) -> None:
    issuer.named = "https://elsewhere.example"
    answer = browser.get(BEGIN, follow_redirects=False)
    assert_refused(browser, answer, "does not work for the moment")


def test_an_answer_to_something_else_lets_nobody_in(browser: TestClient, issuer: Issuer) -> None:
    for changed in ({"state": "another"}, {"state": ""}, {"iss": "https://elsewhere.example"}):
        answer = go_there_and_back(browser, issuer, **changed)
        assert_refused(browser, answer, "began in another browser")


def test_an_answer_in_another_browser_lets_nobody_in(browser: TestClient, issuer: Issuer) -> None:
    """Nobody is signed in as somebody else by a link that they were sent."""
    begun = browser.get(BEGIN, follow_redirects=False)
    browser.cookies.clear()
    brought = issuer.visit(begun.headers["location"])
    answer = browser.get(BACK, params=brought, follow_redirects=False)
    assert_refused(browser, answer, "began in another browser")


def test_an_answer_works_once(browser: TestClient, issuer: Issuer) -> None:
    begun = browser.get(BEGIN, follow_redirects=False)
    brought = issuer.visit(begun.headers["location"])
    assert browser.get(BACK, params=brought, follow_redirects=False).status_code == 303
    browser.cookies.delete("bulletin")
    answer = browser.get(BACK, params=brought, follow_redirects=False)
    assert_refused(browser, answer, "began in another browser")


def test_who_changed_their_mind_is_told_so(browser: TestClient, issuer: Issuer) -> None:
    answer = go_there_and_back(browser, issuer, code="", error="access_denied")
    assert_refused(browser, answer, "was not finished")
