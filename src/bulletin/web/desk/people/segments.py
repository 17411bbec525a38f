"""`/app/people/segments`: rules with names that pick readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.audience import BUT_NOT
from bulletin.errors import InvalidInput, Refused, WrongFields
from bulletin.models.rights import Right
from bulletin.models.segments import Segment, SegmentField
from bulletin.pipeline.directory import SegmentView
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.people.choices import KINDS, NATIONS, role_words
from bulletin.wiring import Services

_LISTED = "/app/people/segments"
# Fields whose values are chosen; those of the others are typed, one a line.
_CHOSEN = (SegmentField.ROLE, SegmentField.NATION, SegmentField.KIND)
_TYPED = (
    SegmentField.PHASE,
    SegmentField.LOCAL_AUTHORITY,
    SegmentField.ORGANISATION,
    SegmentField.URN,
    SegmentField.EMAIL_DOMAIN,
)
_OF_NOT = BUT_NOT + SegmentField.ROLE.value


async def _form(request: Request) -> Mapping[str, Sequence[str]]:
    """The form as it was sent: values by name. Lines of a text are values of their own."""
    sent = await request.form()
    found: dict[str, list[str]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    for field in _TYPED:
        lines = "\n".join(found.get(field.value, ())).splitlines()
        found[field.value] = [line.strip() for line in lines if line.strip()]
    return found


_FORM = Depends(_form)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/segments")
    segments = _Segments(services, desk)
    readers = Depends(desk.access.may(Right.READERS))
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("")
    def listing(request: Request, visitor: Visitor = readers) -> HTMLResponse:
        found = services.enrolment.segments()
        return desk.show(request, visitor, "people/segments.html", segments=found)

    @routes.get("/new")
    def new(request: Request, visitor: Visitor = admin) -> HTMLResponse:
        return segments.page(request, visitor, None, {})

    @routes.post("/new")
    def add(
        request: Request, visitor: Visitor = admin, sent: Mapping[str, Sequence[str]] = _FORM
    ) -> Response:
        return segments.save(request, visitor, None, sent)

    @routes.get("/{number}")
    def segment(request: Request, number: int, visitor: Visitor = readers) -> HTMLResponse:
        found = services.directory.segment(number)
        return segments.page(request, visitor, found, found.rules or {}, name=found.name)

    @routes.post("/{number}")
    def change(
        request: Request,
        number: int,
        visitor: Visitor = admin,
        sent: Mapping[str, Sequence[str]] = _FORM,
    ) -> Response:
        return segments.save(request, visitor, services.directory.segment(number), sent)

    @routes.post("/{number}/remove")
    def remove(number: int, visitor: Visitor = admin) -> Response:
        name = services.directory.remove_segment(number, visitor.user.email)
        return desk.go(_LISTED, f"The segment '{name}' is removed. Nobody on the list changed.")

    return routes


class _Segments:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def page(
        self,
        request: Request,
        visitor: Visitor,
        segment: SegmentView | None,
        rules: Mapping[str, Sequence[str]],
        *,
        name: str = "",
        expression: str | None = None,
        count: int | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        if expression is None:
            expression = segment.expression if segment and segment.rules is None else ""
        return self._desk.show(
            request,
            visitor,
            "people/segment.html",
            status=422 if errors else 200,
            segment=segment,
            name=name,
            rules=rules,
            but_not=_OF_NOT,
            expression=expression,
            count=segment.people if segment and count is None else count,
            errors=errors or {},
            role_options=list(role_words(self._services).items()),
            nation_options=NATIONS,
            kind_options=KINDS,
        )

    def save(
        self,
        request: Request,
        visitor: Visitor,
        segment: SegmentView | None,
        sent: Mapping[str, Sequence[str]],
    ) -> Response:
        """Keep a segment, or only count whom it picks if that was asked."""
        directory = self._services.directory
        name = " ".join(sent.get("name", ()))
        expression = " ".join(sent.get("expression", ()))
        fields = [*(field.value for field in (*_CHOSEN, *_TYPED)), _OF_NOT]
        rules = {field: sent.get(field, ()) for field in fields}
        errors: Mapping[str, str] = {}
        count = None
        try:
            tree = directory.tree(rules, expression)
            if "count" not in sent:
                return self._kept(visitor, segment, name, tree)
            count = directory.count(tree)
        except WrongFields as error:
            errors = error.fields
        except (InvalidInput, Refused) as error:
            errors = {"expression" if str(error).startswith("Column") else "name": str(error)}
        return self.page(
            request, visitor, segment, rules, name=name, expression=expression, count=count,
            errors=errors,
        )  # fmt: skip

    def _kept(
        self, visitor: Visitor, segment: SegmentView | None, name: str, tree: Segment
    ) -> Response:
        actor = visitor.user.email
        if segment is None:
            self._services.directory.add_segment(name, tree, actor)
        else:
            self._services.directory.change_segment(segment.id, name, tree, actor)
        count = self._services.directory.count(tree)
        people = "1 person" if count == 1 else f"{count:,} people"
        return self._desk.go(_LISTED, f"'{name.strip()}' is saved. It picks {people} today.")
