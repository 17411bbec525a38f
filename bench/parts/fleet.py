"""Who sends while a bench breaks things: real `bulletin` commands, started again when they end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bulletin.models.issues import IssueState
from bulletin.wiring import Services


class Fleet:
    """Some processes of one command; whichever ends is started again, as systemd would.

    settings: what the command finds in its environment, without the prefix.
    """

    def __init__(
        self, words: tuple[str, ...], size: int, settings: Mapping[str, str], folder: Path
    ) -> None:
        self._command = [sys.executable, "-m", "bulletin", *words]
        self._environment = {
            **os.environ, **{f"BULLETIN_{name.upper()}": value for name, value in settings.items()}
        }  # fmt: skip
        self._folder = folder
        self._log = folder / "senders.log"
        self._size = size
        self._senders: list[subprocess.Popen[bytes]] = []
        self.ended: list[int] = []

    def top_up(self) -> None:
        """Start what is missing. An end is noted, by its exit code; a kill is a negative one."""
        living = [sender for sender in self._senders if sender.poll() is None]
        self.ended += [s.returncode for s in self._senders if s.poll() is not None]
        self._senders = living
        while len(self._senders) < self._size:
            self._senders.append(self._start())

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def pids(self) -> list[int]:
        return [sender.pid for sender in self._senders if sender.poll() is None]

    def stop(self) -> None:
        """Ask all to end; kill what does not within ten seconds."""
        for sender in self._senders:
            sender.terminate()
        for sender in self._senders:
            try:
                sender.wait(timeout=10)
            except subprocess.TimeoutExpired:
                sender.kill()
                sender.wait()
        self._senders = []

    def last_words(self) -> str:
        """The end of what the senders printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:]


def wait_until(what: Callable[[], bool], seconds: float, why: str, each: float = 0.01) -> None:
    """Raises TimeoutError, with the reason, if it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{why}: not within {seconds:.0f} s")
        time.sleep(each)


def is_sent(made: Services, issue: str) -> bool:
    return made.drafting.issue(issue).state is IssueState.SENT
