"""`/app/items/{number}`: one item whole, mended where a doubt is, divided, joined and gone back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from bulletin.errors import BulletinError, InvalidInput, NotFound
from bulletin.models.items import Item, ItemState, Nation
from bulletin.models.library import LibraryQuery
from bulletin.models.rights import Right
from bulletin.pipeline.editing import EditedMeanwhile, Reverted
from bulletin.pipeline.inbox.item import TwinChoice
from bulletin.pipeline.inbox.pieces import called
from bulletin.pipeline.revise import ItemChanges
from bulletin.rendering.markdown import html, parse
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.inbox.asked import Asked, Number, add_changes, whole
from bulletin.web.desk.inbox.listing import back_of, chosen_issue
from bulletin.web.desk.inbox.wording import counted
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_NATIONS: Final = [(nation.value, nation.value) for nation in Nation]
_MOST_OFFERED: Final = 20
_STALE: Final = (
    "Somebody else has changed this item in the meantime. It is shown as it is now, and nothing "
    "of yours was saved: repeat what you did."
)


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The page of an item, and what is done there and in the list's pane."""
    routes = APIRouter(prefix="/items/{number}")
    viewer = Depends(desk.access.may(Right.VIEW))
    pages = _Items(services, desk)

    @routes.get("")
    def item(request: Request, number: Number, visitor: Visitor = viewer) -> Response:
        return pages.show(request, visitor, number)

    changes = {
        "/mend": pages.mend,
        "/settle": pages.settle,
        "/twin": pages.twin,
        "/facts": pages.facts,
        "/split": pages.split,
        "/join": pages.join,
        "/revert": pages.revert,
    }
    add_changes(routes, desk, changes)
    return routes


