"""Whether a field of a found item is as it was labelled."""

from __future__ import annotations

import re
from typing import Any

from bench.importer.labels import Example, Wanted, WantedAction
from bench.importer.wording import label, plain, says

from bulletin.models.items import Action, ItemDraft

FIELDS = (
    "title", "topic", "body", "source", "author", "published",
    "deadline", "links", "actions", "nations", "roles", "warnings",
)  # fmt: skip
BODY_LINK = re.compile(r"\]\(<?([^()\s<>]+)>?\)")
# Doubts that cost an editor's time when they are raised for nothing.
JUDGED_DOUBTS = frozenset(
    {"no_heading", "lost_link", "repaired_link", "unsure_boundary", "truncated"}
)

# What was wanted and what was found, where they differ.
Difference = tuple[object, object]


def difference(name: str, wanted: Wanted, draft: ItemDraft, example: Example) -> Difference | None:
    """What was wanted and what was found, or None where they agree."""
    if name == "body":
        return _body(wanted, draft, example)
    if name == "links":
        return _links(wanted, draft)
    if name == "actions":
        return _actions(wanted, draft)
    if name == "warnings":
        return _warnings(wanted, draft)
    right = {_comparable(value) for value in wanted.fields[name]}
    found = _value(name, draft)
    return None if _comparable(found) in right else (wanted.fields[name][0], found)


def said(name: str, wanted: Wanted) -> bool:
    """Whether the labels of an item have something in this field."""
    if name == "body":
        return bool(wanted.contains)
    if name == "links":
        return bool(_addresses(wanted))
    if name == "actions":
        return bool(wanted.actions)
    if name == "warnings":
        return bool(_doubts(wanted))
    return all(wanted.fields[name])


def _value(name: str, draft: ItemDraft) -> Any:
    if name == "deadline":
        return draft.deadline and draft.deadline.on.isoformat()
    value = getattr(draft, name)
    if name == "published":
        return value and value.isoformat()
    return [str(one) for one in value] if isinstance(value, tuple) else value


def _comparable(value: Any) -> object:
    if isinstance(value, list):
        return tuple(sorted(label(one) for one in value))
    return label(value or "")


def _body(wanted: Wanted, draft: ItemDraft, example: Example) -> Difference | None:
    others = {one for item in example.items for one in item.contains} - set(wanted.contains)
    actions = {f"{one.label}: {one.title}" for one in wanted.actions if one.label and one.title}
    lost = [one for one in wanted.contains if not says(draft.body, one)]
    extra = [one for one in (*wanted.lacks, *others, *actions) if says(draft.body, one)]
    return (lost, [f"not: {one}" for one in extra] or draft.body) if lost or extra else None


def _addresses(wanted: Wanted) -> set[str]:
    return {action.url for action in wanted.actions if action.url} | wanted.inline


def _links(wanted: Wanted, draft: ItemDraft) -> Difference | None:
    found = {action.url for action in draft.actions if action.url} | body_links(draft)
    expected = _addresses(wanted)
    right = expected <= found <= expected | wanted.may_link
    return None if right else (sorted(expected), sorted(found))


def body_links(draft: ItemDraft) -> set[str]:
    """The addresses of the links within a body."""
    return set(BODY_LINK.findall(draft.body))


def _actions(wanted: Wanted, draft: ItemDraft) -> Difference | None:
    elsewhere = wanted.inline | wanted.may_link
    found = [action for action in draft.actions if action.url not in elsewhere]
    same = len(found) == len(wanted.actions) and all(map(_same, wanted.actions, found))
    return None if same else (wanted.actions, found)


def _same(wanted: WantedAction, found: Action) -> bool:
    return (
        wanted.url == found.url
        and (wanted.label is None or label(wanted.label) == label(found.label))
        and (wanted.title is None or label(wanted.title) == label(found.title))
        and (wanted.text is None or plain(wanted.text) in plain(f"{found.label} {found.title}"))
    )


def _doubts(wanted: Wanted) -> set[str]:
    missing = {
        f"no_{word}"
        for word, field in (("source", "source"), ("date", "published"))
        if not any(wanted.fields[field])
    }
    return missing | wanted.warnings


def _warnings(wanted: Wanted, draft: ItemDraft) -> Difference | None:
    codes = {warning.code for warning in draft.warnings}
    required = _doubts(wanted)
    needless = (codes & JUDGED_DOUBTS) - required - wanted.may_warn
    return None if required <= codes and not needless else (sorted(required), sorted(codes))
