"""The list: items are found, kept, used and rejected, with a way back from everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from html.parser import HTMLParser

import pytest
from at_desk import Desk
from httpx2 import Response

from bulletin.models.issues import Visibility
from bulletin.models.items import Action, ItemDraft, ItemState, ItemWarning, Nation, Reading
from bulletin.models.people import UserRole
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.wiring import Services

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover='alert(1)"


def draft(title: str, **more: object) -> ItemDraft:
    body = f"All that there is to say of {title}, in a sentence of its own."
    return ItemDraft(**{"title": title, "body": body, "source": "Lantern Centre", **more})  # type: ignore[arg-type]  # as they came


TITLES = ("Vaping survey", "Late buses", "Night helpline")


@pytest.fixture
def desk(as_role: Callable[..., Desk], services: Services) -> Desk:
    services.collecting.keep(Reading(tuple(map(draft, TITLES))), "test")
    services.drafting.new("December 2026", {}, Visibility.PUBLIC, "test")
    return as_role(UserRole.EDITOR)


def states(services: Services) -> list[str]:
    return [services.library.item(number).state.value for number in (1, 2, 3)]


def sort(desk: Desk, **fields: object) -> Response:
    fields = {"issue": 1, "seen": "1:candidate 2:candidate 3:candidate"} | fields
    return desk.change("/app/inbox/sort", **fields)


def press_undo(desk: Desk, address: str = "/app/inbox") -> Response:
    """Press Undo in the notice that the page shows."""
    page = desk.get(address).text
    notice = page.partition('id="notices"')[2]
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', notice, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    fields.pop("csrf")
    return desk.change(form[1], **fields)


def test_the_list_counts_what_waits_and_shows_the_first_beside_it(desk: Desk) -> None:
    page = desk.get("/app/inbox").text
    assert "3 to sort" in page
    assert re.search(r'id="reading-title">Night helpline', page)
    assert re.search(r'id="reading-title">Vaping survey', desk.get("/app/inbox?item=1").text)


def test_items_are_used_kept_and_rejected_and_each_can_be_undone(
    desk: Desk, services: Services
) -> None:
    for button, became in (("use", "used"), ("keep", "kept"), ("reject", "rejected")):
        assert sort(desk, **{button: 1}).status_code == 303
        assert states(services) == [became, "candidate", "candidate"]
        press_undo(desk)
        assert states(services) == ["candidate"] * 3
    assert services.drafting.content("1")[1].topics == ()


def test_a_rejected_item_keeps_the_reason_that_was_given(desk: Desk, services: Services) -> None:
    assert "Reject with a reason" in desk.get("/app/items/1").text
    sort(desk, reject=1, because="Only for universities")
    assert services.library.item(1).rejected_because == "Only for universities"
    assert "Rejected: Only for universities" in desk.get("/app/items/1").text


def test_several_are_sorted_at_once(desk: Desk, services: Services) -> None:
    sort(desk, reject="all", item=[1, 3], because="not for schools")
    assert states(services) == ["rejected", "candidate", "rejected"]
    assert services.library.item(1).rejected_because == "not for schools"
    assert "2 items rejected." in desk.get("/app/inbox").text
    sort(desk, use="all", item=[2])
    assert services.library.item(2).issues == ("december-2026",)
    answer = sort(desk, keep="all")
    assert "Select items first" in desk.get(answer.headers["location"]).text


def test_a_second_window_is_told_who_was_quicker_and_nothing_is_lost(
    desk: Desk, as_role: Callable[..., Desk], services: Services
) -> None:
    sort(as_role(UserRole.AUTHOR, "sam@school.example"), reject=1)
    sort(desk, use="all", item=[1, 2])
    said = desk.get("/app/inbox").text
    assert "“Late buses” used in December 2026." in said
    assert "“Vaping survey” was rejected by sam@school.example in the meantime" in said
    assert states(services) == ["rejected", "used", "candidate"]


def test_what_stands_in_an_issue_is_not_rejected_under_its_readers(
    desk: Desk, services: Services
) -> None:
    sort(desk, use=1)
    sort(desk, reject=1, seen="1:used")
    assert "stands in December 2026. Take it out there first." in desk.get("/app/inbox").text
    assert states(services)[0] == "used"


FILTERS = {
    "?q=vaping": {1},
    "?topic=online": {2},
    "?nation=Wales": {3},
    "?role=dsl": {1},
    "?doubts=no": {1, 2, 3},
    "?doubts=yes": set(),
    "?twins=yes": set(),
    "?from=2026-11-04": {2},
    "?to=2026-11-04": {1},
    "?state=rejected": set(),
    "?state=all&source=lantern": {1, 2, 3},
    "?paste=7": set(),
    "?watched=7": set(),
    "?page=2": set(),
    "?state=nonsense&nation=Atlantis&from=never&page=-1": {1, 2, 3},
}


def test_filters_stand_in_the_address(desk: Desk, services: Services) -> None:
    facts = [
        ItemChanges(roles=["dsl"], published="2026-11-03"),
        ItemChanges(topic="Online safety", published="2026-11-05"),
        ItemChanges(nations=(Nation.WALES,)),
    ]
    for number, changes in enumerate(facts, start=1):
        services.editing.revise(number, partial(changed, changes=changes), "test")
    for query, shown in FILTERS.items():
        page = desk.get(f"/app/inbox{query}").text
        assert set(map(int, re.findall(r'id="row-(\d+)"', page))) == shown, query


def test_a_doubt_is_answered_on_the_spot_and_goes(desk: Desk, services: Services) -> None:
    services.collecting.keep(_doubtful(), "test")
    assert "No date" in desk.get("/app/inbox").text
    item = services.library.item(4)
    answer = desk.change(
        "/app/items/4/mend", version=item.version, published="12 November 2026", back="/app/inbox"
    )
    assert answer.headers["location"] == "/app/inbox"
    item = services.library.item(4)
    assert item.draft.published == date(2026, 11, 12)
    assert [doubt.code for doubt in item.draft.warnings] == ["lost_link"]
    desk.change("/app/items/4/mend", version=2, action=1, address="https://lantern.example/x")
    assert services.library.item(4).draft.warnings == ()
    press_undo(desk)
    assert len(services.library.item(4).draft.warnings) == 1


def _doubtful() -> Reading:
    doubts = (ItemWarning("no_date", "Say when."), ItemWarning("lost_link", "1 link is lost."))
    action = Action("Read the report")
    return Reading((draft("Kinship care", warnings=doubts, actions=(action,)),))


def test_an_answer_from_an_old_window_is_not_saved_over_a_newer_one(
    desk: Desk, services: Services
) -> None:
    desk.change("/app/items/1/facts", version=1, topic="Health", nation=["Wales"], role=["dsl"])
    desk.change("/app/items/1/facts", version=1, topic="Other", back="/app/inbox")
    assert "changed this item in the meantime" in desk.get("/app/inbox").text
    item = services.library.item(1)
    assert (item.draft.topic, item.draft.nations, item.roles) == (
        "Health", (Nation.WALES,), frozenset({"dsl"}),
    )  # fmt: skip


def test_a_copy_is_shown_beside_its_twin_and_is_told_apart(desk: Desk, services: Services) -> None:
    _keep_a_copy(services)
    page = desk.get("/app/inbox?item=4").text
    assert "Beside the one it is like" in page
    assert "<ins>" in page
    assert "Like “Vaping survey" in page or "Newer than “Vaping survey" in page
    item_before = services.library.item(4).draft
    version = services.library.item(4).version
    desk.change("/app/items/4/twin", version=version, choice="newer")
    item = services.library.item(4)
    assert (item.draft.duplicate_of, item.draft.updates) == (None, 1)
    press_undo(desk, "/app/items/4")
    assert services.library.item(4).draft.updates == item_before.updates
    assert services.library.item(4).draft.warnings
    version = services.library.item(4).version
    desk.change("/app/items/4/twin", version=version, choice="both")
    item = services.library.item(4)
    assert (item.draft.duplicate_of, item.draft.updates) == (None, None)
    assert "Beside the one it is like" not in desk.get("/app/inbox?item=4").text


def _keep_a_copy(services: Services) -> None:
    body = (
        "One in five pupils of the school has tried it, says the survey of the centre. "
        "Staff see it in the breaks, on the way home and online, where it is sold to children."
    )
    services.editing.revise(1, partial(changed, changes=ItemChanges(body=body)), "test")
    again = draft("Vaping survey: what pupils say", body=body.replace("five", "five or six"))
    services.collecting.keep(Reading((again,)), "test")
    assert services.library.item(4).draft.warnings


def test_an_item_is_split_joined_and_taken_back_on_its_page(desk: Desk, services: Services) -> None:
    text = ItemChanges(body="First.\n\nSecond.")
    services.editing.revise(1, partial(changed, changes=text), "test")
    desk.change("/app/items/1/split", version=2, line=3, title="The second")
    assert services.library.item(4).draft.title == "The second"
    assert services.library.item(1).draft.body == "First."
    desk.change("/app/items/1/join", version=3, other=2)
    assert services.library.item(2).state is ItemState.REJECTED
    page = desk.get("/app/items/1").text
    assert "Go back to version 1" in page
    desk.change("/app/items/1/revert", to=1)
    assert "All that there is to say" in services.library.item(1).draft.body
    assert services.library.item(2).state is ItemState.CANDIDATE
    assert services.library.item(4).state is ItemState.REJECTED
    for form, said in (("split", "Choose the line"), ("join", "Choose the item")):
        answer = desk.change(f"/app/items/1/{form}", version=5)
        assert answer.status_code == 422
        assert said in answer.text


class Tags(HTMLParser):
    """What a page is made of, as a browser would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.attributes |= {name for name, _ in attrs}


