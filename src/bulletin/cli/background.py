"""What runs beside `bulletin serve` and `bulletin worker`, until they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import structlog

from bulletin.wiring import Services
from bulletin.worker import Worker


def mailbox(made: Services) -> list[Worker]:
    """What looks into the bounce mailbox, if there is one. Raises Misconfigured."""
    log = structlog.get_logger("bulletin.mailbox")
    polling = made.polling(lambda found: log.info("read", **asdict(found)))
    return [Worker("mailbox", polling)] if polling else []


@contextmanager
def working(made: Services, workers: Sequence[Worker]) -> Iterator[None]:
    """Let the clock and these workers work; at the end they finish what they have in hand."""
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
