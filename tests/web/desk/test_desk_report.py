"""Reports say what became of every copy, never more than is known, and open what they count."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable

import pytest
from at_desk import Desk
from lxml import html
from previewed import an_issue, enrol

from bulletin.models.figures import OF_ACCEPTED, PARTS, STATES, Figure, Narrowing
from bulletin.models.items import ItemDraft
from bulletin.models.people import UserRole
from bulletin.models.reasons import UNKNOWN_CAUSE, cause_of
from bulletin.pipeline.draft import PlacingOptions
from bulletin.tokens import Purpose
from bulletin.wiring import Services

AsRole = Callable[..., Desk]
FORMULA = "=cmd|' /C calc'!A0"
# What becomes of the first copies: one for every state that an event or a server can bring about.
FATES = (
    ("failed", "550 5.1.1 No such mailbox"),
    ("bounced_hard", "552 5.2.2 Mailbox full"),
    ("bounced_soft", "<script>alert(1)</script>"),
    ("dropped", "Bounced Address"),
    ("deferred", "421 4.7.0 Try later"),
    ("uncertain", ""),
    ("delivered", ""),
)


def went_out(services: Services, title: str = "December") -> int:
    """An issue that went to a dozen readers of three roles, with every outcome among them."""
    for number in range(12):
        enrol(
            services, f"{title.lower()}{number}@school.example",
            *(("dsl",), ("governor",), ("dsl", "governor"))[number % 3],
            nation=("England", "Wales", "")[number % 3], organisation=f"Oak {number % 2}",
            name=FORMULA if number == 7 else f"Reader {number}",
        )  # fmt: skip
    enrol(services, f"senco-{title.lower()}@school.example", "senco", nation="England")
    items = [(ItemDraft(title), PlacingOptions(roles=["dsl", "governor"]))]
    number, _ = an_issue(services, items, title=title)
    services.approval.approve(str(number), "test", "as it is")
    services.planning.start(str(number), None, "test")
    services.delivery.run(number, threading.Event(), lambda _: None)
    with services.store.write() as tx:
        ids = copies(services, number)
        for copy, (state, detail) in zip(ids, FATES, strict=False):
            tx._connection.exec_driver_sql(
                "UPDATE deliveries SET state = ?, detail = ?, complained = ? WHERE id = ?",
                (state, detail, state == "delivered", copy),
            )
    for copy in ids[-3:]:
        services.acknowledging.acknowledge(services.signer.sign(Purpose.ACKNOWLEDGE, copy))
    return number


def copies(services: Services, number: int) -> list[int]:
    query = "SELECT id FROM deliveries WHERE issue_id = ? AND chunk IS NOT NULL ORDER BY id"
    with services.store.read() as tx:
        return [row[0] for row in tx._connection.exec_driver_sql(query, (number,))]


def words_of(page: str) -> str:
    return " ".join(" ".join(html.document_fromstring(page).itertext()).split())


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_parts_add_up_and_every_state_is_in_one_of_them() -> None:
    counted = [state for figure in PARTS for state in STATES[figure]]
    assert sorted(counted) == sorted(STATES[Figure.AUDIENCE])
    assert sorted(state for figure in OF_ACCEPTED for state in STATES[figure]) == sorted(
        STATES[Figure.ACCEPTED]
    )


def test_each_figure_is_the_number_of_its_rows(services: Services, as_role: AsRole) -> None:
    number = went_out(services)
    counts = services.issue_reports.report(number).counts
    desk = as_role()
    narrowings = [Narrowing(), Narrowing(role="governor"), Narrowing(nation="Wales"),
                  Narrowing(nation="")]  # fmt: skip
    for figure in Figure:
        for narrowing in narrowings:
            rows = list(services.issue_reports.all_rows(number, figure, narrowing))
            assert len(rows) == counts.of(figure, narrowing.role, narrowing.nation)
            assert len({row.cursor for row in rows}) == len(rows)
        page = desk.get(f"/app/issues/{number}/report/rows?figure={figure.value}")
        shown = html.document_fromstring(page.text).cssselect("main tbody tr")
        assert len(shown) == counts.of(figure)
    assert sum(counts.of(figure) for figure in PARTS) == counts.of(Figure.AUDIENCE) == 14
    for reason, people in counts.excluded.items():
        rows = list(
            services.issue_reports.all_rows(number, Figure.EXCLUDED, Narrowing(reason=reason))
        )
        assert len(rows) == people


def test_rows_come_a_page_at_a_time_and_none_twice(
    services: Services, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = went_out(services)
    monkeypatch.setattr("bulletin.pipeline.showing.reporting.PAGE", 4)
    monkeypatch.setattr("bulletin.pipeline.showing.reporting._STREAMED", 3)
    desk, path = as_role(), f"/app/issues/{number}/report/rows?figure=audience"
    seen: list[str] = []
    while path:
        page = html.document_fromstring(desk.get(path).text)
        found = [cell.text_content() for cell in page.cssselect("main tbody th")]
        assert len(found) <= 4
        seen += found
        path = next((link.get("href") for link in page.cssselect("a[rel=next]")), "")
    everybody = services.issue_reports.all_rows(number, Figure.AUDIENCE, Narrowing())
    assert seen == [row.email for row in everybody]
    assert len(set(seen)) == 14


def test_an_author_sees_figures_and_no_names(services: Services, as_role: AsRole) -> None:
    number = went_out(services)
    author = as_role(UserRole.AUTHOR)
    page = author.get(f"/app/issues/{number}/report")
    assert "Accepted by mail servers 11" in words_of(page.text)
    assert "report/rows" not in page.text
    assert "@school.example" not in page.text.replace("author@school.example", "")
    for path in ("rows", "rows.csv"):
        assert author.get(f"/app/issues/{number}/report/{path}?figure=failed").status_code == 403
    assert author.get("/app/reports/organisations/1").status_code == 403


def test_it_says_accepted_and_why_copies_came_back_in_plain_words(
    services: Services, as_role: AsRole
) -> None:
    number = went_out(services)
    page = words_of(as_role().get(f"/app/issues/{number}/report").text)
    assert "There is no such mailbox 1" in page
    assert "The mailbox is full 1" in page
    assert f"{UNKNOWN_CAUSE} 1" in page
    assert "Nothing in the issue is for their roles and nation 2" not in page
    assert "Nothing in the issue is for their roles and nation 1" in page
    assert "Confirmed that they have seen it 3 27%" in page


def test_what_servers_and_readers_wrote_is_text_and_no_formula(
    services: Services, as_role: AsRole
) -> None:
    number = went_out(services)
    desk = as_role()
    came_back = desk.get(f"/app/issues/{number}/report/rows?figure=came_back")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in came_back.text
    table = desk.get(f"/app/issues/{number}/report/rows.csv?figure=audience")
    assert table.headers["content-type"].startswith("text/csv")
    rows = read_csv(table.text)
    assert len(rows) == 1 + 14
    assert f"'{FORMULA}" in [row[1] for row in rows]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_figures_and_organisations_come_as_spreadsheets(
    services: Services, as_role: AsRole
) -> None:
    number = went_out(services)
    author = as_role(UserRole.AUTHOR)
    figures = read_csv(author.get(f"/app/issues/{number}/report/figures.csv").text)
    table = {row[0]: dict(zip(figures[0], row, strict=True)) for row in figures[1:]}
    assert table["all"]["audience"] == "14"
    assert table["Governor"]["audience"] == "8"
    assert table["Wales"]["audience"] == "4"
    shares = read_csv(author.get(f"/app/issues/{number}/report/organisations.csv").text)
    assert [row[0] for row in shares] == ["organisation", "Oak 0", "Oak 1"]
    assert sum(int(row[3]) for row in shares[1:]) == 3


def test_an_issue_that_has_not_gone_out_says_so(services: Services, as_role: AsRole) -> None:
    number, _ = an_issue(services)
    desk = as_role()
    assert "Nothing to report yet" in desk.get(f"/app/issues/{number}/report").text
    assert "No copies yet" in desk.get(f"/app/issues/{number}/report/organisations").text
    assert desk.get("/app/issues/999/report").status_code == 404


def test_what_an_address_asks_for_and_there_is_not_is_no_error(
    services: Services, as_role: AsRole
) -> None:
    number = went_out(services)
    desk = as_role()
    for query in (
        "figure=nonsense&role=%27--&nation=Narnia&reason=x&after=-1.%C2%B2",
        "figure=excluded&reason=%00", "figure=acknowledged&role=chair", "after=99999999999.1",
    ):  # fmt: skip
        assert desk.get(f"/app/issues/{number}/report/rows?{query}").status_code == 200


@pytest.mark.parametrize(
    ("detail", "cause"),
    [
        ("550 5.1.1 <a@b.example>: Recipient address rejected", "There is no such mailbox"),
        ("452 4.2.2 The email account that you tried to reach is over quota",
         "The mailbox is full"),
        ("550 5.7.1 Blocked by our policy", "Held to be unwanted, or against their rules"),
        ("5.4.4 no MX for host", "There is no such mail domain"),
        ("", UNKNOWN_CAUSE),
    ],
)  # fmt: skip
def test_a_servers_words_are_put_plainly(detail: str, cause: str) -> None:
    assert cause_of(detail) == cause