class _Items:
    """Shows an item, and changes it."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self, request: Request, visitor: Visitor, number: int, errors: dict[str, str] | None = None
    ) -> Response:
        """errors: what was wrong with a form on it that was refused."""
        reading = self._services.inbox_item.reading(number)
        choices = self._services.inbox.choices()
        wanted = request.query_params.get("join", "").strip()
        return self._desk.show(
            request,
            visitor,
            "inbox/item.html",
            status=422 if errors else 200,
            errors=errors or {},
            reading=reading,
            history=self._services.inbox_item.history(number),
            choices=choices,
            topics=choices.topics,
            issue=chosen_issue(choices.issues, request.query_params.get("issue", "")),
            nations=_NATIONS,
            back=f"/app/items/{number}",
            region="#item-page",
            seen="",
            choose=(f"/app/items/{number}", []),
            wanted=wanted,
            offered=self._offered(number, wanted),
            shown=lambda body: html(parse(body)),
            called=called,
        )

    def _offered(self, number: int, wanted: str) -> list[Item]:
        """Items that this one can be joined with: those found by words, or its neighbours."""
        states = frozenset(ItemState) - {ItemState.REJECTED}
        words = "" if wanted.isdigit() else wanted[:100]
        found = self._services.library.search(
            LibraryQuery(words=words, states=states, limit=_MOST_OFFERED)
        )
        items = [hit.item for hit in found.hits if hit.item.id != number]
        if named := whole(wanted):
            items = [item for item in items if item.id == named] or self._named(named)
        return items

    def _named(self, number: int) -> list[Item]:
        try:
            return [self._services.library.item(number)]
        except NotFound:
            return []

    def mend(self, asked: Asked) -> Response:
        """Answer a doubt with what was typed beside it."""
        if action := asked.whole("action"):
            changes = ItemChanges(addresses={action: asked.text("address")})
        else:
            changes = ItemChanges(
                title=_given(asked, "title"),
                source=_given(asked, "source"),
                published=_given(asked, "published"),
            )
        return self._changed(asked, changes, "Saved.")

    def settle(self, asked: Asked) -> Response:
        settled = frozenset({asked.text("code")})
        return self._changed(asked, ItemChanges(settled=settled), "Noted: it is right as it is.")

    def facts(self, asked: Asked) -> Response:
        """Topic, nations and who sees it."""
        chosen = asked.texts("nation")
        roles = asked.texts("role")
        if asked.text("proposed"):
            roles = list(self._services.library.item(asked.number).draft.roles)
        changes = ItemChanges(
            topic=asked.text("topic"),
            nations=tuple(nation for nation in Nation if nation.value in chosen),
            roles=roles,
        )
        return self._changed(asked, changes, "Saved.")

    def twin(self, asked: Asked) -> Response:
        if asked.text("choice") not in set(TwinChoice):
            return self._desk.go(back_of(asked), "Choose what it is to the other. Nothing changed.")
        choice = TwinChoice(asked.text("choice"))
        version = asked.whole("version")

        def act() -> object:
            return self._services.inbox_item.tell_apart(asked.number, version, choice, asked.actor)

        said = {
            TwinChoice.BOTH: "Both stay: they are no longer compared.",
            TwinChoice.NEWER: "Noted as a newer version of the other.",
        }
        return self._acted(asked, act, said[choice])

    def split(self, asked: Asked) -> Response:
        line = asked.whole("line")
        if not line:
            error = "Choose the line with which the second item begins."
            return self.show(asked.request, asked.visitor, asked.number, {"split": error})
        try:
            self._check_version(asked)
            _, new = self._services.editing.split(
                asked.number, line, asked.actor, title=asked.text("title")
            )
        except InvalidInput as error:
            return self.show(asked.request, asked.visitor, asked.number, {"split": str(error)})
        except BulletinError as error:
            return self._desk.go(back_of(asked), _in_words(error))
        said = f"Split: the second item is “{called(new.draft)}”."
        return self._desk.go(back_of(asked), said, self._way_back(asked))

    def join(self, asked: Asked) -> Response:
        other = asked.whole("other")
        if not other:
            error = "Choose the item to add to this one."
            return self.show(asked.request, asked.visitor, asked.number, {"other": error})

        def act() -> object:
            self._check_version(asked)
            return self._services.editing.join(asked.number, other, asked.actor)

        return self._acted(asked, act, "Joined: the other item is in this one now.")

    def revert(self, asked: Asked) -> Response:
        """Let it say again what it said before."""
        version = asked.whole("to")
        try:
            done = self._services.editing.revert(asked.number, version, asked.actor)
        except BulletinError as error:
            return self._desk.go(back_of(asked), _in_words(error))
        return self._desk.go(back_of(asked), _reverted(done, version))

    def _changed(self, asked: Asked, changes: ItemChanges, said: str) -> Response:
        version = asked.whole("version")

        def act() -> object:
            return self._services.inbox_item.mend(asked.number, version, changes, asked.actor)

        return self._acted(asked, act, said)

    def _acted(self, asked: Asked, act: Callable[[], object], said: str) -> Response:
        """What came of a change; each that made a new version can be undone."""
        before = self._services.library.item(asked.number).version
        try:
            act()
        except BulletinError as error:
            return self._desk.go(back_of(asked), _in_words(error))
        after = self._services.library.item(asked.number).version
        return self._desk.go(
            back_of(asked), said, self._way_back(asked) if after > before else None
        )

    def _check_version(self, asked: Asked) -> None:
        item = self._services.library.item(asked.number)
        if item.version != asked.whole("version"):
            raise EditedMeanwhile(item, item.content, asked.whole("version"))

    def _way_back(self, asked: Asked) -> Undo:
        fields = {"to": str(asked.whole("version")), "back": back_of(asked)}
        return Undo(f"/app/items/{asked.number}/revert", fields)


def _given(asked: Asked, name: str) -> str | None:
    """What was typed into a field, or None if the form has none of that name."""
    return asked.text(name) if name in asked.form else None


def _in_words(error: BulletinError) -> str:
    if isinstance(error, EditedMeanwhile):
        return _STALE
    return f"Nothing was changed. {error}"


def _reverted(done: Reverted, version: int) -> str:
    said = f"It says again what it said in version {version}."
    if done.followed:
        said += f" {counted(len(done.followed), 'item')} went or came back with it."
    if done.left_alone:
        names = ", ".join(f"{number} ({why})" for number, why in done.left_alone)
        said += f" Left as they are: {names}."
    return said
