"""An organisation's page of evidence: for whoever was given its address, until it is revoked."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from served import serving

from bulletin.models.people import SuppressionReason
from bulletin.tokens import Purpose
from bulletin.web.app import create_app
from bulletin.web.public.report import report_file
from sent_issues import ELM, House, open_house

DSL, HEAD = "dsl@oak.example", "head@oak.example"
HOSTILE = "<script>alert(1)</script> {{7*7}}"


@pytest.fixture(scope="module")
def eight_months(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after eight issues, of which some were acknowledged."""
    folder = tmp_path_factory.mktemp("months")
    path = Path(shutil.copy(prepared_sqlite, folder / "bulletin.db"))
    made = open_house(f"sqlite:///{path}", folder)
    made.enrol(DSL, "dsl", name="Alex Example")
    made.enrol(HEAD, "headteacher", name="Sam Sample")
    made.enrol("gone@oak.example", "governor", name="Jo Formerly")
    made.enrol("erased@oak.example", "governor", name="Chris Gone")
    made.enrol("dsl@elm.example", "dsl", name="Pat Other", **ELM)
    for month in range(1, 9):
        issue = made.send(f"Bulletin {month}", f"2026-{month:02}-03")
        made.press(issue, DSL)
        made.press(issue, "erased@oak.example")
    made.services.enrolment.suppress("gone@oak.example", SuppressionReason.UNSUBSCRIBED, "", "test")
    made.services.enrolment.forget("erased@oak.example", "test")
    made.services.close()
    return path


@pytest.fixture
def house(eight_months: Path, tmp_path: Path) -> Iterator[House]:
    made = open_house(f"sqlite:///{shutil.copy(eight_months, tmp_path / 'bulletin.db')}", tmp_path)
    made.now = datetime(2026, 8, 3, 7, 30, tzinfo=UTC)
    yield made
    made.services.close()


@pytest.fixture
def browser(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(house.services), base_url="http://127.0.0.1") as client:
        yield client


def page_of(house: House, organisation: str = "Oak School") -> str:
    link = house.services.evidence.open_link(organisation, HEAD, "test")
    token = house.services.evidence.address(link).rpartition("/")[2]
    return f"/report/{token}"


def test_it_says_for_whom_when_who_and_what_an_acknowledgement_is(
    house: House, browser: TestClient
) -> None:
    page = browser.get(page_of(house)).text
    for shown in (
        "Acknowledgements at Oak School",
        "URN 100001",
        f"made for {HEAD} on 3 August 2026 and can be opened until 3 August 2027.",
        "1 of 2 people acknowledged an issue in the last 365 days.",
        "Keeping children safe in education asks that all staff",
        "No issue acknowledged. On the list since 5 January 2026.",
        "Left the list on 3 August 2026",
        "I have seen this issue of the bulletin.",
        "does not show that they read every word",
    ):
        assert shown in page, shown
    for hidden in ("Pat Other", "Elm School", "Chris Gone", "erased@oak.example"):
        assert hidden not in page


def test_the_matrix_is_split_so_that_a_sheet_of_paper_holds_it(
    house: House, browser: TestClient
) -> None:
    page = browser.get(page_of(house)).text
    assert page.count('class="matrix"') == 2
    assert page.count('<th scope="col">Bulletin ') == 8
    assert page.count('<td class="acknowledged">') == 8


