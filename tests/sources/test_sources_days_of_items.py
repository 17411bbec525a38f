"""Days, publishers and addresses around titles: whose they are (plain text)."""

from __future__ import annotations

from datetime import date

from bulletin.models.items import Reading
from bulletin.sources import SourceFormat, read


def dated(*begins: str) -> Reading:
    told = ("The gate was mended on time.", "Nine keys were found in the shed.", "A bell was hung.")
    news = "\n\n".join(
        f"{one}{text} Nobody knows why." for one, text in zip(begins, told, strict=True)
    )
    return read(f"Notes, spring term\n\n{news}", SourceFormat.TEXT)


def test_paragraphs_that_each_begin_with_their_date_are_items() -> None:
    for begins in (
        ("3 March 2026 – ", "27 February 2026 – ", "20 February 2026 – "),
        ("03/03/2026: ", "27/02/2026: ", "20/02/2026: "),
        ("(3 March 2026) ", "(27 February 2026) ", "(20 February 2026) "),
        ("3rd March 2026 ", "27th February 2026 ", "20th February 2026 "),
    ):
        items = dated(*begins).items

        assert [item.published for item in items] == [
            date(2026, 3, 3), date(2026, 2, 27), date(2026, 2, 20)
        ]  # fmt: skip
        assert [item.title for item in items] == ["", "", ""]
        assert items[1].body == "Nine keys were found in the shed. Nobody knows why."


def test_one_paragraph_that_begins_with_a_date_proves_nothing() -> None:
    (item,) = dated("3 March 2026 – ", "Keys: ", "In short, ").items

    assert "27 February" not in item.body
    assert "Nine keys" in item.body


FILED = """\
Show: All / Guidance / Research

3 March 2026
Keys and doors
The trust has asked who has keys.
Read more about Keys and doors
Posted in: Research
4 minute read

27 February 2026
Gates
The council will mend nine gates.
Read more about Gates
Posted in: Guidance
6 minute read

20 February 2026
Bells: what we heard
The society has listened to forty bells.
Read more about Bells: what we heard
Posted in: Opinion
3 minute read
"""


def test_a_date_over_a_heading_and_where_it_is_filed_below_belong_to_one_post() -> None:
    items = read(FILED, SourceFormat.TEXT).items

    assert [(item.title, item.published, item.topic) for item in items] == [
        ("Keys and doors", date(2026, 3, 3), "Research"),
        ("Gates", date(2026, 2, 27), "Guidance"),
        ("Bells: what we heard", date(2026, 2, 20), "Opinion"),
    ]
    assert [action.label for item in items for action in item.actions] == [
        "Read more about Keys and doors", "Read more about Gates",
        "Read more about Bells: what we heard",
    ]  # fmt: skip


def test_a_source_and_a_date_in_brackets_above_the_address_are_those_of_the_item() -> None:
    (item,) = read(
        "Phones\n\nThe council will change the law.\n\n(Vale Council, 3 March 2026)\n"
        "https://vale.example/phones\n",
        SourceFormat.TEXT,
    ).items

    assert (item.source, item.published) == ("Vale Council", date(2026, 3, 3))
    assert item.body == "The council will change the law."


def test_days_and_what_is_on_with_their_addresses_are_no_sources() -> None:
    (item,) = read(
        "Training\n\nPlaces are free.\n6 May 2026 – Level 3 refresher – https://vale.example/l3\n"
        "13 May 2026 – Safer hiring – https://vale.example/hiring\n",
        SourceFormat.TEXT,
    ).items

    assert (item.source, item.published) == ("", None)
    assert [action.url for action in item.actions] == [
        "https://vale.example/l3", "https://vale.example/hiring"
    ]  # fmt: skip


def test_an_address_over_its_title_belongs_to_the_title_below_it() -> None:
    items = read(
        "https://vale.example/gates\nGates\nThe council will mend nine gates.\n\n"
        "https://vale.example/bells\nBells\nThe society has hung a bell.\n",
        SourceFormat.TEXT,
    ).items

    assert [(item.title, item.actions[0].url) for item in items] == [
        ("Gates", "https://vale.example/gates"), ("Bells", "https://vale.example/bells")
    ]  # fmt: skip


def test_a_title_over_its_publisher_and_date_is_no_topic() -> None:
    items = read(
        "Gates\nVale Council\n3 March 2026\nNine gates will be mended.\nView\n\n"
        "Bells\nBell Society\n2 March 2026\nA bell was hung.\nView\n\n"
        "Keys\nExample Trust\n1 March 2026\nNobody knows who has keys.\nView\n",
        SourceFormat.TEXT,
    ).items

    assert [(item.title, item.topic, item.source) for item in items] == [
        ("Gates", "", "Vale Council"), ("Bells", "", "Bell Society"), ("Keys", "", "Example Trust")
    ]  # fmt: skip


def test_days_and_what_is_on_are_the_text_of_a_diary() -> None:
    (item,) = read(
        "Dates for your diary\n\n6 May 2026 – Level 3\n13 May 2026 – Safer hiring\n\n"
        "Places are free for all schools.\n",
        SourceFormat.TEXT,
    ).items

    assert (item.source, item.published) == ("", None)
    assert "6 May 2026 – Level 3" in item.body
    assert "13 May 2026 – Safer hiring" in item.body
