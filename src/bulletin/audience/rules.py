"""Segments as a form shows them: lists of values, all of which have to hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from bulletin.audience.values import field_value
from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.segments import (
    AllOf,
    Condition,
    Everybody,
    Not,
    Segment,
    SegmentField,
    checked,
)

Rules: TypeAlias = Mapping[str, Sequence[str]]
"""Values by field; under "not_" and a field those that must not hold. Without values: anything."""

BUT_NOT = "not_"
_WHERE = "Here: "  # opens every complaint about a value, and a form says it by its place


def tree_of(rules: Rules, *, roles: Collection[str]) -> Segment:
    """The tree of a form: whoever has one of the values in every field that has some.

    roles: the keys that exist. Raises WrongFields for values that cannot be.
    """
    parts: list[Segment] = []
    wrong: dict[str, str] = {}
    for name, values in rules.items():
        field = SegmentField(name.removeprefix(BUT_NOT))
        try:
            kept = tuple(
                dict.fromkeys(field_value(field, one, _WHERE.rstrip(": "), roles) for one in values)
            )
        except InvalidInput as error:
            wrong[name] = _sentence(str(error).removeprefix(_WHERE))
            continue
        if kept:
            rule = Condition(field, kept)
            parts.append(Not(rule) if name.startswith(BUT_NOT) else rule)
    if wrong:
        raise WrongFields(wrong)
    if not parts:
        return Everybody()
    return checked(parts[0] if len(parts) == 1 else AllOf(tuple(parts)))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def rules_of(tree: Segment) -> Rules | None:
    """What a form shows of a tree, or None if it says more than a form can."""
    parts = tree.children if isinstance(tree, AllOf) else (tree,)
    rules: dict[str, Sequence[str]] = {}
    for part in parts:
        match part:
            case Everybody():
                continue
            case Condition(field, values):
                name = field.value
            case Not(Condition(field, values)):
                name = BUT_NOT + field.value
            case _:
                return None
        if name in rules:
            return None
        rules[name] = values
    return rules
