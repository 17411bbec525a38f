"""What a page that lost its breaks runs together: share buttons, numbers, verbs."""

from __future__ import annotations

import pytest
from readings import titles

from bulletin.models.items import Action, Reading
from bulletin.sources import read
from bulletin.sources.division import sharing

BAR = "FacebookTwitterВ закладки GoogleGoogle BuzzLinkedInDiggPrintRSSYahoo! Buzz"
JETPACK = (
    "Share this:\nClick to share on X (Opens in new window)XClick to email a link to a friend "
    "(Opens in new window)EmailClick to print (Opens in new window)Print\nLike this:LikeLoading..."
)


def said(reading: Reading) -> str:
    return "\n".join(f"{item.title}\n{item.body}" for item in reading.items)


def feed(share: str) -> Reading:
    return read(
        "Gates and doors\n\nGates need a lock that closes by itself:\n\n"
        f"• one at the front\n• one at the back of the yard.{share}\n\n"
        f"Chairs\n\nChairs in the hall were counted again this week.\n\n{share}\n\n"
        f"Lamps\n\nThe lamps in the yard are lit until six in winter.\n\n{share}\n"
    )


def test_buttons_glued_to_the_last_line_of_a_list_end_the_item_and_are_left_out() -> None:
    found = feed(f"Share and Enjoy:{BAR}")
    assert titles(found) == ["Gates and doors", "Chairs", "Lamps"]
    assert "Digg" not in said(found)
    assert "one at the back of the yard." in found.items[0].body
    assert BAR in "\n".join(one.text for one in found.dropped)


def test_buttons_that_say_what_a_click_does_are_left_out_though_they_run_together() -> None:
    found = feed(f"\n\n{JETPACK}")
    assert titles(found) == ["Gates and doors", "Chairs", "Lamps"]
    assert "Opens in new" not in said(found)
    assert "Loading" not in said(found)
    assert not any(doubt.code == "truncated" for item in found.items for doubt in item.warnings)


@pytest.mark.parametrize(
    "share",
    [
        "ShareTweetShareEmail", "0 0 0 Shares", "Share this...FacebookTwitterLinkedinemail",
        "\n\nLike this: Like Loading...", "Share This: FacebookTwitter", "FacebookTweetLinkedIn",
        "\n\nClick to print (Opens in new window) Click to share on X (Opens in new window)",
    ],
)  # fmt: skip
def test_what_is_glued_to_the_last_sentence_of_every_item_is_no_news(share: str) -> None:
    news = ("Gates need a lock.", "Chairs were counted.", "Lamps are lit until six.")
    found = read("\n\n".join(f"{text.partition(' ')[0]}\n\n{text}{share}" for text in news))
    assert titles(found) == ["Gates", "Chairs", "Lamps"]
    assert [item.body for item in found.items] == list(news)
    assert not any(item.actions for item in found.items)


def test_a_heading_glued_to_buttons_begins_an_item() -> None:
    gates = f"Gates\n\nGates need a lock that closes.\nShare this: {BAR}"
    assert titles(read(f"{gates}Chairs\n\nChairs were counted today.")) == ["Gates", "Chairs"]


def test_networks_that_a_sentence_names_stay_in_it() -> None:
    for text in (
        "Three pupils in four use WhatsApp, TikTok and YouTube every day.",
        "They post on Facebook, X and LinkedIn. Email is for parents.",
        "PowerPoint and SharePoint are blocked on Facebook.",
    ):
        assert sharing.glued(text) is None
        assert text in read(f"Phones\n\n{text}").items[0].body


def test_a_long_line_of_buttons_is_looked_at_once() -> None:
    assert sharing.glued("Facebook" * 1200) == (0, 9600)
    assert sharing.glued("Facebook. Twitter! " * 500) is None
    assert sharing.glued("Facebook" * 1300) is None  # no line of a page is as long


def test_a_verb_that_lost_its_space_still_leads_to_what_is_to_be_opened() -> None:
    item = read("Doors\n\nDoors close by themselves now.\n\nDownloadthe poster (PDF):Doors").items[
        0
    ]
    assert item.actions == (Action("Download the poster (PDF)", "Doors"),)


