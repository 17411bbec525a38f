"""Actions: labelled links, and what becomes of the sentence that held one."""

from __future__ import annotations

import pytest

from bulletin.models.items import Action, ItemDraft
from bulletin.sources import read


def item(*lines: str) -> ItemDraft:
    (found,) = read("\n\n".join(("A heading over the news", "Something was said.", *lines))).items
    return found


def codes(found: ItemDraft) -> set[str]:
    return {warning.code for warning in found.warnings}


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        (
            "Read the news story:How lockers were lost",
            "Read the news story",
            "How lockers were lost",
        ),
        ("Download the report (PDF): Lockers", "Download the report (PDF)", "Lockers"),
        ("Find out more: Lockers and keys", "Find out more", "Lockers and keys"),
        ("View the toolkit – Keys for all", "View the toolkit", "Keys for all"),
        ("→ Watch the webinar: Keys live", "Watch the webinar", "Keys live"),
        ("Read the key book: Lockers", "Read the key book", "Lockers"),
        ("Download Guidance", "Download Guidance", ""),
        ("Read more »", "Read more", ""),
        ("Sign up now", "Sign up now", ""),
        ("Full article can be found here", "Read the full article", ""),
        ("Click here to download the pack", "Download the pack", ""),
    ],
)
def test_a_link_that_was_pasted_as_text_is_an_action_without_an_address(
    line: str, label: str, title: str
) -> None:
    found = item(line)

    assert found.actions == (Action(label, title, None),)
    assert "lost_link" in codes(found)
    assert found.body == "Something was said."


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("The guidance can be downloaded here: URL", "Download the guidance", ""),
        ("You can download the latest copy of Keys for All here:\nURL",
         "Download the latest copy of Keys for All", ""),
        ("More information can be found here: URL", "Find more information at keys.example", ""),
        ("For more information, visit URL.", "Find more information at keys.example", ""),
        ("The full briefing is available to download here: URL", "Download the full briefing", ""),
        ("To read the note, go to: URL", "Read the note", ""),
        ("Book a place at URL", "Book a place", ""),
        ("Read the report: Lockers <URL>", "Read the report", "Lockers"),
        ("[Read the report: Lockers](URL)", "Read the report", "Lockers"),
        ("Read the report\nURL", "Read the report", ""),
        ("Read the report:\nLockers\nURL", "Read the report", "Lockers"),
        ("Form for lost keys\nURL", "Open keys.example", "Form for lost keys"),
        ("Form for lost keys: URL", "Open keys.example", "Form for lost keys"),
        ("URL", "Open keys.example", ""),
    ],
)  # fmt: skip
def test_an_address_gets_the_label_that_the_text_gives_it(
    line: str, label: str, title: str
) -> None:
    url = "https://keys.example/a"
    found = item(line.replace("URL", url))

    assert found.actions == (Action(label, title, url),)
    assert "lost_link" not in codes(found)
    assert found.body == "Something was said."


def test_a_sentence_that_says_more_than_where_a_link_is_stays() -> None:
    found = item(
        "Although it was written for caretakers, heads will find the key book of interest and "
        "information can be found here: https://keys.example/book"
    )
    assert found.body.endswith("heads will find the key book of interest.")
    assert found.actions == (
        Action("Find information at keys.example", url="https://keys.example/book"),
    )


def test_an_address_within_a_sentence_leaves_its_host_in_the_text() -> None:
    found = item("Parents can report it at https://keys.example/report or ring 01632 960111.")

    assert found.body.endswith("Parents can report it at keys.example or ring 01632 960111.")
    assert found.actions == (Action("Open keys.example", url="https://keys.example/report"),)


def test_a_sentence_before_a_pointer_stays_and_the_pointer_is_shown_as_dropped() -> None:
    reading = read("Keys\n\nThe desk opens at ten. The list can be found here: https://k.example/l")

    assert reading.items[0].body == "The desk opens at ten."
    assert [one.text for one in reading.dropped] == ["The list can be found here"]
    assert "Find the list" in reading.dropped[0].reason


def test_a_label_over_a_list_belongs_to_each_of_its_titles() -> None:
    found = item("Read more:\n- Lockers in old schools\n- Lockers in new schools")

    assert found.actions == (
        Action("Read more", "Lockers in old schools"),
        Action("Read more", "Lockers in new schools"),
    )
    assert any(warning.message.startswith("2 links") for warning in found.warnings)


def test_a_heading_over_nothing_but_links_goes() -> None:
    found = item("Useful links:\n- Form: https://a.example/f\n- Charity: https://b.example/")

    assert found.body == "Something was said."
    assert [action.url for action in found.actions] == [
        "https://a.example/f",
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Read the guidance carefully with all staff before the term begins.",
        "More information: contact the office on 01632 960222.",
        "Key points: doors, keys and locks",
        "These can be found on the website of the office, which is open all day.",
        "Write to office@keys.example or ring 01632 960333.",
    ],
)
def test_prose_that_resembles_an_action_stays_in_the_body(line: str) -> None:
    found = item(line)
    assert found.actions == ()
    assert found.body.endswith(line)


def test_bullets_that_tell_staff_to_read_something_are_no_actions() -> None:
    found = item("Heads should:\n- read the guidance\n- download the form")
    assert found.actions == ()
    assert found.body.endswith("- read the guidance\n- download the form")
