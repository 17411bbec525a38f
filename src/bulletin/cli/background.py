"""What runs beside `bulletin serve` and `bulletin worker`, until they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import structlog

from bulletin.wiring import Services
from bulletin.worker import Worker, looking_at_sources

_BETWEEN_ROUNDS = 20.0  # seconds; sources are looked at every five minutes at most


def mailbox(made: Services) -> list[Worker]:
    """What looks into the bounce mailbox, if there is one. Raises Misconfigured."""
    log = structlog.get_logger("bulletin.mailbox")
    polling = made.polling(lambda found: log.info("read", **asdict(found)))
    return [Worker("mailbox", polling)] if polling else []


@contextmanager
def working(made: Services, workers: Sequence[Worker]) -> Iterator[None]:
    """Let the clock and these workers work, and look at the watched sources.

    At the end all of them finish what they have in hand.
    """
    looking = Worker("sources", looking_at_sources(made.looking), every=_BETWEEN_ROUNDS)
    workers = [*workers, looking]
    clock = made.clock()
    clock.start()
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.ask_to_stop()
        clock.stop()
        for worker in workers:
            worker.stop()
