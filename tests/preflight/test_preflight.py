"""Preflight: what an editor hears before an issue goes out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from checked import AROUND, ISSUE, ITEM, SENDER, codes, findings, with_item, with_link
from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.checks import Finding, Level
from bulletin.models.issues import Helpline, IssueContent, Length, Topic
from bulletin.models.items import Action, Note
from bulletin.preflight import CHECKS, in_short
from bulletin.preflight.followed import links_were_followed
from bulletin.preflight.register import ASSURES, assured


def test_an_issue_in_order_passes_without_a_word() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (replace(ISSUE, topics=()), "no_items"),
        (replace(ISSUE, topics=(Topic(1, "Buildings", ()),)), "no_items"),
        (replace(ISSUE, subject=" "), "no_subject"),
        (replace(ISSUE, title=""), "no_title"),
        (replace(ISSUE, subject="RE: safer corridors"), "fake_reply"),
        (replace(ISSUE, subject="Fwd : safer corridors"), "fake_reply"),
        (with_link("javascript:alert(1)"), "link_broken"),
        (with_item(body="See [the plan](file:///C:/plan.docx)."), "link_broken"),
        (replace(ISSUE, intro="See [the plan](/plan)."), "link_broken"),
        (with_item(notes=(Note("dsl", "See [the plan](data:text/html,x)."),)), "link_broken"),
    ],
)
def test_what_must_be_mended_blocks(content: IssueContent, code: str) -> None:
    (finding,) = findings(content)
    assert (finding.code, finding.level) == (code, Level.BLOCKING)


def test_readers_must_be_told_who_writes() -> None:
    """Requirement 36; a school's bulletin may go out without a postal address."""
    nameless = replace(SENDER, name="", postal_address="")
    first, second = findings(sender=nameless)
    assert (first.code, first.level) == ("no_sender_name", Level.BLOCKING)
    assert (second.code, second.level) == ("no_postal_address", Level.ADVISORY)


@pytest.mark.parametrize(("size", "blocked"), [(90_000, False), (90_001, True)])
def test_an_issue_that_mail_programs_would_cut_off_is_blocked(size: int, blocked: bool) -> None:
    """Requirement 50a."""
    assert (codes(size=size) == ["too_large"]) is blocked


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (with_item(title=" "), "item_title"),
        (with_item(body=" ", actions=()), "item_empty"),
        (with_item(source=""), "item_source"),
        (with_item(published=None), "item_date"),
        (with_item(nations=()), "item_nation"),
        (with_link(None), "link_lost"),
        (with_item(roles=frozenset({"governor"}), notes=(Note("dsl", "Ask."),)), "note_unseen"),
    ],
)
def test_what_an_item_lacks_is_pointed_out_with_the_item(content: IssueContent, code: str) -> None:
    (finding,) = findings(content)
    assert (finding.code, finding.level, finding.item_id) == (code, Level.ADVISORY, 7)


def test_a_note_for_a_role_that_sees_the_item_is_fine() -> None:
    everybody = with_item(notes=(Note("dsl", "Ask."),))
    holders = with_item(roles=frozenset({"dsl"}), notes=(Note("dsl", "Ask."),))
    assert findings(everybody) == findings(holders) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://guidance.example/report?year=2026&lang=cy#part-2",
        "http://guidance.example:8080",
        "HTTPS://GUIDANCE.EXAMPLE/",
        "https://gwefan.cymru/adroddiad",
        "https://schöol.example/",
        "https://9.9.9.9/report",
        "mailto:helpline@school.example?subject=Advice",
        "tel:+44 20 7946 0000".replace(" ", "-"),
    ],
)
def test_links_to_the_web_to_mail_and_to_telephones_are_fine(url: str) -> None:
    assert findings(with_link(url)) == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "has no address"),
        ("https://", "has no website"),
        ("https:///report", "has no website"),
        ("https://guidance.127", "cannot exist"),
        ("https://127.1/", "cannot exist"),
        ("https://10.0.0x7f/", "cannot exist"),
        ("https://guidance..example", "cannot exist"),
        ("https://-guidance.example", "cannot exist"),
        ("https://guidance.example:port/", "cannot be read"),
        ("https://[guidance.example/", "cannot be read"),
        ("https://guidance.example/the report", "has a space"),
        ("https://guidance.example/\r\nX: y", "has a space"),
        ("https://gov.example@evil.example/", "behind an @"),
        ("www.guidance.example/report", "leads neither"),
        ("/report", "leads neither"),
        ("javascript:alert(1)", "leads neither"),
        ("ftp://guidance.example/report", "leads neither"),
        ("mailto:helpline", "mail address that is not one"),
        ("tel:ask-at-reception", "telephone number that is not one"),
    ],
)
def test_a_link_that_leads_nowhere_blocks_and_says_why(url: str, problem: str) -> None:
    (finding,) = [found for found in findings(with_link(url)) if found.code == "link_broken"]
    assert finding.level is Level.BLOCKING
    assert problem in finding.message
    assert "'Safer corridors'" in finding.message