def test_the_table_comes_as_a_file_for_a_spreadsheet(house: House, browser: TestClient) -> None:
    link = page_of(house)
    assert f'href="{link}/report.csv"' in browser.get(link).text
    answer = browser.get(f"{link}/report.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    # Two who are here, one who left, and what somebody erased since acknowledged.
    assert len(rows) == (2 + 1 + 1) * 8
    assert answer.content.startswith("\ufefforganisation,".encode())


def test_a_revoked_page_is_not_found_and_no_other_is_touched(
    house: House, browser: TestClient
) -> None:
    first, second = page_of(house), page_of(house)
    house.services.evidence.revoke(1, "test")
    assert browser.get(first).status_code == 404
    assert browser.get(f"{first}/report.csv").status_code == 404
    assert browser.get(second).status_code == 200


@pytest.mark.parametrize("purpose", Purpose)
def test_only_a_token_of_a_link_on_record_opens_a_page(
    house: House, browser: TestClient, purpose: Purpose
) -> None:
    """Requirement 70; a report token whose number was never given out opens nothing either."""
    number = 99 if purpose is Purpose.REPORT else 1
    page_of(house)
    foreign = f"/report/{house.services.signer.sign(purpose, number)}"
    assert browser.get(foreign).status_code == 404
    assert browser.get(f"{foreign}/report.csv").status_code == 404


def test_looking_at_a_page_changes_nothing(
    house: House, browser: TestClient, tmp_path: Path
) -> None:
    """Requirement 10."""
    link = page_of(house)
    before = dump(tmp_path)
    for address in (link, f"{link}/report.csv"):
        browser.get(address)
        browser.head(address)
    assert dump(tmp_path) == before


def dump(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "bulletin.db") as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def test_hostile_names_are_only_text_on_the_page_and_in_the_file(
    house: House, browser: TestClient
) -> None:
    """Requirements 58 and 59."""
    house.enrol("new@bad.example", name=HOSTILE, organisation=HOSTILE, urn="100009")
    house.send(HOSTILE, "2026-09-03")
    report = house.services.evidence.organisation("100009")
    files = [report_file(house.services, report)]
    files.append(report_file(house.services, house.services.evidence.issue("9")))
    for text in (browser.get(page_of(house, "100009")).text, *files):
        assert "<script" not in text
        assert "{{7*7}}" in text


class Outline(HTMLParser):
    """Which addresses a file fetches or leads to, and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)


def test_a_report_as_a_file_needs_no_other_file(house: House) -> None:
    for report in (
        house.services.evidence.organisation("Oak School"),
        house.services.evidence.issue("bulletin-8"),
    ):
        text = report_file(house.services, report)
        outline = Outline()
        outline.feed(text)
        assert outline.addresses == []
        assert outline.headings[0] == "h1"
        assert outline.headings.count("h1") == 1
        assert "<style>" in text
        assert "@page" in text


def test_an_issue_is_reported_by_organisation(house: House) -> None:
    text = report_file(house.services, house.services.evidence.issue("bulletin-8"))
    assert "2 of 5 copies acknowledged." in text
    assert "Elm School" in text
    assert "0 of 1" in text


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_every_screen_and_the_paper_is_white(
    house: House, chromium: Browser, width: int, scheme: str
) -> None:
    page = chromium.new_page(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    with serving(house.services) as address:
        page.goto(address + page_of(house))
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(sideways) <= 0
        region = page.get_by_role("region").first
        region.focus()
        assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
        page.emulate_media(media="print")
        assert not page.get_by_role("link", name="Download").is_visible()
        assert not page.get_by_role("banner").is_visible()
        look = "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        assert page.locator("td.acknowledged").first.evaluate(look) == [
            "rgb(0, 0, 0)", "rgb(255, 255, 255)",
        ]  # fmt: skip
        head = "getComputedStyle(document.querySelector('.matrix thead')).display"
        assert page.evaluate(head) == "table-header-group"
        page.close()
    assert complaints == []


def test_a_reader_acknowledges_by_keyboard_alone(house: House, chromium: Browser) -> None:
    issue = house.send("Bulletin 9", "2026-09-03")
    page = chromium.new_page()
    with serving(house.services) as address:
        page.goto(f"{address}/a/{house.token(issue, HEAD)}")
        page.get_by_role("button", name="I have seen this issue").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").wait_for()
    page.close()
    report = house.services.evidence.organisation("Oak School")
    assert len(report.overdue) == 0
