"""`/app/reports`: issues with their figures, organisations, and pages given to their heads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from at_desk import Desk
from lxml import html
from previewed import an_issue
from test_desk_report import went_out, words_of

from bulletin.models.people import UserRole
from bulletin.wiring import Services

AsRole = Callable[..., Desk]


def test_issues_stand_there_once_they_went_out(services: Services, as_role: AsRole) -> None:
    desk = as_role(UserRole.AUTHOR)
    assert "No issue has gone out yet" in desk.get("/app/reports").text
    an_issue(services, title="A draft")
    first, second = went_out(services, "November"), went_out(services, "December")
    page = desk.get("/app/reports").text
    assert "A draft" not in page
    issues = html.document_fromstring(page).cssselect("section:last-of-type tbody tr")
    assert [row.cssselect("a")[0].get("href") for row in issues] == [
        f"/app/issues/{second}/report", f"/app/issues/{first}/report",
    ]  # fmt: skip
    line = " ".join(" ".join(issues[1].itertext()).split())
    assert line.startswith("November")
    assert line.endswith("14 11 2 1 3 (27%)")
    trend = html.document_fromstring(page).cssselect("table[data-chart=line] tbody th")
    assert [cell.text_content() for cell in trend] == ["November", "December"]


def test_all_issues_come_as_a_spreadsheet(services: Services, as_role: AsRole) -> None:
    went_out(services, "November")
    text = as_role().get("/app/reports/issues.csv").text.removeprefix("\ufeff")
    heads, row = csv.reader(io.StringIO(text, newline=""))
    said = dict(zip(heads, row, strict=True))
    assert said["title"] == "November"
    assert (said["audience"], said["accepted by mail servers"]) == ("14", "11")


def test_the_list_says_what_the_report_says(services: Services, as_role: AsRole) -> None:
    number = went_out(services)
    _, (line,) = services.issue_reports.lines(0, 50)
    report = words_of(as_role().get(f"/app/issues/{number}/report").text)
    assert f"Accepted by mail servers {line.accepted}" in report
    assert f"People in the audience {line.audience}" in report
    assert f"Confirmed that they have seen it {line.acknowledged}" in report


def test_an_organisation_is_found_and_says_who_confirmed_what(
    services: Services, as_role: AsRole
) -> None:
    went_out(services)
    desk = as_role()
    page = html.document_fromstring(desk.get("/app/reports/organisations?q=oak").text)
    links = [link.get("href") for link in page.cssselect("main tbody a")]
    assert len(links) == 2
    assert "Nothing found" in desk.get("/app/reports/organisations?q=100%25_").text
    report = words_of(desk.get(links[0]).text)
    assert "people acknowledged an issue in the last 365 days" in report
    assert "December" in report


def test_a_head_is_given_a_page_that_can_be_revoked(services: Services, as_role: AsRole) -> None:
    went_out(services)
    desk = as_role()
    path = "/app/reports/organisations/1"
    refused = desk.change(f"{path}/links", contact="no address")
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert 'value="no address"' in refused.text
    assert desk.change(f"{path}/links", contact="head@school.example").status_code == 303
    page = html.document_fromstring(desk.get(path).text)
    (address,) = [field.get("value") for field in page.cssselect("input[readonly]")]
    token = address.rpartition("/")[2]
    assert desk.get(f"/report/{token}").status_code == 200
    (revoke,) = [
        form.get("action") for form in page.cssselect("form") if "revoke" in form.get("action")
    ]
    assert desk.change(revoke).status_code == 303
    assert desk.get(f"/report/{token}").status_code == 404
    assert address not in desk.get(path).text


def test_an_organisation_that_there_is_not_is_not_found(as_role: AsRole) -> None:
    assert as_role().get("/app/reports/organisations/999").status_code == 404
