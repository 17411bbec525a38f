"""News comes in: pasted, dropped or from an address; looked at, mended, and kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from at_desk import Desk
from httpx2 import Response

from bulletin.models.items import ItemDraft
from bulletin.models.library import LibraryQuery
from bulletin.models.people import UserRole
from bulletin.pipeline.inbox.original import beside
from bulletin.sources import read
from bulletin.wiring import Services

NEWSFEED = """\
Late arrivals: what they tell us

Source: Northbridge Institute published on this website Tuesday 3 November 2026 by Alex Sample

Researchers followed 212 primary schools in England and looked at pupils who are often late.

One in nine of them turned out to be caring for somebody before school.

Read the report: Late arrivals
https://northbridge.example/reports/late-arrivals

Share and Enjoy:
  • Facebook
  • Twitter

Group chats after bedtime

Source: Lantern Centre published on this website Thursday 5 November 2026 by Mina Specimen

Lantern has rewritten its guidance on class group chats for schools in Wales.

Read the guidance: Group chats after bedtime
https://lantern.example/guidance/group-chats

Share and Enjoy:
  • Facebook
  • Twitter
"""


@pytest.fixture
def desk(as_role: Callable[..., Desk]) -> Desk:
    return as_role(UserRole.AUTHOR)


def paste(desk: Desk, text: str = NEWSFEED, **more: str) -> str:
    """Paste a text; the address of its preview."""
    answer = desk.change("/app/inbox/paste/text", text=text, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def step(desk: Desk, address: str, name: str, **fields: object) -> Response:
    """Change a paste as its page's own form would."""
    page = desk.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return desk.change(f"{address}/{name}", version=version[1], **fields)


def titles(services: Services) -> list[str]:
    hits = services.library.search(LibraryQuery(limit=300)).hits
    return sorted(hit.item.draft.title for hit in hits)


def test_a_pasted_newsfeed_is_shown_beside_its_items_before_anything_is_kept(
    desk: Desk, services: Services
) -> None:
    page = desk.get(paste(desk)).text
    assert "2 items found" in page
    assert "Keep 2 items" in page
    assert "Left out: Share buttons of the website." in page
    assert titles(services) == []


def test_keeping_brings_the_items_to_the_inbox_and_undo_takes_them_out_again(
    desk: Desk, services: Services
) -> None:
    address = paste(desk)
    answer = step(desk, address, "keep")
    assert answer.headers["location"] == "/app/inbox?paste=1"
    assert titles(services) == ["Group chats after bedtime", "Late arrivals: what they tell us"]
    answer = desk.change(f"{address}/take-back")
    assert answer.headers["location"] == address
    assert titles(services) == []
    assert "Keep 2 items" in desk.get(address).text


def test_what_is_pasted_as_html_keeps_its_links(desk: Desk, services: Services) -> None:
    html = (
        "<h2>Vaping survey</h2><p>Source: Lantern Centre, 4 November 2026</p>"
        '<p>One in five. <a href="https://lantern.example/vaping">Read the survey</a></p>'
        "<h2>Late buses</h2><p>Source: Northbridge Institute, 5 November 2026</p><p>They wait.</p>"
    )
    address = paste(desk, text="Vaping survey", html=html, program="Word")
    assert "Pasted from Word" in desk.get(address).text
    step(desk, address, "keep")
    assert titles(services) == ["Late buses", "Vaping survey"]
    item = services.library.item(1)
    assert [action.url for action in item.draft.actions] == ["https://lantern.example/vaping"]


def test_a_link_that_lost_its_address_gets_one_while_it_is_looked_through(
    desk: Desk, services: Services
) -> None:
    address = paste(desk, text="Vaping survey\n\nOne in five.\n\n[Read the survey](survey.html)\n")
    page = desk.get(f"{address}?edit=1").text
    assert "Address of “Read the survey”" in page
    wrong = step(desk, address, "edit", key=1, title="Vaping survey", **{"address-1": "mailto:x"})
    assert wrong.status_code == 422
    assert 'value="mailto:x"' in wrong.text
    link = "https://lantern.example/vaping"
    step(desk, address, "edit", key=1, title="Vaping survey", **{"address-1": link})
    step(desk, address, "keep")
    assert [action.url for action in services.library.item(1).draft.actions] == [link]


