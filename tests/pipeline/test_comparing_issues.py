"""What changed between two versions of an issue: what came, went, moved and was edited."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.issues import Helpline, IssueContent, PlacedItem, Topic
from bulletin.models.items import Action, Nation
from bulletin.pipeline.differences import Kind
from bulletin.pipeline.reviewing.comparing import IssueDifferences, issue_differences
from example_issue import SENDER


def issue(*topics: tuple[str, list[int]], **texts: object) -> IssueContent:
    placed = tuple(
        Topic(key, title, tuple(PlacedItem(number, f"Item {number}", "Text.") for number in items))
        for key, (title, items) in enumerate(topics, start=1)
    )
    return IssueContent("December", "A subject", placed, **texts)  # type: ignore[arg-type]  # texts


def told(before: IssueContent, now: IssueContent) -> IssueDifferences:
    return issue_differences((before, SENDER), (now, SENDER))


def test_the_same_twice_is_no_difference() -> None:
    one = issue(("News", [1, 2]), intro="Hello")
    assert not told(one, issue(("News", [1, 2]), intro="Hello"))


def test_one_item_that_moves_up_is_the_only_one_that_moved() -> None:
    found = told(issue(("News", [1, 2, 3, 4])), issue(("News", [4, 1, 2, 3])))
    assert [(move.now.item.id, move.before.place, move.now.place) for move in found.moved] == [
        (4, 4, 1)
    ]


def test_another_topic_is_a_move_also_at_the_same_place() -> None:
    found = told(issue(("News", [1]), ("Law", [2])), issue(("News", [1]), ("Courts", [2])))
    assert [(move.before.topic, move.now.topic) for move in found.moved] == [("Law", "Courts")]


def test_words_links_and_readers_of_an_item_are_told_field_by_field() -> None:
    before = issue(("News", [1]))
    item = replace(
        before.topics[0].items[0],
        body="Other text.",
        actions=(Action("Read", url="https://a.example"),),
        roles=frozenset({"dsl"}),
        only_nations=frozenset({Nation.WALES}),
    )
    [edited] = told(before, replace(before, topics=(Topic(1, "News", (item,)),))).edited
    assert [change.field for change in edited.changes] == ["body", "links", "roles", "only for"]
    words = [(passage.kind, passage.text) for passage in edited.changes[0].passages]
    assert words == [(Kind.GONE, "Text."), (Kind.NEW, "Other text.")]


def test_the_texts_of_the_issue_and_its_sender_are_among_it() -> None:
    before, now = issue(), issue(helplines=(Helpline("Line", "0800"),), diary=False)
    found = issue_differences((before, SENDER), (now, replace(SENDER, name="Somebody else")))
    assert [change.field for change in found.texts] == ["helplines", "dates for the diary", "from"]


@given(st.permutations(range(1, 9)), st.sets(st.integers(1, 8)), st.sets(st.integers(9, 12)))
def test_what_did_not_move_keeps_its_order_whatever_came_and_went(
    order: list[int], gone: set[int], new: set[int]
) -> None:
    before = issue(("News", list(range(1, 9))))
    now = [*sorted(new), *(number for number in order if number not in gone)]
    found = told(before, issue(("News", now)))
    moved = {move.now.item.id for move in found.moved}
    stayed = [number for number in now if number not in moved | new]
    assert stayed == sorted(stayed)
    assert {here.item.id for here in found.added} == new
    assert {here.item.id for here in found.removed} == gone
    # One that is put back where it was would make the row longer, if it had not to move.
    assert all(sorted([*stayed, one]) != _in_order(now, {*stayed, one}) for one in moved)


def _in_order(now: list[int], these: set[int]) -> list[int]:
    return [number for number in now if number in these]
