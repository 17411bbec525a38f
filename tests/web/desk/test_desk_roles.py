"""Who may use what: every route of the desk, walked by everybody.

A new route needs a line in TABLE; without one this says so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from at_desk import COOKIE, Desk, a_user
from doors_listed import Door, doors_of
from fastapi import FastAPI
from one_reader import installed_over

from bulletin.models.people import UserRole
from bulletin.models.rights import RIGHTS, Right
from bulletin.web.app import create_app
from bulletin.web.desk.access import csrf_of
from bulletin.wiring import Services

TABLE = """
anybody
    /app/first/{token} GET POST
    /app/forgotten GET POST
    /app/invited/{token} GET POST
    /app/reset/{token} GET POST
    /app/sign-in GET POST
    /app/sign-in/code GET POST
    /app/sign-in/provider GET
    /app/sign-in/provider/back GET
view
    /app GET
    /app/calendar GET
    /app/calendar/rhythm GET
    /app/calendar/terms GET
    /app/help GET
    /app/help/keys GET
    /app/inbox GET
    /app/issues GET
    /app/issues/{number}/approve GET
    /app/issues/{number}/approve/look POST
    /app/issues/{number}/check GET
    /app/issues/{number}/check/links GET
    /app/issues/{number}/comments GET
    /app/issues/{number}/compose GET
    /app/issues/{number}/compose/contents GET
    /app/issues/{number}/compose/words GET
    /app/issues/{number}/preview GET
    /app/issues/{number}/preview/frame GET
    /app/issues/{number}/preview/pane GET
    /app/issues/{number}/preview/readers GET
    /app/issues/{number}/report GET
    /app/issues/{number}/report/figures.csv GET
    /app/issues/{number}/report/organisations GET
    /app/issues/{number}/report/organisations.csv GET
    /app/issues/{number}/schedule GET
    /app/issues/{number}/sending GET
    /app/issues/{number}/sending/progress GET
    /app/items/{number} GET
    /app/reports GET
    /app/reports/issues.csv GET
    /app/settings GET
    /app/settings/failed-tries POST
    /app/settings/name POST
    /app/settings/password GET POST
    /app/settings/preferences POST
    /app/settings/second-factor GET
    /app/settings/second-factor/begin POST
    /app/settings/second-factor/confirm POST
    /app/settings/second-factor/recovery-codes POST
    /app/settings/second-factor/remove POST
    /app/settings/sessions/end-all POST
    /app/settings/sessions/{number}/end POST
    /app/sign-out POST
    /app/sources GET
    /app/sources/{number} GET
    /app/today/checks/{number} GET
write
    /app/calendar/start POST
    /app/inbox/paste GET
    /app/inbox/paste/address POST
    /app/inbox/paste/files POST
    /app/inbox/paste/text POST
    /app/inbox/paste/{number} GET
    /app/inbox/paste/{number}/bring-back POST
    /app/inbox/paste/{number}/change POST
    /app/inbox/paste/{number}/edit POST
    /app/inbox/paste/{number}/keep POST
    /app/inbox/paste/{number}/read POST
    /app/inbox/paste/{number}/split POST
    /app/inbox/paste/{number}/take-back POST
    /app/inbox/paste/{number}/throw-away POST
    /app/inbox/paste/{number}/undo POST
    /app/inbox/sort POST
    /app/inbox/unsort POST
    /app/issues/new GET POST
    /app/issues/{number}/check/accept POST
    /app/issues/{number}/check/links POST
    /app/issues/{number}/check/mend POST
    /app/issues/{number}/check/take-back POST
    /app/issues/{number}/check/undo POST
    /app/issues/{number}/comments POST
    /app/issues/{number}/comments/{thread}/settle POST
    /app/issues/{number}/compose/act POST
    /app/issues/{number}/compose/add GET POST
    /app/issues/{number}/compose/limit POST
    /app/issues/{number}/compose/move POST
    /app/issues/{number}/compose/new POST
    /app/issues/{number}/compose/place/{item} GET
    /app/issues/{number}/compose/presence POST
    /app/issues/{number}/compose/reopen POST
    /app/issues/{number}/compose/step POST
    /app/issues/{number}/compose/topic GET
    /app/issues/{number}/compose/topics POST
    /app/issues/{number}/compose/visibility POST
    /app/issues/{number}/compose/words POST
    /app/issues/{number}/correct GET POST
    /app/items/{number}/edit GET POST
    /app/items/{number}/facts POST
    /app/items/{number}/join POST
    /app/items/{number}/mend POST
    /app/items/{number}/presence POST
    /app/items/{number}/revert POST
    /app/items/{number}/settle POST
    /app/items/{number}/split POST
    /app/items/{number}/step POST
    /app/items/{number}/twin POST
    /app/sources/add POST
    /app/sources/find POST
    /app/sources/{number}/edit POST
    /app/sources/{number}/look POST
    /app/sources/{number}/pause POST
    /app/sources/{number}/remove POST
    /app/sources/{number}/resume POST
    /app/today/sample POST
    /app/today/sample/away POST
