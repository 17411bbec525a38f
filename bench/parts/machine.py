"""The machine that figures are measured on, the memory of a process, and tables to print."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

MB = 1024 * 1024


def describe() -> str:
    """One line: when, on how many cores of what, under which Python, and how busy others were."""
    cores = len(os.sched_getaffinity(0))
    today = datetime.now(UTC).date().isoformat()
    return (
        f"{today}; {cores} cores, {_processor()}; Python {platform.python_version()}; "
        f"others had {_busy(2.0):.0%} of the cores before the start"
    )


def _busy(seconds: float) -> float:
    """Which share of all cores is at work while we wait."""
    before = _ticks()
    time.sleep(seconds)
    after = _ticks()
    passed = [late - early for early, late in zip(before, after, strict=True)]
    idle = passed[3] + passed[4]  # idle, and waiting for a disk
    return 1 - idle / sum(passed)


def _ticks() -> list[int]:
    first = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    return [int(word) for word in first.split()[1:9]]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def peak_mb() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mb(pid: int) -> float:
    """The memory that a process holds now; 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


@contextmanager
def sampled_memory(every: float = 0.25) -> Iterator[list[float]]:
    """Yields a list that grows by this process's memory in MB while the block runs."""
    samples = [resident_mb(os.getpid())]
    done = threading.Event()

    def sample() -> None:
        while not done.wait(every):
            samples.append(resident_mb(os.getpid()))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples
    finally:
        done.set()
        sampler.join()


def along_the_way(samples: Sequence[float], points: int = 6) -> str:
    """Memory at a few points of a run, in order: "80 81 81 82 MB"."""
    last = len(samples) - 1
    chosen = [samples[round(last * point / (points - 1))] for point in range(points)]
    return " ".join(f"{value:.0f}" for value in chosen) + " MB"


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under headings: the first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([first, *rest]), flush=True)


def middle(values: Sequence[float]) -> float:
    """The median; 0 of nothing."""
    return median(values) if values else 0.0
