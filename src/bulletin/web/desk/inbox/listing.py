"""`/app/inbox`: what waits to be sorted, and everything else in the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, Request, Response

from bulletin.errors import BulletinError, InvalidInput, NotFound, Refused
from bulletin.models.issues import Issue
from bulletin.models.items import ItemState, Nation
from bulletin.models.rights import Right
from bulletin.pipeline.inbox.doubts import short_doubts
from bulletin.pipeline.inbox.inbox import Decided, Decision, Shelf, Wish
from bulletin.pipeline.inbox.item import Reading
from bulletin.pipeline.inbox.pieces import called
from bulletin.rendering.markdown import html, parse
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.inbox.asked import Asked, add_changes, whole
from bulletin.web.desk.inbox.filters import filters_of
from bulletin.web.desk.inbox.slices import SIZE
from bulletin.web.desk.inbox.wording import counted
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

PATH: Final = "/app/inbox"
STATES: Final = (
    (ItemState.CANDIDATE, "To sort"),
    (ItemState.KEPT, "Later"),
    (ItemState.USED, "Used"),
    (ItemState.REJECTED, "Rejected"),
)
_NATIONS: Final = [(nation.value, nation.value) for nation in Nation]


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The list, its filters, and what is done with several items at once."""
    routes = APIRouter(prefix="/inbox")
    viewer = Depends(desk.access.may(Right.VIEW))
    lists = _Lists(services, desk)

    @routes.get("")
    def listing(request: Request, visitor: Visitor = viewer) -> Response:
        return lists.show(request, visitor)

    add_changes(routes, desk, {"/sort": lists.sort, "/unsort": lists.unsort}, numbered=False)
    return routes