def test_items_are_left_out_joined_split_and_edited_and_each_step_can_be_undone(
    desk: Desk, services: Services
) -> None:
    address = paste(desk)
    step(desk, address, "change", key=1, step="out")
    assert "Keep 1 item" in desk.get(address).text
    step(desk, address, "undo")
    assert "Keep 2 items" in desk.get(address).text
    step(desk, address, "change", key=1, step="join")
    assert "1 item found" in desk.get(address).text
    step(desk, address, "undo")
    step(desk, address, "split", key=1, line=3, title="Young carers")
    assert "3 items found" in desk.get(address).text
    step(
        desk, address, "edit", key=2, title="Group chats", body="Rewritten.", published="6/11/2026"
    )
    step(desk, address, "keep")
    assert titles(services) == ["Group chats", "Late arrivals: what they tell us", "Young carers"]


def test_a_refused_edit_keeps_what_was_typed_and_says_what_is_wrong(desk: Desk) -> None:
    address = paste(desk)
    answer = step(desk, address, "edit", key=1, title="Mine", body="My words", published="never")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "My words" in answer.text
    answer = step(desk, address, "split", key=1, title="Second")
    assert answer.status_code == 422
    assert 'value="Second"' in answer.text


def test_two_windows_on_one_paste_do_not_undo_each_other(desk: Desk) -> None:
    address = paste(desk)
    assert desk.change(f"{address}/change", version=1, key=1, step="out").status_code == 303
    answer = desk.change(f"{address}/change", version=1, key=2, step="out")
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    assert "Keep 1 item" in answer.text
    assert desk.change(f"{address}/keep", version=2).status_code == 303
    answer = desk.change(f"{address}/keep", version=2)
    assert answer.headers["location"] == "/app/inbox?paste=1"


def test_what_is_in_the_library_already_is_not_kept_twice(desk: Desk, services: Services) -> None:
    step(desk, paste(desk), "keep")
    again = paste(desk)
    page = desk.get(again).text
    assert page.count("In the library already") == 2
    assert "Keep 0 items" in page
    step(desk, again, "keep")
    assert len(titles(services)) == 2


def test_taking_back_leaves_alone_what_somebody_has_used_since(
    desk: Desk, services: Services
) -> None:
    address = paste(desk)
    step(desk, address, "keep")
    services.library.keep([1], "sam@school.example")
    desk.change(f"{address}/take-back")
    assert "1 item stayed there" in desk.get(address).text
    assert titles(services) == ["Late arrivals: what they tell us"]


def test_a_paste_waits_until_somebody_goes_on_with_it(desk: Desk, services: Services) -> None:
    address = paste(desk)
    for page in ("/app/inbox", "/app/inbox/paste"):
        assert f'href="{address}"' in desk.get(page).text
    answer = step(desk, address, "throw-away")
    assert answer.headers["location"] == "/app/inbox"
    assert f'href="{address}"' not in desk.get("/app/inbox").text
    desk.change(f"{address}/bring-back")
    assert f'href="{address}"' in desk.get("/app/inbox").text


def test_files_come_in_together_and_one_that_cannot_be_read_is_named(
    desk: Desk, services: Services
) -> None:
    table = b"Title,Source,Date,Text\nVaping survey,Lantern,4 November 2026,One in five.\n"
    files = [
        ("files", ("news.txt", NEWSFEED.encode(), "text/plain")),
        ("files", ("table.csv", table, "text/csv")),
        ("files", ("picture.docx", b"PK\x03\x04 no document", "application/zip")),
    ]
    answer = desk.post(
        "/app/inbox/paste/files", data={"csrf": desk.csrf}, files=files, follow_redirects=False
    )
    page = desk.get(answer.headers["location"]).text
    assert "3 items found" in page
    assert "picture.docx could not be read" in page


