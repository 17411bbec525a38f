"""The rules behind editing: what an edit settles, what it changed, where an item is cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from desks import Clock
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Deadline, ItemContent, ItemDraft, ItemWarning, Nation
from bulletin.models.library import Change, ItemVersion
from bulletin.pipeline.differences import Kind, differences, passages
from bulletin.pipeline.dividing import divided, united
from bulletin.pipeline.history import in_effect
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.pipeline.settling import settled
from bulletin.sources import SourceFormat, read

DOUBTFUL = ItemDraft(
    "",
    body="See https://board.example/mended for more.",
    actions=(
        Action("Read the report"),
        Action("Read the plan", url="https://board.example/plan"),
    ),
)


def doubting(*codes: str) -> ItemDraft:
    message = "The address “https://board.example/mend ed” is broken: “{}” is proposed. Try it."
    quoted = message.format("https://board.example/plan")
    return replace(DOUBTFUL, warnings=tuple(ItemWarning(code, quoted) for code in codes))


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("no_heading", ItemChanges(title="A title")),
        ("no_text", ItemChanges(body="A text.")),
        ("no_source", ItemChanges(source="Example Board")),
        ("no_date", ItemChanges(published="2026-11-02")),
        ("lost_link", ItemChanges(addresses={1: "https://board.example/report"})),
        ("lost_link", ItemChanges(dropped=frozenset({1}))),
        ("broken_link", ItemChanges(addresses={1: "https://board.example/report"})),
        ("unsafe_link", ItemChanges(dropped=frozenset({1}))),
        ("repaired_link", ItemChanges(addresses={2: "https://board.example/other"})),
        ("repaired_link", ItemChanges(dropped=frozenset({2}))),
        ("unsure_date", ItemChanges(published="2026-11-02")),
        ("unsure_deadline", ItemChanges(deadline="2026-12-18")),
        ("unsure_boundary", ItemChanges(body="Another text.")),
        ("truncated", ItemChanges(body="Another text.")),
        ("whatever_comes", ItemChanges(settled=frozenset({"whatever_comes"}))),
    ],
)
def test_a_doubt_ends_with_the_edit_that_answers_it_and_no_other(
    code: str, edit: ItemChanges
) -> None:
    before = ItemContent(doubting(code, "unknown"))
    after = settled(before.draft, changed(before, edit).draft)
    assert [warning.code for warning in after.warnings] == ["unknown"]
    other = changed(before, ItemChanges(topic="Else", author="Sam", content_note="Gently."))
    assert settled(before.draft, other.draft).warnings == before.draft.warnings


def test_doubts_that_an_import_really_brings_end_when_they_are_answered() -> None:
    text = b"Source: Example Board\n\nA text about lunch.\n\nRead the report: Lunch queues\n"
    (draft,) = read(text, SourceFormat.TEXT).items
    codes = {warning.code for warning in draft.warnings}
    assert {"no_date", "lost_link"} <= codes
    edit = ItemChanges(
        title="Lunch", published="2026-11-02", addresses={1: "https://board.example/report"}
    )
    after = settled(draft, changed(ItemContent(draft), edit).draft)
    assert not {"no_heading", "no_date", "lost_link"} & {w.code for w in after.warnings}


def test_a_broken_address_in_the_body_does_not_end_with_an_edit_elsewhere() -> None:
    linked = replace(doubting("broken_link"), actions=DOUBTFUL.actions[1:])
    assert settled(linked, replace(linked, topic="Else")).warnings
    assert not settled(linked, replace(linked, body="Mended.")).warnings


def test_a_broken_address_in_the_body_ends_with_a_link_for_each() -> None:
    links = "<a href='https://a.example/b…'>ours</a> and <a href='ftp://a.example/'>theirs</a>"
    page = f"<h1>Trays</h1><p>Queues are as long at noon in the hall as {links} were.</p>"
    (draft,) = read(page, SourceFormat.HTML).items
    said = [one.message for one in draft.warnings if one.code in {"broken_link", "unsafe_link"}]
    assert [one.rpartition(". ")[2] for one in said] == [
        "It stood at “ours”.",
        "It stood at “theirs”.",
    ]
    for number in (1, 2):
        added = (Action("Read it", "", f"https://board.example/{number}"),)
        edit = changed(ItemContent(draft), ItemChanges(added=added)).draft
        draft = settled(draft, edit)
        left = [one for one in draft.warnings if one.code in {"broken_link", "unsafe_link"}]
        assert len(left) == 2 - number


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (ItemChanges(title="a\nb"), "title must be one line"),
        (ItemChanges(author="a\nb"), "author must be one line"),
        (ItemChanges(published="tomorrow"), "is no date"),
        (ItemChanges(deadline="soon"), "is no deadline"),
        (ItemChanges(addresses={3: "https://board.example"}), "no action 3"),
        (ItemChanges(addresses={1: "javascript:alert(1)"}), "cannot be used"),
        (ItemChanges(dropped=frozenset({0})), "no action 0"),
        (ItemChanges(added=(Action("", "", "https://board.example"),)), "needs a label"),
        (ItemChanges(added=(Action("Read", "a\nb", "https://board.example"),)), "one line"),
        (ItemChanges(added=(Action("Read", "", "data:text/html,x"),)), "cannot be used"),
        (ItemChanges(added=(Action("Read"),)), "cannot be used"),
    ],
)
def test_what_no_item_may_hold_is_refused(edit: ItemChanges, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        changed(ItemContent(DOUBTFUL), edit)


def test_links_are_numbered_as_they_were_before_the_edit() -> None:
    edit = ItemChanges(
        addresses={2: "https://board.example/two"},
        dropped=frozenset({1}),
        added=(Action("Read the letter", "To parents", "mailto:office@school.example"),),
    )
    assert changed(ItemContent(DOUBTFUL), edit).draft.actions == (
        Action("Read the plan", url="https://board.example/two"),
        Action("Read the letter", "To parents", "mailto:office@school.example"),
    )


LINES = st.lists(st.text(alphabet="ab *_#\t", max_size=8), min_size=2, max_size=8)


@given(LINES, st.integers(1, 9), st.sampled_from(["", "A title"]))
def test_no_word_is_lost_when_an_item_is_split(lines: list[str], at: int, title: str) -> None:
    content = ItemContent(ItemDraft("First", body="\n".join(lines), actions=DOUBTFUL.actions))
    try:
        first, second = divided(content, at, title=title)
    except InvalidInput:
        before, after = "".join(lines[: at - 1]), "".join(lines[at - 1 :])
        assert not before.strip() or not after.strip()
        return
    words = f"{first.draft.body} {second.draft.title} {second.draft.body}".replace(title, "")
    assert _letters(words) == _letters("".join(lines))
    assert sorted(map(str, (*first.draft.actions, *second.draft.actions))) == sorted(
        map(str, DOUBTFUL.actions)
    )


def _letters(text: str) -> str:
    return "".join(char for char in text if char in "ab")


def test_a_link_goes_along_with_the_text_that_names_it() -> None:
    body = "First.\n\nSecond, see https://board.example/plan today."
    content = ItemContent(replace(doubting("unsure_boundary", "no_date"), body=body))
    first, second = divided(content, 3)
    assert [action.label for action in first.draft.actions] == ["Read the report"]
    assert [action.label for action in second.draft.actions] == ["Read the plan"]
    assert [warning.code for warning in first.draft.warnings] == ["no_date"]
    assert [warning.code for warning in second.draft.warnings] == ["no_heading", "no_date"]
    _, chosen = divided(content, 3, title="Named", links=frozenset({1}))
    assert [action.label for action in chosen.draft.actions] == ["Read the report", "Read the plan"]
    assert [warning.code for warning in chosen.draft.warnings] == ["no_date"]


def test_what_one_item_does_not_say_is_taken_from_the_other() -> None:
    one = ItemContent(doubting("no_heading", "no_source", "no_date", "unsure_boundary"))
    other = ItemDraft(
        "Lunch *queues*", body="Text.", source="Example Board", published=date(2026, 11, 2),
        deadline=Deadline(date(2026, 12, 18)),
    )  # fmt: skip
    joined = united(one, ItemContent(other)).draft
    assert (joined.title, joined.source, joined.published, joined.deadline) == (
        other.title,
        other.source,
        other.published,
        other.deadline,
    )
    assert joined.warnings == ()
    named = united(ItemContent(ItemDraft("One", body="Its own.")), ItemContent(other)).draft
    assert named.body == "Its own.\n\n**Lunch \\*queues\\***\n\nText."


def test_paragraphs_that_both_items_have_stand_once() -> None:
    one = ItemDraft("Lunch queues", body="Queues are long.\n\nTrays are few.")
    copy = ItemDraft("Long queues", body="Queues  are long.\n\nA survey asks why.")
    joined = united(ItemContent(one), ItemContent(copy)).draft
    assert joined.body == f"{one.body}\n\n**Long queues**\n\nA survey asks why."
    assert united(ItemContent(one), ItemContent(replace(one, title="Else"))).draft.body == one.body


SCHOOLS = ItemDraft(
    "Two in one",
    body=(
        "Schools in Wales are asked to count their trays.\n\n3\\. Staff *wellbeing*\n\n"
        "This is for schools in Scotland. It is aimed at governors. Reply by 18 December 2026."
    ),
    source="Example Board",
    published=date(2026, 11, 2),
    nations=(Nation.WALES, Nation.SCOTLAND),
    roles=("governor",),
    deadline=Deadline(date(2026, 12, 18), "Reply by"),
)


def test_the_half_that_says_something_has_it_when_an_item_is_split() -> None:
    first, second = (half.draft for half in divided(ItemContent(SCHOOLS), 3))
    assert (first.nations, first.roles, first.deadline) == ((Nation.WALES,), (), None)
    assert (second.nations, second.roles) == ((Nation.SCOTLAND,), ("governor",))
    assert second.deadline == SCHOOLS.deadline
    assert (second.title, second.body.partition(".")[0]) == (
        "Staff wellbeing",
        "This is for schools in Scotland",
    )


def test_what_neither_half_says_stays_with_both_and_is_doubted() -> None:
    plain = replace(SCHOOLS, body="The first news.\n\nThe second news.")
    first, second = (half.draft for half in divided(ItemContent(plain), 3))
    for half in (first, second):
        assert (half.source, half.published, half.nations) == (
            plain.source,
            plain.published,
            plain.nations,
        )
    assert (first.deadline, second.deadline) == (plain.deadline, None)
    assert [doubt.code for doubt in first.warnings] == ["unsure_deadline"]
    assert [doubt.code for doubt in second.warnings] == ["no_heading", "unsure_source"]
    assert second.warnings[-1].message == (
        "It was split, and its text does not say that its source is “Example Board” and its date "
        "is 2 November 2026. Look whether that is so."
    )
    seen = changed(ItemContent(second), ItemChanges(title="Second", source="Other Office")).draft
    assert settled(second, seen).warnings == ()


def test_a_source_in_the_text_of_one_half_is_the_source_of_that_half() -> None:
    body = "The first news.\n\n**The second**\n\nSource: Other Office, 3 November 2026\n\nMore."
    first, second = (half.draft for half in divided(ItemContent(replace(SCHOOLS, body=body)), 3))
    assert (first.source, second.source) == ("Example Board", "Other Office")
    assert (first.published, second.published) == (date(2026, 11, 2), date(2026, 11, 3))
    assert "unsure_source" not in {doubt.code for doubt in (*first.warnings, *second.warnings)}


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("**The second news**\n\nText.", "The second news"),
        ("## 4. The second news\n\nText.", "The second news"),
        ("4. The second news\n\nText.", "The second news"),
        ("4\\. The second *news*:\n\nText.", "The second news"),
        ("The second news\n\nText.", "The second news"),
        ("The second news is short.\n\nText.", ""),
        ("- The second news\n- and more", ""),
        ("[The second news](https://board.example/)\n\nText.", ""),
        ("The second news", ""),
        ("Read the report: Trays\n\nText.", ""),
    ],
)
def test_a_new_item_is_called_by_its_heading_or_first_short_line(body: str, title: str) -> None:
    second = divided(ItemContent(ItemDraft("One", body=f"Text.\n\n{body}")), 3)[1].draft
    assert second.title == title
    assert second.body == ("Text." if title else body)


def test_a_link_that_was_called_by_its_host_is_called_by_its_news_at_another_address() -> None:
    bare = ItemDraft(
        "Lunch", actions=(Action("Read more at old.example", url="https://old.example/a"),)
    )
    mended = changed(ItemContent(bare), ItemChanges(addresses={1: "https://board.example/b"}))
    assert mended.draft.actions == (Action("Read more", "Lunch", url="https://board.example/b"),)


def test_a_doubt_that_an_item_does_not_have_cannot_be_settled() -> None:
    with pytest.raises(InvalidInput, match=r"no doubt 'nosuch'\. Its doubts: no_date"):
        changed(ItemContent(doubting("no_date")), ItemChanges(settled=frozenset({"nosuch"})))


def test_a_title_does_not_stand_in_the_body_again() -> None:
    body = "3\\. Staff wellbeing\n\nText."
    content = ItemContent(ItemDraft("", body=body))
    assert changed(content, ItemChanges(title="Staff Wellbeing")).draft.body == "Text."
    assert changed(content, ItemChanges(title="Something else")).draft.body == body
    assert (
        divided(ItemContent(ItemDraft("", body=f"One.\n\n{body}")), 3, title="Staff wellbeing")[
            1
        ].draft.body
        == "Text."
    )


WORDS = st.lists(st.sampled_from(["a", "bb", "c.", "\n\n", "  "]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_a_difference_holds_both_texts_whole(old: str, new: str) -> None:
    parts = list(passages(old, new))
    assert "".join(part.text for part in parts if part.kind is not Kind.GONE) == new
    kept = "".join(part.text for part in parts if part.kind is not Kind.NEW)
    assert kept.split() == old.split()
    if old == new:
        assert all(part.kind is Kind.SAME for part in parts)


def test_only_the_fields_that_changed_are_told() -> None:
    before = ItemContent(replace(DOUBTFUL, title="Lunch queues are long"))
    edit = ItemChanges(title="Lunch queues are longer", published="2026-11-02", roles=["dsl"])
    told = {change.field: change.passages for change in differences(before, changed(before, edit))}
    assert list(told) == ["title", "date", "roles"]
    assert [(part.kind.value, part.text) for part in told["title"]] == [
        ("same", "Lunch queues are "),
        ("gone", "long"),
        ("new", "longer"),
    ]


def test_very_long_texts_are_told_as_wholes() -> None:
    long = "word " * 100_000
    assert [part.kind for part in passages(long, f"{long}more")] == [Kind.GONE, Kind.NEW]


def test_going_back_beyond_a_split_undoes_it_and_going_on_does_it_again() -> None:
    def version(number: int, how: Change, other: int | None = None) -> ItemVersion:
        moment: datetime = Clock()()
        return ItemVersion(number, moment, "test", how, ItemContent(DOUBTFUL), other)

    history = [
        version(1, Change.EDITED),
        version(2, Change.SPLIT, 9),
        version(3, Change.JOINED, 8),
        version(4, Change.REVERTED, 3),
        version(5, Change.REVERTED, 1),
        version(6, Change.REVERTED, 4),
    ]
    effects = [in_effect(history, number) for number in range(1, 8)]
    assert effects == [set(), set(), {2}, {2, 3}, {2}, set(), {2, 3}]