def test_an_initial_in_a_title_ends_no_sentence() -> None:
    item = read("Gates\n\nA gate was left open.\n\nRead the report:Lessons: J. Example").items[0]
    assert item.actions == (Action("Read the report", "Lessons: J. Example"),)


NUMBERED = """\
1. Gates and doors

Gates need a lock that closes by itself. Two were found open in March.

Issued by: Gate Trust (14 January 2026)
Who is it for: staff of special schools
What to do: ask who holds the key2. Chairs in the hall

Chairs in the hall were counted again this week. Three are missing.

Issued by: Chair Council
Where to find it: link on our members' page
3. Lamps

The lamps in the yard are lit until six in winter, and later on Fridays.

Issued by: Lamp Board
"""


def test_a_heading_with_the_next_number_begins_an_item_though_it_is_glued_to_the_last() -> None:
    found = read(NUMBERED).items
    assert [item.title for item in found] == ["Gates and doors", "Chairs in the hall", "Lamps"]
    assert [item.source for item in found] == ["Gate Trust", "Chair Council", "Lamp Board"]
    assert found[0].body.endswith("ask who holds the key")
    assert found[0].roles == ("staff",)


def test_a_number_that_does_not_count_on_stays_in_its_sentence() -> None:
    found = read(NUMBERED.replace("key2.", "key4.")).items
    assert any("key4. Chairs in the hall" in item.body for item in found)


def test_where_to_find_it_without_an_address_is_a_link_that_was_lost() -> None:
    item = read(NUMBERED).items[1]
    assert item.actions == (Action("Where to find it", "link on our members' page"),)
    assert "lost_link" in [doubt.code for doubt in item.warnings]


def test_a_reference_to_another_page_of_the_website_is_cut_off_what_it_is_glued_to() -> None:
    title = "Read the report: Counted twice See also on our website > Chairs"
    for found in (
        read(f"Chairs\n\nChairs were counted again this week.\n\n{title}"),
        read(f"Topic\tSummary\tLinks\nChairs\tChairs were counted again this week.\t{title}"),
    ):
        assert found.items[0].actions == (Action("Read the report", "Counted twice"),)
        assert "See also on our website > Chairs" in [one.text for one in found.dropped]


TAGGED = """\
Weekly updates

Information Link
<p>Chairs Source: Chair Council Date published: 15 May 2026</p> <p>Chairs were counted again this \
week.</p> <p>Read the report: Counted twice</p>
<p>Gates Source: Gate Trust Date published: 9 May 2026</p> <p>Gates need a lock that closes by \
itself.</p>
<p></p> <p>Read the advice: Closed by itself</p>
"""


def test_rows_in_tags_that_lost_their_tabs_are_rows_with_text_and_links() -> None:
    found = read(TAGGED)
    assert [(item.title, item.source) for item in found.items] == [
        ("Chairs", "Chair Council"),
        ("Gates", "Gate Trust"),
    ]
    assert [one.actions[0].title for one in found.items] == ["Counted twice", "Closed by itself"]
    assert [one.text for one in found.dropped] == ["Weekly updates", "Information Link"]


def test_paragraphs_of_a_page_are_no_rows() -> None:
    found = read(
        "<p>Gates need a lock that closes.</p>\n<p>Two were open.</p>\n<p>Source: Gate Trust</p>"
    )
    assert len(found.items) == 1


def test_a_row_that_lost_its_tabs_and_tags_still_has_heading_source_and_date() -> None:
    rows = [
        f"{title} Source: {by} Date published: {day} May 2026 All was counted again this week."
        " Read the report: Counted twice"
        for title, by, day in (("Gates and bars", "Gate Trust", 3), ("Chairs", "Chair Council", 9))
    ]
    found = read("\n".join(("Information Link", *rows))).items
    assert [(item.title, item.source) for item in found] == [
        ("Gates and bars", "Gate Trust"),
        ("Chairs", "Chair Council"),
    ]
    assert {item.body for item in found} == {"All was counted again this week."}
    assert {item.actions for item in found} == {(Action("Read the report", "Counted twice"),)}