@pytest.mark.parametrize(
    ("way", "fields", "said"),
    [
        ("text", {"text": " "}, "Paste the news into this box first."),
        ("text", {"text": "\x00\x01\x02"}, "Nothing has come in yet"),
        ("files", {}, "Choose a file first."),
        ("address", {"address": ""}, "Give the address of a page"),
        ("address", {"address": "http://127.0.0.1/admin"}, "Nothing has come in yet"),
        ("address", {"address": "file:///etc/passwd"}, "Nothing has come in yet"),
    ],
)
def test_what_brings_nothing_is_refused_beside_its_field(
    desk: Desk, way: str, fields: dict[str, str], said: str
) -> None:
    answer = desk.change(f"/app/inbox/paste/{way}", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="{way}-error"' in answer.text


def test_a_text_that_is_too_long_is_refused_with_what_to_do_and_stays_in_its_box(
    desk: Desk,
) -> None:
    answer = desk.change("/app/inbox/paste/text", text="News of today. " * 100_000)
    assert answer.status_code == 422
    assert "News of today." in answer.text
    assert "in parts" in answer.text


def test_hostile_texts_stay_text_wherever_the_preview_shows_them(desk: Desk) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover='alert(1)"
    text = f"Vaping {evil}\n\nSource: Lantern {evil}, 4 November 2026\n\nBody {evil} of news.\n"
    address = paste(desk, text=text)
    for page in (address, f"{address}?edit=1", f"{address}?split=1"):
        shown = desk.get(page).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert '" onmouseover' not in shown


def test_200_items_and_a_title_of_5000_characters_are_shown_page_by_page(
    desk: Desk, services: Services
) -> None:
    rows = [f"<tr><td>News {n:03}</td><td>Text number {n:03}.</td></tr>" for n in range(199)]
    rows.append(f"<tr><td>{'Long' * 1250}</td><td>The last.</td></tr>")
    html = f"<table><tr><th>Title</th><th>Text</th></tr>{''.join(rows)}</table>"
    address = paste(desk, text="-", html=html)
    first = desk.get(address).text
    assert "200 items found" in first
    assert "News 049" in first
    assert "News 060" not in first
    last = desk.get(f"{address}?from=150").text
    assert "Long" * 1250 in last
    step(desk, address, "keep")
    assert len(titles(services)) == 200


def test_every_line_of_the_original_is_shown_and_belongs_where_it_is_said_to() -> None:
    reading = read(NEWSFEED)
    dropped = dict(enumerate(reading.dropped, start=1))
    found = beside(NEWSFEED, list(enumerate(reading.items, start=1)), dropped)
    assert "\n".join("\n".join(one.lines) for one in found.stretches) == NEWSFEED
    begins = {one.item: one.lines[0] for one in found.stretches if one.begins}
    assert begins == {1: "Late arrivals: what they tell us", 2: "Group chats after bedtime"}
    ends = {one.item: one.lines[-1] for one in found.stretches if one.ends}
    assert ends == {
        1: "https://northbridge.example/reports/late-arrivals",
        2: "https://lantern.example/guidance/group-chats",
    }
    assert not found.missing


def test_an_item_whose_words_stand_nowhere_in_the_original_is_said_to_be_missing() -> None:
    found = beside("Some text.\nOf another kind.", [(1, ItemDraft(title="Vaping survey"))], {})
    assert found.missing == {1}
    assert all(one.item is None for one in found.stretches)


def test_what_was_left_out_becomes_an_item_when_somebody_says_so(
    desk: Desk, services: Services
) -> None:
    address = paste(desk, text=f"Fernhill Partnership\n\n{NEWSFEED}")
    assert "Fernhill Partnership" in desk.get(address).text
    number = len(services.pasting.preview(1).paste.state.dropped)
    step(desk, address, "change", key=number, step="in")
    assert "3 items found" in desk.get(address).text
    step(desk, address, "undo")
    assert "2 items found" in desk.get(address).text


def test_what_was_pasted_is_forgotten_after_30_days_and_its_items_stay(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = paste(desk)
    step(desk, address, "keep")
    paste(desk, text=NEWSFEED.replace("Late", "Early"))
    assert services.pasting.tidy() == 0
    later = services.store.clock() + timedelta(days=31)
    monkeypatch.setattr(services.store, "clock", lambda: later)
    assert services.pasting.tidy() == 2
    assert services.pasting.waiting() == []
    assert len(titles(services)) == 2


def test_a_table_with_a_column_of_its_own_is_read_again_as_somebody_says(
    desk: Desk, services: Services
) -> None:
    rows = "Title,Wer,Text\nVaping survey,Lantern Centre,One in five.\nLate buses,Bus Trust,Long.\n"
    address = paste(desk, text=rows)
    assert "The column “Wer” holds" in desk.get(address).text
    step(desk, address, "read", format="table", heading="Wer", field="source")
    assert "Lantern Centre" in desk.get(address).text
    step(desk, address, "keep")
    assert services.library.item(1).draft.source == "Lantern Centre"


def test_what_was_found_is_shown_as_readers_see_it_without_marks(desk: Desk) -> None:
    html = "<h1>Warm ferries</h1><p>The <b>Lantern Centre</b> asks about <i>phones</i>.</p>"
    page = desk.get(paste(desk, "Warm ferries", html=html)).text
    assert "The Lantern Centre asks about phones." in page
    assert "**Lantern Centre**" not in page


def test_a_source_and_a_date_that_are_both_missing_are_one_doubt(desk: Desk) -> None:
    page = desk.get(paste(desk, "Warm ferries\n\nThey stop at noon.\n")).text
    assert page.count("names no source and gives no date") == 1
    assert "The text names no source. Put" not in page
