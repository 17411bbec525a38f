"""The public tools that figures are compared with, as `make bench-peers` puts them in build/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parts import ROOT
from parts.processes import running

# isort: split
from conftest import _free_port

PEERS = ROOT / "build" / "peers"
SCRIPTS = ROOT / "bench" / "peers"


class Missing(Exception):
    """A peer is not here; the sentence says how to get it."""


def _there(path: Path, what: str) -> Path:
    if not path.exists():
        raise Missing(f"{what} is not here, so it was left out: make bench-peers")
    return path


def _postfix(program: str) -> tuple[Path, dict[str, str]]:
    home = PEERS / "postfix"
    path = _there(home / "usr" / "sbin" / program, f"Postfix's {program}")
    return path, {**os.environ, "LD_LIBRARY_PATH": str(home / "usr" / "lib" / "postfix")}


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's smtp-sink on a free port. Raises Missing."""
    program, environment = _postfix("smtp-sink")
    port = _free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    # A short path that everybody may enter: it changes its user before it opens anything.
    with running([program, *user, f"127.0.0.1:{port}", "100"], env=environment, cwd="/"):
        time.sleep(0.3)
        yield port


def smtp_source(port: int, copies: int, size: int, *options: str) -> float:
    """Seconds that Postfix's smtp-source takes over so many messages. Raises Missing."""
    program, environment = _postfix("smtp-source")
    started = time.perf_counter()
    subprocess.run(
        [program, *options, "-m", str(copies), "-l", str(size), "-f", "bulletin@school.example",
         "-t", "reader@school.example", f"127.0.0.1:{port}"],
        check=True, env=environment,
    )  # fmt: skip
    return time.perf_counter() - started


def python_peer(script: str, port: int, copies: int, size: int) -> float:
    """Seconds that a Python mailer takes, by its own clock. Raises Missing."""
    python = _there(PEERS / "venv" / "bin" / "python", "The Python mailers' venv")
    return _timed([python, SCRIPTS / f"{script}.py"], port, copies, size)


def nodemailer(port: int, copies: int, size: int) -> float:
    """Seconds that nodemailer's pool takes, by its own clock. Raises Missing."""
    node = shutil.which("node")
    if node is None:
        raise Missing("Node.js is not here, so nodemailer was left out")
    _there(PEERS / "node_modules" / "nodemailer", "nodemailer")
    return _timed([node, SCRIPTS / "nodemailer_send.mjs"], port, copies, size)


def _timed(command: list[str | Path], *numbers: int) -> float:
    words = [*command, *map(str, numbers)]
    done = subprocess.run(words, text=True, cwd=PEERS, capture_output=True, check=False)
    if done.returncode:
        raise Missing(f"{Path(command[1]).stem} failed: {done.stderr.strip()[-300:]}")
    seconds: float = json.loads(done.stdout.splitlines()[-1])["seconds"]
    return seconds
