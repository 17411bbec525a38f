"""`/app/inbox/paste/{number}`: what was found, beside the original, before any of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from bulletin.errors import InvalidInput, Refused
from bulletin.models.items import Nation
from bulletin.models.rights import Right
from bulletin.pipeline.inbox import pieces as inbox_pieces
from bulletin.pipeline.inbox.paste import Kept, Pasting, Way
from bulletin.pipeline.revise import ItemChanges
from bulletin.rendering.markdown import opening, parse
from bulletin.sources import SourceFormat
from bulletin.sources.tables.naming import FIELDS
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.inbox.asked import Asked, Number, add_changes, whole
from bulletin.web.desk.inbox.pasting import PATH
from bulletin.web.desk.inbox.slices import slice_of
from bulletin.web.desk.inbox.wording import counted
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_STEPS: Final[Mapping[str, Callable[[int], inbox_pieces.Step]]] = {
    "out": inbox_pieces.leave_out,
    "back": inbox_pieces.put_back,
    "join": inbox_pieces.join,
    "in": inbox_pieces.bring_in,
}
# What htmx exchanges of the page after a change; without script it is a page of its own.
SWAPPED: Final = {"hx-target": "#preview", "hx-select": "#preview", "hx-swap": "outerMorph"}
_SHOWN: Final = 60  # words of an item, to know it by
_NATIONS: Final = [(nation.value, nation.value) for nation in Nation]


@dataclass(frozen=True, slots=True)
class _Panel:
    """The item that is open: what is done to it, what was typed, and why it was refused.

    start: the first of the items on this page, from 0.
    """

    start: int = 0
    key: int = 0
    what: str = ""
    typed: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The preview, and each way to change it."""
    routes = APIRouter(prefix="/inbox/paste/{number}")
    writer = Depends(desk.access.may(Right.WRITE))
    previews = _Previews(services.pasting, desk)

    @routes.get("")
    def preview(request: Request, number: Number, visitor: Visitor = writer) -> Response:
        wanted = {name: whole(request.query_params.get(name, "")) for name in ("from", *_FORMS)}
        what = next((name for name in _FORMS if wanted[name]), "")
        panel = _Panel(wanted["from"], wanted.get(what, 0), what)
        return previews.show(request, visitor, number, panel)

    changes = {
        "/change": previews.change,
        "/split": previews.split,
        "/edit": previews.edit,
        "/read": previews.read_again,
        "/undo": previews.undo,
        "/keep": previews.keep,
        "/take-back": previews.take_back,
        "/throw-away": previews.throw_away,
        "/bring-back": previews.bring_back,
    }
    add_changes(routes, desk, changes)
    return routes


