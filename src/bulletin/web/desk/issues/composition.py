"""The page to compose an issue on, whole and in parts, and what it answers to a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import BulletinError, InvalidInput, NotFound, Refused
from bulletin.models.composing import Part
from bulletin.models.issues import Issue, Placement
from bulletin.models.items import Item, Nation
from bulletin.models.people import Role
from bulletin.pipeline.composing.changing import EndsApproval
from bulletin.pipeline.composing.composing import Composing, Composition
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.arranging import Deed, standing_of
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.issues.preview_pane import preview_pane
from bulletin.web.desk.issues.standing import state_words
from bulletin.web.desk.items.form import ItemForm, form_of
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_LONGEST = 60  # characters of a title that are read out


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it stands in the contents. readers: who sees it, in words, or "" if not chosen."""

    item: Item
    placed: Placement
    readers: str

    @property
    def title(self) -> str:
        return self.item.draft.title or "(no title)"

    @property
    def limits(self) -> str:
        """The nations whose readers alone see it, in words, or ""."""
        return ", ".join(nation.value for nation in Nation if nation in self.placed.only_nations)


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of an issue as the templates show them. said: what was just done, in words."""

    found: Composition
    roles: Sequence[Role]
    said: str = ""
    trouble: str = ""

    def rows(self, placed: Sequence[Placement]) -> list[Row]:
        """The items of a section, each with who sees it."""
        items = self.found.items
        return [Row(items[one.item_id], one, self._readers(items[one.item_id])) for one in placed]

    def _readers(self, item: Item) -> str:
        if item.id in self.found.unread:
            return ""
        return ", ".join(r.short for r in self.roles if r.key in item.roles) or "Everybody"


class ComposePages:
    """Shows an issue that is composed."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def whole(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        *,
        status: int = 200,
        opened: int = 0,
        trouble: str = "",
    ) -> HTMLResponse:
        """The page. opened: the item that is edited in its place, or 0."""
        contents = self.contents(number, trouble=trouble)
        frame = frame_of(contents.found.issue, "compose")
        form = self._form(contents.found, opened)
        return self._desk.show(
            request, visitor, "issues/compose.html", status=status, frame=frame,
            contents=contents, opened=opened if form else 0, form=form,
            state=state_words(contents.found.issue), errors={"": trouble} if trouble else {},
            preview=preview_pane(self._services, number, request.query_params),
        )  # fmt: skip

    def changed(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        change: Callable[[Composing, str], Issue],
        said: str,
        deed: Deed,
        *,
        page: str = "",
    ) -> Response:
        """Make a change, and show what came of it, or why it was not made.

        page: "/words" to go on to the words, not the contents.
        """
        try:
            change(self._services.composing, str(number))
        except EndsApproval as error:
            return self._trouble(request, visitor, number, error, 409)
        except (InvalidInput, Refused, NotFound) as error:
            status = 422 if isinstance(error, InvalidInput) else 409
            return self._trouble(request, visitor, number, error, status)
        contents = self.contents(number)
        said = said or self._standing(contents.found, deed)
        if "hx-request" in request.headers:
            return self.part(request, visitor, replace(contents, said=said))
        anchor = f"#item-{deed.item}" if deed.item in contents.found.items else ""
        path = f"/app/issues/{number}/compose{page}{anchor}"
        undo = None if page else self.way_back(contents.found)
        return self._desk.go(path, f"{said.rstrip('.')}.", undo)

    def way_back(self, found: Composition) -> Undo | None:
        """The undo of the last change of the order."""
        if found.order.back is None:
            return None
        present = found.order.states[found.order.at]
        fields = {"part": Part.ORDER.value, "present": present, "back": "1"}
        return Undo(f"/app/issues/{found.issue.id}/compose/step", fields)

    def _trouble(
        self, request: Request, visitor: Visitor, number: int, error: BulletinError, status: int
    ) -> HTMLResponse:
        if "hx-request" in request.headers:
            contents = self.contents(number, trouble=str(error))
            return self.part(request, visitor, contents, status=status)
        return self.whole(request, visitor, number, status=status, trouble=str(error))

    def part(
        self, request: Request, visitor: Visitor, contents: Contents, status: int = 200
    ) -> HTMLResponse:
        frame = frame_of(contents.found.issue, "compose")
        return self._desk.part(
            request, visitor, "issues/_contents.html", status=status, frame=frame,
            contents=contents, opened=0, form=None,
        )  # fmt: skip

    def contents(self, number: int, *, trouble: str = "") -> Contents:
        """What stands in an issue, as it is now. Raises NotFound."""
        found = self._services.composing.composition(str(number))
        return Contents(found, self._services.composing.roles(), trouble=trouble)

    def _form(self, found: Composition, item_id: int) -> ItemForm | None:
        """The form of an item that stands in the issue, and may be edited."""
        if item_id not in found.items or not found.is_open or found.is_settled:
            return None
        return form_of(self._services.writing.sheet(item_id), found.issue.id)

    @staticmethod
    def _standing(found: Composition, deed: Deed) -> str:
        if not deed.topic and deed.item not in found.items:
            return "Changed."
        title = found.items[deed.item].draft.title if deed.item else ""
        if len(title) > _LONGEST:
            title = f"{title[:_LONGEST].rpartition(' ')[0] or title[:_LONGEST]}…"
        return standing_of(found.sections, deed, title or "The item")
