"""An issue is previewed as any reader gets it, and as any mail program shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

from at_desk import Desk
from lxml import html
from previewed import an_issue, enrol

from bulletin.models.issues import Length
from bulletin.models.items import Action, ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.settings import load_settings
from bulletin.wiring import Services

AsRole = Callable[..., Desk]
VECTORS = (
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    '"><svg onload=alert(1)>',
    "</title></style><style>*{display:none}</style>",
    "javascript:alert(1)",
    "<!--item:1--><base href='https://evil.example/'><meta http-equiv=refresh content='0;url=/'>",
    "{{7*7}} ${7*7} <iframe srcdoc='<script>1</script>'>",
    '<a href="#" onclick=alert(1) style="position:fixed">x</a>',
)


def shown(desk: Desk, number: int, query: str) -> str:
    """The text of the page's own answer, without the email."""
    answer = desk.get(f"/app/issues/{number}/preview?{query}")
    assert answer.status_code == 200
    return words_of(answer.text)


def words_of(page: str) -> str:
    return " ".join(" ".join(html.document_fromstring(page).itertext()).split())


def framed(desk: Desk, number: int, query: str) -> str:
    answer = desk.get(f"/app/issues/{number}/preview/frame?{query}")
    assert answer.status_code == 200
    return answer.text


def test_two_roles_see_different_items_and_both_roles_see_all_of_them(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services)
    desk = as_role(UserRole.AUTHOR)
    lead = framed(desk, number, "role=dsl&nation=England")
    governor = framed(desk, number, "role=governor&nation=Wales")
    both = framed(desk, number, "role=dsl&role=governor&nation=England")
    titles = ("For everybody", "For leads", "For governors", "For Wales")
    seen = [[title for title in titles if title in page] for page in (lead, governor, both)]
    assert seen == [
        ["For everybody", "For leads"],
        ["For everybody", "For governors", "For Wales"],
        ["For everybody", "For leads", "For governors"],
    ]
    assert "3 of 4 items" in shown(desk, number, "role=dsl&role=governor&nation=England")


def test_it_opens_as_the_kind_of_reader_that_most_people_are(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services)
    for person in range(3):
        enrol(services, f"governor{person}@school.example", "governor", nation="Wales")
    page = shown(as_role(), number, "")
    assert "3 of 4 items for Governor in Wales" in page
    assert "3 people are exactly that" in page


def test_who_gets_nothing_is_counted_and_named(services: Services, as_role: AsRole) -> None:
    number, _ = an_issue(services, [(ItemDraft("Leads"), PlacingOptions(roles=["dsl"]))])
    enrol(services, "one@school.example", "senco", nation="England")
    enrol(services, "two@school.example", "senco", "dsl", nation="England")
    enrol(services, "three@school.example", "dsl", nation="England", kind="individual")
    desk = as_role()
    page = shown(desk, number, "role=dsl&nation=England")
    assert "Nobody on the list is exactly that; 1 person there has these roles and others" in page
    assert "1 more is that and gets no mail" in page
    assert "1 person gets none because no item is for them" in page
    answer = desk.get(f"/app/issues/{number}/preview/readers")
    everybody = words_of(answer.text)
    assert "2 people would get a copy" in everybody  # the DSL that every test has, and two
    assert "1 person: SENCO in England" in everybody
    assert "A personal address, and no consent on record 1 person" in everybody


def test_the_grid_marks_a_role_with_people_and_no_items(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services, [(ItemDraft("Leads"), PlacingOptions(roles=["dsl"]))])
    enrol(services, "one@school.example", "senco", nation="Wales")
    page = html.document_fromstring(as_role().get(f"/app/issues/{number}/preview/readers").text)
    (cell,) = page.cssselect("td.forgotten")
    assert " ".join(cell.text_content().split()) == "0 items Nothing for 1 person"
    assert cell.cssselect("a")[0].get("href").endswith("preview?role=senco&nation=Wales")


def test_nothing_that_anybody_wrote_becomes_markup_and_no_script_may_run(
    services: Services, as_role: AsRole
) -> None:
    items = [
        (
            ItemDraft(
                vector, body=vector, source=vector, content_note=vector,
                actions=(Action(vector, vector, url=vector),),
            ),
            PlacingOptions(topic=vector, notes={"dsl": vector}),
        )
        for vector in VECTORS
    ]  # fmt: skip
    everything = " ".join(VECTORS)
    number, _ = an_issue(
        services, items,
        {"standfirst": everything, "intro": everything, "closing": everything,
         "subject": everything},
    )  # fmt: skip
    desk = as_role()
    for view in ("desktop", "text", "web"):
        answer = desk.get(f"/app/issues/{number}/preview/frame?role=dsl&nation=&view={view}")
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox ")
        assert "allow-scripts" not in policy
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        page = html.document_fromstring(answer.text)
        assert VECTORS[0] in page.text_content()
        assert not page.cssselect("script, iframe, object, embed, svg, form")
        assert not page.cssselect("meta[http-equiv=refresh]")
        assert not [name for tag in page.iter() for name in tag.attrib if name.startswith("on")]
        assert {base.get("href") for base in page.cssselect("base")} <= {None}
        links = [link.get("href") for link in page.cssselect("a[href]")]
        assert not [link for link in links if re.match(r"\s*(javascript|data):", link)]
    line = desk.get(f"/app/issues/{number}/preview/pane?role=dsl&nation=&view=inbox")
    assert VECTORS[0][:30] in html.fragment_fromstring(line.text, "div").text_content()
    assert not html.fragment_fromstring(line.text, "div").cssselect("script, img, style, base")


