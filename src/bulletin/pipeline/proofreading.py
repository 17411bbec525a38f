"""Proofreading: an issue as one kind of reader gets it, and how many of those there are."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.people import Role
from bulletin.pipeline.forecasting import Forecast, Forecasting
from bulletin.pipeline.preview import Cut, Previewing
from bulletin.pipeline.publish import Publishing, WebEdition
from bulletin.store.store import Store


@dataclass(frozen=True, slots=True)
class Proofsheet:
    """What an editor sees beside an issue. roles: all that there are, as they are named now."""

    cut: Cut
    kind: ReaderKind
    forecast: Forecast
    roles: tuple[Role, ...]

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
            roles = tuple(tx.roles.list_roles())
        forecast = self._forecasting.of(reference)
        shown = kind or forecast.largest() or _somebody(roles)
        return Proofsheet(self._previewing.cut(reference, shown), shown, forecast, roles)

    def on_the_web(self, reference: str, kind: ReaderKind) -> WebEdition:
        """The page that the link in a copy leads to. Raises as `Galleys.of`."""
        cut = self._previewing.cut(reference, kind)
        return self._publishing.preview(cut.issue, cut.galley.content, cut.galley.sender, kind)


def _somebody(roles: tuple[Role, ...]) -> ReaderKind:
    """Whom to show an issue as while nobody is on the list."""
    return ReaderKind(frozenset(role.key for role in roles[:1]), Nation.ENGLAND)