class _Previews:
    """Shows a paste, and changes it."""

    def __init__(self, pasting: Pasting, desk: DeskPages) -> None:
        self._pasting = pasting
        self._desk = desk

    def show(
        self, request: Request, visitor: Visitor, number: int, panel: _Panel, trouble: str = ""
    ) -> Response:
        """trouble: why what was asked for was not done, where it is about no one item."""
        preview = self._pasting.preview(number)
        if preview.paste.kept_at is not None:
            return self._desk.go(f"/app/inbox?paste={number}", trouble)
        errors = {f"item-{panel.key}": panel.error} if panel.error else {}
        part = slice_of(len(preview.items), panel.start)
        return self._desk.show(
            request,
            visitor,
            "inbox/preview.html",
            status=422 if errors else 409 if trouble else 200,
            preview=preview,
            paste=preview.paste,
            root=f"{PATH}/{number}",
            part=part,
            numbers=range(part.start + 1, part.stop + 1),
            panel=panel,
            trouble=trouble,
            errors=errors,
            nations=_NATIONS,
            swapped=SWAPPED,
            formats=_FORMATS,
            fields=FIELDS,
            beginning=lambda body: opening(parse(body), _SHOWN),
        )

    def change(self, asked: Asked) -> Response:
        """Leave an item out, put it back, or join it with the next: as the button says."""
        step = asked.text("step")
        if step not in _STEPS:
            return self._again(asked, "Choose what to do with this item.")
        return self._stepped(asked, _panel(asked), _STEPS[step])

    def split(self, asked: Asked) -> Response:
        line, title = asked.whole("line"), asked.text("title")
        panel = replace(_panel(asked), what="split", typed={"line": line, "title": title})

        def step(key: int) -> inbox_pieces.Step:
            if not line:
                raise InvalidInput("Choose the line with which the second item begins.")
            return inbox_pieces.split(key, line, title)

        return self._stepped(asked, panel, step)

    def edit(self, asked: Asked) -> Response:
        chosen = asked.texts("nation")
        changes = ItemChanges(
            title=asked.text("title"),
            body=asked.text("body"),
            source=asked.text("source"),
            published=asked.text("published"),
            topic=asked.text("topic"),
            nations=tuple(nation for nation in Nation if nation.value in chosen),
            addresses=_addresses(asked),
        )
        panel = replace(_panel(asked), what="edit", typed=asdict(changes))
        return self._stepped(asked, panel, lambda key: inbox_pieces.mend(key, changes))

    def read_again(self, asked: Asked) -> Response:
        """Read it as something else, or with columns that somebody has explained."""
        headings, fields = asked.texts("heading"), asked.texts("field")
        columns = {name: field for name, field in zip(headings, fields, strict=False) if field}
        wanted = asked.text("format")
        source_format = SourceFormat(wanted) if wanted in set(SourceFormat) else SourceFormat.AUTO
        way = Way(source_format, columns)
        try:
            self._pasting.read_again(asked.number, asked.whole("version"), way)
        except (InvalidInput, Refused) as error:
            return self._again(asked, f"It was not read that way. {error}")
        return self._back(asked.number, _Panel())

    def undo(self, asked: Asked) -> Response:
        try:
            self._pasting.undo(asked.number, asked.whole("version"))
        except Refused as error:
            return self._again(asked, str(error))
        return self._back(asked.number, _Panel())

    def keep(self, asked: Asked) -> Response:
        try:
            kept = self._pasting.keep(asked.number, asked.whole("version"), asked.actor)
        except (InvalidInput, Refused) as error:
            return self._again(asked, str(error))
        undo = Undo(f"{PATH}/{asked.number}/take-back")
        return self._desk.go(f"/app/inbox?paste={asked.number}", _said(kept), undo)

    def take_back(self, asked: Asked) -> Response:
        try:
            gone, stayed = self._pasting.take_back(asked.number, asked.actor)
        except Refused as error:
            return self._again(asked, str(error))
        said = f"{counted(gone, 'item')} taken out of the inbox again."
        if stayed:
            said += f" {counted(stayed, 'item')} stayed there: somebody has used or changed them."
        return self._back(asked.number, _Panel(), said)

    def throw_away(self, asked: Asked) -> Response:
        try:
            self._pasting.throw_away(asked.number, asked.whole("version"))
        except Refused as error:
            return self._again(asked, str(error))
        undo = Undo(f"{PATH}/{asked.number}/bring-back")
        return self._desk.go("/app/inbox", "Thrown away. Nothing of it was kept.", undo)

    def bring_back(self, asked: Asked) -> Response:
        self._pasting.bring_back(asked.number)
        return self._back(asked.number, _Panel(), "It is back.")

    def _stepped(
        self, asked: Asked, panel: _Panel, step: Callable[[int], inbox_pieces.Step]
    ) -> Response:
        try:
            self._pasting.change(asked.number, asked.whole("version"), step(panel.key))
        except InvalidInput as error:
            wrong = replace(panel, error=str(error))
            return self.show(asked.request, asked.visitor, asked.number, wrong)
        except Refused as error:
            return self._again(asked, str(error))
        return self._back(asked.number, panel)

    def _again(self, asked: Asked, trouble: str) -> Response:
        """The paste as it is now, and why nothing was done."""
        panel = _Panel(asked.whole("from"))
        return self.show(asked.request, asked.visitor, asked.number, panel, trouble)

    def _back(self, number: int, panel: _Panel, notice: str = "") -> Response:
        place = f"?from={panel.start}" if panel.start else ""
        item = f"#item-{panel.key}" if panel.key else ""
        return self._desk.go(f"{PATH}/{number}{place}{item}", notice)


_FORMATS: Final = (
    (SourceFormat.AUTO.value, "Whatever it looks like"),
    (SourceFormat.TEXT.value, "Running text"),
    (SourceFormat.HTML.value, "A web page"),
    (SourceFormat.TABLE.value, "A table, an item in each row"),
    (SourceFormat.FEED.value, "A feed"),
)
_FORMS: Final = ("edit", "split")


def _panel(asked: Asked) -> _Panel:
    return _Panel(asked.whole("from"), asked.whole("key"))


def _addresses(asked: Asked) -> dict[int, str]:
    """What was typed for links that lost theirs, by the link's number from 1."""
    fields = ((name.partition("-"), asked.text(name)) for name in asked.form)
    return {whole(number): url for (name, _, number), url in fields if name == "address" and url}


def _said(kept: Kept) -> str:
    said = f"{counted(kept.new, 'item')} kept, and waiting to be sorted."
    if kept.known:
        were = "was" if kept.known == 1 else "were"
        said += f" {kept.known:,} {were} in the library already."
    return said
