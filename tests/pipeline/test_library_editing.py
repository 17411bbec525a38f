"""Editing items: versions, going back, splitting and joining, and edits at the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from desks import Desk

from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import Action, Deadline, Item, ItemDraft, ItemState, ItemWarning, Nation
from bulletin.models.library import Change, LibraryQuery
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.editing import EditedMeanwhile
from bulletin.pipeline.library import Library
from bulletin.pipeline.standing import Parted
from bulletin.pipeline.versions import hold, keep_version

FULL = ItemDraft(
    "Two in one",
    topic="School day",
    body="The first news.\n\nIt has two paragraphs.\n\n**The second news**\n\nRead the plan.",
    source="Example Board",
    published=date(2026, 11, 2),
    author="Sam Example",
    actions=(
        Action("Read the report", "Trays", "https://board.example/trays"),
        Action("Read the plan", "", "https://board.example/plan"),
    ),
    nations=(Nation.WALES,),
    deadline=Deadline(date(2026, 12, 18)),
    content_note="A gentle note.",
)


def add(desk: Desk, draft: ItemDraft) -> int:
    with desk.store.write() as tx:
        return tx.items.add(draft, desk.clock())


def item(desk: Desk, number: int) -> Item:
    with desk.store.read() as tx:
        return tx.items.get(number)


def placed(desk: Desk, *items: int) -> str:
    issue = desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    options = PlacingOptions(topic="News", only_nations=frozenset({Nation.WALES}))
    desk.drafting.place(issue.slug, list(items), options, "test")
    return issue.slug


def order(desk: Desk, slug: str) -> list[int]:
    content = desk.drafting.content(slug)[1]
    return [placed.id for topic in content.topics for placed in topic.items]


def versions(desk: Desk, number: int) -> list[int]:
    with desk.store.read() as tx:
        return [version.version for version in tx.item_versions.of(number)]


def test_every_edit_is_a_version_that_can_be_gone_back_to(desk: Desk) -> None:
    number = add(desk, FULL)
    first = item(desk, number)
    desk.change(number, title="Better", roles=["dsl"], notes={"dsl": "Look."}, published="")
    second = item(desk, number)
    desk.change(number, deadline="", nations=(), dropped=frozenset({1, 2}), notes={"dsl": ""})
    third = item(desk, number)
    assert (third.version, versions(desk, number)) == (3, [1, 2])
    assert (second.draft.title, second.roles, second.draft.published) == ("Better", {"dsl"}, None)
    assert (third.draft.deadline, third.draft.nations, third.draft.actions) == (None, (), ())
    assert third.notes == ()
    assert desk.editing.revert(number, 2, "test").item.content == second.content
    assert desk.editing.revert(number, 1, "test").item.content == first.content
    assert desk.editing.revert(number, 3, "test").item.content == third.content
    assert item(desk, number).version == 6


def test_an_edit_that_changes_nothing_leaves_no_trace(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    one = quick_desk.drafting.content(reference)[1].topics[0].items[0]
    quick_desk.change(one.id, title=one.title)
    assert quick_desk.editing.revert(one.id, 1, "test").item.version == 1
    quick_desk.drafting.place("december", [one.id], PlacingOptions(roles=[]), "test")
    assert versions(quick_desk, one.id) == []
    assert quick_desk.drafting.issue(reference).state is IssueState.APPROVED


def test_roles_and_notes_given_while_placing_are_a_version_too(quick_desk: Desk) -> None:
    number = add(quick_desk, FULL)
    placed(quick_desk, number)
    options = PlacingOptions(roles=["dsl"], notes={"dsl": "Look."})
    quick_desk.drafting.place("december", [number], options, "ann@school.example")
    (step,) = Library(quick_desk.store).history(number)[1:]
    assert (step.by, [change.field for change in step.changes]) == (
        "ann@school.example",
        ["roles", "notes"],
    )


def test_who_edits_an_older_version_keeps_their_text_and_sees_the_other(quick_desk: Desk) -> None:
    number = add(quick_desk, FULL)
    began = item(quick_desk, number)
    quick_desk.change(number, title="Theirs")
    with pytest.raises(EditedMeanwhile, match=r"at version 2 .* began with version 1") as caught:
        quick_desk.editing.revise(
            number,
            lambda content: replace(content, draft=replace(began.draft, title="Mine")),
            "test",
            expected_version=began.version,
        )
    assert caught.value.theirs.draft.title == "Theirs"
    assert caught.value.mine.draft.title == "Mine"
    assert item(quick_desk, number).draft.title == "Theirs"


def test_two_editors_at_once_take_turns(postgres_desk: Desk) -> None:
    """Neither undoes what the other did, nor do they wait for one another for ever."""
    number = add(postgres_desk, FULL)
    slug = placed(postgres_desk, number)
    options = PlacingOptions(roles=["dsl"])
    second = Thread(
        target=postgres_desk.drafting.place, args=(slug, [number], options, "ben@school.example")
    )
    with postgres_desk.store.write() as tx:
        (before,) = hold(tx, number)
        second.start()
        second.join(0.2)
        assert second.is_alive()
        titled = replace(before.draft, title="Ann's")
        edit = replace(before.content, draft=titled)
        now = postgres_desk.clock()
        keep_version(tx, before, edit, how=Change.EDITED, actor="ann@school.example", now=now)
    second.join(20)
    after = item(postgres_desk, number)
    assert (after.draft.title, after.roles, after.version) == ("Ann's", {"dsl"}, 3)


def test_an_item_has_no_version_that_was_never_made(quick_desk: Desk) -> None:
    number = add(quick_desk, FULL)
    for version in (2, 99):
        with pytest.raises(NotFound, match=f"no version {version}"):
            quick_desk.editing.revert(number, version, "test")
    with pytest.raises(InvalidInput, match="no role 'king'"):
        quick_desk.change(number, roles=["king"])
    with pytest.raises(InvalidInput, match="no role 'king'"):
        quick_desk.change(number, notes={"king": "Look."})
    assert item(quick_desk, number).version == 1


def test_splitting_makes_two_items_and_going_back_makes_them_one(desk: Desk) -> None:
    number, last = add(desk, FULL), add(desk, ItemDraft("Last", body="News."))
    slug = placed(desk, number, last)
    old, new = desk.editing.split(number, 5, "test")
    assert (old.draft.title, old.draft.body) == (
        "Two in one",
        "The first news.\n\nIt has two paragraphs.",
    )
    assert (new.draft.title, new.draft.body) == ("The second news", "Read the plan.")
    assert (new.draft.source, new.draft.published, new.draft.nations, new.draft.topic) == (
        FULL.source,
        FULL.published,
        FULL.nations,
        FULL.topic,
    )
    assert (new.draft.deadline, new.draft.content_note) == (None, "")
    assert order(desk, slug) == [number, new.id, last]
    assert new.state is ItemState.USED
    done = desk.editing.revert(number, 1, "test")
    assert (done.item.draft, done.left_alone) == (FULL, ())
    assert order(desk, slug) == [number, last]
    assert item(desk, new.id).state is ItemState.REJECTED
    again = desk.editing.revert(number, 2, "test")
    assert again.item.draft == old.draft
    assert item(desk, new.id).state is ItemState.USED
    assert order(desk, slug) == [number, new.id, last]


def test_what_was_split_off_and_changed_since_stays_when_the_rest_goes_back(
    quick_desk: Desk,
) -> None:
    number = add(quick_desk, FULL)
    _, new = quick_desk.editing.split(number, 5, "test")
    quick_desk.clock.set("2026-12-01T09:00+00:00")
    quick_desk.change(new.id, title="Mine now")
    assert quick_desk.editing.revert(number, 1, "test").left_alone == (
        (new.id, "it was edited in the meantime"),
    )
    assert item(quick_desk, new.id).state is ItemState.CANDIDATE


def test_joining_adds_the_other_and_going_back_brings_it_back(desk: Desk) -> None:
    one = add(desk, replace(FULL, body="The first news.", actions=FULL.actions[:1]))
    other = add(desk, ItemDraft("Also this", body="The end.", actions=FULL.actions, topic="Else"))
    last = add(desk, ItemDraft("Last", body="News."))
    slug = placed(desk, other, last)
    joined = desk.editing.join(one, other, "test")
    assert joined.draft.body == "The first news.\n\n**Also this**\n\nThe end."
    assert (joined.draft.title, joined.draft.topic) == ("Two in one", "School day")
    assert joined.draft.actions == FULL.actions
    assert order(desk, slug) == [one, last]
    assert joined.state is ItemState.USED
    gone = item(desk, other)
    because = f"joined into item {one}"
    assert (gone.state.value, gone.rejected_because) == ("rejected", because)
    assert Library(desk.store).history(other)[-1].what == f"rejected: {because}"
    done = desk.editing.revert(one, 1, "test")
    assert (done.item.draft.body, done.left_alone, done.elsewhere) == ("The first news.", (), ())
    assert order(desk, slug) == [other, last]
    assert item(desk, other).state is ItemState.USED
    assert item(desk, one).state is ItemState.CANDIDATE
    desk.editing.revert(one, 2, "test")
    assert item(desk, other).state is ItemState.REJECTED
    assert order(desk, slug) == [one, last]
    desk.editing.revert(one, 1, "test")
    assert order(desk, slug) == [other, last]


def test_going_back_before_a_join_puts_the_other_where_it_stood(desk: Desk) -> None:
    first, one, other, last = (add(desk, ItemDraft(f"News {n}", body=f"Text {n}.")) for n in "1234")
    slug = placed(desk, other, first, one, last)
    with desk.store.read() as tx:
        before = tx.issues.placements(desk.drafting.issue(slug).id)
    desk.editing.join(one, other, "test")
    assert order(desk, slug) == [first, one, last]
    desk.editing.revert(one, 1, "test")
    with desk.store.read() as tx:
        assert tx.issues.placements(desk.drafting.issue(slug).id) == before
    assert {item(desk, number).state for number in (one, other)} == {ItemState.USED}


def test_what_was_joined_and_is_restored_stands_again_once_the_two_are_parted(
    quick_desk: Desk,
) -> None:
    one, other, last = (add(quick_desk, ItemDraft(f"News {n}", body=f"Text {n}.")) for n in "123")
    slug = placed(quick_desk, other, last)
    quick_desk.editing.join(one, other, "test")
    library = Library(quick_desk.store)
    assert library.restore([other, last], "test").parted == (Parted(other, one, 1, (slug,)),)
    assert order(quick_desk, slug) == [one, last]
    assert library.keep([other], "test").parted == ()  # it was not rejected
    quick_desk.editing.revert(one, 1, "test")
    assert order(quick_desk, slug) == [other, last]
    assert item(quick_desk, other).state is ItemState.USED


def test_what_was_split_off_and_went_back_is_named_with_where_its_text_is(
    quick_desk: Desk,
) -> None:
    one = add(quick_desk, FULL)
    _, new = quick_desk.editing.split(one, 5, "test")
    quick_desk.editing.revert(one, 1, "test")
    assert Library(quick_desk.store).keep([new.id], "test").parted == (Parted(new.id, one, 2),)
    quick_desk.editing.revert(one, 2, "test")
    assert item(quick_desk, new.id).state is ItemState.KEPT


def test_an_item_follows_its_topic_where_no_other_heading_was_chosen(quick_desk: Desk) -> None:
    one = add(quick_desk, ItemDraft("News", body="Text."))
    plain, chosen, over = (
        quick_desk.drafting.new(title, {}, Visibility.PRIVATE, "test").slug
        for title in ("Plain", "Chosen", "Over")
    )
    for slug in (plain, over):
        quick_desk.drafting.place(slug, [one], PlacingOptions(), "test")
    quick_desk.drafting.place(chosen, [one], PlacingOptions(topic="Meals"), "test")
    with quick_desk.store.write() as tx:
        tx.issues.move(tx.issues.get(over), IssueState.SENT, quick_desk.clock())
    quick_desk.change(one, topic="School day")
    assert quick_desk.drafting.headings(one) == {plain: "School day", chosen: "Meals"}
    quick_desk.editing.revert(one, 1, "test")
    assert quick_desk.drafting.headings(one) == {plain: "News", chosen: "Meals"}
    assert quick_desk.drafting.content(over)[1].topics[0].title == "News"


def test_an_issue_where_the_other_cannot_stand_again_is_named(quick_desk: Desk) -> None:
    one, other = (add(quick_desk, ItemDraft(f"News {n}", body=f"Text {n}.")) for n in "12")
    slug = placed(quick_desk, other)
    quick_desk.editing.join(one, other, "test")
    quick_desk.drafting.remove(slug, [one], "test")
    assert quick_desk.editing.revert(one, 1, "test").elsewhere == ((other, slug),)
    assert order(quick_desk, slug) == []
    assert item(quick_desk, other).state is ItemState.KEPT


def test_a_candidate_that_takes_in_what_was_sent_stands_nowhere_and_is_kept(
    quick_desk: Desk,
) -> None:
    one, other = (add(quick_desk, ItemDraft(f"News {n}", body=f"Text {n}.")) for n in "12")
    slug = placed(quick_desk, other)
    with quick_desk.store.write() as tx:
        tx.issues.move(tx.issues.get(slug), IssueState.SENT, quick_desk.clock())
    assert quick_desk.editing.join(one, other, "test").state is ItemState.KEPT
    assert quick_desk.editing.revert(one, 1, "test").item.state is ItemState.CANDIDATE
    assert item(quick_desk, other).state is ItemState.USED


def test_a_copy_that_is_joined_with_its_original_is_a_copy_no_more(quick_desk: Desk) -> None:
    first = add(quick_desk, ItemDraft("Lunch", body="Text."))
    doubts = (ItemWarning("duplicate", "It looks like item 1."), ItemWarning("no_date", "None."))
    copy = ItemDraft("Meals", body="Words.", duplicate_of=first, warnings=doubts)
    one, other = add(quick_desk, copy), add(quick_desk, copy)
    for joined in (
        quick_desk.editing.join(one, first, "test"),
        quick_desk.change(other, settled=frozenset({"duplicate"})),
    ):
        assert joined.draft.duplicate_of is None
        assert [warning.code for warning in joined.draft.warnings] == ["no_date"]


def test_joining_and_splitting_keep_every_reader_of_what_is_joined(quick_desk: Desk) -> None:
    one, other, everybody = (add(quick_desk, ItemDraft(f"News {n}", body=f"{n}.")) for n in "123")
    quick_desk.change(one, roles=["dsl"], notes={"dsl": "First."})
    quick_desk.change(other, roles=["chair"], notes={"dsl": "Second.", "chair": "Third."})
    joined = quick_desk.editing.join(one, other, "test")
    assert joined.roles == {"dsl", "chair"}
    assert {note.role: note.text for note in joined.notes} == {
        "dsl": "First. Second.",
        "chair": "Third.",
    }
    _, part = quick_desk.editing.split(one, 3, "test")
    assert part.roles == {"dsl", "chair"}
    assert quick_desk.editing.join(one, everybody, "test").roles == frozenset()


def test_splitting_and_joining_void_approvals(quick_desk: Desk) -> None:
    reference = quick_desk.issue()
    one, two = order(quick_desk, reference)
    for change in (
        lambda: quick_desk.change(one, body="First.\n\nSecond."),
        lambda: quick_desk.editing.split(one, 3, "test"),
        lambda: quick_desk.editing.revert(one, 2, "test"),
        lambda: quick_desk.editing.join(one, two, "test"),
    ):
        quick_desk.approval.approve(reference, "test", override="a test")
        change()
        assert quick_desk.drafting.issue(reference).state is IssueState.DRAFT


def test_what_cannot_be_split_or_joined_is_said_and_left(quick_desk: Desk) -> None:
    number, rejected = add(quick_desk, FULL), add(quick_desk, ItemDraft("Old", body="Old."))
    library = Library(quick_desk.store)
    library.reject([rejected], "", "test")
    for line in (1, 8, 99):
        with pytest.raises(InvalidInput, match=f"line {line}"):
            quick_desk.editing.split(number, line, "test")
    with pytest.raises(InvalidInput, match="no action 3"):
        quick_desk.editing.split(number, 3, "test", links=frozenset({3}))
    with pytest.raises(InvalidInput, match="one line"):
        quick_desk.editing.split(number, 3, "test", title="a\nb")
    with pytest.raises(InvalidInput, match="with itself"):
        quick_desk.editing.join(number, number, "test")
    for pair in ((number, rejected), (rejected, number)):
        with pytest.raises(Refused, match="was rejected"):
            quick_desk.editing.join(*pair, "test")
    with pytest.raises(Refused, match="was rejected"):
        quick_desk.editing.split(rejected, 2, "test")
    assert item(quick_desk, number).version == 1
    assert library.search(LibraryQuery()).total == 2


def test_what_is_being_sent_is_not_joined_away(quick_desk: Desk) -> None:
    one, sending = add(quick_desk, FULL), add(quick_desk, ItemDraft("Going", body="Out."))
    slug = placed(quick_desk, sending)
    with quick_desk.store.write() as tx:
        tx.issues.move(tx.issues.get(slug), IssueState.SENDING, quick_desk.clock())
    with pytest.raises(Refused, match="being sent"):
        quick_desk.editing.join(one, sending, "test")
    assert item(quick_desk, sending).state is ItemState.USED
