"""The threads of `bulletin serve`: they outlive faults, wait longer each time, end on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.worker import Worker


class Pauses(threading.Event):
    """Notes how long a worker would wait, and lets no time pass."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.noted: list[float] = []
        self._rounds = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout or 0)
        if len(self.noted) == self._rounds:
            self.set()
        return self.is_set()


def pauses(*answers: Callable[[], Exception | None]) -> list[float]:
    """The pauses after a job that answers so, round after round."""
    queue = iter(answers)
    made = Worker("test", lambda _stop: next(queue)())
    made._stop = stop = Pauses(len(answers))
    made.start()
    made._thread.join()
    return stop.noted


def fails(error: Exception) -> Callable[[], Exception]:
    return lambda: error


def raises(error: Exception) -> Callable[[], Exception]:
    def fault() -> Exception:
        raise error

    return fault


def well() -> None:
    """Everything is done."""


def test_it_looks_once_a_second_while_all_is_well() -> None:
    assert pauses(well, well) == [1, 1]


@pytest.mark.parametrize("way", [fails, raises])
def test_it_waits_twice_as_long_each_time_and_five_minutes_at_most(
    way: Callable[[Exception], Callable[[], Exception]],
) -> None:
    trouble = [way(TransportBlocked("wrong password"))] * 9
    assert pauses(*trouble, well) == [5, 10, 20, 40, 80, 160, 300, 300, 300, 1]


def test_it_waits_as_long_as_the_other_side_asks() -> None:
    slow = fails(TransportUnavailable("slow down", retry_after=42))
    assert pauses(slow, well) == [42, 1]


def test_a_fault_of_ours_does_not_end_it() -> None:
    assert pauses(raises(RuntimeError("a fault")), well) == [5, 1]


def test_it_ends_when_the_job_in_hand_is_done() -> None:
    begun, done = threading.Event(), threading.Event()

    def job(stop: threading.Event) -> None:
        begun.set()
        stop.wait(20)
        done.set()

    made = Worker("test", job)
    made.start()
    assert begun.wait(20)
    made.stop()
    assert done.is_set()
