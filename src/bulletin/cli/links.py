"""How opening the links of an issue goes, on stderr: a bar on a terminal, else now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bulletin.cli.output import notice
from bulletin.models.checks import LinkCheck, Verdict
from bulletin.pipeline.checking_links import Looked
from bulletin.wiring import Services

_A_LINE_EVERY = 25
_BECAME = (
    ((Verdict.FINE,), "works", "work"),
    ((Verdict.GONE,), "is gone", "are gone"),
    ((Verdict.UNSAFE,), "leads into a network of your own", "lead into a network of your own"),
    ((Verdict.MOVED,), "has moved", "have moved"),
    ((Verdict.SOFT_404, Verdict.REFUSED), "is doubtful", "are doubtful"),
)


def follow_links(made: Services, ref: str) -> None:
    """Look at the links of an issue, telling how it goes and what it came to."""
    with _progress() as seen:
        looked = made.link_checking.look(ref, seen)
    if not looked.links:
        notice("The issue links to no web page.")
        return
    _tell(looked)


def _tell(looked: Looked) -> None:
    opened = looked.links - looked.known
    if looked.known:
        worked = "1 link worked" if looked.known == 1 else f"{looked.known} links worked"
        notice(f"{worked} when last looked at, not long ago, and {_left(looked.known)} in peace.")
    if not opened:
        return
    counts = [
        (sum(looked.found.get(verdict, 0) for verdict in verdicts), one, more)
        for verdicts, one, more in _BECAME
    ]
    faults = looked.found.get(Verdict.FAILED, 0) - looked.silent
    counts += [(faults, "answers with a fault", "answer with a fault")]
    counts += [(looked.silent, "gave no answer", "gave no answer")]
    said = ", ".join(f"{n} {one if n == 1 else more}" for n, one, more in counts if n)
    notice(f"{opened} looked at: {said}.")
    if looked.silent == opened:
        notice("None of them answered: perhaps this machine has no way to the web.")
    elif looked.unasked:
        were = (
            "was not asked, since its site"
            if looked.unasked == 1
            else "were not asked, since their sites"
        )
        notice(f"{looked.unasked} of those without an answer {were} had been silent before.")


def _left(count: int) -> str:
    return "was left" if count == 1 else "were left"


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
