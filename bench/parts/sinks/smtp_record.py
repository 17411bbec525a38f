"""A mail server that records what it accepts and can kill its sender at an exact moment.

Moments: `intent` (MAIL: the copy is marked, nothing of it has left), `body` (some of it has),
`dot` (the final dot is here, no answer has gone), `answer` (the 250 has gone). In `dot` the copy
counts as accepted; in `dot_dropped` the server forgets it, as one does that loses its power.
"""

from __future__ import annotations

import asyncio
import re
import sys
from email.parser import BytesHeaderParser

from record import Record, listening, serve

_END = b"\r\n.\r\n"
_GREETING = b"220 sink.example\r\n"
_EHLO = (
    b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 99000000\r\n"
)


class Conversation:
    """One connection, from the greeting to its end."""

    def __init__(
        self, record: Record, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._record = record
        self._reader = reader
        self._writer = writer
        self._port = writer.get_extra_info("peername")[1]
        self._recipients: list[str] = []

    async def hold(self) -> None:
        self._writer.write(_GREETING)
        while line := await self._reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._writer.write(b"221 Bye\r\n")
                return
            if verb == b"DATA":
                await self._data()
            else:
                self._command(verb, line)
            await self._writer.drain()

    def _command(self, verb: bytes, line: bytes) -> None:
        if verb == b"EHLO":
            self._writer.write(_EHLO)
            return
        if verb == b"MAIL":
            self._recipients = []
            self._record.moment("intent", self._port)
        if verb == b"RCPT":
            found = re.search(rb"<([^>]*)>", line)
            self._recipients.append(found[1].decode() if found else "")
        self._writer.write(b"250 OK\r\n")

    async def _data(self) -> None:
        self._writer.write(b"354 Go on\r\n")
        await self._writer.drain()
        message = bytearray()
        while not message.endswith(_END):  # what follows it is the next command's, pipelined
            message += await self._reader.readuntil(b"\r\n")
            if len(message) > 1000:
                self._record.moment("body", self._port)
        if self._record.moment("dot_dropped", self._port):
            self._writer.transport.abort()
            return
        headers = BytesHeaderParser().parsebytes(bytes(message[:4000]))
        number = str(headers["Message-ID"]).strip("<>").partition("@")[0]
        self._record.accept((address, number) for address in self._recipients)
        self._record.moment("dot", self._port)
        self._writer.write(b"250 OK queued\r\n")
        self._record.moment("answer", self._port)


async def main() -> None:
    record = Record()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Conversation(record, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender is gone, and with it what it had not handed over
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    listener = listening()
    port = listener.getsockname()[1]
    await serve(record, await asyncio.start_server(talk, sock=listener, limit=8192), port)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
