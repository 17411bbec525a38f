"""Forms that are saved as somebody types: what is answered to their script, and without one.

The script asks for JSON: what the next save has to carry, or what stands in its way. Without script
the same form is shown again, with the same choices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from bulletin.errors import WrongFields
from bulletin.models.lines import unescaped
from bulletin.pipeline.composing.changing import EndsApproval
from bulletin.pipeline.composing.merging import Clash, Values, next_stamp
from bulletin.pipeline.composing.writing import Clashing, Typed
from bulletin.pipeline.differences import Kind, Passage, passages
from bulletin.rendering.cleaning import block

_Pieces = Sequence[tuple[str, str]]
_MARKDOWN = frozenset({"body", "intro", "closing"})


@dataclass(frozen=True, slots=True)
class Side:
    """A field in which two people's changes clash: both texts, each with what only it has."""

    field: str
    label: str
    mine: _Pieces
    theirs: _Pieces


class Saved(Protocol):
    """What a save came to. received: names of fields that came along from somebody else."""

    @property
    def received(self) -> tuple[str, ...]: ...


_Saved = TypeVar("_Saved", bound=Saved)


@dataclass(frozen=True, slots=True)
class Shown(Generic[_Saved]):
    """How one kind of form answers a browser without script, and what its clash looks like.

    done:    goes on after a save.
    clashed: the form with both texts; panel: only what is to choose, for the script.
    refused: the form with what was typed and what is wrong with it, by field, or at all.
    """

    done: Callable[[_Saved], Response]
    clashed: Callable[[Clashing], Response]
    panel: Callable[[Clashing], str]
    refused: Callable[[Mapping[str, str], str, int], Response]


def saved(
    request: Request, typed: Typed, save: Callable[[], _Saved], shown: Shown[_Saved]
) -> Response:
    """Save what was typed, and answer in the way that the browser asked for."""
    if request.headers.get("accept", "") == "application/json":
        return _for_script(typed, save, shown)
    try:
        return shown.done(save())
    except Clashing as error:
        return shown.clashed(error)
    except WrongFields as error:
        return shown.refused(error.fields, "", 422)
    except EndsApproval as error:
        return shown.refused({}, str(error), 409)


def _for_script(typed: Typed, save: Callable[[], _Saved], shown: Shown[_Saved]) -> Response:
    try:
        done = save()
    except Clashing as error:
        # Of the fields that do not clash, the form still shows what it was filled with.
        theirs = {clash.field: clash.theirs for clash in error.clashes}
        panel = {"panel": shown.panel(error), "stamp": next_stamp(typed.stamp, theirs)}
        return JSONResponse(panel, status_code=409)
    except WrongFields as error:
        return JSONResponse({"fields": dict(error.fields)}, status_code=422)
    except EndsApproval as error:
        return JSONResponse({"ends": str(error)}, status_code=409)
    # The stamp says what stands in the form now, which is not what came along from others.
    stamp, chosen = next_stamp(typed.stamp, typed.values), bool(typed.choices)
    return JSONResponse({"stamp": stamp, "received": list(done.received), "chosen": chosen})


def typed_in(form: FormData, values: Values, labels: Mapping[str, str]) -> Typed:
    """What a browser sent beside the fields. labels: of the fields, by their names."""
    chosen = {name: text_in(form, f"choice-{name}") for name in labels}
    asked = dict.fromkeys(texts_in(form, "clashing"), "ask")
    return Typed(
        values=values,
        stamp=text_in(form, "stamp"),
        choices=asked | {name: choice for name, choice in chosen.items() if choice},
        settled=frozenset(texts_in(form, "settle")),
        may_end=bool(text_in(form, "ends_approval")),
    )


def text_in(form: FormData, name: str) -> str:
    """A field as it was typed, with line ends as we keep them and without control characters.

    Cleaned before anything is compared with it: what is stored is what the form's stamp is of.
    """
    return block(str(form.get(name, "")))


def texts_in(form: FormData, name: str) -> list[str]:
    """All fields of a name."""
    return [str(value).strip() for value in form.getlist(name)]


def sides_of(
    error: Clashing, labels: Mapping[str, str], shown: Callable[[str, str], str]
) -> list[Side]:
    """Where two people's changes clash. shown: a field's value for reading."""
    return [_side(clash, labels[clash.field], shown) for clash in error.clashes]


def _side(clash: Clash, label: str, shown: Callable[[str, str], str]) -> Side:
    mine, theirs = (shown(clash.field, text) for text in (clash.mine, clash.theirs))
    if clash.field in _MARKDOWN:
        mine, theirs = unescaped(mine), unescaped(theirs)
    found = list(passages(theirs, mine))
    return Side(clash.field, label, _without(found, Kind.GONE), _without(found, Kind.NEW))


def _without(found: Sequence[Passage], kind: Kind) -> _Pieces:
    """One of two texts, which lacks passages of this kind; what the other lacks is marked."""
    return [
        ("same" if one.kind is Kind.SAME else "added", one.text)
        for one in found
        if one.kind is not kind
    ]
