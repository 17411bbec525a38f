"""`bulletin report`: evidence on a terminal, in files, and as pages for contacts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulletin.models.days import spoken_date
from sent_issues import ELM, House, open_house

if TYPE_CHECKING:
    from conftest import Command

DSL = "dsl@oak.example"
# Commands look at the real clock, and a report goes back 24 months.
LATELY = datetime.now(UTC) - timedelta(days=20)


@pytest.fixture
def house(bulletin: Command, sqlite_database: str, tmp_path: Path) -> House:
    """One issue went to two people at Oak School; one acknowledged it."""
    made = open_house(sqlite_database, tmp_path)
    made.enrol(DSL, "dsl", name="Alex Example")
    made.enrol("head@oak.example", "headteacher", name="Sam Sample")
    made.enrol("dsl@elm.example", **ELM)
    issue = made.send("December", LATELY.date().isoformat())
    made.press(issue, DSL)
    made.services.close()
    return made


def test_a_report_of_an_organisation_is_a_table_for_a_person(
    house: House, bulletin: Command
) -> None:
    result = bulletin("report", "organisation", "oak school")
    assert result.code == 0
    assert "1 of 2 people acknowledged an issue in the last 365 days." in result.out
    for shown in ("Alex Example", f"{LATELY:%B}", "Not acknowledged"):
        assert shown in result.out


@pytest.mark.parametrize("words", [["--json"], ["--format", "json"]])
def test_a_report_is_one_json_document(house: House, bulletin: Command, words: list[str]) -> None:
    found = bulletin("report", "organisation", "100001", *words).json
    assert found["organisation"]["name"] == "Oak School"
    assert [person["email"] for person in found["persons"]] == [DSL, "head@oak.example"]
    issue = bulletin("report", "issue", "december", *words).json
    assert (issue["copies"], issue["acknowledged"], issue["status"]["submitted"]) == (3, 1, 3)


def test_a_report_is_a_table_for_a_spreadsheet(
    house: House, bulletin: Command, tmp_path: Path
) -> None:
    shown = bulletin("report", "organisation", "id:1", "--format", "csv").out
    bulletin("report", "organisation", "id:1", "--out", "oak.csv")
    assert (tmp_path / "oak.csv").read_bytes().decode() == shown
    rows = list(csv.DictReader(io.StringIO(shown.removeprefix("\ufeff"), newline="")))
    assert [row["outcome"] for row in rows] == ["acknowledged", "not acknowledged"]
    by_place = bulletin("report", "issue", "december", "--format", "csv").out
    assert "Elm School,100002,1,0" in by_place
    assert "Oak School,100001,2,1" in by_place


def test_a_report_is_a_page_in_a_file(house: House, bulletin: Command, tmp_path: Path) -> None:
    result = bulletin("report", "organisation", "Oak School", "--out", "oak.html")
    assert (result.code, result.out) == (0, "")
    assert "Acknowledgements at Oak School" in (tmp_path / "oak.html").read_text()
    bulletin("report", "issue", "december", "--format", "html", "--out", "december.page")
    assert "Acknowledgements of December" in (tmp_path / "december.page").read_text()


def test_an_issue_is_counted_for_a_person(house: House, bulletin: Command) -> None:
    result = bulletin("report", "issue", "december")
    assert "1 of 3 copies acknowledged." in result.out
    assert "Accepted by mail servers" in result.out


def test_a_contact_gets_a_page_that_can_be_listed_and_ended(
    house: House, bulletin: Command
) -> None:
    made = bulletin("report", "link", "Oak School", "--for", "head@oak.example", "--json").json
    assert made["url"].startswith("http://127.0.0.1:8025/report/1-")
    assert made["contact"] == "head@oak.example"
    listed = bulletin("report", "links", "Oak School")
    assert made["url"] in listed.out
    assert bulletin("report", "links", "Elm School", "--json").json == {"links": []}
    assert "Nobody was given" in bulletin("report", "links", "Elm School").out
    assert bulletin("report", "revoke", "1", "--json").json["revoked"] is True
    again = bulletin("report", "revoke", "1")
    assert (again.code, "had ended already" in again.out) == (0, True)
    listed = bulletin("report", "links", "Oak School")
    assert made["url"] not in listed.out
    assert "revoked on" in listed.out


def test_the_address_of_a_page_stands_alone_on_stdout(house: House, bulletin: Command) -> None:
    result = bulletin("report", "link", "id:2", "--for", "dsl@elm.example")
    assert result.out.strip().startswith("http://127.0.0.1:8025/report/")
    assert len(result.out.split()) == 1
    assert "bulletin report revoke 1" in result.err
    assert f"until {spoken_date(datetime.now(UTC) + timedelta(days=365))}" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("organisation", "Oak"), "Similar: Oak School (id:1, URN 100001)"),
        (("organisation", "Oak School", "--json", "--format", "csv"), "exclude each other"),
        (("organisation", "Oak School", "--out", "oak.pdf"), "--format csv, json or html"),
        (("organisation", "Oak School", "--out", "no/such/oak.csv"), "cannot be written"),
        (("issue", "nowhere"), "nowhere"),
        (("link", "Oak School", "--for", "not an address"), "not an address"),
        (("links", "Nowhere"), "There is no organisation 'Nowhere'"),
        (("revoke", "99"), "There is no link 99"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    house: House, bulletin: Command, words: tuple[str, ...], said: str
) -> None:
    result = bulletin("report", *words)
    assert result.code == 1
    assert said in result.err.replace("\n", " ")


def test_no_page_is_made_that_its_contact_could_not_open(
    house: House, bulletin: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_PUBLIC_URL", "http://bulletin.school.example")
    result = bulletin("report", "link", "Oak School", "--for", "head@oak.example")
    assert result.code == 1
    assert "https://" in result.err
    monkeypatch.delenv("BULLETIN_PUBLIC_URL")
    assert bulletin("report", "links", "Oak School", "--json").json == {"links": []}
