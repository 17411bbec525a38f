"""The form of an issue's own words and blocks: as texts of fields, and what was typed. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from bulletin.errors import WrongFields
from bulletin.models.issues import Helpline, Issue, Length
from bulletin.models.lines import is_one_line
from bulletin.models.links import address_problem
from bulletin.pipeline.composing.merging import Values
from bulletin.pipeline.draft import IssueChanges

LABELS: Mapping[str, str] = {
    "title": "Title",
    "subject": "Subject of the email",
    "standfirst": "Opening line",
    "dateline": "Month or date",
    "intro": "Introduction",
    "closing": "Closing words",
    "helplines": "Helplines",
    "diary": "Dates for your diary",
    "length": "Length",
}
_LINES = ("title", "subject", "standfirst", "dateline")
_TEXTS = (*_LINES, "intro", "closing")


def values_of(issue: Issue) -> dict[str, str]:
    """An issue's words and blocks as texts."""
    return {name: str(getattr(issue, name)) for name in _TEXTS} | {
        "helplines": of_helplines(issue.helplines),
        "diary": "1" if issue.diary else "",
        "length": issue.length.value if issue.length else "",
    }


def of_helplines(helplines: Sequence[Helpline]) -> str:
    rows = [[one.name, one.phone, one.hours, one.url or ""] for one in helplines]
    return json.dumps([row for row in rows if any(row)], ensure_ascii=False)


def helplines_in(value: str) -> list[Helpline]:
    found: list[list[str]] = json.loads(value)
    return [Helpline(name, phone, hours, url or None) for name, phone, hours, url in found]


def shown(field: str, value: str) -> str:
    """A field's value for reading, as it stands beside another's."""
    if field == "helplines":
        rows = ((one.name, one.phone, one.hours, one.url) for one in helplines_in(value))
        return "\n".join(" | ".join(filter(None, row)) for row in rows)
    if field == "diary":
        return "Shown" if value else "Not shown"
    if field == "length":
        return value or "As long as a mailbox takes it"
    return value


def changes_of(before: Issue, values: Values) -> IssueChanges:
    """What an issue's words become. Raises WrongFields."""
    wrong = dict(_wrong(before, values))
    if wrong:
        raise WrongFields(wrong)
    return IssueChanges(
        title=values["title"],
        subject=values["subject"],
        standfirst=values["standfirst"],
        dateline=values["dateline"],
        intro=values["intro"],
        closing=values["closing"],
        helplines=tuple(helplines_in(values["helplines"])),
        diary=bool(values["diary"]),
        length=Length(values["length"]) if values["length"] else None,
    )


def _wrong(before: Issue, values: Values) -> Iterator[tuple[str, str]]:
    for name in _LINES:
        if not is_one_line(values[name]):
            yield name, f"{LABELS[name]}: write it in one line."
    if not values["title"].strip():
        yield "title", "The issue needs a title."
    if values["length"] not in {"", *Length}:
        yield "length", "Choose one of the lengths."
    for number, helpline in enumerate(helplines_in(values["helplines"]), start=1):
        if helpline not in before.helplines and (problem := _problem(helpline)):
            yield f"helpline-{number}", problem


def _problem(helpline: Helpline) -> str:
    texts = (helpline.name, helpline.phone, helpline.hours, helpline.url or "")
    if not helpline.name.strip():
        return "Name the helpline, such as “Childline”."
    if not all(map(is_one_line, texts)):
        return "Write each part of a helpline in one line."
    problem = address_problem(helpline.url) if helpline.url else None
    return f"This address cannot be used: the link {problem}." if problem else ""
