"""`bulletin worker`: sends, on any number of machines, what the one database holds."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.background import mailbox, working
from bulletin.cli.context import services
from bulletin.cli.output import notice
from bulletin.errors import Misconfigured
from bulletin.models.pools import Pool
from bulletin.wiring import Services

_LETTERS_AT_ONCE = 2
Pools = Annotated[
    list[Pool] | None,
    typer.Option("--pool", help="Only this pool; without it, both, each with its own threads."),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=100,
        help="How many jobs of a pool are done at once, each over a connection of its own. "
        "Unless given: of bulk BULLETIN_SMTP_CONNECTIONS over smtp, 2 over sendgrid and 1 "
        f"otherwise; {_LETTERS_AT_ONCE} of transactional.",
        show_default=False,
    ),
]


def worker(pool: Pools = None, concurrency: Concurrency = None) -> None:
    """Send what waits: copies of issues (bulk), or letters and all that is small (transactional).

    SIGTERM or Ctrl-C finishes the copies in hand and ends; a second one ends at once. It needs
    BULLETIN_ENGINE=distributed. See docs/scaling.md.

    Example: bulletin worker --pool bulk --concurrency 8
    """
    chosen = list(dict.fromkeys(pool or Pool))
    with services() as made:
        if not made.is_distributed:
            raise Misconfigured(
                "Nothing would reach a worker: BULLETIN_ENGINE is embedded, so `bulletin serve` "
                "sends by itself. Set BULLETIN_ENGINE=distributed, for both, to have workers."
            )
        made.store.ping()
        engine = made.engine({each: concurrency or _slots(made, each) for each in chosen})
        notice(f"Working on {' and '.join(chosen)} jobs of {made.store.name()}. Ctrl-C ends it.")
        if Pool.TRANSACTIONAL not in chosen:
            engine.run()
            return
        # The clock runs in `serve` too, so that an issue starts on time while either is away.
        with working(made, mailbox(made)):
            engine.run()


def _slots(made: Services, pool: Pool) -> int:
    return made.connections if pool is Pool.BULK else _LETTERS_AT_ONCE
