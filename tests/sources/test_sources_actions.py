"""Actions: labelled links, and what becomes of the sentence that held one."""

from __future__ import annotations

import pytest
from readings import TITLE, codes, item

from bulletin.models.items import Action, ItemDraft
from bulletin.sources import read

URL, OTHER = "https://keys.example/a", "https://keys.example/b"


def linked(line: str) -> ItemDraft:
    """The item of a line in which U and V stand for two addresses."""
    return item(line.replace("(U)", f"({URL})").replace("(V)", f"({OTHER})").replace("URL", URL))


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
        ("Full form available here", "Find the full form", ""),
        ("Take part in the consultation", "Take part in the consultation", ""),
        ("Continue reading Keys: who has them →", "Continue reading Keys: who has them", ""),
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
        ("Form for lost keys\nURL", "Form for lost keys", ""),
        ("Form for lost keys: URL", "Form for lost keys", ""),
        ("URL", "Read more", TITLE),
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
    assert found.actions == (Action("Read more", TITLE, "https://keys.example/report"),)


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


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("Read the report “All the keys”", "Read the report", "All the keys"),
        ("READ THE REPORT: ALL THE KEYS", "READ THE REPORT", "ALL THE KEYS"),
        ("Download the toolkit (PDF, 2.3MB)", "Download the toolkit (PDF, 2.3MB)", ""),
        ("Explore the hub: Keys", "Explore the hub", "Keys"),
        ("Sign up: Key news each month", "Sign up", "Key news each month"),
        ("Book your place: Keys for beginners", "Book your place", "Keys for beginners"),
        ("Take the survey: Keys and you", "Take the survey", "Keys and you"),
        ("Listen to the episode: The key podcast", "Listen to the episode", "The key podcast"),
        ("Order free copies: Key posters", "Order free copies", "Key posters"),
        ("Apply for a grant: Key fund 2026", "Apply for a grant", "Key fund 2026"),
        ("Report it: Lost keys form", "Report it", "Lost keys form"),
        ("Complete the form: Lost keys", "Complete the form", "Lost keys"),
        ("Respond to the consultation: Keys in law", "Respond to the consultation",
         "Keys in law"),
        ("Have your say: Keys in law", "Have your say", "Keys in law"),
        ("Share your views: Keys in law", "Share your views", "Keys in law"),
        ("Nominate a caretaker: Key awards 2026", "Nominate a caretaker", "Key awards 2026"),
        ("Unpack the findings: Keys by county", "Unpack the findings", "Keys by county"),
        ("Read the briefing: First call, then ring", "Read the briefing",
         "First call, then ring"),
        ("Read the report here", "Read the report", ""),
    ],
)  # fmt: skip
def test_a_label_is_known_by_its_shape_and_not_by_a_list(line: str, label: str, title: str) -> None:
    found = item(line)

    assert found.actions == (Action(label, title, None),)
    assert found.body == "Something was said."


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("[Share the survey](U)", "Share the survey", ""),
        ("Fill in the form: [Keys A](U)", "Fill in the form", "Keys A"),
        ("[Ask for a late start](U)", "Ask for a late start", ""),
        ("[Read more](U)", "Read more", TITLE),
        ("[Keys A](U)", "Keys A", ""),
        ("[URL](U)", "Read more", TITLE),
        ("(URL)", "Read more", TITLE),
        ("Visit [keys.example](U)", "Visit keys.example", ""),
        ("See URL.", "See keys.example", ""),
        ("See URL for the list.", "See keys.example for the list", ""),
        ("More at URL", "Read more", TITLE),
        ("Full story: URL", "Full story", ""),
        ("Read [All the keys](U).", "Read", "All the keys"),
        ("Read our report, [All the keys](U).", "Read our report", "All the keys"),
        ("Read [the report](U)", "Read the report", ""),
        ("[Click here](U) to read the key list.", "Read the key list", ""),
        ("More details are on the [website](U).", "Find more details at keys.example", ""),
        ("Key policy template (Word, 45KB): URL", "Key policy template (Word, 45KB)", ""),
        ("Read the report (opens in a new window): [Keys](U)", "Read the report", "Keys"),
    ],
)  # fmt: skip
def test_a_link_gets_the_best_label_that_the_text_gives(line: str, label: str, title: str) -> None:
    found = linked(line)

    assert found.actions == (Action(label, title, URL),)
    assert found.body == "Something was said."


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("Read the guidance: Keys A | Watch the webinar: Keys B",
         Action("Read the guidance", "Keys A"), Action("Watch the webinar", "Keys B")),
        ("Read the guidance: Keys A Watch the webinar: Keys B",
         Action("Read the guidance", "Keys A"), Action("Watch the webinar", "Keys B")),
        ("Read the guidance: Keys A; Watch the webinar: Keys B",
         Action("Read the guidance", "Keys A"), Action("Watch the webinar", "Keys B")),
        ("- Read the guidance: Keys A\n- Watch the webinar: Keys B",
         Action("Read the guidance", "Keys A"), Action("Watch the webinar", "Keys B")),
        ("Read the guidance: [Keys A](U) Watch the webinar: [Keys B](V)",
         Action("Read the guidance", "Keys A", URL), Action("Watch the webinar", "Keys B", OTHER)),
        ("[Read the list](U) [Watch the film](V)",
         Action("Read the list", "", URL), Action("Watch the film", "", OTHER)),
        ("[Key list](U) | [Lock list](V)",
         Action("Key list", "", URL),
         Action("Lock list", "", OTHER)),
        ("Read more: [Keys A](U) and [Keys B](V)",
         Action("Read more", "Keys A", URL), Action("Read more", "Keys B", OTHER)),
        ("Links\nKeys A: URL\n\nKeys B: https://keys.example/b",
         Action("Keys A", "", URL),
         Action("Keys B", "", OTHER)),
    ],
)  # fmt: skip
def test_several_actions_in_a_line_are_told_apart(line: str, first: Action, second: Action) -> None:
    found = linked(line)

    assert found.actions == (first, second)
    assert found.body == "Something was said."


