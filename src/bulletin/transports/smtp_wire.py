"""The wire under an SMTP session: bytes out, replies in, bounded in size and in time.

It knows how much of what it was sending can have left, because that decides whether a message
whose connection died may have been accepted (requirement 79).
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import NamedTuple

_LONGEST_LINE = 8192  # RFC 5321 4.5.3.1.5 says 512; some servers say more
_LONGEST_REPLY = 65536
_READ = 16384
_TLS_RECORD = 16384  # what one write under TLS takes at most (RFC 8446 5.1)


class Broken(Exception):
    """The connection is no good any more. left: how many bytes of the last send may be away."""

    def __init__(self, what: str, *, left: int = 0) -> None:
        super().__init__(what)
        self.left = left


class Reply(NamedTuple):
    """A reply's code and its lines without codes, one below the other."""

    code: int
    text: bytes

    def __str__(self) -> str:
        return f"{self.code} {printable(self.text)}".strip()


class Wire:
    """A connected socket that speaks in replies.

    timeout: seconds; a whole reply, and a whole send, may take as long, however it comes.
    """

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        self.sock = sock
        self._timeout = timeout
        self._patience = timeout
        self._buffer = b""
        # A write under TLS that fails may have sent all of its record, a plain one nothing.
        self._record = _TLS_RECORD if isinstance(sock, ssl.SSLSocket) else 0
        sock.settimeout(timeout)

    @property
    def unread(self) -> bool:
        """Whether the server said more than was asked."""
        return bool(self._buffer)

    def deadline(self, seconds: float | None = None) -> float:
        """The moment until which something that begins now may take."""
        return time.monotonic() + (self._timeout if seconds is None else seconds)

    def send(self, data: bytes) -> None:
        """Send all of it. Raises Broken with how much of it may have left."""
        deadline = self.deadline()
        view = memoryview(data)
        sent = 0
        while sent < len(view):
            end = sent + self._record if self._record else len(view)
            try:
                self._wait_until(deadline)
                sent += self.sock.send(view[sent:end])
            except OSError as error:
                left = min(end, len(view)) if self._record else sent
                raise Broken(f"the connection was lost: {error}", left=left) from error

    def reply(self, deadline: float) -> Reply:
        """The next reply. Raises Broken if it has not all come by then, or is none."""
        lines: list[bytes] = []
        code = b""
        size = 0
        while True:
            line = self._line(deadline)
            size += len(line)
            if size > _LONGEST_REPLY:
                raise Broken("the server's answer does not end")
            # All lines of a reply have the same code (RFC 5321 4.2.1).
            code = code or line[:3]
            if not code.isdigit() or line[:3] != code or line[3:4] not in b" -":
                raise Broken(f"the server said what is no answer: {printable(line)}")
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return Reply(int(code), b"\n".join(lines))

    def _line(self, deadline: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise Broken("the server's answer has a line that does not end")
            try:
                self._wait_until(deadline)
                read = self.sock.recv(_READ)
            except OSError as error:
                raise Broken(f"no answer: {error}") from error
            if not read:
                raise Broken("no answer: the server closed the connection")
            self._buffer += read
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        return line.rstrip(b"\r")

    def _wait_until(self, deadline: float) -> None:
        """Let the socket wait no longer. Each change is a system call, so small ones are left."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("timed out")
        if abs(remaining - self._patience) > self._timeout / 20:
            self.sock.settimeout(remaining)
            self._patience = remaining


def printable(words: bytes | str) -> str:
    """Another side's words, short and without characters that would act on a terminal."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:200]
