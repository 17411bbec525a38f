"""Starting worker processes, and waiting for what they do."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from installation import Installation, MailServer

IMPATIENT = Path(__file__).with_name("impatient_worker.py")


def workers_installed(folder: Path, database: str, mail: MailServer, **more: str) -> Installation:
    """An installation whose copies are sent by workers, over SMTP."""
    settings = {
        "DATABASE_URL": database, "ENGINE": "distributed", "TRANSPORT": "smtp",
        "SMTP_URL": mail.url, "CHUNK_SIZE": "20",
    }  # fmt: skip
    return Installation(folder, {**settings, **more})


@contextmanager
def impatient_workers(
    at: Installation, number: int, slots: int = 2
) -> Iterator[list[subprocess.Popen[str]]]:
    """So many workers; none is left at the end, whatever happened to it."""
    workers = [at.start_program(sys.executable, str(IMPATIENT), str(slots)) for _ in range(number)]
    try:
        wait_until(lambda: alive(at) == number, *workers)
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            print(*worker.communicate())  # what a failed test shows


def alive(at: Installation) -> int:
    """How many workers give signs of life."""
    with at.services() as made:
        return made.watch.vitals().pulse.workers or 0


def wait_until(
    true: Callable[[], bool], *living: subprocess.Popen[str], within: float = 60
) -> None:
    """Wait for something, while these processes live."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        for process in living:
            assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def copies_each(mail: MailServer) -> Counter[str]:
    """How many copies each address got."""
    return Counter(address for address, _ in mail.accepted)