@pytest.mark.parametrize(
    ("line", "kept", "action"),
    [
        ("Keys were counted. [Read the report](U)", "Keys were counted.",
         Action("Read the report", "", URL)),
        ("Keys were counted. Read the report: URL", "Keys were counted.",
         Action("Read the report", "", URL)),
        ("Keys were counted. Read the report: All the keys", "Keys were counted.",
         Action("Read the report", "All the keys")),
        ("Keys were counted. Read more…", "Keys were counted.", Action("Read more")),
        ("Keys were counted [Read more](U)", "Keys were counted",
         Action("Read more", TITLE, URL)),
        ("Schools can order keys (URL).", "Schools can order keys (keys.example).",
         Action("Read more", TITLE, URL)),
        ("Scan the code or visit URL to book.", "Scan the code or visit keys.example to book.",
         Action("Read more", TITLE, URL)),
    ],
)  # fmt: skip
def test_an_action_at_the_end_of_a_paragraph_leaves_the_paragraph(
    line: str, kept: str, action: Action
) -> None:
    found = linked(line)

    assert found.actions == (action,)
    assert found.body == f"Something was said.\n\n{kept}"


@pytest.mark.parametrize(
    "line",
    [
        "The board has [a key list](U) for all schools.",
        "See the [key list](U) and the [lock list](V) for details.",
        "Write to [the team](mailto:team@council.example) or ring 0808 157 0333.",
        "[team@council.example](mailto:team@council.example)",
        "Call [0808 157 0333](tel:08081570333).",
    ],
)
def test_links_within_a_sentence_stay_links_of_the_body(line: str) -> None:
    found = linked(line)
    shown = line.replace("(U)", f"({URL})").replace("(V)", f"({OTHER})")

    assert found.actions == ()
    assert found.body == f"Something was said.\n\n{shown}"


@pytest.mark.parametrize(
    "line",
    [
        "Email: team@council.example",
        "Tel 01632 960123 ext. 45",
        "Helpline: 0808 157 0333",
        "Text: SHOUT to 85258",
        "Textphone: 18001 0808 157 0333",
        "Ring 0808 157 0333 (Monday to Friday, 9am to 5pm), 116 000 or 999.",
        "Remember: Keys are not toys",
        "Watch out: Thieves about",
        "What to do next: Count the keys",
        "Venue: The Key Hall",
        "Read the guidance and tell all staff what has changed.",
        "Schools must read the guidance: it is now law.",
    ],
)
def test_contacts_and_advice_are_content(line: str) -> None:
    found = item(line)

    assert found.actions == ()
    assert found.body == f"Something was said.\n\n{line}"


def test_a_mailbox_behind_words_is_an_action() -> None:
    found = item("[Email the team](mailto:team@council.example)")
    assert found.actions == (Action("Email the team", "", "mailto:team@council.example"),)


