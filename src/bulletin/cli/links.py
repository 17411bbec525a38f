"""How opening the links of an issue goes, on stderr: a bar on a terminal, else now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bulletin.cli.output import notice
from bulletin.models.checks import LinkCheck
from bulletin.wiring import Services

_A_LINE_EVERY = 25


def follow_links(made: Services, ref: str) -> None:
    """Look at the links of an issue, telling how it goes and what it came to."""
    with _progress() as seen:
        looked = made.link_checking.look(ref, seen)
    if not looked.links:
        notice("The issue links to no web page.")
        return
    opened = looked.links - looked.known
    notice(f"{opened} of {looked.links} links opened; {looked.known} are known to work.")
    if opened and looked.silent == opened:
        notice("None of them answered: perhaps this machine has no way to the web.")


@contextmanager
def _progress() -> Iterator[Callable[[LinkCheck, int], None]]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("Opening links", total=None)
        yield lambda _check, total: bar.update(task, advance=1, total=total)


def _lines() -> Callable[[LinkCheck, int], None]:
    opened = 0

    def seen(_check: LinkCheck, total: int) -> None:
        nonlocal opened
        opened += 1
        if opened % _A_LINE_EVERY == 0:
            notice(f"{opened} of {total} links opened")

    return seen
