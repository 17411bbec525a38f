"""What nobody's own pages send: forged cookies, impossible numbers, odd characters."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from sqlite3 import Connection

import pyotp
import pytest
from at_desk import COOKIE, Desk
from sqlalchemy import event

from bulletin.models.items import ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.composing.item_form import LONGEST_BODY
from bulletin.wiring import Services

AsRole = Callable[..., Desk]
_ODD = "multipart/form-data; boundary=b; charset=unicode_escape"


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "kept",
    [
        '{"text": "x", "undo": {"action": "/app/inbox"}}',
        '{"text": "x", "undo": {"action": "/app/inbox", "fields": [1], "label": "Undo"}}',
        '{"text": "x", "undo": {"action": "/app/inbox", "fields": null, "label": "Undo"}}',
        '{"text": "x", "undo": "Undo"}',
        "[]",
        "[" * 2900,
    ],
)
def test_a_page_is_shown_whatever_a_forged_notice_says(as_role: AsRole, kept: str) -> None:
    desk = as_role()
    desk.cookies.set("bulletin_notice", _packed(kept), domain="127.0.0.1", path="/app")
    shown = desk.get("/app/help")
    assert shown.status_code == 200
    assert 'action="/app/inbox"' not in shown.text


def test_a_forged_notice_stays_text_and_leads_nowhere_else(as_role: AsRole) -> None:
    desk = as_role()
    undo = {"action": "https://evil.example/", "fields": {"a": "b"}, "label": "Undo"}
    for said in ({"text": "<script>1</script>", "undo": None}, {"text": "x", "undo": undo}):
        kept = _packed(json.dumps(said))
        desk.cookies.set("bulletin_notice", kept, domain="127.0.0.1", path="/app")
        shown = desk.get("/app/help").text
        assert "<script>1" not in shown
        assert "evil.example" not in shown


@pytest.mark.parametrize(
    "path", ["/app/people/{}", "/app/people/segments/{}", "/app/people/import/{}", "/app/items/{}"]
)
def test_a_number_that_no_database_holds_is_refused_and_breaks_nothing(
    as_role: AsRole, path: str
) -> None:
    answer = as_role(UserRole.ADMIN).get(path.format(2**63))
    assert answer.status_code in {404, 422}


def test_a_form_with_such_a_number_is_refused_too(as_role: AsRole) -> None:
    desk = as_role(UserRole.ADMIN)
    assert desk.change(f"/app/calendar/terms/{2**63}/remove").status_code == 422


@pytest.mark.parametrize("field", ["old", "csrf"])
def test_half_a_character_is_refused_and_breaks_nothing(as_role: AsRole, field: str) -> None:
    desk = as_role()
    named = f'Content-Disposition: form-data; name="{field}"'
    body = "\r\n".join(("--b", named, "", r"Half \ud800 of one", "--b--", ""))
    headers = {"content-type": _ODD} | ({"x-csrf-token": desk.csrf} if field == "old" else {})
    answer = desk.post("/app/settings/password", content=body.encode(), headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("charset", ["charset=UTF-8", 'charset="utf-8"'])
def test_a_form_may_say_that_it_is_in_utf_8(as_role: AsRole, charset: str) -> None:
    desk = as_role()
    headers = {"content-type": f"application/x-www-form-urlencoded;{charset}"}
    body = f"csrf={desk.csrf}&name=Zo%C3%AB"
    answer = desk.post("/app/settings/name", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code == 303


def test_an_item_that_came_in_long_can_be_edited_and_cut_and_none_becomes_that_long(
    services: Services, as_role: AsRole
) -> None:
    """Each of these letters travels as six; a form that is saved sends the whole body."""
    body, desk = "é" * (LONGEST_BODY + 1), as_role()
    with services.store.write() as tx:
        item = tx.items.add(ItemDraft("Long", body=body), services.store.clock())

    def save(**fields: str) -> int:
        stamp = services.writing.sheet(item).stamp
        return desk.change(f"/app/items/{item}/edit", stamp=stamp, **fields).status_code

    assert save(title="Longer", body=body) == 303
    assert save(body=f"{body}é") == 422
    assert save(body=body[:-1]) == 303
    assert save(body=body) == 422
    assert services.library.item(item).draft.title == "Longer"


def test_a_full_disk_is_said_and_what_was_typed_was_not_saved(
    services: Services, as_role: AsRole
) -> None:
    desk = as_role()

    @event.listens_for(services.store._database.engine, "connect")
    def no_more_room(connection: Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    services.store._database.engine.dispose()
    answer = desk.change("/app/inbox/paste/text", text="News for schools.\n\n" * 20_000)
    assert answer.status_code == 503
    assert "It was not saved" in answer.text


def test_a_forged_stamp_is_none_and_loses_nobodys_words(
    services: Services, as_role: AsRole
) -> None:
    with services.store.write() as tx:
        item = tx.items.add(ItemDraft("Theirs", body="Words."), services.store.clock())
    forged = as_role().change(f"/app/items/{item}/edit", title="Mine", stamp="[" * 90_000)
    assert forged.status_code == 409
    assert services.library.item(item).draft.title == "Theirs"


def test_a_computer_that_was_left_gives_nobody_new_recovery_codes(
    services: Services, as_role: AsRole
) -> None:
    desk, factor = as_role(), services.second_factor
    factor.begin(desk.user)
    offer = factor.offer(desk.user)
    assert offer
    token, codes = factor.confirm(desk.user, pyotp.TOTP(offer.secret.replace(" ", "")).now(), "")
    desk.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
    page = "/app/settings/second-factor"
    assert desk.change(f"{page}/recovery-codes").status_code == 422
    assert "10 left" in desk.get(page).text
    assert "no longer work" in desk.change(f"{page}/recovery-codes", code=codes[0]).text
    assert desk.change(f"{page}/remove", code=codes[1]).status_code == 422
