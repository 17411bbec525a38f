"""Marks of emphasis in plain text: understood where a text uses them, kept where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.sources.reading import read
from bulletin.sources.text import emphasis, inline

TITLE = "Notes of the week\n\n"


def body(text: str) -> str:
    (item,) = read(f"{TITLE}{text}\n".encode()).items
    return item.body


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Look **twice** at the gate.", "Look **twice** at the gate."),
        ("Look __twice__ at the gate.", "Look **twice** at the gate."),
        ("Look *once* or _twice_ at the gate.", "Look *once* or *twice* at the gate."),
        ("Look ***twice*** at the gate.", "Look ***twice*** at the gate."),
        (
            "A **[plan](https://a.example/x) of the site** hangs there.",
            "A **[plan](https://a.example/x)** **of the site** hangs there.",
        ),
    ],
)
def test_marks_that_pair_off_are_bold_and_italics(written: str, shown: str) -> None:
    assert body(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "The price is 5* and the *terms apply.",
        "Call it form_name_two, or 2*3*4.",
        "A lone *word and nothing else to prove it.",
    ],
)
def test_a_mark_without_a_partner_stays_as_it_is(written: str) -> None:
    assert body(written).replace("\\", "") == written


def test_a_bold_name_before_its_citation_is_a_heading() -> None:
    text = (
        "# Bits\n\n**Doors that slam** _(Site Watch, 2 March 2027)_\nHinges can be slowed.\n\n"
        "**Bins that burn** _(Fire Watch, 1 March 2027)_\nKeep them away from the wall.\n"
    )
    found = [(item.title, item.source) for item in read(text.encode()).items]
    assert found == [("Doors that slam", "Site Watch"), ("Bins that burn", "Fire Watch")]


@given(st.text(alphabet="ab *_\\[]()", max_size=60))
def test_emphasis_takes_nothing_but_marks(text: str) -> None:
    runs = inline.parse(text)
    before, after = inline.plain(runs), inline.plain(emphasis.applied(runs))
    bare = [one.translate({ord("*"): "", ord("_"): "", ord(" "): ""}) for one in (before, after)]
    assert bare[0] == bare[1]