def test_the_frame_is_refused_to_whoever_is_not_signed_in(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services)
    desk = as_role()
    desk.cookies.clear()
    answer = desk.get(f"/app/issues/{number}/preview/frame?nation=", follow_redirects=False)
    assert answer.status_code == 303


def test_a_change_shows_at_once_and_an_approved_issue_as_it_was_approved(
    services: Services, as_role: AsRole
) -> None:
    number, ids = an_issue(services)
    desk = as_role()
    assert "Words for all" in framed(desk, number, "nation=")
    rewrite = ItemChanges(body="Other words.")
    services.editing.revise(ids[0], lambda content: changed(content, rewrite), "test")
    assert "Other words" in framed(desk, number, "nation=")
    services.approval.approve(str(number), "test", "as it is")
    page = desk.get(f"/app/issues/{number}/preview?nation=")
    assert "Other words" in framed(desk, number, "nation=")
    frame = html.document_fromstring(page.text).cssselect("iframe")[0].get("src")
    assert "Other words" in desk.get(frame).text


def test_an_unknown_version_of_the_frame_is_the_newest(services: Services, as_role: AsRole) -> None:
    number, _ = an_issue(services)
    assert "For everybody" in framed(as_role(), number, "nation=&v=0123456789abcdef")


def test_personal_links_lead_to_the_page_of_a_preview(services: Services, as_role: AsRole) -> None:
    number, _ = an_issue(services)
    desk = as_role()
    page = html.document_fromstring(framed(desk, number, "role=dsl&nation=England"))
    (leave,) = [
        link.get("href") for link in page.cssselect("a") if "Unsubscribe" in link.text_content()
    ]
    assert "preview" in desk.get(leave.removeprefix(services.settings.public_url)).text


def test_the_inbox_line_is_cut_where_phones_cut_it_and_says_what_to_mend(
    services: Services, as_role: AsRole
) -> None:
    subject = "Safeguarding news of December for all of our schools, with knife crime"
    number, _ = an_issue(services, texts={"subject": subject})
    page = html.document_fromstring(
        as_role().get(f"/app/issues/{number}/preview?nation=&view=inbox").text
    )
    subjects = [line.text_content() for line in page.cssselect(".inbox-subject")]
    assert [len(line) for line in subjects] == [48, 37, 51]
    hints = page.cssselect(".inbox-hints")[0].text_content()
    assert "some phones show the first 37 only" in hints
    assert "There is no opening line, so inboxes show “See this issue on the web" in hints
    assert "The subject says “knife”" in hints


def test_a_subject_that_fits_has_nothing_to_mend(services: Services, as_role: AsRole) -> None:
    words = {"subject": "December in short", "standfirst": "Two consultations end soon."}
    number, _ = an_issue(services, texts=words)  # type: ignore[arg-type]  # as they came
    page = shown(as_role(), number, "nation=&view=inbox")
    assert "The subject fits a phone" in page


def test_a_long_issue_says_how_it_was_shortened_and_a_too_long_one_what_to_do(
    services: Services, as_role: AsRole
) -> None:
    long = [(ItemDraft(f"Item {n}", body="Words and more words. " * 600), PlacingOptions())
            for n in range(8)]  # fmt: skip
    number, _ = an_issue(services, long)
    desk = as_role()
    assert "long items end in a link to the whole on the web" in shown(desk, number, "nation=")
    services.drafting.edit(str(number), {"length": Length.FULL}, "test")
    assert "Gmail would hide the end of it" in shown(desk, number, "nation=")


def test_a_missing_setting_is_named_instead_of_an_email(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services)
    given = services.settings
    services.settings = load_settings(
        database_url=given.database_url, secret_key=given.secret_key.get_secret_value()
    )
    page = shown(as_role(), number, "nation=")
    assert "There is nothing to show yet BULLETIN_FROM_EMAIL is missing" in page


def test_an_edition_without_items_is_not_shown_since_nobody_gets_it(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services, [(ItemDraft("Leads"), PlacingOptions(roles=["dsl"]))])
    answer = as_role().get(f"/app/issues/{number}/preview?role=senco&nation=England")
    assert "Nobody is sent an edition without a single item" in answer.text
    assert "<iframe" not in answer.text


def test_what_an_address_asks_for_and_there_is_not_is_no_error(
    services: Services, as_role: AsRole
) -> None:
    number, _ = an_issue(services)
    desk = as_role()
    assert "2 of 4 items" in shown(desk, number, "role=%00%27&nation=Narnia&view=fax&dark=no")
    assert desk.get("/app/issues/999/preview").status_code == 404
    assert desk.get("/app/issues/999/preview/frame?nation=").status_code == 404
