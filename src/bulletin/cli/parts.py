"""Parts of the command line, loaded when they are used: all of them together take a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter


@dataclass(frozen=True, slots=True)
class Part:
    """A command or a group of them.

    says: what it is for, in a list. load: imports it; a group may come in several pieces.
    """

    says: str
    load: Callable[[], typer.Typer | tuple[typer.Typer, ...]]


class Parts(Mapping[str, "Command"]):
    """Commands by their names. To know the names loads nothing; to look one up loads that one."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            self._loaded[name] = _loaded(name, self._parts[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def group_of(parts: Mapping[str, Part]) -> type[TyperGroup]:
    """What a Typer application of these parts is made by: `Typer(cls=group_of(parts))`."""

    class Group(TyperGroup):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.commands = Parts(parts)  # type: ignore[assignment]  # nobody adds to it

        def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
            """List the parts by what they say of themselves, without loading them."""
            listed: dict[str, Command] = {
                name: TyperCommand(name, help=part.says) for name, part in parts.items()
            }
            shown = TyperGroup(
                name=self.name,
                commands=listed,
                help=self.help,
                epilog=self.epilog,
                params=self.params,
                rich_markup_mode=self.rich_markup_mode,
            )
            shown.format_help(ctx, formatter)

    return Group


def _loaded(name: str, part: Part) -> Command:
    found = part.load()
    if isinstance(found, typer.Typer):
        return get_command(found)
    whole = typer.Typer(no_args_is_help=True, help=part.says)
    for piece in found:
        whole.add_typer(piece)
    group = get_group(whole)
    group.name = name
    return group