send
    /app/calendar/rhythm POST
    /app/calendar/rhythm/check POST
    /app/calendar/rhythm/remove POST
    /app/calendar/terms POST
    /app/calendar/terms/import POST
    /app/calendar/terms/{term_id}/remove POST
    /app/issues/{number}/delete GET POST
    /app/issues/{number}/missed GET POST
    /app/issues/{number}/schedule POST
    /app/issues/{number}/schedule/cancel POST
    /app/issues/{number}/schedule/count POST
    /app/issues/{number}/schedule/now POST
    /app/issues/{number}/schedule/send POST
    /app/issues/{number}/sending/cancel GET POST
    /app/issues/{number}/sending/pause POST
    /app/issues/{number}/sending/resume POST
    /app/issues/{number}/submit POST
    /app/issues/{number}/test GET POST
    /app/issues/{number}/uncertain GET POST
    /app/reports/organisations/{place}/links POST
    /app/reports/organisations/{place}/links/{link}/revoke POST
approve
    /app/issues/{number}/approve POST
    /app/issues/{number}/approve/return POST
readers
    /app/issues/{number}/failed GET
    /app/issues/{number}/report/rows GET
    /app/issues/{number}/report/rows.csv GET
    /app/people GET
    /app/people/segments GET
    /app/people/segments/{number} GET
    /app/people/{number} GET
    /app/reports/organisations GET
    /app/reports/organisations/{place} GET
admin
    /app/people/everybody.csv GET
    /app/people/import GET POST
    /app/people/import/{number} GET
    /app/people/import/{number}/columns GET POST
    /app/people/import/{number}/confirm GET POST
    /app/people/import/{number}/drop POST
    /app/people/import/{number}/result GET
    /app/people/import/{number}/rows GET POST
    /app/people/import/{number}/undo POST
    /app/people/new GET POST
    /app/people/segments/new GET POST
    /app/people/segments/{number} POST
    /app/people/segments/{number}/remove POST
    /app/people/suppressions GET POST
    /app/people/suppressions/lift POST
    /app/people/{number}/data.json GET
    /app/people/{number}/edit GET POST
    /app/people/{number}/erase GET POST
    /app/people/{number}/resume POST
    /app/people/{number}/stop POST
    /app/settings/installation GET
    /app/settings/users GET
    /app/settings/users/invite POST
    /app/settings/users/{number} GET
    /app/settings/users/{number}/link POST
    /app/settings/users/{number}/off POST
    /app/settings/users/{number}/on POST
    /app/settings/users/{number}/remove POST
    /app/settings/users/{number}/role POST
    /app/settings/users/{number}/second-factor POST
"""


def needed() -> dict[tuple[str, str], Right | None]:
    """TABLE, by path and method; None for who is not signed in, too."""
    found: dict[tuple[str, str], Right | None] = {}
    right: Right | None = None
    for line in TABLE.strip().splitlines():
        path, *methods = line.split()
        if not methods:
            right = None if path == "anybody" else Right(path)
        for method in methods:
            found[path, method] = right
    return found


NEEDED = needed()


def listed(app: FastAPI) -> list[Door]:
    """What TABLE names, and is there: what is missing has a test of its own."""
    return [route for route in doors_of(app, "/app") if (route.path, route.method) in NEEDED]


@pytest.fixture(scope="module")
def services(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One installation for all: to make every page takes longer than to ask for it."""
    folder = tmp_path_factory.mktemp("roles")
    path = shutil.copy(prepared_sqlite, folder / "bulletin.db")
    with closing(installed_over(f"sqlite:///{path}", folder)) as made:
        yield made


@pytest.fixture(scope="module")
def app(services: Services) -> FastAPI:
    return create_app(services)


