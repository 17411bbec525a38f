"""What an editor wants to see of an issue, and what the pane beside it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bulletin.errors import Misconfigured, RenderingError
from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.nations import nation_named
from bulletin.pipeline.showing.proofreading import Proofsheet
from bulletin.preflight import MAX_HTML_BYTES
from bulletin.wiring import Services

_MOST_ROLES = 100


class View(StrEnum):
    """The ways to look at an issue."""

    DESKTOP = "desktop"
    PHONE = "phone"
    TEXT = "text"
    WEB = "web"
    INBOX = "inbox"


_VIEWS = {
    View.DESKTOP: "Email on a desktop",
    View.PHONE: "Email on a phone",
    View.TEXT: "Plain text",
    View.WEB: "Web page",
    View.INBOX: "Line in an inbox",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What an editor wants to see. kind: None for the kind of reader that most people are."""

    kind: ReaderKind | None = None
    view: View = View.DESKTOP
    dark: bool = False
    pictures: bool = True

    def query(self, **more: str) -> str:
        """The choice as it stands in an address."""
        pairs: list[tuple[str, str]] = []
        if self.kind is not None:
            pairs += [("role", role) for role in sorted(self.kind.roles)]
            pairs.append(("nation", self.kind.nation.value if self.kind.nation else ""))
        pairs.append(("view", self.view.value))
        if self.dark:
            pairs.append(("dark", "1"))
        if not self.pictures:
            pairs.append(("pictures", "off"))
        return urlencode([*pairs, *more.items()])


def choice_of(query: QueryParams) -> Choice:
    """What an address asks for; what it does not know is left out."""
    kind = None
    if "nation" in query:
        roles = frozenset(query.getlist("role")[:_MOST_ROLES])
        kind = ReaderKind(roles, nation_named(query["nation"]))
    known = {view.value: view for view in View}
    return Choice(
        kind,
        known.get(query.get("view", ""), View.DESKTOP),
        dark=query.get("dark") == "1",
        pictures=query.get("pictures") != "off",
    )


@dataclass(frozen=True, slots=True)
class PreviewPane:
    """What templates/desk/issues/preview/_pane.html shows. Pages that include it need `preview`.

    sheet: None while something keeps every preview from being made: `trouble` says what.
    """

    root: str
    choice: Choice
    sheet: Proofsheet | None
    trouble: str = ""
    limit: int = MAX_HTML_BYTES

    @property
    def likely_roles(self) -> list[tuple[str, str]]:
        """Roles that somebody on the list holds, that an item is for, or that are chosen."""
        return self._roles(likely=True)

    @property
    def other_roles(self) -> list[tuple[str, str]]:
        return self._roles(likely=False)

    def _roles(self, *, likely: bool) -> list[tuple[str, str]]:
        if self.sheet is None:
            return []
        wanted = self.sheet.likely_roles | self.kind.roles
        return [
            (role.key, role.short) for role in self.sheet.roles if (role.key in wanted) is likely
        ]

    @property
    def nation_options(self) -> list[tuple[str, str]]:
        return [*((nation.value, nation.value) for nation in Nation), ("", "Not known")]

    @property
    def view_options(self) -> list[tuple[str, str]]:
        return [(view.value, words) for view, words in _VIEWS.items()]

    @property
    def frame_title(self) -> str:
        who = self.sheet.who if self.sheet else ""
        return f"{_VIEWS[self.choice.view]}, for {who}{', dark' if self.choice.dark else ''}"

    @property
    def kind(self) -> ReaderKind:
        return self.choice.kind or ReaderKind(frozenset())

    @property
    def frame(self) -> str:
        """The address of what is in the frame; it changes with every byte of it."""
        version = self.sheet.cut.galley.digest if self.sheet else ""
        return f"{self.root}/preview/frame?{self.choice.query(v=version)}"

    @property
    def page(self) -> str:
        return f"{self.root}/preview?{self.choice.query()}"


def preview_pane(services: Services, number: int, query: QueryParams) -> PreviewPane:
    """The pane for an issue, as the address of the page around it asks. Raises NotFound."""
    root, choice = f"/app/issues/{number}", choice_of(query)
    try:
        sheet = services.proofreading.sheet(str(number), choice.kind)
    except (Misconfigured, RenderingError) as error:
        return PreviewPane(root, choice, None, str(error))
    return PreviewPane(root, replace(choice, kind=sheet.kind), sheet)
