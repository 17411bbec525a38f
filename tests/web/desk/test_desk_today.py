"""Today says what waits for whoever looks, and where to begin."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from at_desk import COOKIE, Desk, a_user
from every_state import APPROVER, AUTHOR, EveryState, installed

from bulletin.models.issues import Visibility
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.web.app import create_app
from bulletin.wiring import Services

AsRole = Callable[..., Desk]


@pytest.fixture(scope="module")
def state(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EveryState]:
    """An installation for the tests that change nothing."""
    folder = tmp_path_factory.mktemp("today")
    shutil.copy(prepared_sqlite, folder / "bulletin.db")
    filled = installed(folder)
    yield filled
    filled.services.close()


def seen(state: EveryState, role: UserRole, email: str) -> Desk:
    """The desk of that installation as somebody sees it."""
    desk = Desk(create_app(state.services), base_url="http://127.0.0.1")
    desk.user = a_user(state.services, role, email)
    desk.cookies.set(COOKIE, state.services.sessions.open(desk.user))
    return desk


def test_who_comes_first_is_shown_where_to_begin(as_role: AsRole) -> None:
    page = as_role(UserRole.AUTHOR).get("/app").text
    assert "Make your first issue" in page
    assert "Try with a sample newsfeed" in page


def test_the_sample_is_looked_through_like_any_paste_kept_and_taken_away(
    as_role: AsRole, services: Services
) -> None:
    desk = as_role()
    where = desk.change("/app/today/sample").headers["location"]
    assert "Missing mornings" in desk.get(where).text
    assert desk.change("/app/today/sample").headers["location"] == where
    number = int(where.rsplit("/", 1)[-1])
    kept = services.pasting.keep(number, services.pasting.preview(number).paste.version, "test")
    assert f"{kept.new} sample items are in the library" in desk.get("/app").text
    desk.change("/app/today/sample/away")
    page = desk.get("/app").text
    assert f"{kept.new} sample items were taken away." in page
    assert "Make your first issue" in page
    assert services.today.to_sort() == 0


def test_a_sample_item_that_somebody_used_in_an_issue_stays_there(
    as_role: AsRole, services: Services
) -> None:
    desk = as_role()
    number = int(desk.change("/app/today/sample").headers["location"].rsplit("/", 1)[-1])
    services.pasting.keep(number, services.pasting.preview(number).paste.version, "test")
    used, sorted_out, *_ = sorted(services.sampling.items())
    issue = services.drafting.new("December", {}, Visibility.PRIVATE, "test")
    services.drafting.place(issue.slug, [used], PlacingOptions(), "test")
    services.library.keep([sorted_out], "test")
    for place in ("/app/inbox", f"/app/items/{used}", f"/app/issues/{issue.id}/compose"):
        assert re.search(r"badge[^<]*<svg.*?</svg>Sample<", desk.get(place).text, re.DOTALL), place
    assert "is made up, and came of the sample" in desk.get(f"/app/issues/{issue.id}/check").text
    gone, stayed = services.sampling.take_away("test")
    assert stayed == 1
    assert gone > 1
    assert services.sampling.items() == {used}


def test_a_sample_is_known_for_one_as_long_as_it_is_there(
    as_role: AsRole, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = int(as_role().change("/app/today/sample").headers["location"].rsplit("/", 1)[-1])
    services.pasting.keep(number, services.pasting.preview(number).paste.version, "test")
    made_up = services.sampling.items()
    later = services.store.clock() + timedelta(days=31)
    monkeypatch.setattr(services.store, "clock", lambda: later)
    assert services.pasting.tidy() == 0
    assert services.sampling.items() == made_up
    services.sampling.take_away("test")
    assert services.pasting.tidy() == 1


def test_what_waits_is_said_with_its_number_and_leads_to_its_place(state: EveryState) -> None:
    page = seen(state, UserRole.APPROVER, APPROVER).get("/app").text
    issues = state.issues
    for words, place in (
        ("Extra: training places did not go out", f"{issues['missed'].id}/schedule"),
        ("Extra: storm warning is paused", f"{issues['paused'].id}/sending"),
        ("Extra: new helpline is going out", f"{issues['sending'].id}/sending"),
        ("February 2027 waits for your approval", f"{issues['in_review'].id}/approve"),
        ("1 copy of November 2026 is not confirmed", f"{issues['sent'].id}/uncertain"),
    ):
        assert words in page
        assert f'href="/app/issues/{place}"' in page
    assert "County board brings no news" in page
    assert "December 2026" in page
    assert "Wed 9 December 2026, 7:30am" in page


def test_an_approval_waits_for_nobody_who_wrote_the_issue(state: EveryState) -> None:
    assert state.issues["in_review"].created_by == AUTHOR
    page = seen(state, UserRole.AUTHOR, AUTHOR).get("/app").text
    assert "waits for your approval" not in page


def test_the_checks_of_the_next_issue_are_counted(state: EveryState) -> None:
    answer = seen(state, UserRole.AUTHOR, AUTHOR).get(
        f"/app/today/checks/{state.issues['draft'].id}"
    )
    assert "to consider" in answer.text
    assert "<html" not in answer.text


def test_the_checks_are_counted_as_the_page_of_checks_counts_them(state: EveryState) -> None:
    desk, number = seen(state, UserRole.AUTHOR, AUTHOR), state.issues["draft"].id
    here = re.search(r"\d+ to consider", desk.get(f"/app/today/checks/{number}").text)
    assert here
    assert here[0] in desk.get(f"/app/issues/{number}/check").text


def test_the_head_of_every_page_says_how_many_items_wait(state: EveryState) -> None:
    waiting = state.services.today.to_sort()
    assert waiting
    page = seen(state, UserRole.AUTHOR, AUTHOR).get("/app/help").text
    assert f'<span class="count">{waiting}<' in page


def test_keys_come_as_a_dialog_over_the_page_and_as_a_page_of_their_own(as_role: AsRole) -> None:
    desk = as_role()
    assert "<dialog" in desk.get("/app/help/keys", headers={"HX-Request": "true"}).text
    assert "<h1>Keys</h1>" in desk.get("/app/help/keys").text


def test_what_goes_wrong_at_the_desk_is_said_within_it(as_role: AsRole) -> None:
    desk = as_role()
    page = desk.get("/app/nowhere")
    assert page.status_code == 404
    assert "Go to Today" in page.text
    part = desk.get("/app/nowhere", headers={"HX-Request": "true"})
    assert part.headers["hx-retarget"] == "#notices"
    assert "<html" not in part.text
