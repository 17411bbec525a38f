"""`/app/people/{id}`: one reader; adding, correcting, stopping and erasing them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Refused, WrongFields
from bulletin.models.items import Nation
from bulletin.models.people import (
    Subscriber,
    SubscriberDraft,
    SubscriberKind,
    SuppressionReason,
)
from bulletin.models.rights import Right
from bulletin.roster import check_address
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.web.desk.people.choices import KINDS, NATIONS, role_words
from bulletin.wiring import Services


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a reader as it was sent, before anything of it is believed."""

    email: str = ""
    name: str = ""
    organisation: str = ""
    nation: str = ""
    kind: str = ""
    consent_basis: str = ""
    roles: tuple[str, ...] = ()


def _typed(
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    organisation: Annotated[str, Form()] = "",
    nation: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    consent_basis: Annotated[str, Form()] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Typed:
    return Typed(
        email.strip(),
        name.strip(),
        organisation.strip(),
        nation,
        kind,
        consent_basis.strip(),
        tuple(role or ()),
    )


_FORM = Depends(_typed)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter()
    people = _People(services, desk)
    readers = Depends(desk.access.may(Right.READERS))
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("/new")
    def new(request: Request, visitor: Visitor = admin) -> HTMLResponse:
        return people.form(request, visitor, None, Typed())

    @routes.post("/new")
    def add(request: Request, visitor: Visitor = admin, typed: Typed = _FORM) -> Response:
        return people.save(request, visitor, None, typed)

    @routes.get("/{number}")
    def person(request: Request, number: int, visitor: Visitor = readers) -> Response:
        return people.page(request, visitor, number)

    @routes.get("/{number}/edit")
    def edit(request: Request, number: int, visitor: Visitor = admin) -> HTMLResponse:
        person = services.directory.person(number)
        return people.form(request, visitor, person, _as_typed(person))

    @routes.post("/{number}/edit")
    def change(
        request: Request, number: int, visitor: Visitor = admin, typed: Typed = _FORM
    ) -> Response:
        return people.save(request, visitor, services.directory.person(number), typed)

    routes.include_router(_rights(services, desk))
    return routes


def _rights(services: Services, desk: DeskPages) -> APIRouter:
    """What the law gives a reader: a copy, an end to mail, and to be erased."""
    routes = APIRouter()
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("/{number}/data.json", dependencies=[admin])
    def data(number: int) -> Response:
        held = services.enrolment.holdings(services.directory.person(number).email)
        text = json.dumps(held, default=str, ensure_ascii=False, indent=2)
        headers = {
            "Content-Disposition": f'attachment; filename="reader-{number}.json"',
            "Cache-Control": "no-store",
        }
        return Response(text, media_type="application/json", headers=headers)

    @routes.post("/{number}/stop")
    def stop(number: int, visitor: Visitor = admin) -> Response:
        person = services.directory.person(number)
        actor = visitor.user.email
        services.enrolment.suppress(person.email, SuppressionReason.MANUAL, "", actor)
        undo = Undo(f"/app/people/{number}/resume")
        return desk.go(f"/app/people/{number}", f"{person.email} gets no mail any more.", undo)

    @routes.post("/{number}/resume")
    def resume(number: int, visitor: Visitor = admin) -> Response:
        person = services.directory.person(number)
        reason = services.enrolment.show(person.email)[1]
        if reason not in {None, SuppressionReason.MANUAL} and not (reason and reason.came_back):
            raise Refused(
                "They decided themselves to get no mail, so only they can change that: "
                "on the page that every copy links to."
            )
        services.enrolment.unsuppress(person.email, visitor.user.email)
        return desk.go(f"/app/people/{number}", f"{person.email} gets the bulletin again.")

    @routes.get("/{number}/erase")
    def ask_to_erase(request: Request, number: int, visitor: Visitor = admin) -> HTMLResponse:
        person = services.directory.person(number)
        return desk.show(request, visitor, "people/erase.html", person=person)

    @routes.post("/{number}/erase")
    def erase(number: int, visitor: Visitor = admin) -> Response:
        person = services.directory.person(number)
        services.enrolment.forget(person.email, visitor.user.email)
        return desk.go("/app/people", "Erased. No import brings the address back.")

    return routes


class _People:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def page(self, request: Request, visitor: Visitor, number: int) -> Response:
        person = self._services.directory.person(number)
        if person.id != number:  # they moved to another address, and have a new number
            return self._desk.go(f"/app/people/{person.id}")
        _, suppressed, history = self._services.enrolment.show(person.email)
        return self._desk.show(
            request,
            visitor,
            "people/person.html",
            person=person,
            suppressed=suppressed,
            own_wish=suppressed is not None
            and suppressed is not SuppressionReason.MANUAL
            and not suppressed.came_back,
            history=history,
            role_words=role_words(self._services),
        )

    def form(
        self,
        request: Request,
        visitor: Visitor,
        person: Subscriber | None,
        typed: Typed,
        errors: dict[str, str] | None = None,
    ) -> HTMLResponse:
        return self._desk.show(
            request,
            visitor,
            "people/form.html",
            status=422 if errors else 200,
            person=person,
            typed=typed,
            errors=errors or {},
            role_options=list(role_words(self._services).items()),
            nation_options=[("", "Not known"), *NATIONS],
            kind_options=[("", "Not known"), *KINDS],
        )

    def save(
        self, request: Request, visitor: Visitor, person: Subscriber | None, typed: Typed
    ) -> Response:
        try:
            draft = self._draft(typed, person)
            saved = self._services.enrolment.add(
                draft, visitor.user.email, whole=person is not None
            )
        except WrongFields as error:
            return self.form(request, visitor, person, typed, dict(error.fields))
        except (InvalidInput, Refused) as error:
            return self.form(request, visitor, person, typed, {"email": str(error)})
        done = "is on the list" if person is None else "is saved"
        return self._desk.go(f"/app/people/{saved.id}", f"{saved.email} {done}.")

    def _draft(self, typed: Typed, person: Subscriber | None) -> SubscriberDraft:
        wrong: dict[str, str] = {}
        email = typed.email
        try:
            email = person.email if person else check_address(typed.email)
        except InvalidInput as error:
            wrong["email"] = str(error)
        known = role_words(self._services)
        roles = tuple(key for key in known if key in typed.roles)
        if not roles:
            wrong["role"] = "Choose what they do: at least one role."
        if wrong:
            raise WrongFields(wrong)
        nations, kinds = dict(NATIONS), dict(KINDS)
        return SubscriberDraft(
            email=email,
            roles=roles,
            name=typed.name,
            organisation=typed.organisation,
            nation=Nation(typed.nation) if typed.nation in nations else None,
            kind=SubscriberKind(typed.kind) if typed.kind in kinds else None,
            consent_basis=typed.consent_basis,
            urn=_same_school(person, typed, "urn"),
            phase=_same_school(person, typed, "phase"),
            local_authority=_same_school(person, typed, "local_authority"),
        )


def _same_school(person: Subscriber | None, typed: Typed, fact: str) -> str:
    """What is known of an organisation, unless they are at another one now."""
    same = person is not None and person.organisation == typed.organisation
    return str(getattr(person, fact)) if same else ""


def _as_typed(person: Subscriber) -> Typed:
    return Typed(
        person.email,
        person.name,
        person.organisation,
        person.nation.value if person.nation else "",
        person.kind.value if person.kind else "",
        person.consent_basis,
        tuple(person.roles),
    )
