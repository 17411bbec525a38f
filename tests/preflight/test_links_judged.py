"""What the answer of a page means for whoever follows a link to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from checked import AROUND, ISSUE, codes, findings, with_item
from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.checks import Level, LinkCheck, Verdict
from bulletin.models.items import Action
from bulletin.models.web import Page
from bulletin.preflight import judged, read_texts

NOW = datetime(2026, 12, 1, tzinfo=UTC)
URL = "https://guidance.example/report"
HTML = {"content-type": "text/html; charset=utf-8"}


def verdict(page: Page, url: str = URL) -> Verdict:
    return judged(url, page, NOW).verdict


def titled(title: str, heading: str = "") -> Page:
    body = f"<html><head><title>{title}</title></head><body><h1>{heading}</h1></body></html>"
    return Page(URL, 200, HTML, body.encode())


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Verdict.FINE),
        (204, Verdict.FINE),
        (404, Verdict.GONE),
        (410, Verdict.GONE),
        (401, Verdict.REFUSED),
        (403, Verdict.REFUSED),
        (405, Verdict.REFUSED),
        (429, Verdict.REFUSED),
        (999, Verdict.REFUSED),
        (302, Verdict.FAILED),
        (400, Verdict.FAILED),
        (500, Verdict.FAILED),
        (503, Verdict.FAILED),
        (600, Verdict.FAILED),
    ],
)
def test_a_status_is_judged(status: int, expected: Verdict) -> None:
    check = judged(URL, Page(URL, status), NOW)
    assert (check.verdict, check.status) == (expected, status)
    assert (str(status) in check.detail) is (expected is not Verdict.FINE)


@pytest.mark.parametrize(
    "title",
    [
        "Page not found - Example Institute",
        "404",
        "404 Not Found",
        "Error 404 (Not Found)!!1",
        "Not found",
        "Sorry, this page isn’t available",
        "Oops! That page can't be found.",
        "We can’t find the page you wanted",
        "This publication is no longer available",
        "The document has been removed",
        "Heb ddod o hyd i'r dudalen",
        "Tudalen heb ei chanfod / Page not found",
        "Example Institute | The page you asked for could not be found (404)",
        "HTTP 404",
        "404: Page not found",
        "This page does not exist or has been moved",
        "The requested URL was not found on this server.",
        "Unable to find the page you are looking for",
        "404 File or directory not found.",
    ],
)
def test_a_page_that_says_it_was_not_found_is_seen_through(title: str) -> None:
    check = judged(URL, titled(title), NOW)
    assert check.verdict is Verdict.SOFT_404
    assert judged(URL, titled("Example Institute", title), NOW).verdict is Verdict.SOFT_404


@pytest.mark.parametrize(
    "title",
    [
        "404 children waiting for a place",
        "Children who cannot be found: missing from care",
        "Not found wanting: inspection results",
        "What to do when a child is not available for interview",
        "Safer corridors",
        "",
        "404 - a podcast about the web | Example Institute",
        "Guidance: what to do when a link cannot be found",
        "The deadline for the publication of content has been removed",
        "Consultation closed: this document is no longer available for comment",
        "File sharing: when help is not available",
        "Document not available in Welsh",
        "Not found: children who leave no trace",
        "Children cannot find the content they need",
    ],
)
def test_a_page_about_other_things_that_are_missing_is_fine(title: str) -> None:
    assert verdict(titled(title)) is Verdict.FINE


def test_a_deep_link_that_lands_on_the_home_page_is_named() -> None:
    for home in ("https://guidance.example/", "https://www.guidance.example/en/"):
        check = judged(URL, Page(home, 200), NOW)
        assert (check.verdict, check.leads_to) == (Verdict.SOFT_404, home)
    assert verdict(Page("https://guidance.example/en", 200), "https://guidance.example/") is (
        Verdict.FINE
    )


@pytest.mark.parametrize(
    ("asked", "home"),
    [
        ("https://short.example/3abc", "https://campaign.example/"),
        ("https://guidance.example/light", "https://light.guidance.example/"),
        ("https://guidance.example/light", "https://www.light.example/en"),
        ("https://myguidance.example/light", "https://guidance.example/"),
    ],
)
def test_a_short_address_may_lead_to_the_home_page_of_another_site(asked: str, home: str) -> None:
    assert verdict(Page(home, 200), asked) is Verdict.FINE


def test_a_page_of_a_site_within_that_lands_on_the_home_page_of_the_whole_is_lost() -> None:
    asked = "https://old.guidance.example/report"
    assert verdict(Page("https://www.guidance.example/", 200), asked) is Verdict.SOFT_404


def test_the_title_of_a_drawing_is_not_that_of_the_page() -> None:
    body = b"<title>Corridors</title><svg><title>Not found</title></svg><h1>Safer corridors</h1>"
    assert verdict(Page(URL, 200, HTML, body)) is Verdict.FINE
    untitled = b"<body><svg><title>Not found</title></svg><p>Safer corridors</p>"
    assert verdict(Page(URL, 200, HTML, untitled)) is Verdict.FINE


def test_a_page_that_says_it_below_the_name_of_its_site_is_seen_through() -> None:
    body = b"<title>Example</title><h1>Example Institute</h1><h1>Page not found</h1>"
    assert verdict(Page(URL, 200, HTML, body)) is Verdict.SOFT_404


def test_a_page_that_wants_a_password_cannot_be_judged() -> None:
    for page in (
        "https://guidance.example/users/sign-in?next=1",
        "https://login.guidance.example/x",
    ):
        assert verdict(Page(page, 200)) is Verdict.REFUSED
    asked = "https://guidance.example/login-help"
    assert verdict(Page("https://guidance.example/login-help/", 200), asked) is Verdict.FINE


@pytest.mark.parametrize(
    "path",
    [
        "/users/sign_in",
        "/account/logon",
        "/Login.aspx",
        "/LoginForm",
        "/oauth2/authorize",
        "/adfs/ls",
    ],
)
def test_a_redirect_to_where_one_signs_in_is_known_by_its_path(path: str) -> None:
    assert verdict(Page(f"https://guidance.example{path}", 200)) is Verdict.REFUSED


PASSWORD = b"<title>Members</title><p>Hello.</p><input name=p type='Password'>"


@pytest.mark.parametrize(
    "title",
    [
        "Sign in",
        "Log in - Example Institute",
        "Example Institute | Login",
        "Please sign in to continue",
        "Sign-in required",
        "Log in: members",
    ],
)
def test_a_page_that_calls_itself_one_to_sign_in_cannot_be_judged(title: str) -> None:
    check = judged(URL, titled(title), NOW)
    assert (check.verdict, check.detail) == (Verdict.REFUSED, "asks whoever opens it to sign in")
    assert verdict(titled("Example", title)) is Verdict.REFUSED
    assert verdict(titled(title), "https://guidance.example/login") is Verdict.FINE


@pytest.mark.parametrize(
    "title", ["Sign-in sheets for visitors", "Why pupils log in at night", "Logging in: a study"]
)
def test_a_page_about_signing_in_is_fine(title: str) -> None:
    assert verdict(titled(title)) is Verdict.FINE


def test_a_field_for_a_password_counts_where_there_is_little_else_or_the_link_led_elsewhere() -> (
    None
):
    elsewhere = "https://guidance.example/members"
    assert verdict(Page(URL, 200, HTML, PASSWORD)) is Verdict.REFUSED
    long = PASSWORD + b"<p>" + b"much to read " * 40 + b"<script>"
    assert verdict(Page(URL, 200, HTML, long)) is Verdict.FINE
    assert verdict(Page(elsewhere, 200, HTML, long)) is Verdict.REFUSED
    scripts = PASSWORD + b"<script>" + b"var a; " * 200 + b"</script>"
    assert verdict(Page(URL, 200, HTML, scripts)) is Verdict.REFUSED


def test_a_home_page_that_asks_for_a_password_is_no_lost_page() -> None:
    assert verdict(Page("https://guidance.example/", 200, HTML, PASSWORD)) is Verdict.REFUSED


def test_what_is_reached_inside_ones_own_network_is_not_for_readers() -> None:
    """BULLETIN_FETCH_PRIVATE lets this machine ask, and nobody else."""
    check = judged(URL, Page(URL, 200, HTML, b"<title>News</title>", inside=True), NOW)
    (finding,) = findings(around=replace(AROUND, links={URL: check}))
    assert (finding.code, finding.level) == ("link_private", Level.ADVISORY)
    assert "BULLETIN_FETCH_PRIVATE" in finding.message


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("http://0.0.0.0/a", Level.BLOCKING),
        ("http://127.0.0.1/a", Level.BLOCKING),
        ("http://[::ffff:10.1.2.3]/a", Level.BLOCKING),
        ("http://localhost/a", Level.BLOCKING),
        ("http://intranet/a", Level.BLOCKING),
        ("http://files.local/a", Level.BLOCKING),
        ("http://files.internal/a", Level.BLOCKING),
        ("https://www.helpline.example/a", Level.ADVISORY),
    ],
)
def test_only_an_address_that_looks_private_keeps_an_issue_back(url: str, level: Level) -> None:
    """School filters let names of public sites lead to an address inside."""
    content = with_item(actions=(Action("Read the report", "", url),))
    refused = LinkCheck(url, Verdict.UNSAFE, NOW, detail="It is not asked.")
    (finding,) = findings(content, around=replace(AROUND, links={url: refused}))
    assert (finding.code, finding.level) == ("link_private", level)


def test_a_link_that_looks_private_is_named_once_beside_what_was_found_there() -> None:
    url = "http://10.1.2.3/report"
    content = with_item(actions=(Action("Read the report", "", url),))
    for page in (Page(url, 404, inside=True), Page(url, 200, inside=True)):
        links = {url: judged(url, page, NOW)}
        found = codes(content, around=replace(AROUND, links=links))
        assert found == ["link_private"] + ["link_gone"] * (page.status == 404)
    refused = {url: LinkCheck(url, Verdict.UNSAFE, NOW, detail="It is not asked.")}
    assert codes(content, around=replace(AROUND, links=refused)) == ["link_private"]


def test_a_page_that_moved_for_good_names_its_new_address() -> None:
    new = "https://guidance.example/new"
    check = judged(URL, Page(new, 200, moved=new), NOW)
    assert (check.verdict, check.leads_to) == (Verdict.MOVED, new)
    assert verdict(Page(new, 200)) is Verdict.FINE  # for now only: the old address stays right
    assert verdict(Page(new, 404, moved=new)) is Verdict.GONE


def test_what_no_editor_would_change_is_no_move() -> None:
    for same in ("https://www.guidance.example/report", "https://guidance.example/report/"):
        assert verdict(Page(same, 200, moved=same)) is Verdict.FINE
    safe = "https://guidance.example/report"
    assert verdict(Page(safe, 200, moved=safe), "http://guidance.example/report") is Verdict.MOVED


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16", "no such thing", "rot13"]))
def test_no_page_can_upset_the_judge(body: bytes, charset: str) -> None:
    page = Page(URL, 200, {"content-type": f"text/html; charset={charset}"}, body)
    assert verdict(page) in {Verdict.FINE, Verdict.SOFT_404, Verdict.REFUSED}


def around(kind: Verdict, **changes: object) -> object:
    check = replace(LinkCheck(URL, kind, NOW, 200, detail="says why"), **changes)
    return replace(AROUND, links={URL: check})


@pytest.mark.parametrize(
    ("kind", "code", "level"),
    [
        (Verdict.GONE, "link_gone", Level.BLOCKING),
        (Verdict.UNSAFE, "link_private", Level.ADVISORY),
        (Verdict.SOFT_404, "link_not_found", Level.ADVISORY),
        (Verdict.MOVED, "link_moved", Level.ADVISORY),
        (Verdict.REFUSED, "link_refused", Level.ADVISORY),
        (Verdict.FAILED, "link_unanswered", Level.ADVISORY),
    ],
)
@pytest.mark.parametrize("status", [200, None])
def test_what_was_found_is_told_at_each_link_that_leads_there(
    kind: Verdict, code: str, level: Level, status: int | None
) -> None:
    content = replace(ISSUE, intro=f"See [the whole of the report]({URL}#part-2).")
    found = findings(content, around=around(kind, status=status))
    assert [(finding.code, finding.level) for finding in found] == [(code, level)] * 2
    assert [finding.item_id for finding in found] == [None, 7]
    assert all("says why" in finding.message for finding in found)


def test_a_link_that_works_or_was_not_opened_is_left_in_peace() -> None:
    assert codes(around=around(Verdict.FINE)) == []
    assert codes(around=replace(AROUND, links={})) == []


def test_when_nothing_answers_it_is_said_once() -> None:
    urls = [f"https://site{n}.example/" for n in range(4)]
    content = with_item(actions=tuple(Action("Read", url, url) for url in urls))
    links = {url: LinkCheck(url, Verdict.FAILED, NOW, detail="No answer.") for url in urls}
    (finding,) = findings(content, around=replace(AROUND, links=links))
    assert "None of the 4 links" in finding.message


def test_each_page_is_named_once_and_only_pages_of_the_web() -> None:
    content = replace(
        with_item(
            body="[a](https://A.example/x#1) [b](https://A.example/x#2) [c](mailto:a@b.example)",
            actions=(
                Action("d", "", "tel:01632960001"),
                Action("e", "", "javascript:x"),
                Action("f", "", None),
                Action("g", "", "https://b.example/\ud800"),
            ),
        ),
        closing="<https://c.example/>",
    )
    pages = read_texts(content).pages()
    assert pages == ("https://A.example/x", "https://c.example/")


@pytest.mark.parametrize("charset", ["idna", "undefined", "hex", "nonsense"])
def test_a_charset_that_no_page_can_have_is_read_as_utf_8(charset: str) -> None:
    page = Page(
        "https://a.example/x",
        200,
        {"content-type": f"text/html; charset={charset}"},
        b"<title>Page not found</title><h1>Page not found</h1>",
    )
    assert (
        judged("https://a.example/x", page, datetime(2026, 12, 1, tzinfo=UTC)).verdict
        is Verdict.SOFT_404
    )
