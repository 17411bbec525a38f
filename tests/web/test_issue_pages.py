"""An issue as a page: whole, as a kind of reader sees it, and one reader's own edition."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient
from lxml import html
from published import NOTED, send, view_link

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft, Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.tokens import Purpose
from bulletin.wiring import Services

HOSTILE = "<script>alert(1)</script> {{7777*7777}} {{ config }} \N{PARTY POPPER} Siân ŵ \u200b"


def page(browser: TestClient, address: str) -> html.HtmlElement:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def headings(document: html.HtmlElement, level: str) -> list[str]:
    return [found.text_content() for found in document.iter(level)]


def test_a_public_issue_is_whole_on_its_page(services: Services, browser: TestClient) -> None:
    found = page(browser, f"/issues/{send(services, standfirst='Before the holidays.')}")
    assert headings(found, "h1") == ["December"]
    assert headings(found, "h3") == ["Lunch queues", "Record keeping", "Welsh forms"]
    text = found.text_content()
    for words in ("Before the holidays.", "Example Board", "England", *NOTED.values()):
        assert words in text
    assert "What this means for you: designated safeguarding lead" in text
    assert "What this means for you: governor" in text


def test_every_line_of_the_contents_leads_to_its_item(
    services: Services, browser: TestClient
) -> None:
    found = page(browser, f"/issues/{send(services)}")
    contents = found.xpath("//nav[@aria-labelledby='contents']//a")
    assert len(contents) == 5  # two topics and three items
    ids = set(found.xpath("//@id"))
    assert len(ids) == len(found.xpath("//@id"))
    for link in found.xpath("//a[starts-with(@href, '#')]"):
        assert link.get("href").removeprefix("#") in ids, link.get("href")


def test_headings_start_with_one_h1_and_skip_no_level(
    services: Services, browser: TestClient
) -> None:
    """Requirements 47, 50."""
    found = page(browser, f"/issues/{send(services)}")
    levels = [int(heading.tag[1]) for heading in found.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("role=dsl", {"Lunch queues", "Record keeping", "Welsh forms"}),
        ("role=senco", {"Lunch queues", "Welsh forms"}),
        ("role=senco&nation=England", {"Lunch queues"}),
        ("role=senco&role=governor&nation=england", {"Lunch queues", "Record keeping"}),
        ("nation=Wales", {"Lunch queues", "Record keeping", "Welsh forms"}),
        ("nation=Jersey&role=", None),
        ("role=king", None),
        ("role=dsl&nation=Narnia", None),
        ("role=' OR 1=1", None),
        ("nation=", {"Lunch queues", "Record keeping", "Welsh forms"}),
    ],
)
def test_an_issue_can_be_shown_as_a_kind_of_reader_sees_it(
    services: Services, browser: TestClient, query: str, seen: set[str] | None
) -> None:
    """A role or nation that nobody knows is a page that does not exist."""
    address = f"/issues/{send(services)}?{query}"
    if seen is None:
        assert browser.get(address).status_code == 404
    else:
        assert set(headings(page(browser, address), "h3")) == seen


def test_a_page_says_whose_edition_it_shows(services: Services, browser: TestClient) -> None:
    found = page(browser, f"/issues/{send(services)}?role=dsl&role=chair&nation=Scotland")
    said = found.xpath("//*[@role='status']")[0].text_content()
    assert "a designated safeguarding lead and a chair of governors (Scotland)" in said
    assert "2 of 3 items" in said
    assert set(found.xpath("//input[@checked]/@value")) == {"dsl", "chair"}
    assert found.xpath("//option[@selected]")[0].text == "Scotland"
    assert NOTED["governor"] not in found.text_content()


def test_an_edition_without_items_says_so_and_offers_the_whole(
    services: Services, browser: TestClient
) -> None:
    only = (ItemDraft("For leads"), PlacingOptions(roles=["dsl"]))
    slug = send(services, items=[only])
    found = page(browser, f"/issues/{slug}?role=senco")
    assert "Nothing in this issue is for this role and nation" in found.text_content()
    assert found.xpath(f"//a[@href='/issues/{slug}']")


def test_merge_fields_become_plain_words_for_the_public(
    services: Services, browser: TestClient
) -> None:
    slug = send(services, intro="Dear {{first_name}} ({{ role }}) of {{organisation}}, {{7*7}}")
    whole = page(browser, f"/issues/{slug}").text_content()
    assert "Dear colleague (a reader) of your organisation, {{7*7}}" in whole
    shown = page(browser, f"/issues/{slug}?role=governor").text_content()
    assert "Dear colleague (a governor) of your organisation" in shown


def test_what_the_email_shortened_is_whole_on_the_web(
    services: Services, browser: TestClient
) -> None:
    """Requirement 50a: the mailbox's limit is not the page's."""
    words = " ".join(f"word{number}" for number in range(900))
    many = [(ItemDraft(f"Long {n}", body=words), PlacingOptions()) for n in range(12)]
    slug = send(services, items=many)
    assert "Read on the web" in services.outbox.read("1").text  # type: ignore[union-attr]
    found = page(browser, f"/issues/{slug}")
    assert found.text_content().count("word899") == 12
    assert "Read on the web" not in found.text_content()


def test_hostile_words_are_shown_and_never_obeyed(services: Services, browser: TestClient) -> None:
    """Requirements 58, 59."""
    draft = ItemDraft(HOSTILE, body=f"{HOSTILE} [x](javascript:alert(1))", source=HOSTILE)
    services.enrolment.add(
        SubscriberDraft(
            "z@school.example",
            ("dsl",),
            name="<b>Zoë</b>",
            organisation=HOSTILE,
            kind=SubscriberKind.CORPORATE,
        ),
        "test",
    )
    slug = send(
        services,
        HOSTILE,
        items=[(draft, PlacingOptions(topic=HOSTILE, notes={"dsl": HOSTILE}))],
        intro="{{full_name}} {{organisation}}",
        standfirst=HOSTILE,
    )
    for address in (f"/issues/{slug}", "/", "/feed.xml", view_link(services, 2)):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "<script" not in answer.text, address
        assert "<b>Zo" not in answer.text
        assert "60481729" not in answer.text, address
        assert 'href="javascript' not in answer.text
    assert "{{7777*7777}}" in browser.get(f"/issues/{slug}").text
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in browser.get(view_link(services, 2)).text


def test_a_reader_sees_the_edition_they_were_sent(services: Services, browser: TestClient) -> None:
    """Also of a private issue, and with the roles of the day it went out."""
    services.enrolment.add(
        SubscriberDraft(
            "gov@school.example",
            ("governor",),
            name="Sam Example",
            organisation="Oak School",
            nation=Nation.ENGLAND,
            kind=SubscriberKind.CORPORATE,
        ),
        "test",
    )
    send(services, visibility=Visibility.PRIVATE, intro="Dear {{first_name}} of {{organisation}},")
    found = page(browser, view_link(services, 2))
    assert headings(found, "h3") == ["Lunch queues", "Record keeping"]
    text = found.text_content()
    assert "Dear Sam of Oak School," in text
    assert "a governor (England): 2 of 3 items" in text
    assert NOTED["governor"] in text
    assert NOTED["dsl"] not in text


def test_ones_own_edition_is_nobody_elses_to_keep_or_list(
    services: Services, browser: TestClient
) -> None:
    send(services)
    answer = browser.get(view_link(services))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "etag" not in answer.headers


def test_ones_own_edition_leads_to_no_other_power(services: Services, browser: TestClient) -> None:
    """Requirement 70: whoever was passed the link can read, and do nothing."""
    send(services)
    found = page(browser, view_link(services))
    assert found.xpath("//form") == []
    for link in found.xpath("//a/@href"):
        assert not re.match("/[upav]/", link), link


def test_the_link_outlives_the_person_and_then_names_nobody(
    services: Services, browser: TestClient
) -> None:
    """Requirement 12."""
    services.enrolment.add(
        SubscriberDraft(
            "gone@school.example", ("dsl",), name="Gwen Example", kind=SubscriberKind.CORPORATE
        ),
        "test",
    )
    send(services, intro="Dear {{full_name}},")
    link = view_link(services, 2)
    assert "Dear Gwen Example," in browser.get(link).text
    services.enrolment.forget("gone@school.example", "test")
    after = browser.get(link).text
    assert "Gwen" not in after
    assert "Dear colleague," in after
    # Their roles are gone with them, so what is left is what everybody sees.
    assert "Lunch queues" in after
    assert "Record keeping" not in after


def test_a_link_to_what_was_deleted_says_that_it_is_no_longer_kept(
    services: Services, browser: TestClient
) -> None:
    """Requirement 45. Also at once, for a page that was in memory a moment ago."""
    slug = send(services)
    for address in (view_link(services), f"/issues/{slug}"):
        assert browser.get(address).status_code == 200
    _delete(services, "snapshots")
    for address in (view_link(services), f"/issues/{slug}"):
        answer = browser.get(address)
        assert answer.status_code == 410
        assert "No longer kept" in answer.text
    assert "December" not in browser.get("/").text
    _delete(services, "deliveries")
    assert browser.get(view_link(services)).status_code == 410


def test_only_the_very_token_opens_an_edition(services: Services, browser: TestClient) -> None:
    """Requirements 8, 64, 70."""
    send(services)
    link = view_link(services)
    for place in range(3, len(link)):
        other = "b" if link[place] == "a" else "a"
        assert browser.get(link[:place] + other + link[place + 1 :]).status_code == 404
    for purpose in Purpose:
        if purpose is not Purpose.VIEW:
            token = services.signer.sign(purpose, 1)
            assert browser.get(f"/v/{token}").status_code == 404


def test_a_link_out_of_a_preview_says_what_it_is(services: Services, browser: TestClient) -> None:
    answer = browser.get(view_link(services, 0))
    assert answer.status_code == 200
    assert "This link belongs to a preview" in answer.text


def test_what_was_tampered_with_is_not_shown_and_does_not_take_the_archive_with_it(
    services: Services, browser: TestClient
) -> None:
    """Invariant 7: what readers see is what was approved."""
    slug = send(services)
    send(services, "January")
    with services.store.write() as tx:
        tx._connection.exec_driver_sql(
            "UPDATE snapshots SET document = replace(document, 'Lunch', 'Launch') "
            "WHERE issue_id = 1"
        )
    answer = browser.get(f"/issues/{slug}")
    assert answer.status_code == 503
    assert "Launch" not in answer.text
    archive = browser.get("/").text
    assert "January" in archive
    assert "/issues/december" not in archive


def _delete(services: Services, table: str) -> None:
    with services.store.write() as tx:
        tx._connection.exec_driver_sql(f"DELETE FROM {table}")
