"""Newsfeeds of many layouts, each line with what has to become of it.

The files in `layouts/` are newsfeeds with a margin. The letter before a line says what it is:

    T  the title of an item               L  title and address of an item in one line
    U  the first words of an item without a title
    C  a topic over the items below it    D  source, date or author
    A  an action                          R  a rule
       (nothing) text of the item         B W K N M S F  left out, for the reasons below
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bulletin.models.items import ItemDraft, Reading
from bulletin.sources import SourceFormat, read

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.txt"))
REASONS = {
    "B": ("A banner above",),
    "W": ("An introduction above", "A greeting"),
    "C": ("A heading over several items",),
    "K": ("A list of contents",),
    "N": ("Navigation of the website", "A heading or number that every", "A list of other pages",
          "The headings of the table"),
    "M": ("The head of a forwarded message", "The end of a letter", "An older message"),
    "S": ("Share buttons", "A block that the website repeats"),
    "F": ("Page furniture", "A notice about cookies", "A line for members", "The caption or credit",
          "A cross-reference", "A footer below", "A block that the website repeats"),
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """A newsfeed, and its lines with the letters of their margin."""

    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)

    def items(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Topic, title and lines of each item."""
        found: list[tuple[str, str, list[tuple[str, str]]]] = []
        topic = ""
        for letter, line in self.lines:
            if letter == "C":
                topic = words(line)
            elif letter in {"T", "L", "U"}:
                found.append((topic, "" if letter == "U" else words(line), []))
            if found and letter in {" ", "A", "U"} and line:
                found[-1][2].append((letter, line))
        return found


@pytest.fixture(params=LAYOUTS, ids=lambda path: path.stem)
def layout(request: pytest.FixtureRequest) -> Layout:
    written = request.param.read_text(encoding="utf-8").splitlines()
    return Layout(tuple((line[:1] or " ", line[2:]) for line in written))


def words(text: str) -> str:
    """Letters and figures alone: marks of headings, lists and Markdown are not compared."""
    return " ".join(re.findall(r"\w+", text.replace("\\", "").replace("_", " ")))


def unnumbered(title: str) -> str:
    return re.sub(r"^(?:Item )?(?:\d+|[A-Z]) ", "", title)


def body(item: ItemDraft) -> str:
    return words(re.sub(r"\]\([^)]*\)", "]", item.body))


def reading(layout: Layout) -> Reading:
    return read(layout.text, SourceFormat.TEXT)


def test_every_item_has_its_title_and_topic_and_there_are_no_others(layout: Layout) -> None:
    items, wanted = reading(layout).items, layout.items()

    assert [item.topic and words(item.topic) for item in items] == [topic for topic, _, _ in wanted]
    assert len(items) == len(wanted)
    for item, (_, title, _) in zip(items, wanted, strict=True):
        assert bool(item.title) == bool(title)
        plain = re.sub(r"^\d+ ", "", title)
        found = words(item.title)
        assert plain.startswith(found) or unnumbered(title).startswith(found)


def test_every_line_of_text_is_in_the_item_that_it_belongs_to(layout: Layout) -> None:
    for item, (_, _, lines) in zip(reading(layout).items, layout.items(), strict=True):
        for letter, line in lines:
            if letter != "A":
                text = words(re.sub(r"^\s*(?:\d+\.|Date: .*)|https?://\S+", "", line))
                assert text in body(item)


def test_every_link_is_an_action_of_its_item(layout: Layout) -> None:
    for item, (_, _, lines) in zip(reading(layout).items, layout.items(), strict=True):
        actions = " ".join(
            f"{action.label} {action.title} {action.url or ''}" for action in item.actions
        )
        for letter, line in lines:
            if letter == "A":
                address = re.search(r"https?://[^\s)]+", line)
                wanted = address[0] if address else line
                assert words(wanted) in words(actions)


def test_what_is_no_news_is_left_out_for_its_own_reason(layout: Layout) -> None:
    found = reading(layout)
    for letter, line in layout.lines:
        if letter in REASONS and words(line):
            dropped = [one for one in found.dropped if words(line) in words(one.text)]
            assert any(one.reason.startswith(REASONS[letter]) for one in dropped), line
            if letter != "C":
                assert not any(line in item.body.splitlines() for item in found.items)


def test_an_item_without_a_title_says_so(layout: Layout) -> None:
    for item in reading(layout).items:
        codes = {warning.code for warning in item.warnings}
        assert ("no_heading" in codes) == (item.title == "")
