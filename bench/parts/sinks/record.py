"""What the recording servers share: their record, and a trigger that kills a sender at a moment.

Whoever started the server talks to it over its stdin and stdout, a JSON document a line:
{"do": "arm", "after": 30, "moment": "after_answer", "pids": [12]}   kill, once, at that moment of
    the first copy or call after 30 more accepted copies; the pid is the one that sent it. With
    "signal": 19 that signal is sent instead, which freezes it
{"do": "count"}     {"accepted": 123, "killed": 12}     killed is null while nothing was
{"do": "record"}    {"record": [["dsl@school.example", "1a-..."], ...]}
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Record:
    """Every copy that was accepted, in order: who it was for, and which copy it says it is."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []
        self._armed: dict[str, Any] | None = None
        self._killed: int | None = None

    def accept(self, copies: Iterable[tuple[str, str]]) -> None:
        self.accepted += copies

    def moment(self, name: str, client_port: int) -> bool:
        """Say that a moment has come; true if the sender was killed in it."""
        armed = self._armed
        if armed is None or armed["moment"] != name or len(self.accepted) < armed["from"]:
            return False
        pid = _sender(armed["pids"], client_port)
        if pid is None:
            return False
        try:
            os.kill(pid, armed.get("signal", signal.SIGKILL))
        except ProcessLookupError:  # it ended by itself, just now
            return False
        self._armed, self._killed = None, pid
        return True

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if question["do"] == "arm":
            self._armed = {**question, "from": len(self.accepted) + question["after"]}
            self._killed = None
        if question["do"] == "record":
            return {"record": self.accepted}
        return {"accepted": len(self.accepted), "killed": self._killed}


def _sender(pids: list[int], client_port: int) -> int | None:
    """Which of these processes holds the other end of a connection."""
    if len(pids) == 1:
        return pids[0]
    ours = f"0100007F:{client_port:04X}"
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        columns = line.split()
        if columns[1] == ours:
            return next((pid for pid in pids if f"socket:[{columns[9]}]" in _open_files(pid)), None)
    return None


def _open_files(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.add(str(entry.readlink()))
        except OSError:  # closed since it was listed
            continue
    return found


def listening() -> socket.socket:
    """A listener on a free port whose buffer is small, so that copies do not fit into it whole."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    listener.bind(("127.0.0.1", 0))
    listener.listen(100)
    return listener


async def serve(record: Record, server: asyncio.Server, port: int) -> None:
    """Say the port, then answer questions until stdin ends."""
    print(json.dumps({"port": port}), flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with server:
        while line := await reader.readline():
            print(json.dumps(record.answer(json.loads(line))), flush=True)
    os._exit(0)  # senders may still hold connections; nobody waits for them