@pytest.mark.parametrize(
    "url",
    [
        "https://guidance",
        "http://localhost:8000/x",
        "http://LOCALHOST./x",
        "http://intranet/policies",
        "http://files.school.local/policy.pdf",
        "https://wiki.internal/",
        "http://127.0.0.1/",
        "http://10.1.2.3:8080/x",
        "http://192.168.0.9/",
        "http://172.20.1.1/",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[fd12::7]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
    ],
)
def test_a_link_into_a_network_of_ones_own_blocks_although_nothing_is_opened(url: str) -> None:
    """Requirement 65: readers cannot follow, whatever this installation may ask."""
    (finding,) = findings(with_link(url))
    assert (finding.code, finding.level) == ("link_private", Level.BLOCKING)
    assert "leads where readers cannot follow" in finding.message
    assert url in finding.message


@pytest.mark.parametrize(
    "url",
    [
        "https://guidance.example/annual–report",
        "https://guidance.example/annual%E2%80%93report",
        "https://guidance.example/annual…",
        "https://guidance.example/report.",
        "https://bit.ly/3abc",
    ],
)
def test_an_address_that_looks_wrong_is_doubted_not_blocked(url: str) -> None:
    (finding,) = findings(with_link(url))
    assert (finding.code, finding.level) == ("link_doubtful", Level.ADVISORY)


@pytest.mark.parametrize("says", ["click here", "Here", "this link", "More…", " READ  MORE ", "»"])
def test_a_link_that_says_nothing_is_pointed_out(says: str) -> None:
    """Requirement 49."""
    assert codes(with_link("https://guidance.example/", label=says)) == ["link_text"]
    body = f"Please [{says}](https://guidance.example/) for the report."
    assert codes(with_item(body=body)) == ["link_text"]


@pytest.mark.parametrize("says", ["https://guidance.example/a", "www.guidance.example"])
def test_a_link_that_shows_its_address_for_words_is_pointed_out(says: str) -> None:
    """Requirement 49."""
    (finding,) = findings(with_item(body=f"See [{says}](https://guidance.example/a) now."))
    assert (finding.code, finding.level) == ("link_text", Level.ADVISORY)
    assert says in finding.message
    assert codes(with_item(body="Ask [the centre](mailto:ask@guidance.example).")) == []


def test_the_same_words_for_two_addresses_are_named_once_with_their_places() -> None:
    """Requirement 49: whoever lists the links of a page cannot tell them apart."""
    items = [
        replace(ITEM, id=n, title=f"Item {n}", actions=(Action("Read the report", "", url),))
        for n, url in enumerate(("https://a.example/1", "https://a.example/2"), 1)
    ]
    (finding,) = findings(replace(ISSUE, topics=(Topic(1, "Buildings", tuple(items)),)))
    assert (finding.code, finding.level) == ("link_same_words", Level.ADVISORY)
    assert "2 different addresses, in item 1 ('Item 1'), item 2 ('Item 2')" in finding.message


def test_the_same_words_for_one_address_are_fine() -> None:
    body = "[The report](https://a.example/1) and [the report](https://a.example/1)."
    assert findings(with_item(body=body)) == []


def test_a_vague_label_is_fine_when_a_title_follows_it() -> None:
    assert findings(with_link("https://guidance.example/", "More", "Safer corridors")) == []


def test_formatting_inside_a_link_does_not_hide_what_it_says() -> None:
    body = "Please **[click *here*](https://guidance.example/)** now."
    assert codes(with_item(body=body)) == ["link_text"]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Sexual abuse: new figures", "'sexual', 'abuse'"),
        ("URGENT: self-harm", "'urgent', 'self-harm'"),
        ("Knife crime", "'knife'"),
        ("Read this!!!", "'!!!'"),
    ],
)
def test_subjects_that_school_filters_quarantine_are_pointed_out(subject: str, words: str) -> None:
    """Requirement 55."""
    (finding,) = findings(replace(ISSUE, subject=subject))
    assert (finding.code, finding.level) == ("risky_subject", Level.ADVISORY)
    assert words in finding.message


