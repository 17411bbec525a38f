"""What an edit changed, as a person reads it."""

from __future__ import annotations

from dataclasses import replace

from bulletin.cli.changes import shown_change
from bulletin.models.items import Action, ItemContent, ItemDraft, ItemWarning
from bulletin.pipeline.differences import differences

BODY = (
    "Lunch queues are long at noon, and trays are few in the hall. "
    "Staff have asked for more of both before the winter comes to the school."
)
BEFORE = ItemDraft(
    "Lunch",
    body=BODY,
    actions=(Action("Read the survey"),),
    warnings=(ItemWarning("no_date", "-"), ItemWarning("lost_link", "-")),
)


def told(after: ItemDraft) -> list[str]:
    return list(map(shown_change, differences(ItemContent(BEFORE), ItemContent(after))))


def test_a_short_text_is_quoted_whole_before_and_after() -> None:
    assert told(replace(BEFORE, title="Late lunch", source="Board")) == [
        "Title: 'Lunch' is now 'Late lunch'",
        "Source: 'Board' is new",
    ]


def test_of_a_long_text_each_place_that_changed_is_quoted_with_the_words_around_it() -> None:
    (body,) = told(replace(BEFORE, body=BODY.replace("long", "short").replace(" to the", "")))
    assert body == (
        "Body: 'Lunch queues are long at noon, and' is now 'Lunch queues are short at noon, and'; "
        "'the winter comes to the school.' is now 'the winter comes school.'"
    )


def test_lists_are_told_by_their_entries() -> None:
    action = Action("Read the survey", "", "https://board.example/")
    assert told(replace(BEFORE, actions=(action,), warnings=())) == [
        "Links: 'Read the survey | (no address)' is now 'Read the survey | https://board.example/'",
        "Doubts: 'no_date' is gone; 'lost_link' is gone",
    ]
    assert told(replace(BEFORE, warnings=BEFORE.warnings[::-1])) == ["Doubts: in another order"]
