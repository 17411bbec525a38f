"""Postfix's own test server, which nobody here wrote, on a free port of 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_UNPACKED = Path(__file__).resolve().parents[2] / "build" / "postfix" / "usr"


@contextmanager
def running(*options: str) -> Iterator[int]:
    """The port of a smtp-sink that was started with these options."""
    program, libraries = _program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    # As root it insists on becoming somebody else.
    user = ("-u", "nobody") if os.geteuid() == 0 else ()
    sink = subprocess.Popen(
        [program, *user, *options, f"127.0.0.1:{port}", "100"],
        env={**os.environ, **libraries}, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _wait_until_listening(sink, port)
        yield port
    finally:
        sink.send_signal(signal.SIGTERM)
        sink.communicate(timeout=20)


def _program() -> tuple[str, dict[str, str]]:
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    if found := shutil.which("smtp-sink", path=path):
        return found, {}
    if (unpacked := _UNPACKED / "sbin" / "smtp-sink").exists():
        return str(unpacked), {"LD_LIBRARY_PATH": str(_UNPACKED / "lib" / "postfix")}
    pytest.fail("No smtp-sink here. Run `bash tests/system.sh`, which says what to install.")


def _wait_until_listening(sink: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while sink.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    pytest.fail(f"smtp-sink did not start: {sink.communicate(timeout=5)[1]!r}")
