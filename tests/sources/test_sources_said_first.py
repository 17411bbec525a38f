"""Said first: a first sentence of date and source, the days that a text offers, alike headings."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.models.items import Action, ItemDraft
from bulletin.sources import read

NEWS = "Every school must check its boilers before the frost."


def item(text: str) -> ItemDraft:
    (found,) = read(text).items
    return found


@pytest.mark.parametrize(
    "said", ["Published 1 November 2026 by the Gate Trust.", "Published by Gate Trust, 1 Nov 2026."]
)
def test_a_first_sentence_that_is_nothing_but_details_is_these(said: str) -> None:
    found = item(f"Warm rooms\n\n{said} {NEWS}")
    assert (found.source, found.published) == ("Gate Trust", date(2026, 11, 1))
    assert (found.body, found.warnings) == (NEWS, ())


@pytest.mark.parametrize(
    "said", ["Published on 1 November 2026, the report finds this.", "Published in haste."]
)
def test_a_first_sentence_that_tells_more_stays_news(said: str) -> None:
    found = item(f"Warm rooms\n\n{said} {NEWS}")
    assert found.body == f"{said} {NEWS}"
    assert found.source == ""


def test_the_words_of_a_link_beside_details_are_its_label() -> None:
    led = '<a href="https://gate.example/v">Ten minutes on gates</a>'
    page = "<main><h1>Gates: a guide</h1><p>Published 1st Nov 2026 by the Gate Trust. {}</p></main>"
    watched = item(page.format(f"Watch: {led}"))
    assert watched.actions == (Action("Watch", "Ten minutes on gates", "https://gate.example/v"),)
    assert item(page.format(led)).actions[0].label == "Ten minutes on gates"


def test_a_day_on_which_something_appeared_is_offered_and_not_taken() -> None:
    found = item(
        "Gates\n\nThe toolkit was published on 2 November 2026. It is for all who close gates."
    )
    assert found.published is None
    (doubt,) = [doubt for doubt in found.warnings if doubt.code == "no_date"]
    assert "2 November 2026" in doubt.message
    assert "set 2026-11-02" in doubt.message


def test_the_day_of_an_event_is_not_offered() -> None:
    found = item("Gates\n\nThe course is held on 2 November 2026. It is for all who close gates.")
    (doubt,) = [doubt for doubt in found.warnings if doubt.code == "no_date"]
    assert "2026" not in doubt.message


BOLD = """\
<h1>Gates and monitoring</h1><p>Source: Gate Trust, 28 October 2026</p>
<p>Boards must look at each gate.</p>
<p><b>Keys due</b></p><p>All keys must be counted in the morning.</p>
<p><b>Doors: a guide</b></p><p>Source: Door Trust, 1 November 2026</p><p>{}</p>
"""


def test_headings_of_one_make_are_items_alike_and_one_without_details_is_doubted() -> None:
    items = read(BOLD.format(NEWS)).items
    assert [found.title for found in items] == [
        "Gates and monitoring",
        "Keys due",
        "Doors: a guide",
    ]
    doubted = [any(one.code == "unsure_boundary" for one in found.warnings) for found in items]
    assert doubted == [False, True, False]


def test_an_item_of_which_nothing_is_left_but_its_fields_is_doubted() -> None:
    head = "Title,Summary,Source,Date published\nGates,The gates open.,Gate Trust,02/03/2026"
    first, second = read(f"{head}\nDoors,,Door Trust,03/03/2026").items
    assert first.warnings == ()
    assert [doubt.code for doubt in second.warnings] == ["no_text"]
