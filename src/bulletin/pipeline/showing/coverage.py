"""Coverage: what each role gets in each nation, so that nobody is forgotten. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulletin.composition import seen_items
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import IssueContent, PlacedItem
from bulletin.models.items import Nation
from bulletin.models.people import Role
from bulletin.pipeline.showing.forecasting import Forecast


@dataclass(frozen=True, slots=True)
class Cell:
    """Readers of one role in one nation.

    items:  what somebody with this role alone sees; further roles may add to it.
    people: how many hold the role there, among others or alone, and are not barred.
    """

    kind: ReaderKind
    items: int
    people: int

    @property
    def is_forgotten(self) -> bool:
        """Whether somebody is there, and nothing for them as what they are."""
        return self.people > 0 and self.items == 0


@dataclass(frozen=True, slots=True)
class Line:
    """A role, None for people without any, and its cells in the order of the grid's nations."""

    role: Role | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Roles by nations. None among the nations: readers whose nation is not known."""

    nations: tuple[Nation | None, ...]
    lines: tuple[Line, ...]
    of: int

    @property
    def forgotten(self) -> tuple[Cell, ...]:
        return tuple(cell for line in self.lines for cell in line.cells if cell.is_forgotten)


def grid(content: IssueContent, forecast: Forecast, roles: Sequence[Role]) -> Grid:
    """What the roles get that somebody holds, or that the issue names, where somebody is."""
    nations = tuple(_nations(content, forecast))
    wanted = named_roles(content).union(*(group.kind.roles for group in forecast.groups))
    rows: list[Role | None] = [role for role in roles if role.key in wanted]
    if any(group.people and not group.kind.roles for group in forecast.groups):
        rows.append(None)
    lines = (
        Line(role, tuple(_cell(content, forecast, role, nation) for nation in nations))
        for role in rows
    )
    return Grid(nations, tuple(lines), forecast.of)


def _cell(
    content: IssueContent, forecast: Forecast, role: Role | None, nation: Nation | None
) -> Cell:
    kind = ReaderKind(frozenset({role.key}) if role else frozenset(), nation)
    people = sum(
        group.people
        for group in forecast.groups
        if group.kind.nation == nation
        and (role.key in group.kind.roles if role else not group.kind.roles)
    )
    return Cell(kind, seen_items(content, kind), people)


def _nations(content: IssueContent, forecast: Forecast) -> Iterator[Nation | None]:
    """In the order of the enum; readers of no known nation last, if there are any."""
    named = {nation for item in _items(content) for nation in item.only_nations}
    home = {group.kind.nation for group in forecast.groups if group.people}
    yield from (nation for nation in Nation if nation in named | home)
    if None in home:
        yield None


def named_roles(content: IssueContent) -> frozenset[str]:
    """The roles that some item is for; items that are for everybody name none."""
    return frozenset[str]().union(*(item.roles for item in _items(content)))


def _items(content: IssueContent) -> Iterable[PlacedItem]:
    return (item for topic in content.topics for item in topic.items)