def test_the_page_that_a_source_leads_to_is_an_action_and_its_home_page_is_not() -> None:
    found = linked("Source: [Keyhole Trust](U)")
    assert (found.source, found.actions) == (
        "Keyhole Trust",
        (Action("Read more", TITLE, URL),),
    )

    found = item("Source: [Keyhole Trust](https://keys.example/)")
    assert (found.source, found.actions) == ("Keyhole Trust", ())


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Go to ttps://keys.example/a", URL),
        ("Go to https//keys.example/a", URL),
        ("Go to http:/keys.example/a", "http://keys.example/a"),
        ("Go to https:// keys.example/a", URL),
        ("Go to keys.example/a", URL),
    ],
)
def test_a_damaged_address_in_text_is_found_and_its_repair_is_said(
    written: str, mended: str
) -> None:
    found = item(written)

    assert [action.url for action in found.actions] == [mended]
    assert "repaired_link" in codes(found)


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("[Put names down](U)", "Put names down", ""),
        ("[Is it safe? Ask us first](U)", "Is it safe? Ask us first", ""),
        ("Read the count ( U )", "Read the count", ""),
        ("Register [here](U) by 3 May 2027.", "Register by 3 May 2027", ""),
        ("The sign for the gate is here 👉 U", "Find the sign for the gate", ""),
        ("Please follow this link: U", "Read more", "Keys"),
    ],
)
def test_a_link_is_one_action_without_what_was_around_it(line: str, label: str, title: str) -> None:
    url = "https://keys.example/a"
    (item,) = read(
        f"Keys\n\nThey are kept at the desk.\n\n{line.replace('U', url)}\n".encode()
    ).items
    assert item.actions == (Action(label, title, url),)
    assert item.body == "They are kept at the desk."


@pytest.mark.parametrize(
    "sentence",
    [
        "The guide can be found [here](U1) and the slides [here](U2).",
        "Click [here](U1) for the guide and [here](U2) for the slides.",
    ],
)
def test_each_of_several_links_that_say_nothing_gets_a_label(sentence: str) -> None:
    text = f"Keys\n\nThey are kept at the desk. {sentence.replace('U', 'https://keys.example/')}\n"
    (item,) = read(text.encode()).items
    assert [(one.label, one.url) for one in item.actions] == [
        ("Find the guide", "https://keys.example/1"),
        ("Find the slides", "https://keys.example/2"),
    ]


def test_an_address_in_brackets_is_whole_though_its_line_was_broken() -> None:
    text = "Keys\n\nThey are kept at the desk.\n\nDownload the plan:\n<https://keys.example/plan-\nof-keys.pdf>\n"
    (item,) = read(text.encode()).items
    assert item.actions == (
        Action("Download the plan", "", "https://keys.example/plan-of-keys.pdf"),
    )


def test_the_tracker_on_a_heading_s_link_is_named() -> None:
    heading = b'<h2><a href="https://keys.example/a?utm_source=b">Keys at the desk</a></h2>'
    page = heading + b"<p>Ask for them.</p>"
    assert "utm_source=b" in {one.text for one in read(page).dropped}


def test_read_more_with_an_arrow_takes_no_heading_for_its_title() -> None:
    text = "Keys\n\nThey are kept at the desk.\nRead more >\nDoors\n"
    labels = {(one.label, one.title) for item in read(text.encode()).items for one in item.actions}
    assert all(title != "Doors" for _, title in labels)


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("They can be read at URL", "Read more", TITLE),
        ("It can be found at URL.", "Read more", TITLE),
        ("It can be downloaded from URL", "Download", TITLE),
        ("These are here: URL", "Read more", TITLE),
        ("Read the count: A call for evidence URL", "Read the count", "A call for evidence"),
        (
            "Send your views: Keys, a call for views URL",
            "Send your views",
            "Keys, a call for views",
        ),
    ],
)
def test_a_label_never_leads_to_a_pronoun(line: str, label: str, title: str) -> None:
    found = linked(line)

    assert found.actions == (Action(label, title, URL),)
    assert found.body == "Something was said."


def test_each_address_of_a_sentence_is_labelled_by_the_words_before_it() -> None:
    found = linked(f"Read it at URL - and the changes at {OTHER}")
    assert found.actions == (
        Action("Read more", TITLE, URL),
        Action("Read the changes", "", OTHER),
    )


def test_several_addresses_without_words_name_their_pages() -> None:
    found = linked(f"Both URL and {OTHER} were looked at, and https://locks.example/c as well.")
    assert [action.label for action in found.actions] == [
        "Read more at keys.example/a",
        "Read more at keys.example/b",
        "Read more at locks.example",
    ]


def test_a_page_that_is_opened_twice_is_one_action() -> None:
    found = item(f"[Read more]({URL})", f"It is about keys ({URL}).", f"And locks ({OTHER}).")
    assert [action.url for action in found.actions] == [URL, OTHER]
