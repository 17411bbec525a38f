"""The form of an item: what it says as texts of fields, and what an editor typed in them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.items import Action, Deadline, ItemContent, Nation, Note
from bulletin.models.lines import is_one_line
from bulletin.models.links import address_problem
from bulletin.pipeline.composing.merging import Values
from bulletin.pipeline.revise import doubting
from bulletin.pipeline.settling import without_doubts
from bulletin.pipeline.written_days import written_day

EVERYBODY = "everybody"
LONGEST_BODY = 100_000
"""Characters of a text that somebody writes: ten times what an issue has, and quick to show."""
LABELS: Mapping[str, str] = {
    "title": "Title",
    "topic": "Topic",
    "body": "Text",
    "source": "Source",
    "published": "Published",
    "author": "Author",
    "actions": "Links",
    "deadline": "Deadline",
    "nations": "Nations it is about",
    "readers": "Who it is for",
    "notes": "What this means for you",
    "content_note": "Gentle note before it",
}
_LINES = ("title", "topic", "source", "author", "content_note")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A link of an item as it stands in the form."""

    label: str = ""
    title: str = ""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.title or self.url)


def values_of(content: ItemContent, *, chosen: bool) -> dict[str, str]:
    """An item as texts. chosen: whether somebody has said who it is for."""
    draft = content.draft
    readers = ",".join(sorted(content.roles)) or (EVERYBODY if chosen else "")
    rows = [ActionRow(one.label, one.title, one.url or "") for one in draft.actions]
    says, on = (draft.deadline.says, draft.deadline.on.isoformat()) if draft.deadline else ("", "")
    return {
        "title": draft.title,
        "topic": draft.topic,
        "body": draft.body,
        "source": draft.source,
        "published": draft.published.isoformat() if draft.published else "",
        "author": draft.author,
        "actions": of_actions(rows),
        "deadline": of_deadline(says, on),
        "nations": of_nations(draft.nations),
        "readers": readers,
        "notes": of_notes({note.role: note.text for note in content.notes}),
        "content_note": draft.content_note,
    }


def of_actions(rows: Sequence[ActionRow]) -> str:
    kept = [[one.label, one.title, one.url] for one in rows if not one.is_empty]
    return json.dumps(kept, ensure_ascii=False)


def actions_in(value: str) -> list[ActionRow]:
    return [ActionRow(*row) for row in json.loads(value)]


def of_deadline(says: str, on: str) -> str:
    return json.dumps([says if on else "", on], ensure_ascii=False)


def deadline_in(value: str) -> tuple[str, str]:
    """What stands before the day, and the day as it was typed."""
    says, on = json.loads(value)
    return says, on


def of_nations(nations: Sequence[str]) -> str:
    return ",".join(nation.value for nation in Nation if nation.value in set(nations))


def of_notes(notes: Mapping[str, str]) -> str:
    kept = {role: notes[role] for role in sorted(notes) if notes[role].strip()}
    return json.dumps(kept, ensure_ascii=False)


def notes_in(value: str) -> dict[str, str]:
    notes: dict[str, str] = json.loads(value)
    return notes


def roles_in(value: str) -> frozenset[str]:
    return frozenset(filter(None, value.split(","))) - {EVERYBODY}


def shown(field: str, value: str) -> str:
    """A field's value for reading, as it stands beside another's."""
    if field == "actions":
        return "\n".join(
            " | ".join(filter(None, (r.label, r.title, r.url))) for r in actions_in(value)
        )
    if field == "deadline":
        return " ".join(filter(None, deadline_in(value)))
    if field == "notes":
        return "\n".join(f"{role}: {text}" for role, text in notes_in(value).items())
    return value.replace(",", ", ") if field in {"nations", "readers"} else value


def written(before: ItemContent, values: Values, settled: frozenset[str]) -> ItemContent:
    """What an item says when its fields hold these texts. settled: doubts that were looked at.

    Raises WrongFields with a sentence for each field that cannot be used.
    """
    wrong = dict(_wrong(before, values))
    days = {name: _day(name, text, wrong) for name, text in _days(values)}
    if wrong:
        raise WrongFields(wrong)
    draft = replace(
        before.draft,
        **{name: values[name] for name in (*_LINES, "body")},  # type: ignore[arg-type]  # texts all
        published=days["published"],
        deadline=_deadline(values["deadline"], days["deadline"]),
        nations=tuple(Nation(name) for name in values["nations"].split(",") if name),
        actions=tuple(
            Action(r.label, r.title, r.url or None) for r in actions_in(values["actions"])
        ),
    )
    known = {action.url for action in before.draft.actions}
    new = [action.url for action in draft.actions if action.url and action.url not in known]
    notes = tuple(Note(role, text) for role, text in notes_in(values["notes"]).items())
    draft = without_doubts(doubting(draft, new), settled)
    return ItemContent(draft, roles_in(values["readers"]), notes)


def _wrong(before: ItemContent, values: Values) -> Iterator[tuple[str, str]]:
    for name in _LINES:
        if not is_one_line(values[name]):
            yield name, f"{LABELS[name]}: write it in one line."
    if values["body"] != before.draft.body and len(values["body"]) > LONGEST_BODY:
        yield "body", f"A text has at most {LONGEST_BODY:,} characters: cut it, or split the item."
    if not values["title"].strip() and not values["body"].strip():
        yield "title", "Give it a title, or a text."
    if before.roles and not values["readers"]:
        yield "readers", "Choose who this is for: everybody, or at least one role."
    if EVERYBODY in values["readers"].split(",") and roles_in(values["readers"]):
        yield "readers", "Choose everybody, or some roles: not both."
    known = {(one.label, one.title, one.url or "") for one in before.draft.actions}
    for number, row in enumerate(actions_in(values["actions"]), start=1):
        if (row.label, row.title, row.url) not in known and (problem := _row_problem(row)):
            yield f"action-{number}", problem


def _row_problem(row: ActionRow) -> str:
    if not row.label.strip():
        return "Say what the link is, such as “Read the report”."
    if not (is_one_line(row.label) and is_one_line(row.title)):
        return "Write what the link is in one line."
    if not row.url:
        return f"Add the address of “{row.label}”, or take the link away."
    problem = address_problem(row.url)
    return f"This address cannot be used: the link {problem}." if problem else ""


def _days(values: Values) -> Iterator[tuple[str, str]]:
    yield "published", values["published"]
    yield "deadline", deadline_in(values["deadline"])[1]


def _day(name: str, text: str, wrong: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    try:
        return written_day(text)
    except InvalidInput as error:
        wrong[name] = str(error)
        return None


def _deadline(value: str, on: date | None) -> Deadline | None:
    says = deadline_in(value)[0].strip()
    if on is None:
        return None
    return Deadline(on, says) if says else Deadline(on)
