"""An issue is composed without script: each change is a form, and nobody's text is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from at_desk import Desk

from bulletin.models.issues import Issue, IssueState, Visibility
from bulletin.models.items import ItemDraft, Reading
from bulletin.models.library import LibraryQuery
from bulletin.models.people import UserRole
from bulletin.wiring import Services

TITLES = ("Late buses", "Quiet trams", "Warm ferries")
XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


class Composed:
    """An issue with two topics, "Statutory" (a, b) and "Online" (c), and somebody who edits it."""

    def __init__(self, desk: Desk, services: Services) -> None:
        self.desk = desk
        self.services = services
        self.issue: Issue = services.drafting.new("December", {}, Visibility.PRIVATE, "test")
        self.root = f"/app/issues/{self.issue.id}/compose"
        self.ids = {
            name: services.composing.add_new(str(self.issue.id), f"Item {name}", topic, "test")
            for name, topic in (("a", "Statutory"), ("b", "Statutory"), ("c", "Online"))
        }

    @property
    def order(self) -> list[tuple[str, str]]:
        """Each topic with the letters of its items."""
        names = {number: name for name, number in self.ids.items()}
        found = self.services.composing.composition(str(self.issue.id))
        return [
            (each.title, "".join(names.get(one.item_id, "?") for one in each.placed))
            for each in found.sections
        ]

    def act(self, do: str) -> object:
        return self.desk.change(f"{self.root}/act", do=do)

    def form(self, name: str) -> dict[str, object]:
        """What the form of an item holds, as a browser would send it."""
        page = self.desk.get(f"/app/items/{self.ids[name]}/edit?issue={self.issue.id}").text
        return fields_of(page)


def fields_of(page: str) -> dict[str, object]:
    """The hidden stamp and the texts of the one form on a page that a test changes."""
    stamp = re.search(r'name="stamp" value="([^"]*)"', page)
    assert stamp is not None
    title = re.search(r'name="title" type="text" value="([^"]*)"', page)
    assert title is not None
    return {"stamp": unescape(stamp[1]), "title": unescape(title[1])}


@pytest.fixture
def composed(as_role: Callable[..., Desk], services: Services) -> Composed:
    return Composed(as_role(), services)


def test_items_go_up_and_down_and_on_into_the_next_topic(composed: Composed) -> None:
    ids = composed.ids
    answer = composed.act(f"down:{ids['a']}")
    assert answer.status_code == 303
    assert composed.order == [("Statutory", "ba"), ("Online", "c")]
    assert "Item a, now 2 of 2 in Statutory." in composed.desk.get(composed.root).text
    composed.act(f"down:{ids['a']}")
    assert composed.order == [("Statutory", "b"), ("Online", "ac")]
    composed.act(f"up:{ids['a']}")
    assert composed.order == [("Statutory", "ba"), ("Online", "c")]


def test_an_item_moves_to_a_topic_and_place_by_a_plain_form(composed: Composed) -> None:
    page = composed.desk.get(f"{composed.root}/place/{composed.ids['a']}")
    assert "Now 1 of 2 in Statutory." in page.text
    composed.desk.change(f"{composed.root}/move", item=composed.ids["a"], topic="Online", place=1)
    assert composed.order == [("Statutory", "b"), ("Online", "ac")]


def test_topics_are_added_renamed_moved_and_removed(composed: Composed) -> None:
    composed.desk.change(f"{composed.root}/topics", title="Training")
    assert composed.order == [("Statutory", "ab"), ("Online", "c"), ("Training", "")]
    composed.act("topic-up:Training")
    assert [title for title, _ in composed.order] == ["Statutory", "Training", "Online"]
    composed.desk.change(f"{composed.root}/topics", topic="Online", title="Online safety")
    composed.desk.change(f"{composed.root}/topics", topic="Online safety", place=1)
    assert composed.order == [("Online safety", "c"), ("Statutory", "ab"), ("Training", "")]
    composed.act("topic-remove:Statutory")
    assert composed.order == [("Online safety", "c"), ("Training", "")]


def test_a_topic_that_takes_the_name_of_another_gives_it_its_items(composed: Composed) -> None:
    composed.desk.change(f"{composed.root}/topics", topic="Online", title="Statutory")
    assert composed.order == [("Statutory", "abc")]


def test_every_change_of_the_order_can_be_taken_back_and_done_again(composed: Composed) -> None:
    composed.act(f"down:{composed.ids['a']}")
    composed.act(f"remove:{composed.ids['c']}")
    assert composed.order == [("Statutory", "ba"), ("Online", "")]

    def step(back: str) -> None:
        found = composed.services.composing.composition(str(composed.issue.id))
        present = found.order.states[found.order.at]
        made = composed.desk.change(
            f"{composed.root}/step", part="order", present=present, back=back
        )
        assert made.status_code == 303

    step("1")
    assert composed.order == [("Statutory", "ba"), ("Online", "c")]
    step("1")
    assert composed.order == [("Statutory", "ab"), ("Online", "c")]
    step("")
    step("")
    assert composed.order == [("Statutory", "ba"), ("Online", "")]


def test_what_somebody_else_changed_meanwhile_is_not_taken_back(composed: Composed) -> None:
    found = composed.services.composing.composition(str(composed.issue.id))
    seen = found.order.states[found.order.at]
    composed.act(f"down:{composed.ids['a']}")
    refused = composed.desk.change(f"{composed.root}/step", part="order", present=seen, back="1")
    assert refused.status_code == 409
    assert "Somebody has changed this" in refused.text
    assert composed.order == [("Statutory", "ba"), ("Online", "c")]


def test_items_of_the_library_are_added_several_at_once(composed: Composed) -> None:
    other = composed.services.drafting.new("Other", {}, Visibility.PRIVATE, "test")
    made = [
        composed.services.composing.add_new(str(other.id), f"Kept {n}", "", "test") for n in "xy"
    ]
    composed.services.composing.remove_topic(str(other.id), "News", "test")
    page = composed.desk.get(f"{composed.root}/add?words=Kept")
    assert "Kept x" in page.text
    composed.desk.change(f"{composed.root}/add", item=made, topic="Online")
    assert composed.order == [("Statutory", "ab"), ("Online", "c??")]
    nothing = composed.desk.change(f"{composed.root}/add", topic="Online")
    assert nothing.status_code == 422
    assert "Tick the items" in nothing.text


def test_an_item_is_limited_to_readers_of_a_nation_in_this_issue(composed: Composed) -> None:
    composed.desk.change(f"{composed.root}/limit", item=composed.ids["a"], nation=["Wales"])
    assert "readers in Wales only" in composed.desk.get(composed.root).text


def test_who_an_item_is_for_is_asked_until_somebody_has_said_so(composed: Composed) -> None:
    assert composed.desk.get(composed.root).text.count("Choose who this is for") == 3
    form = composed.form("a") | {"reader": ["everybody"], "boxes": "1", "issue": composed.issue.id}
    composed.desk.change(f"/app/items/{composed.ids['a']}/edit", **form)
    page = composed.desk.get(composed.root).text
    assert page.count("Choose who this is for") == 2
    assert "<strong>Everybody</strong>" in page


def test_an_item_is_saved_whole_from_its_form(composed: Composed) -> None:
    fields = composed.form("a") | {
        "title": "KCSIE 2026", "body": "Part **one**.\r\n\r\n- first\r\n- second", "boxes": "1",
        "topic": "Statutory",
        "source": "DfE", "published": "2026-11-12", "author": "A. Author",
        "deadline": "2026-12-18", "deadline_says": "Respond by", "nation": ["England", "Wales"],
        "reader": ["dsl", "governor"], "note-dsl": "Tell your staff.",
        "action-label": ["Read it", "", ""], "action-title": ["KCSIE", "", ""],
        "action-url": ["https://guidance.example/kcsie", "", ""],
        "content_note": "This speaks of harm.", "issue": composed.issue.id,
    }  # fmt: skip
    saved = composed.desk.change(f"/app/items/{composed.ids['a']}/edit", **fields)
    assert saved.status_code == 303
    assert saved.headers["location"].startswith(composed.root)
    item = composed.services.library.item(composed.ids["a"])
    assert item.draft.body == "Part **one**.\n\n- first\n- second"
    assert (item.draft.title, item.draft.source, item.draft.author) == (
        "KCSIE 2026", "DfE", "A. Author",
    )  # fmt: skip
    assert str(item.draft.deadline) == "Deadline(on=datetime.date(2026, 12, 18), says='Respond by')"
    assert [action.url for action in item.draft.actions] == ["https://guidance.example/kcsie"]
    assert item.roles == {"dsl", "governor"}
    assert [note.text for note in item.notes] == ["Tell your staff."]


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    composed: Composed,
) -> None:
    fields = composed.form("a") | {
        "title": "Kept title", "published": "yesterday", "action-label": [""],
        "action-title": [""], "action-url": ["javascript:alert(1)"],
    }  # fmt: skip
    refused = composed.desk.change(f"/app/items/{composed.ids['a']}/edit", **fields)
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert "is no date" in refused.text
    assert "Say what the link is" in refused.text
    assert 'value="Kept title"' in refused.text
    assert composed.services.library.item(composed.ids["a"]).draft.title == "Item a"


def test_saving_without_a_change_makes_no_version(composed: Composed) -> None:
    composed.desk.change(f"/app/items/{composed.ids['a']}/edit", **composed.form("a"))
    assert composed.services.library.item(composed.ids["a"]).version == 1


def test_saves_of_one_person_within_minutes_are_one_version_of_the_history(
    composed: Composed,
) -> None:
    for text in ("One", "One two", "One two three"):
        fields = composed.form("a") | {"title": text}
        composed.desk.change(f"/app/items/{composed.ids['a']}/edit", **fields)
    steps = composed.services.library.history(composed.ids["a"])
    assert [step.what for step in steps if step.version] == ["came into the library", "edited"]
    back = re.search(r'name="to" value="(\d+)"', composed.desk.get(
        f"/app/items/{composed.ids['a']}/edit").text)  # fmt: skip
    assert back is not None
    item = composed.services.library.item(composed.ids["a"])
    composed.desk.change(f"/app/items/{item.id}/step", to=back[1], version=item.version, back="1")
    assert composed.services.library.item(item.id).draft.title == "Item a"
    page = composed.desk.get(f"/app/items/{item.id}/edit").text
    assert ">Redo<" in page or "Redo</button>" in page


def test_two_people_who_change_different_fields_of_an_item_never_meet(
    composed: Composed, as_role: Callable[..., Desk]
) -> None:
    mine, theirs = composed.form("a"), composed.form("a")
    other = as_role(UserRole.AUTHOR)
    path = f"/app/items/{composed.ids['a']}/edit"
    other.change(path, **theirs | {"source": "DfE"})
    assert composed.desk.change(path, **mine | {"title": "Mine"}).status_code == 303
    draft = composed.services.library.item(composed.ids["a"]).draft
    assert (draft.title, draft.source) == ("Mine", "DfE")


def test_a_clash_shows_both_texts_and_keeps_what_was_typed_until_one_is_chosen(
    composed: Composed, as_role: Callable[..., Desk]
) -> None:
    mine, theirs = composed.form("a"), composed.form("a")
    other = as_role(UserRole.AUTHOR)
    path = f"/app/items/{composed.ids['a']}/edit"
    other.change(path, **theirs | {"title": "Their title", "source": "DfE"})
    clash = composed.desk.change(path, **mine | {"title": "My title"})
    assert clash.status_code == 409
    assert "author@school.example changed this while you were writing" in clash.text
    assert 'value="My title"' in clash.text
    assert "Their " in clash.text
    draft = composed.services.library.item(composed.ids["a"]).draft
    assert draft.title == "Their title"

    again = fields_of(clash.text) | {"clashing": ["title"]}
    asked = composed.desk.change(path, **again)
    assert asked.status_code == 409  # both were shown, and none was chosen yet
    made = composed.desk.change(path, **again | {"choice-title": "mine"})
    assert made.status_code == 303
    draft = composed.services.library.item(composed.ids["a"]).draft
    assert (draft.title, draft.source) == ("My title", "DfE")


def test_choosing_their_text_leaves_it(composed: Composed, as_role: Callable[..., Desk]) -> None:
    mine, theirs = composed.form("a"), composed.form("a")
    path = f"/app/items/{composed.ids['a']}/edit"
    as_role(UserRole.AUTHOR).change(path, **theirs | {"title": "Their title"})
    clash = composed.desk.change(path, **mine | {"title": "My title"})
    again = fields_of(clash.text)
    assert composed.desk.change(path, **again | {"choice-title": "theirs"}).status_code == 303
    assert composed.services.library.item(composed.ids["a"]).draft.title == "Their title"


def test_the_script_of_a_form_hears_what_became_of_a_save(composed: Composed) -> None:
    path = f"/app/items/{composed.ids['a']}/edit"
    fields = composed.form("a")

    def save(**changes: object) -> tuple[int, dict[str, object]]:
        data = {"csrf": composed.desk.csrf, **fields, **changes}
        answer = composed.desk.post(path, data=data, headers={"Accept": "application/json"})
        return answer.status_code, answer.json()

    status, said = save(title="New")
    assert status == 200
    assert json.loads(str(said["stamp"])) != json.loads(str(fields["stamp"]))
    assert save(published="nonsense")[0] == 422
    status, clash = save(title="Newer")  # still with the first stamp
    assert status == 409
    assert "New" in str(clash["panel"])


def test_words_and_blocks_of_the_issue_are_saved_and_taken_back(composed: Composed) -> None:
    page = composed.desk.get(f"{composed.root}/words").text
    fields = fields_of(page) | {
        "title": "December news", "subject": "For {{first_name}}", "standfirst": "In short",
        "dateline": "December 2026", "intro": "Hello {{first_name}}", "closing": "Bye",
        "helpline-name": ["Childline", ""], "helpline-phone": ["0800 1111", ""],
        "helpline-hours": ["", ""], "helpline-url": ["https://helpline.example/", ""],
        "length": "topics", "boxes": "1",
    }  # fmt: skip
    assert composed.desk.change(f"{composed.root}/words", **fields).status_code == 303
    issue = composed.services.drafting.issue(str(composed.issue.id))
    assert (issue.title, issue.intro, issue.diary) == (
        "December news", "Hello {{first_name}}", False,
    )  # fmt: skip
    assert [one.phone for one in issue.helplines] == ["0800 1111"]
    line = composed.services.composing.composition(str(issue.id)).words
    composed.desk.change(
        f"{composed.root}/step", part="words", present=line.states[line.at], back="1"
    )
    issue = composed.services.drafting.issue(str(composed.issue.id))
    assert (issue.title, issue.helplines, issue.diary) == ("December", (), True)


def test_a_wrong_word_is_refused_beside_its_field(composed: Composed) -> None:
    fields = fields_of(composed.desk.get(f"{composed.root}/words").text) | {"title": " "}
    refused = composed.desk.change(f"{composed.root}/words", **fields)
    assert refused.status_code == 422
    assert "The issue needs a title." in refused.text


def test_an_issue_that_waits_for_approval_is_not_changed_by_looking_or_by_accident(
    composed: Composed,
) -> None:
    with composed.services.store.write() as tx:
        issue = tx.issues.get(composed.issue.id)
        tx.issues.move(issue, IssueState.IN_REVIEW, composed.services.store.clock())
    before = composed.order
    page = composed.desk.get(composed.root).text
    assert "Editing ends that" in page
    assert 'value="up:' not in page
    refused = composed.act(f"down:{composed.ids['a']}")
    assert refused.status_code == 409
    path = f"/app/items/{composed.ids['a']}/edit"
    asked = composed.desk.change(path, **composed.form("a") | {"title": "New"})
    assert asked.status_code == 409
    assert "Save my changes, and end the approval" in asked.text
    assert composed.order == before
    assert composed.services.drafting.issue(str(issue.id)).state is IssueState.IN_REVIEW
    composed.desk.change(f"{composed.root}/reopen")
    assert composed.services.drafting.issue(str(issue.id)).state is IssueState.DRAFT
    composed.act(f"down:{composed.ids['a']}")
    assert composed.order != before


def test_hostile_text_stays_text_in_every_field(composed: Composed) -> None:
    path = f"/app/items/{composed.ids['a']}/edit"
    fields = composed.form("a") | {
        "title": XSS, "body": XSS, "topic": XSS, "source": XSS, "author": XSS, "content_note": XSS,
        "deadline": "2026-12-18", "deadline_says": XSS, "note-dsl": XSS, "action-label": [XSS],
        "action-title": [XSS], "action-url": ["https://x.example/?" + XSS.replace(" ", "+")],
        "reader": ["everybody"], "boxes": "1",
    }  # fmt: skip
    composed.desk.change(path, **fields)
    composed.desk.change(f"{composed.root}/topics", title=XSS)
    words = fields_of(composed.desk.get(f"{composed.root}/words").text)
    lines = dict.fromkeys(("title", "subject", "standfirst", "dateline", "intro", "closing"), XSS)
    composed.desk.change(
        f"{composed.root}/words", **words | lines | {"helpline-name": [XSS],
        "helpline-phone": [XSS], "helpline-hours": [XSS], "helpline-url": [""]},
    )  # fmt: skip
    for page in (
        composed.root, f"{composed.root}?item={composed.ids['a']}", f"{composed.root}/words",
        f"{composed.root}/add?shelf=used", f"{composed.root}/place/{composed.ids['a']}", path,
        "/app/issues", "/app/issues/new", f"{composed.root}/topic?topic={XSS}",
    ):  # fmt: skip
        answer = composed.desk.get(page)
        assert answer.status_code == 200, page
        assert "<script>alert" not in answer.text, page
        assert "<img src=x" not in answer.text, page


def test_two_hundred_items_and_a_title_of_five_thousand_letters_are_shown(
    composed: Composed,
) -> None:
    long = "x" * 5_000
    composed.services.composing.add_new(str(composed.issue.id), long, "Online", "test")
    made = [
        composed.services.composing.add_new(str(composed.issue.id), f"No {n}", "Many", "test")
        for n in range(20)
    ]
    page = composed.desk.get(composed.root)
    assert page.status_code == 200
    assert f"item-{made[-1]}" in page.text


def test_who_else_is_there_is_told_and_forgotten(
    composed: Composed, as_role: Callable[..., Desk]
) -> None:
    other = as_role(UserRole.AUTHOR)
    other.change(f"{composed.root}/presence", item=composed.ids["a"])
    said = composed.desk.change(f"{composed.root}/presence", item=composed.ids["a"])
    assert "author@school.example" in said.text
    assert "edits this item, too" in said.text
    assert "editor@school.example" not in said.text


def test_what_waits_to_be_sorted_is_offered_while_nothing_is_kept_for_later(
    composed: Composed,
) -> None:
    services = composed.services
    drafts = tuple(ItemDraft(title, body=f"What there is to say of {title}.") for title in TITLES)
    services.collecting.keep(Reading(drafts), "test")
    page = composed.desk.get(f"{composed.root}/add").text
    assert all(title in page for title in TITLES)
    kept = services.inbox.shelf(LibraryQuery(words="trams")).page.hits[0].item.id
    services.library.keep([kept], "test")
    page = composed.desk.get(f"{composed.root}/add").text
    assert TITLES[1] in page
    assert TITLES[0] not in page


def test_items_stand_in_an_issue_as_they_stood_in_what_was_pasted(composed: Composed) -> None:
    drafts = tuple(ItemDraft(title, body=f"What there is to say of {title}.") for title in TITLES)
    made = [item.id for item in composed.services.collecting.keep(Reading(drafts), "test")]
    composed.desk.change(f"{composed.root}/add", item=[*reversed(made)], topic="Online")
    found = composed.services.composing.composition(str(composed.issue.id))
    online = next(each for each in found.sections if each.title == "Online")
    assert [one.item_id for one in online.placed] == [composed.ids["c"], *made]
