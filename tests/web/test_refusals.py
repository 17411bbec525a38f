"""What goes wrong is a page with a sentence and a way on, or JSON; never a traceback."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from bulletin.errors import (
    BulletinError,
    Conflict,
    InvalidInput,
    Misconfigured,
    NotFound,
    Refused,
    StoreError,
    TooMany,
)
from bulletin.web.app import create_app
from bulletin.wiring import Services

SECRETIVE = "postgresql://bulletin:hunter2@db is down"


@pytest.fixture
def app(services: Services) -> FastAPI:
    return create_app(services)


def visit(app: FastAPI, error: Exception, method: str = "GET", accept: str = "text/html"):  # type: ignore[no-untyped-def]  # httpx's Response has no stable home
    @app.api_route("/trouble/{token}", methods=["GET", "POST"])
    def trouble(token: str) -> None:
        raise error

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        return client.request(method, "/trouble/1-abc", headers={"Accept": accept})


@pytest.mark.parametrize(
    ("error", "method", "status", "said"),
    [
        (HTTPException(410), "GET", 410, "kept for a time and then deleted"),
        (HTTPException(429), "GET", 429, "Wait a minute"),
        (HTTPException(413), "POST", 413, "larger than this page takes"),
        (HTTPException(403, "Ask your admin for this page."), "GET", 403, "Ask your admin"),
        (TooMany("Try again after 7:00am.", retry_after=59.2), "POST", 429, "after 7:00am"),
        (NotFound("No issue 'x'.", command="See: bulletin issue list"), "GET", 404, "cut off"),
        (Refused("It is a draft.", command="bulletin issue list"), "POST", 409, "It is a draft."),
        (InvalidInput("The name must be one line."), "POST", 422, "The name must be one line."),
        (Conflict("Somebody else changed it."), "POST", 409, "Somebody else changed it."),
        (StoreError(SECRETIVE), "GET", 503, "Try again in a few minutes"),
        (Misconfigured(SECRETIVE), "POST", 503, "Try again in a few minutes"),
        (RuntimeError(SECRETIVE), "GET", 500, "noted"),
    ],
)
def test_every_refusal_is_a_page_in_the_frame(
    app: FastAPI, error: Exception, method: str, status: int, said: str
) -> None:
    answer = visit(app, error, method)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.text.count("<h1>") == 1
    assert 'href="/"' in answer.text
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert "bulletin issue list" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "error", [HTTPException(404), NotFound("x"), StoreError(SECRETIVE), RuntimeError(SECRETIVE)]
)
def test_a_program_that_asks_for_json_gets_json(app: FastAPI, error: BulletinError) -> None:
    answer = visit(app, error, accept="application/json")
    assert set(answer.json()) == {"error"}
    assert "hunter2" not in answer.text


def test_who_has_to_wait_is_told_for_how_long(app: FastAPI) -> None:
    """RFC 9110 section 10.2.3."""
    assert visit(app, TooMany("Wait.", retry_after=59.2)).headers["retry-after"] == "60"


def test_what_nobody_expected_is_logged_without_the_readers_token(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    visit(app, RuntimeError("a wheel came off"))
    assert "GET /trouble/{token} failed" in caplog.text
    assert "a wheel came off" in caplog.text
    assert "1-abc" not in "".join(record.getMessage() for record in caplog.records)


def test_a_page_that_is_asked_the_wrong_way_says_so(browser: TestClient) -> None:
    answer = browser.post("/feed.xml")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "address", ["/nowhere", "/issues/none", "/issues/1", "/v/x", "/outbox?page=x", "/issues/a/b"]
)
def test_what_is_not_there_is_a_page(browser: TestClient, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 404
    assert "Page not found" in answer.text


@pytest.mark.parametrize(
    ("public_url", "strict"),
    [("https://bulletin.school.example", True), ("http://127.0.0.1:8025", False)],
)
def test_an_installation_on_https_stays_on_https(
    services: Services, public_url: str, strict: bool
) -> None:
    """RFC 6797 section 7.2: never over plain http."""
    made = Services(services.settings.model_copy(update={"public_url": public_url}))
    with TestClient(create_app(made), base_url=public_url) as client:
        assert ("strict-transport-security" in client.get("/").headers) is strict
    made.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_larger_than_any_form_is_refused(browser: TestClient, chunked: bool) -> None:
    """Whether its length was announced or not; the page still works afterwards."""
    body = b"email=" + b"a" * 200_000
    sent = iter([body[:50_000], body[50_000:]]) if chunked else body
    answer = browser.post(
        "/subscribe", content=sent, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert "too large" in answer.text
    assert browser.get("/subscribe").status_code == 200


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape"])
def test_half_a_character_is_refused_and_the_refusal_can_be_shown(
    browser: TestClient, charset: str
) -> None:
    part = {"utf-7": b"+2AA-", "unicode_escape": b"\\ud800"}[charset]
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + part + b"\r\n--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    answer = browser.post("/subscribe", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422


def test_a_file_where_text_belongs_is_refused_as_such(browser: TestClient) -> None:
    answer = browser.post("/subscribe", files={"email": ("a.txt", b"x")})
    assert answer.status_code == 422
    assert "fill it in again" in answer.text
