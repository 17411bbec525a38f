"""Forms, notes from Word and mails: records, codes, comments and what stands between heads."""

from __future__ import annotations

from datetime import date

import pytest
from readings import dropped, titles

from bulletin.sources import SourceFormat, read

UPDATES = """\
Updates from the register

Gates
https://vale.example/gates

Summary:
How schools lock their gates.

{label}:
The part on keys is new:
* who has one
* where it hangs

Time updated:
9:31am, 4 May 2026

Bells
https://vale.example/bells

Summary:
Which bells may be rung.

{label}: First published.

Time updated:
12:01am, 5 May 2026

You’re getting this email because you subscribed to updates.
"""


@pytest.mark.parametrize("label", ["Change made", "What is new", "Reason"])
def test_the_same_labels_under_each_title_make_records_whatever_they_are_called(label: str) -> None:
    found = read(UPDATES.format(label=label), SourceFormat.TEXT)

    assert [(item.title, item.published) for item in found.items] == [
        ("Gates", date(2026, 5, 4)), ("Bells", date(2026, 5, 5))
    ]  # fmt: skip
    assert found.items[0].body.startswith("How schools lock their gates.")
    assert f"{label}:\n\nThe part on keys is new:\n\n- who has one" in found.items[0].body
    assert [action.url for item in found.items for action in item.actions] == [
        "https://vale.example/gates", "https://vale.example/bells"
    ]  # fmt: skip
    assert "You’re getting this email" in dropped(found)


def test_one_record_whose_labels_stand_alone_is_a_form_too() -> None:
    text = UPDATES.format(label="Change made").partition("Bells")[0]
    text = text.replace("Updates from the register", "Update for:\n\nThe register")
    text = text.replace("Gates\n", "Gates: keys\n")
    (item,) = read(text, SourceFormat.TEXT).items

    assert (item.title, item.published) == ("Gates: keys", date(2026, 5, 4))
    assert item.body.startswith("How schools lock their gates.\n\nChange made:")


def test_one_heading_with_labels_below_it_is_no_form() -> None:
    found = read(
        "Gates\nCost: nine pounds\nTime: noon\nThe council will mend them.\n\n"
        "Bells\nThe society has hung a bell.\n\nKeys\nNobody knows who has keys.\n",
        SourceFormat.TEXT,
    )

    assert titles(found) == ["Gates", "Bells", "Keys"]


WORD = """\
Notes for heads

1.\tGates
The side gate stays shut. See  HYPERLINK "https://vale.example/g" the page on gates. It is new.[RP1]
It asks for:
•\ta key
o\twho has it

2.\tTrips
Forms for trips are shorter now.

3.\tMoney
When\tWhat\tCost
Monday 4 May 2026\tLocks\t£40
Tuesday 5 May 2026\tSigns\t£12
It is paid by the council.

 [RP1]Ollie, is this right?
"""


def test_a_small_table_and_tabs_of_lists_leave_a_text_a_text() -> None:
    found = read(WORD)

    assert titles(found) == ["Gates", "Trips", "Money"]
    assert "- a key\n- who has it" in found.items[0].body
    assert "- Monday 4 May 2026 – Locks – £40" in found.items[2].body
    assert "It is paid by the council." in found.items[2].body


def test_rows_with_the_names_of_fields_are_details() -> None:
    (item,) = read(
        "Course\nSource\tVale Council\nDate published\t4 May 2026\nDeadline\t11 May 2026\n\n"
        "A day on gates for heads. There is a test at the end.\n"
    ).items

    assert (item.source, item.published) == ("Vale Council", date(2026, 5, 4))
    assert "- Deadline: 11 May 2026" in item.body


def test_a_table_of_days_within_the_text_of_a_page_stays_in_its_item() -> None:
    found = read(
        "<h2>Gates</h2><p>The council will mend nine gates in the vale and in the hills.</p>"
        "<table><tr><td>When</td><td>What</td><td>Where</td></tr>"
        "<tr><td>4 May</td><td>North</td><td>Harle</td></tr></table>"
        "<h2>Bells</h2><p>The society has hung a bell in the hall of the school.</p>"
    )

    assert titles(found) == ["Gates", "Bells"]
    assert "- 4 May – North – Harle" in found.items[0].body


def test_codes_of_word_are_links_and_comments_are_dropped_with_their_marks() -> None:
    found = read(WORD)

    assert "[the page on gates](https://vale.example/g)" in found.items[0].body
    assert "HYPERLINK" not in found.items[0].body
    assert "RP1" not in found.items[0].body
    assert "[RP1]Ollie, is this right?" in dropped(found)