@pytest.fixture
def client(app: FastAPI) -> Iterator[Desk]:
    with Desk(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as made:
        yield made


@pytest.fixture
def program(client: Desk) -> Desk:
    """The same as a program, which gets a sentence in place of a page when it is refused."""
    client.headers["accept"] = "application/json"
    return client


@pytest.fixture
def come_in(services: Services, client: Desk) -> Callable[[UserRole], None]:
    """Signs the client in by role, afresh if a route has ended the session."""
    tokens: dict[UserRole, str] = {}

    def signed_in(role: UserRole) -> None:
        if services.sessions.user(tokens.get(role, "")) is None:
            tokens[role] = services.sessions.open(a_user(services, role))
        client.cookies.clear()
        client.cookies.set(COOKIE, tokens[role], domain="127.0.0.1", path="/")

    return signed_in


def ask(client: Desk, route: Door, **options: object) -> int:
    answer = client.request(
        route.method,
        route.address,
        follow_redirects=False,
        **options,  # type: ignore[arg-type]  # as they came
    )
    return answer.status_code


def test_every_route_has_a_line_in_the_table_and_every_line_a_route(app: FastAPI) -> None:
    routes = {(route.path, route.method) for route in doors_of(app, "/app")}
    unlisted = sorted(routes - set(NEEDED))
    assert not unlisted, f"Say in TABLE who may use {unlisted}: no route is open by chance."
    gone = sorted(set(NEEDED) - routes)
    assert not gone, f"TABLE names what is not there: {gone}."


def test_only_what_is_before_signing_in_is_open_to_strangers(app: FastAPI, client: Desk) -> None:
    for route in listed(app):
        client.cookies.clear()
        answer = client.request(route.method, route.address, follow_redirects=False)
        led_away = answer.headers.get("location", "").startswith("/app/sign-in?back=")
        is_open = NEEDED[route.path, route.method] is None
        assert led_away is not is_open, f"{route.method} {route.path} for a stranger"


@pytest.mark.parametrize("role", list(UserRole))
def test_every_role_may_what_it_may_and_nothing_else(
    role: UserRole, app: FastAPI, program: Desk, come_in: Callable[[UserRole], None]
) -> None:
    for route in listed(app):
        right = NEEDED[route.path, route.method]
        if right is None:
            continue
        come_in(role)
        sent = {"data": {"csrf": program.csrf}} if route.method == "POST" else {}
        status = ask(program, route, **sent)
        what = f"{route.method} {route.path} as {role.value} gave {status}"
        assert (status == 403) is not (right in RIGHTS[role]), what
        assert status not in {401, 500}, what


def test_a_change_that_our_own_page_did_not_send_is_refused(
    app: FastAPI, program: Desk, come_in: Callable[[UserRole], None]
) -> None:
    """Of everybody who may do it, signed in or not yet."""
    for route in listed(app):
        if route.method != "POST":
            continue
        come_in(UserRole.ADMIN)
        program.cookies.set("bulletin_form", "a stranger's", domain="127.0.0.1", path="/")
        signed_in = NEEDED[route.path, route.method] is not None
        right = {"csrf": program.csrf if signed_in else csrf_of("a stranger's")}
        foreign = {"data": right, "headers": {"origin": "https://elsewhere.example"}}
        for sent in ({}, foreign):
            assert ask(program, route, **sent) == 403, f"POST {route.path} with {sent}"


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"csrf": "wrong"}, {}),
        ({"csrf": csrf_of("of another session")}, {}),
        ({}, {"x-csrf-token": "wrong"}),
        ({"csrf": "right"}, {"sec-fetch-site": "cross-site"}),
        ({"csrf": "right"}, {"sec-fetch-site": "same-site"}),
        ({"csrf": "right"}, {"origin": "null"}),
        ({"csrf": "right"}, {"origin": "https://127.0.0.1.elsewhere.example"}),
    ],
)
def test_a_change_needs_the_right_token_and_an_own_page(
    client: Desk,
    come_in: Callable[[UserRole], None],
    fields: dict[str, str],
    headers: dict[str, str],
) -> None:
    come_in(UserRole.EDITOR)
    sent = {name: client.csrf if value == "right" else value for name, value in fields.items()}
    answer = client.post("/app/settings/name", data={"name": "X", **sent}, headers=headers)
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.text
    assert "Go back, load the page again" in answer.text


def test_a_get_needs_no_form_and_no_own_page(
    client: Desk, come_in: Callable[[UserRole], None]
) -> None:
    """Who follows a link from a mail is signed in."""
    come_in(UserRole.EDITOR)
    answer = client.get("/app/issues", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200


def test_every_page_runs_our_own_files_alone_and_is_kept_by_nobody(
    app: FastAPI, client: Desk, come_in: Callable[[UserRole], None]
) -> None:
    come_in(UserRole.ADMIN)
    gets = [route for route in listed(app) if route.method == "GET"]
    pages = [route.path for route in gets if "{" not in route.path]
    for page in [*pages, "/app/nowhere", "/app/first/over"]:
        answer = client.get(page)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy, page
        assert "unsafe" not in policy, page
        assert "frame-ancestors 'none'" in policy, page
        assert answer.headers["cache-control"] == "no-store", page
        assert answer.headers["referrer-policy"] == "same-origin", page
        assert answer.headers["x-content-type-options"] == "nosniff", page
        assert not re.search(r"<style|\sstyle=|<script(?![^>]* src=)|\son[a-z]+=", answer.text), (
            page
        )
