"""The edit form of an item: what a browser sends of it, and what the templates show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from bulletin.models.items import ItemWarning, Nation
from bulletin.models.people import Role
from bulletin.pipeline.composing.item_form import (
    EVERYBODY,
    LABELS,
    ActionRow,
    actions_in,
    deadline_in,
    notes_in,
    of_actions,
    of_deadline,
    of_nations,
    of_notes,
    shown,
)
from bulletin.pipeline.composing.merging import Values
from bulletin.pipeline.composing.writing import Clashing, Sheet, Typed
from bulletin.web.desk.saving import Side, sides_of, text_in, texts_in, typed_in

_SPARE = 2  # empty rows for links, for browsers without script
_TEXTS = ("title", "topic", "source", "author", "published", "content_note")


def typed(form: FormData) -> Typed:
    """What a browser sent."""
    return typed_in(form, _values(form), LABELS)


def _values(form: FormData) -> dict[str, str]:
    """The fields that were sent; what was not is not changed."""
    values = {name: text_in(form, name).strip() for name in _TEXTS if name in form}
    if "body" in form:
        values["body"] = text_in(form, "body").strip("\n")
    if "action-label" in form:
        columns = (texts_in(form, f"action-{name}") for name in ("label", "title", "url"))
        values["actions"] = of_actions([ActionRow(*row) for row in zip(*columns, strict=False)])
    if "deadline" in form:
        says, on = (text_in(form, name).strip() for name in ("deadline_says", "deadline"))
        values["deadline"] = of_deadline(says, on)
    notes = [name for name in form if name.startswith("note-")]
    if notes:
        found = {name.removeprefix("note-"): text_in(form, name).strip() for name in notes}
        values["notes"] = of_notes(found)
    # Boxes that nobody ticked are not sent, so the form says that they were there.
    if "boxes" in form:
        values["nations"] = of_nations(texts_in(form, "nation"))
        values["readers"] = ",".join(sorted(texts_in(form, "reader")))
    return values


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The form as the templates show it.

    issue: the number of the issue on whose page it stands, or 0.
    values: what stands in the fields; stamp: what they were filled with.
    sides: where two people's changes clash; who: the other one.
    may_end: somebody has said that it may end an approval.
    """

    sheet: Sheet
    values: Values
    stamp: str
    issue: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    sides: Sequence[Side] = ()
    who: str = ""
    may_end: bool = False
    settled: frozenset[str] = frozenset()
    trouble: str = ""

    @property
    def id(self) -> int:
        return self.sheet.item.id

    @property
    def path(self) -> str:
        return f"/app/items/{self.id}/edit"

    @property
    def back(self) -> str:
        """Where the form leads when it is done."""
        if self.issue:
            return f"/app/issues/{self.issue}/compose#item-{self.id}"
        return self.path

    @property
    def actions(self) -> list[ActionRow]:
        return [*actions_in(self.values["actions"]), *([ActionRow()] * _SPARE)]

    @property
    def deadline(self) -> tuple[str, str]:
        return deadline_in(self.values["deadline"])

    @property
    def notes(self) -> Mapping[str, str]:
        return notes_in(self.values["notes"])

    @property
    def noted_roles(self) -> list[Role]:
        """Roles that have a note, or see the item: whom one is likely to write to."""
        likely = {*self.notes, *self.readers}
        return [role for role in self.sheet.roles if role.key in likely]

    @property
    def other_roles(self) -> list[Role]:
        noted = self.noted_roles
        return [role for role in self.sheet.roles if role not in noted]

    @property
    def readers(self) -> list[str]:
        return self.values["readers"].split(",")

    @property
    def reader_options(self) -> list[tuple[str, str]]:
        roles = [(role.key, role.short) for role in self.sheet.roles]
        return [(EVERYBODY, "Everybody"), *roles]

    @property
    def nations(self) -> list[str]:
        return self.values["nations"].split(",")

    @property
    def nation_options(self) -> list[tuple[str, str]]:
        return [(nation.value, nation.value) for nation in Nation]

    @property
    def doubts(self) -> tuple[ItemWarning, ...]:
        return self.sheet.item.draft.warnings

    @property
    def ids(self) -> dict[str, str]:
        """The id of each field: several forms may stand on one page."""
        return {name: f"{name}-{self.id}" for name in (*self.errors, *LABELS)}


def form_of(sheet: Sheet, issue: int) -> ItemForm:
    """The form of an item as it is now."""
    return ItemForm(sheet, _readable(sheet.values), sheet.stamp, issue)


def clashed(sheet: Sheet, error: Clashing, sent: Typed, issue: int) -> ItemForm:
    """The form with what was typed, and what somebody else wrote beside it."""
    return ItemForm(
        sheet, error.merge.values, error.stamp, issue, sides=sides_of(error, LABELS, shown),
        who=error.who, may_end=sent.may_end, settled=sent.settled,
    )  # fmt: skip


def _readable(values: Values) -> Values:
    """Line ends of a body as browsers hold them."""
    return {**values, "body": values["body"].strip("\n")}
