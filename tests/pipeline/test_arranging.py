"""The order of an issue: one item, or one heading, is moved at a time."""

from __future__ import annotations

import pytest
from desks import Desk
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput, Refused
from bulletin.models.issues import IssueState, Placement, Visibility
from bulletin.models.items import Nation
from bulletin.pipeline.arranging import Place, with_item_moved, with_topic_moved
from bulletin.pipeline.draft import PlacingOptions

ORDER = [
    Placement(1, "Lunch", frozenset({Nation.WALES})),
    Placement(2, "Lunch"),
    Placement(3, "Lunch"),
    Placement(4, "Trips"),
    Placement(5, "Trips"),
]


def shown(order: list[Placement]) -> dict[str, list[int]]:
    """The items under each heading, as readers see them."""
    found: dict[str, list[int]] = {}
    for one in order:
        found.setdefault(one.topic, []).append(one.item_id)
    return found


@pytest.mark.parametrize(
    ("item", "place", "lunch", "trips"),
    [
        (3, Place(to=1), [3, 1, 2], [4, 5]),
        (1, Place(to=3), [2, 3, 1], [4, 5]),
        (1, Place(to=1), [1, 2, 3], [4, 5]),
        (3, Place(before=2), [1, 3, 2], [4, 5]),
        (1, Place(after=2), [2, 1, 3], [4, 5]),
        (1, Place(before=5), [2, 3], [4, 1, 5]),
        (5, Place(after=3), [1, 2, 3, 5], [4]),
    ],
)
def test_an_item_stands_where_it_is_put_and_under_the_heading_there(
    item: int, place: Place[int], lunch: list[int], trips: list[int]
) -> None:
    order = with_item_moved(ORDER, item, place, "december")
    assert shown(order) == {"Lunch": lunch, "Trips": trips}
    nations = {one.item_id: one.only_nations for one in order}
    assert nations == {one.item_id: one.only_nations for one in ORDER}


def test_a_heading_moves_with_all_that_stands_under_it() -> None:
    for place in (Place(to=1), Place(before="Lunch")):
        assert list(shown(with_topic_moved(ORDER, "Trips", place, "december"))) == [
            "Trips",
            "Lunch",
        ]
    assert with_topic_moved(ORDER, "Trips", Place(after="Lunch"), "december") == ORDER


@pytest.mark.parametrize(
    ("item", "place", "says"),
    [
        (9, {"to": 1}, "Item 9 is not in issue 'december'"),
        (1, {"after": 9}, "Item 9 is not in issue"),
        (1, {"after": 1}, "before or after itself"),
        (1, {"to": 4}, "items under 'Lunch' are numbered from 1 to 3: 4 is none"),
        (1, {}, "one of them"),
        (1, {"to": 1, "before": 2}, "one of them"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_the_reason(
    item: int, place: dict[str, int], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        with_item_moved(ORDER, item, Place(**place), "december")


@pytest.mark.parametrize(
    ("topic", "place", "says"),
    [
        ("Dinner", {"to": 1}, "no topic 'Dinner'. Its topics: 'Lunch', 'Trips'"),
        ("Lunch", {"before": "Dinner"}, "no topic 'Dinner'"),
        ("Lunch", {"before": "Lunch"}, "before or after itself"),
        ("Lunch", {"to": 3}, "topics of issue 'december' are numbered from 1 to 2: 3 is none"),
    ],
)
def test_a_heading_that_cannot_be_moved_is_refused_with_the_reason(
    topic: str, place: dict[str, str], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        with_topic_moved(ORDER, topic, Place(**place), "december")  # type: ignore[arg-type]


@given(st.lists(st.sampled_from("ABC"), min_size=2, max_size=7), st.data())
def test_moving_an_item_loses_and_doubles_none_and_leaves_the_others_in_order(
    topics: list[str], data: st.DataObject
) -> None:
    order = [Placement(number, topic) for number, topic in enumerate(topics, start=1)]
    item, beside = data.draw(st.permutations(range(1, len(order) + 1)))[:2]
    where = data.draw(st.sampled_from(["before", "after"]))
    moved = with_item_moved(order, item, Place(**{where: beside}), "x")
    assert sorted(one.item_id for one in moved) == list(range(1, len(order) + 1))
    for topic, items in shown(order).items():
        rest = [one for one in items if one != item]
        assert [one for one in shown(moved).get(topic, []) if one != item] == rest
    ids = [one.item_id for one in moved if one.topic == topics[beside - 1]]
    assert ids.index(item) - ids.index(beside) == (1 if where == "after" else -1)


def test_moving_voids_an_approval_and_what_went_out_stays_as_it_was(quick_desk: Desk) -> None:
    one, two, three = quick_desk.add_items("One", "Two", "Three")
    quick_desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    quick_desk.drafting.place("december", [one, two, three], PlacingOptions(), "test")
    quick_desk.approval.approve("december", "test", override="a test")
    issue = quick_desk.drafting.move("december", three, Place(to=1), "test")
    assert issue.state is IssueState.DRAFT
    _, content = quick_desk.drafting.content("december")
    assert [item.id for topic in content.topics for item in topic.items] == [three, one, two]
    with quick_desk.store.write() as tx:
        tx.issues.move(tx.issues.get("december"), IssueState.CANCELLED, quick_desk.clock())
    with pytest.raises(Refused, match="cannot change now"):
        quick_desk.drafting.move("december", one, Place(to=1), "test")