@pytest.mark.parametrize("subject", ["Freedom of speech", "Middlesex schools", "Therapy for all"])
def test_harmless_subjects_are_left_in_peace(subject: str) -> None:
    assert findings(replace(ISSUE, subject=subject)) == []


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (replace(ISSUE, intro="Dear {{firstname}},"), "did you mean {{first_name}}?"),
        (replace(ISSUE, intro="Dear {{ First_Name }},"), "did you mean {{first_name}}?"),
        (replace(ISSUE, subject="{{7*7}}"), "there are {{first_name}}"),
        (replace(ISSUE, closing="*|ROLE|*"), "did you mean {{role}}?"),
        (replace(ISSUE, standfirst="For {{role}}s"), "only in the subject"),
        (with_item(body="Dear {{first_name}}"), "only in the subject"),
        (replace(ISSUE, title="Hello {{first_name}}"), "only in the subject"),
    ],
)
def test_braces_that_stay_braces_are_pointed_out(content: IssueContent, hint: str) -> None:
    """Requirement 58."""
    (finding,) = findings(content)
    assert (finding.code, finding.level) == ("merge_field", Level.ADVISORY)
    assert hint in finding.message


def test_our_own_fields_are_fine_where_they_are_filled_in() -> None:
    fields = "{{first_name}} {{ full_name }} {{organisation}} {{role}}"
    assert findings(replace(ISSUE, subject=fields, intro=fields, closing=fields)) == []


def test_what_blocks_comes_first() -> None:
    content = replace(with_item(source=""), subject="", intro="{{x}}")
    levels = [finding.level for finding in findings(content)]
    assert levels == sorted(levels, key=lambda level: level is not Level.BLOCKING)
    assert len(levels) == 3


texts = st.text(alphabet="[](){}*|<>!ab :/.é\n\\", max_size=80)


@given(texts, texts, texts)
def test_no_text_can_upset_a_check(body: str, url: str, subject: str) -> None:
    content = replace(with_item(body=body, actions=(Action(body, "", url),)), subject=subject)
    for finding in findings(content):
        assert finding.message.strip()


@pytest.mark.parametrize(
    ("length", "said"), [(Length.TOPICS, "topics only"), (Length.EXCERPTS, "excerpts")]
)
def test_nothing_is_shortened_in_silence(length: Length, said: str) -> None:
    """Requirement 50a."""
    (finding,) = findings(replace(ISSUE, length=length))
    assert (finding.code, finding.level) == ("shortened", Level.ADVISORY)
    assert said in finding.message


def test_an_issue_without_an_opening_line_is_mentioned() -> None:
    """Requirement 50c."""
    assert codes(replace(ISSUE, standfirst=" ")) == ["no_standfirst"]


def test_a_helpline_has_to_lead_to_somebody() -> None:
    lines = (Helpline("Nobody"), Helpline("A number", "01632 960 001"))
    assert codes(replace(ISSUE, helplines=lines)) == ["helpline"]
    broken = (Helpline("Broken", url="javascript:alert(1)"),)
    assert codes(replace(ISSUE, helplines=broken)) == ["link_broken"]


@pytest.mark.parametrize(
    "hard",
    [
        "Learning from a suicide",
        "Self-harm: first response",
        "He had taken his own life.",
        "A review of a baby of four months who died",
        "Sudden unexpected death in infancy",
        "Two children were found dead at home.",
        "She died at home. The girl had been known to services.",
        "The deaths of three pupils",
        "Fatal incidents: toddlers and water",
        "She was six months old when she died",
        "Aged 9, he drowned in the river",
        "A child died away from home",
        "Infant mortality has risen",
        "After a stillbirth",
        "They lost their baby",
        "Children who die",
    ],
)
def test_a_gentle_note_is_proposed_before_a_hard_subject(hard: str) -> None:
    assert codes(with_item(title=hard)) == ["content_note"]
    assert codes(with_item(title=hard, content_note="A gentle note.")) == []


@pytest.mark.parametrize(
    "text",
    [
        "The noise in the children's ward died down.",
        "The deadline for schools and pupils is close.",
        "Students met dead ends and a dead link.",
        "The custom among boys has died out.",
        "Pupils learn a dying language",
        "Children describe their own lives",
        "Deaths of hedgehogs on roads",
        "A child was seen.\n\nThe author died in 1902.",
        f"A child was seen. {'Then nothing at all happened. ' * 9}The author died in 1902.",
        "A miscarriage of justice",
    ],
)
def test_no_gentle_note_is_proposed_where_no_child_has_died(text: str) -> None:
    assert codes(with_item(body=text)) == []


