"""Proofreading: an issue as one kind of reader gets it, and how many of those there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.people import Role
from bulletin.pipeline.preview import Cut, Previewing
from bulletin.pipeline.publish import Publishing, WebEdition
from bulletin.pipeline.showing.coverage import Grid, grid, named_roles
from bulletin.pipeline.showing.forecasting import Forecast, Forecasting
from bulletin.pipeline.showing.galley import standing_content
from bulletin.pipeline.showing.inboxes import InboxRehearsal, rehearsed
from bulletin.store.store import Store


@dataclass(frozen=True, slots=True)
class Proofsheet:
    """What an editor sees beside an issue. roles: all that there are, as they are named now."""

    cut: Cut
    kind: ReaderKind
    forecast: Forecast
    roles: tuple[Role, ...]

    @property
    def who(self) -> str:
        """Whom it is shown as: `DSL + Governor in England`."""
        return described(self.kind, self.roles)

    @property
    def likely_roles(self) -> frozenset[str]:
        """Roles that somebody on the list holds, or that an item of the issue is for."""
        held = (group.kind.roles for group in self.forecast.groups)
        return named_roles(self.cut.galley.content).union(*held)

    @property
    def inbox(self) -> InboxRehearsal:
        """How lists of mail show it."""
        galley, shown = self.cut.galley, self.cut.content
        standfirst = galley.content.standfirst
        return rehearsed(galley.sender.name, shown.subject, standfirst, shown.html)

    @property
    def people(self) -> int:
        """How many have exactly these roles in that nation, and would get a copy of an issue."""
        group = self.forecast.by_kind.get(self.kind)
        return group.people if group else 0

    @property
    def barred(self) -> int:
        """How many have exactly these roles there, and get no copy of anything."""
        group = self.forecast.by_kind.get(self.kind)
        return sum(group.barred.values()) if group else 0

    @property
    def others(self) -> int:
        """How many there have these roles and more."""
        return self.forecast.holding(self.kind)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who gets what of an issue."""

    grid: Grid
    forecast: Forecast
    roles: tuple[Role, ...]

    def who(self, kind: ReaderKind) -> str:
        """A kind of reader in words."""
        return described(kind, self.roles)


class Proofreading:
    """Puts editions and counts together for the desk."""

    def __init__(
        self,
        store: Store,
        previewing: Previewing,
        forecasting: Forecasting,
        publishing: Publishing,
    ) -> None:
        self._store = store
        self._previewing = previewing
        self._forecasting = forecasting
        self._publishing = publishing

    def sheet(self, reference: str, kind: ReaderKind | None) -> Proofsheet:
        """An issue as a kind of reader gets it; without one, as most people on the list do.

        Raises as `Galleys.of`.
        """
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            galley = self._previewing.galley(tx, issue)
            forecast = self._forecasting.with_content(tx, issue, galley.content)
            roles = tuple(tx.roles.list_roles())
        shown = kind or forecast.largest([role.key for role in roles]) or _somebody(roles)
        cut = self._previewing.cut_from(issue, galley, shown)
        return Proofsheet(cut, shown, forecast, roles)

    def coverage(self, reference: str) -> Coverage:
        """What each role gets in each nation, and how many people there are. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            content = standing_content(tx, issue)
            forecast = self._forecasting.with_content(tx, issue, content)
            roles = tuple(tx.roles.list_roles())
        return Coverage(grid(content, forecast, roles), forecast, roles)

    def on_the_web(self, reference: str, kind: ReaderKind, digest: str = "") -> WebEdition:
        """The page that the link in a copy leads to. See `Galleys.of`, also for what it raises."""
        cut = self._previewing.cut(reference, kind, digest)
        return self._publishing.preview(cut.issue, cut.galley.content, cut.galley.sender, kind)


def described(kind: ReaderKind, roles: Iterable[Role]) -> str:
    """A kind of reader in words: `DSL + Governor in England`."""
    held = [role.short for role in roles if role.key in kind.roles]
    where = f"in {kind.nation.value}" if kind.nation else "whose nation is not known"
    return f"{' + '.join(held) or 'Somebody without a role'} {where}"


def _somebody(roles: tuple[Role, ...]) -> ReaderKind:
    """Whom to show an issue as while nobody is on the list."""
    return ReaderKind(frozenset(role.key for role in roles[:1]), Nation.ENGLAND)
