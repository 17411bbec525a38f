"""A SendGrid-shaped server that records what it accepts and can kill its sender at a moment.

Moments: `intent` (the head of the call is here, its body is not read), `body` (some of it is),
`dot` (all is read, no answer has gone), `answer` (the 202 has gone). In `dot` the call counts as
accepted; in `dot_dropped` the server forgets it, as one does that loses its power.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count

from record import Record, listening, serve

_NUMBERS = count(1)


async def talk(record: Record, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer call after call on one connection."""
    port = writer.get_extra_info("peername")[1]
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        record.moment("intent", port)
        body = await _body(record, reader, port, _length(head))
        if record.moment("dot_dropped", port):
            writer.transport.abort()
            return
        record.accept(
            (each["to"][0]["email"], each["custom_args"]["delivery_id"])
            for each in json.loads(body)["personalizations"]
        )
        record.moment("dot", port)
        writer.write(
            b"HTTP/1.1 202 Accepted\r\nX-Message-Id: sink-%d\r\nContent-Length: 0\r\n\r\n"
            % next(_NUMBERS)
        )
        record.moment("answer", port)
        await writer.drain()


async def _body(record: Record, reader: asyncio.StreamReader, port: int, length: int) -> bytes:
    body = bytearray()
    while len(body) < length:
        piece = await reader.read(min(4096, length - len(body)))
        if not piece:
            raise asyncio.IncompleteReadError(bytes(body), length)
        body += piece
        if len(body) < length:
            record.moment("body", port)
    return bytes(body)


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return int(next(line for line in lines if line.startswith(b"content-length:"))[15:])


async def main() -> None:
    record = Record()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(record, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender is gone, and with it what it had not handed over
        finally:
            writer.close()

    listener = listening()
    port = listener.getsockname()[1]
    await serve(record, await asyncio.start_server(hold, sock=listener, limit=16384), port)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