class _Lists:
    """Shows the list, and sorts what is in it."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(self, request: Request, visitor: Visitor) -> Response:
        filters = filters_of(request.query_params)
        shelf = self._services.inbox.shelf(filters.query())
        choices = self._services.inbox.choices()
        reading = self._reading(shelf, whole(request.query_params.get("item", "")))
        return self._desk.show(
            request,
            visitor,
            "inbox/list.html",
            filters=filters,
            shelf=shelf,
            choices=choices,
            reading=reading,
            opened="item" in request.query_params,
            issue=chosen_issue(choices.issues, filters.issue),
            begun=self._services.pasting.waiting(),
            states=STATES,
            nations=_NATIONS,
            size=SIZE,
            back=filters.address(),
            region="#inbox",
            choose=(PATH, filters.kept()),
            seen=" ".join(f"{hit.item.id}:{hit.item.state.value}" for hit in shelf.page.hits),
            topics=choices.topics,
            shown=lambda body: html(parse(body)),
            short_doubts=short_doubts,
            called=called,
            total=sum(shelf.states.values()),
        )

    def _reading(self, shelf: Shelf, wanted: int) -> Reading | None:
        """The item to read: the one that is asked for, else the first of the list."""
        first = shelf.page.hits[0].item.id if shelf.page.hits else 0
        for number in filter(None, (wanted, first)):
            try:
                return self._services.inbox_item.reading(number)
            except NotFound:
                continue
        return None

    def sort(self, asked: Asked) -> Response:
        """Use, keep or reject: one item by its own button, or all that are selected."""
        back = back_of(asked)
        wish, ids = _decided(asked)
        if wish is None or not ids:
            return self._desk.go(back, "Select items first, then choose what to do with them.")
        decision = Decision(wish, _seen(asked, ids), asked.whole("issue"), asked.text("because"))
        try:
            done = self._services.inbox.decide(decision, asked.actor)
        except (InvalidInput, Refused) as error:
            return self._desk.go(back, f"Nothing was changed. {error}")
        except NotFound:
            return self._desk.go(back, "Choose an issue first. Nothing was changed.")
        return self._desk.go(_onward(asked, back, ids), _said(done), _undo(done, back))

    def unsort(self, asked: Asked) -> Response:
        """Take back what `sort` did."""
        back = back_of(asked)
        was = dict(_states(asked.text("was")))
        try:
            wish = Wish(asked.text("wish"))
            done = self._services.inbox.undo(wish, was, asked.whole("issue"), asked.actor)
        except (ValueError, NotFound):
            return self._desk.go(back, "This cannot be undone any more.")
        except BulletinError as error:
            return self._desk.go(back, f"Nothing was changed. {error}")
        said = (
            f"{_named(done)} {'is' if len(done.before) == 1 else 'are'} back."
            if done.before
            else ""
        )
        return self._desk.go(back, " ".join(filter(None, (said, *done.left))))


def chosen_issue(issues: Sequence[Issue], wanted: str) -> Issue | None:
    """The issue that items go into: the one that the address names, else the newest draft."""
    named = (issue for issue in issues if str(issue.id) == wanted)
    return next(named, issues[0] if issues else None)


def back_of(asked: Asked) -> str:
    """The page to go back to: one of ours, as the form says, or the list."""
    back = asked.text("back")
    return back if back.startswith("/app/") and "\\" not in back and "\n" not in back else PATH


def _onward(asked: Asked, back: str, ids: Sequence[int]) -> str:
    """The page to go back to, with the next item beside the list where the sorted one was.

    After a button beside the list its row has the focus (`go`); a key in the list keeps its own.
    """
    address = urlsplit(back)
    query = dict(parse_qsl(address.query))
    if whole(query.get("item", "")) not in ids:
        return back
    order = [number for number, _ in _states(asked.text("seen"))]
    following = order[order.index(ids[-1]) + 1 :] if ids[-1] in order else []
    rest = [number for number in (*following, *reversed(order)) if number not in ids]
    query |= {"item": str(rest[0]) if rest else "", "go": asked.text("pane")}
    return f"{address.path}?{urlencode({name: value for name, value in query.items() if value})}"


def _decided(asked: Asked) -> tuple[Wish | None, list[int]]:
    """What is wished, of which items. A button has "all" as its value, or an item of its own."""
    for wish in Wish:
        if value := asked.text(wish.value):
            return wish, asked.wholes("item") if value == "all" else [whole(value)]
    return None, []


def _seen(asked: Asked, ids: Sequence[int]) -> dict[int, ItemState]:
    """What each item was on the page: "12:candidate"."""
    states = dict(_states(" ".join(asked.texts("seen"))))
    return {number: states.get(number, ItemState.CANDIDATE) for number in dict.fromkeys(ids)}


def _states(text: str) -> list[tuple[int, ItemState]]:
    pairs = (one.partition(":") for one in text.split())
    return [
        (whole(number), ItemState(state))
        for number, _, state in pairs
        if whole(number) and state in set(ItemState)
    ]


_DONE: Final[Mapping[Wish, str]] = {
    Wish.USE: "used in",
    Wish.KEEP: "kept for later",
    Wish.REJECT: "rejected",
}


def _said(done: Decided) -> str:
    said = ""
    if done.before:
        where = f" {done.issue.title}" if done.issue else ""
        said = f"{_named(done)} {_DONE[done.wish]}{where}."
    return " ".join(filter(None, (said, *done.left[:3], _more(done))))


def _more(done: Decided) -> str:
    more = len(done.left) - 3
    return f"{counted(more, 'other item')} left alone for reasons of that kind." if more > 0 else ""


def _named(done: Decided) -> str:
    if len(done.before) == 1:
        return f"“{called(done.before[0].draft)}”"
    return counted(len(done.before), "item")


def _undo(done: Decided, back: str) -> Undo | None:
    if not done.before:
        return None
    was = " ".join(f"{item.id}:{item.state.value}" for item in done.before)
    issue = str(done.issue.id) if done.issue else ""
    fields = {"wish": done.wish.value, "was": was, "issue": issue, "back": back}
    return Undo(f"{PATH}/unsort", fields)