def test_findings_name_items_by_the_number_that_commands_ask_for() -> None:
    (finding,) = findings(with_item(nations=()))
    assert finding.message.startswith("Item 7 ('Safer corridors') does not say which nation")
    long = "Scotland: national guidance on the safety of corridors"
    (finding,) = findings(with_item(title=long, nations=()))
    assert finding.message.startswith("Item 7 ('Scotland: national guidance on the…') does")
    (finding,) = findings(with_item(title="W" * 50, nations=()))
    assert f"('{'W' * 40}…')" in finding.message


def several(**changes: object) -> list[Finding]:
    """What is found where items 3, 7 and 12 are changed alike."""
    items = tuple(replace(ITEM, id=n, title=f"Item {n}", **changes) for n in (3, 7, 12))
    return findings(replace(ISSUE, topics=(Topic(1, "Buildings", items),)))


def test_the_same_advice_about_several_items_is_given_once_with_their_numbers() -> None:
    found = several(nations=(), source="")
    assert [finding.item_id for finding in found] == [3, 7, 12] * 2
    said = [finding.message for finding in in_short(found)]
    assert said == [
        "Items 3, 7 and 12 do not say who published them: name the sources.",
        "Items 3, 7 and 12 do not say which nation they are about, and the law differs: say which.",
    ]


def test_advice_that_differs_stays_with_each_item() -> None:
    found = several(body="pupil Ada Specimen was there")
    assert len(found) == 3
    assert in_short(found) == found


def test_what_one_item_alone_lacks_is_said_as_it_is() -> None:
    found = findings(
        with_item(nations=(), body="[here](https://a.example/) [here](https://a.example/)")
    )
    assert [finding.code for finding in in_short(found)] == ["link_text", "item_nation"]
    assert [finding.code for finding in found] == ["link_text", "link_text", "item_nation"]


@pytest.mark.parametrize("title", ["BOOK NOW", "Join our webinar!", "NEW COURSES FOR LEADS"])
def test_a_heading_of_one_item_that_shouts_is_taken_for_an_advertisement(title: str) -> None:
    (finding,) = findings(replace(ISSUE, topics=(Topic(1, title, (ITEM,)),)))
    assert (finding.code, finding.level, finding.item_id) == ("topic_loud", Level.ADVISORY, ITEM.id)
    assert f"'{title}'" in finding.message


def test_a_heading_in_order_or_of_several_items_is_none() -> None:
    for title in ("KCSIE", "Online safety", "SEND and AP"):
        assert findings(replace(ISSUE, topics=(Topic(1, title, (ITEM,)),))) == []
    both = (ITEM, replace(ITEM, id=8, actions=()))
    assert "topic_loud" not in codes(replace(ISSUE, topics=(Topic(1, "Well done!", both),)))


def test_a_paragraph_that_stands_twice_in_an_item_is_named_once_for_each_time_too_many() -> None:
    line = "Pupils chose the places that **need** light first."
    again = "pupils  chose the places that need light first."
    (finding,) = findings(with_item(body=f"{line}\n\nMore.\n\n- {again}"))
    assert (finding.code, finding.item_id) == ("paragraph_doubled", ITEM.id)
    assert "'pupils chose the places that need light first.'" in finding.message


def test_short_lines_and_paragraphs_of_other_items_may_be_the_same() -> None:
    assert codes(with_item(body="Book by telephone.\n\nA.\n\nBook by telephone.")) == []
    assert "paragraph_doubled" not in [f.code for f in several(body="One two three four five six.")]


def test_every_check_says_what_it_makes_sure_of() -> None:
    assert list(ASSURES) == list(CHECKS)
    assert len(set(ASSURES.values())) == len(CHECKS)


def test_links_that_nobody_looked_at_are_not_said_to_work() -> None:
    works = ASSURES[links_were_followed]
    assert works in assured(CHECKS, unchecked=0)
    assert works not in assured(CHECKS, unchecked=1)


def test_an_address_that_tracks_is_named_with_the_one_that_does_not() -> None:
    tracked = "https://guidance.example/report?utm_source=mail"
    around = replace(AROUND, tracked={tracked: "https://guidance.example/report"})
    [finding] = [one for one in findings(with_link(tracked), around=around) if one.url]
    assert (finding.code, finding.field, finding.url) == ("link_tracked", "actions", tracked)
    assert finding.message.endswith("https://guidance.example/report")
