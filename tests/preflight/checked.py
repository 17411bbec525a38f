"""An issue in order, and what the checks say once something of it is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bulletin.models.checks import Circumstances, Finding
from bulletin.models.issues import IssueContent, PlacedItem, Sender, Topic
from bulletin.models.items import Action, Nation
from bulletin.preflight import Examined, Rendered, read_texts, run_checks

SENDER = Sender(
    name="Safeguarding Bulletin",
    email="bulletin@school.example",
    reply_to="bulletin@school.example",
    postal_address="1 School Lane, Exampleton",
    list_id="bulletin.school.example",
)
ITEM = PlacedItem(
    id=7,
    title="Safer corridors",
    body="Pupils chose the places that need light.",
    source="Example Institute",
    published=date(2026, 11, 3),
    actions=(Action("Read the report", "Safer corridors", "https://guidance.example/report"),),
    nations=(Nation.ENGLAND,),
)
ISSUE = IssueContent(
    title="Safeguarding Bulletin",
    subject="December: safer corridors",
    topics=(Topic(1, "Buildings", (ITEM,)),),
    standfirst="Where pupils want more light.",
    intro="Dear {{first_name}},",
)

AROUND = Circumstances(today=date(2026, 12, 1), goes_out=date(2026, 12, 1), stale_after=120)


def findings(
    content: IssueContent = ISSUE,
    sender: Sender = SENDER,
    size: int = 40_000,
    around: Circumstances = AROUND,
) -> list[Finding]:
    rendered = Rendered(html_bytes=size)
    return run_checks(Examined(content, sender, rendered, around, read_texts(content)))


def codes(content: IssueContent = ISSUE, **more: Any) -> list[str]:
    return [finding.code for finding in findings(content, **more)]


def with_item(**changes: Any) -> IssueContent:
    return replace(ISSUE, topics=(Topic(1, "Buildings", (replace(ITEM, **changes),)),))


def with_link(url: str | None, label: str = "Read the report", title: str = "") -> IssueContent:
    return with_item(actions=(Action(label, title, url),))
