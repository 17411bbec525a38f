"""A SendGrid-shaped server that parses every call, answers 202 and forgets it.

One process, asyncio, JSON parsed whole: what a call costs here is not on the sender's account, and
when it is the bottleneck it says so: it prints how busy it was when it is asked.
{"do": "usage"}     {"recipients": 12000, "cpu": 3.2}
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

_ANSWER = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: sink\r\nContent-Length: 0\r\n\r\n"


class Calls(asyncio.Protocol):
    """One connection: head and body collected, one answer a call."""

    recipients = 0

    def __init__(self) -> None:
        self._held = bytearray()
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while self._complete():
            head, _, rest = self._held.partition(b"\r\n\r\n")
            length = self._wanted - len(head) - 4
            Calls.recipients += len(json.loads(rest[:length])["personalizations"])
            self._held, self._wanted = rest[length:], 0
            self._transport.write(_ANSWER)

    def _complete(self) -> bool:
        if not self._wanted and (end := self._held.find(b"\r\n\r\n")) >= 0:
            lines = bytes(self._held[:end]).lower().split(b"\r\n")
            length = next(line for line in lines if line.startswith(b"content-length:"))
            self._wanted = end + 4 + int(length.partition(b":")[2])
        return bool(self._wanted) and len(self._held) >= self._wanted


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Calls, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while await reader.readline():
        usage = {"recipients": Calls.recipients, "cpu": time.process_time()}
        print(json.dumps(usage), flush=True)
    os._exit(0)  # senders may still hold connections; nobody waits for them


if __name__ == "__main__":
    asyncio.run(main())
