"""The form of an issue's words: what a browser sends of it, and what the templates show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from bulletin.models.editions import Field
from bulletin.models.issues import Helpline
from bulletin.pipeline.composing.merging import Values
from bulletin.pipeline.composing.wording import WordsSheet
from bulletin.pipeline.composing.words_form import LABELS, helplines_in, of_helplines, shown
from bulletin.pipeline.composing.writing import Clashing, Typed
from bulletin.web.desk.saving import Side, sides_of, text_in, texts_in, typed_in

_SPARE = 2  # empty rows for helplines, for browsers without script
_LINES = ("title", "subject", "standfirst", "dateline", "length")
_FIELD_WORDS = {
    Field.FIRST_NAME: "First name",
    Field.FULL_NAME: "Full name",
    Field.ORGANISATION: "Organisation",
    Field.ROLE: "Role",
}


def typed(form: FormData) -> Typed:
    """What a browser sent."""
    values = {name: text_in(form, name).strip() for name in _LINES if name in form}
    for name in ("intro", "closing"):
        if name in form:
            values[name] = text_in(form, name).strip("\n")
    if "helpline-name" in form:
        columns = (texts_in(form, f"helpline-{name}") for name in ("name", "phone", "hours", "url"))
        rows = zip(*columns, strict=False)
        values["helplines"] = of_helplines([Helpline(*row) for row in rows])
    if "boxes" in form:  # nobody is sent a box that is not ticked
        values["diary"] = text_in(form, "diary")
    return typed_in(form, values, LABELS)


@dataclass(frozen=True, slots=True)
class WordsForm:
    """The form as the templates show it; its parts are those of an item's form."""

    sheet: WordsSheet
    values: Values
    stamp: str
    errors: Mapping[str, str] = field(default_factory=dict)
    sides: Sequence[Side] = ()
    who: str = ""
    trouble: str = ""

    @property
    def id(self) -> str:
        """What tells its parts from those of other forms."""
        return "words"

    @property
    def helplines(self) -> list[Helpline]:
        return [*helplines_in(self.values["helplines"]), *([Helpline("")] * _SPARE)]

    @property
    def merge_fields(self) -> list[tuple[str, str]]:
        """What a reader's own copy fills in, as it is written, and in words."""
        return [(f"{{{{{one.value}}}}}", words) for one, words in _FIELD_WORDS.items()]


def form_of(sheet: WordsSheet) -> WordsForm:
    """The form of an issue's words as they are now."""
    return WordsForm(sheet, sheet.values, sheet.stamp)


def clashed(sheet: WordsSheet, error: Clashing) -> WordsForm:
    """The form with what was typed, and what somebody else wrote beside it."""
    return WordsForm(
        sheet, error.merge.values, error.stamp, sides=sides_of(error, LABELS, shown), who=error.who
    )