def test_hostile_texts_stay_text_in_every_field(desk: Desk, services: Services) -> None:
    action = Action(EVIL, EVIL, "https://lantern.example/x")
    evil = ItemDraft(EVIL, EVIL, EVIL, EVIL, None, EVIL, (action,), content_note=EVIL)
    services.collecting.keep(Reading((evil,)), "test")
    services.library.reject([4], EVIL, "test")
    searched = "/app/inbox?q=%3Cscript%3Ealert(1)&topic=%22%3E%3Cscript%3Ealert(1)"
    for page in ("/app/inbox?state=all&item=4", "/app/items/4", searched):
        found = Tags()
        found.feed(desk.get(page).text)
        assert found.scripts == 1
        assert not {"onerror", "onmouseover"} & found.attributes


def test_a_change_without_the_token_of_our_own_page_is_refused(desk: Desk) -> None:
    answer = desk.post("/app/inbox/sort", data={"reject": "1"}, follow_redirects=False)
    assert answer.status_code == 403


def test_what_is_not_there_is_a_page_of_its_own(desk: Desk) -> None:
    for path in ("/app/items/99", "/app/inbox/paste/99", "/app/sources/99"):
        assert desk.get(path).status_code == 404
    assert desk.get("/app/inbox?item=99").status_code == 200


def test_what_a_paste_brought_stands_at_the_top_without_a_panel_of_filters(desk: Desk) -> None:
    desk.change("/app/inbox/paste/text", text="Warm ferries\n\nA sentence of them.\n")
    desk.change("/app/inbox/paste/1/keep", version=1)
    page = desk.get("/app/inbox?paste=1").text
    assert "Only what came with" in page
    assert '<details class="opens"><summary>Filters' in page
    narrowed = desk.get("/app/inbox?paste=1&topic=Online").text
    assert '<details class="opens" open><summary>Filters' in narrowed