def test_a_bracket_that_has_no_comment_below_stays() -> None:
    (item,) = read("Gates\n\nThe gate [A12] stays shut. Nobody has its key.\n").items

    assert "A12" in item.body


ROWS = "\n".join(
    f"{topic}\tThe council has {what}, and asks schools to say what they think of it by letter."
    for topic, what in (("Gates", "mended nine gates"), ("Bells", "hung a bell"), ("Keys", "a key"))
)


def test_news_above_a_table_is_read_and_its_footer_is_no_item() -> None:
    found = read(
        "Doors\nNine doors were stolen from schools in the vale. Nobody has seen them.\n\n"
        f"Topic\tNews\n{ROWS}\nWas this email useful? Yes / No\t\n"
        "If you would like to stop getting this list, write to list@vale.example about it.\n"
    )

    assert titles(found) == ["Doors", "Gates", "Bells", "Keys"]
    assert "The council has mended nine gates" in found.items[1].body
    assert "Was this email useful?" in dropped(found)
    assert "stop getting this list" in dropped(found)


FORWARDED = """\
From: Ruth Pember <ruth@school.example>
Sent: Monday, 4 May 2026 09:12
To: Tom Lark <tom@school.example>
Subject: FW: News

Worth a look, mostly the second one. R

From: News <news@vale.example>
Sent: Friday, 1 May 2026 14:00
To: Ruth Pember <ruth@school.example>
Subject: News

CAUTION: This email came from outside the trust.

Dear all

Welcome. We hope that you are well.

Gates
The council asks schools to lock side gates.

Bells
The society has hung a bell. Write to bells@vale.example<mailto:bells@vale.example> for one.

Keys
Nobody knows who has keys.
"""


def test_notes_between_the_heads_of_a_mail_that_was_forwarded_are_no_news() -> None:
    found = read(FORWARDED, SourceFormat.TEXT)

    assert titles(found) == ["Gates", "Bells", "Keys"]
    for said in ("Worth a look", "CAUTION", "Dear all", "We hope that you are well"):
        assert said in dropped(found)
    assert "Write to bells@vale.example for one." in found.items[1].body


def test_what_a_blog_says_of_its_authors_below_each_post_is_no_news() -> None:
    author = "About the Author: Ruth Pember\nRuth looks after our gates and writes at night.\n\n"
    found = read(
        f"Gates\n\nThe council asks schools to lock side gates.\n\n{author}"
        f"Bells\n\nThe society has hung a bell in the hall.\n\n{author}",
        SourceFormat.TEXT,
    )

    assert titles(found) == ["Gates", "Bells"]
    assert dropped(found).count("Ruth looks after our gates") == 2


def test_what_one_text_says_of_an_author_stays() -> None:
    (item,) = read(
        "Gates\n\nA book on gates is out.\n\nAbout the author\nRuth writes at night.\n",
        SourceFormat.TEXT,
    ).items

    assert "Ruth writes at night." in item.body


def test_a_paragraph_with_a_source_of_its_own_below_a_sourced_item_is_an_item() -> None:
    found = read(
        "GATES (Vale Council, 4 May 2026)\nThe council asks schools to lock side gates.\n\n"
        "A man has tried car doors outside two schools in the vale on Monday and on Tuesday. "
        "(Vale Police, 5 May 2026)\n\nBELLS (Bell Society, 6 May 2026)\nA bell was hung.\n",
        SourceFormat.TEXT,
    )

    assert [(item.title, item.source) for item in found.items] == [
        ("GATES", "Vale Council"), ("", "Vale Police"), ("BELLS", "Bell Society")
    ]  # fmt: skip


def test_where_to_log_in_is_a_link_if_its_address_is_told() -> None:
    (item,) = read(
        "Audit\n\nThe audit opens on Monday.\n\nLog in to the audit: https://vale.example/audit\n",
        SourceFormat.TEXT,
    ).items

    assert [action.url for action in item.actions] == ["https://vale.example/audit"]


def test_many_addresses_over_a_label_and_many_comments_are_looked_at_once() -> None:
    found = read(
        "Gates\n" + "https://vale.example/a\n" * 300 + "Summary: short\n"
        + "".join(f"[AB{number}]Note\n" for number in range(300)),
        SourceFormat.TEXT,
    )  # fmt: skip

    assert len(found.items) <= 1
