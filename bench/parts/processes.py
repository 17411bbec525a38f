"""Programs that a bench starts, each ended by its own id."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@contextmanager
def running(command: Sequence[str | Path], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A program that runs while the block does."""
    process = subprocess.Popen(list(command), text=True, **options)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """End a program: asked first, killed if it does not listen."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Sink:
    """A server of `sinks/` in a process of its own, and a line to it.

    said: what it told when it was ready; its port above all.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said = first_line(process)
        self.port: int = self.said["port"]

    def ask(self, **question: Any) -> dict[str, Any]:
        """Send it a question and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return first_line(self._process)


@contextmanager
def sink(name: str, *words: str) -> Iterator[Sink]:
    """Run a server of `sinks/` while the block does."""
    command = [sys.executable, HERE / "sinks" / f"{name}.py", *words]
    with running(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Sink(process)


def first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next JSON document that a program of ours prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args} ended without an answer")
    said: dict[str, Any] = json.loads(line)
    return said


def answered(script: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """Run one of `parts/` as a program of its own; it reads JSON and ends with a line of JSON."""
    done = subprocess.run(
        [sys.executable, HERE / f"{script}.py"], input=json.dumps(question), text=True,
        check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said
