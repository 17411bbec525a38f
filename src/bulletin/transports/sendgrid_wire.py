"""One HTTP connection that is kept between calls: a new one costs a handshake for every call.

A call is bounded in time, from its first byte to the last of its answer, and in size. It says how
far it came: what was not asked for whole cannot have been accepted.
"""

from __future__ import annotations

import base64
import http.client
import io
import selectors
import socket
import ssl
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

_IDLE_SECONDS = 20.0  # servers close what is idle; most wait for a minute
_PIECE = 64 * 1024
_LONGEST_ANSWER = 256 * 1024
_LAST_WORDS_SECONDS = 0.1  # they are here already, or never come
_NO_ANSWER = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. status 0: nothing that could be understood, and `trouble` says why.

    asked_whole: false if the last of the question had not left, so that nobody can act on it.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""
    asked_whole: bool = True


class NeverSent(OSError):
    """No connection could be made, or it took nothing of what was asked."""


class KeptConnection:
    """A connection to one host, made when it is needed. Not safe to share between threads.

    base_url: http or https, without a path. A proxy that the environment names is used.
    timeout:  seconds for a whole call.
    context:  how TLS is verified; the machine's own authorities if not given.
    """

    def __init__(
        self, base_url: str, timeout: float, context: ssl.SSLContext | None = None
    ) -> None:
        self._context = context
        self._base_url = base_url
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()  # reading them costs 25 ms, so once

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Ask once. Raises NeverSent, or http.client.InvalidURL, if nothing can have been heard."""
        deadline = _Deadline(self._timeout)
        head = self._head(path, headers, len(body))
        wire = self._begun(head, deadline)
        start = 0
        try:
            for start in range(0, len(body), _PIECE):
                deadline.apply(wire)
                wire.sendall(memoryview(body)[start : start + _PIECE])
        except OSError as error:
            whole = start + _PIECE >= len(body)
            return replace(self._early_answer(wire, error), asked_whole=whole)
        try:
            return self._answer(wire, deadline)
        except _NO_ANSWER as error:
            self.close()
            return Reply(0, trouble=_name(error))

    def _early_answer(self, wire: socket.socket, broken: OSError) -> Reply:
        """What a server said before it hung up on a question, where it said something."""
        try:
            return self._answer(wire, _Deadline(_LAST_WORDS_SECONDS))
        except _NO_ANSWER:
            return Reply(0, trouble=_name(broken))
        finally:
            self.close()

    def _begun(self, head: bytes, deadline: _Deadline) -> socket.socket:
        """The socket, once it has taken the head of a request. A connection that the other side
        has closed is found out here, before any of the body left, so another one is tried."""
        if (kept := self._kept()) is not None:
            try:
                return _sent(kept, head, deadline)
            except OSError:
                self.close()
        try:
            return _sent(self._connected(deadline), head, deadline)
        except (OSError, UnicodeError) as error:  # a host name may not even be one
            self.close()
            raise NeverSent(str(error)) from error

    def _kept(self) -> socket.socket | None:
        if self._connection is None:
            return None
        kept: socket.socket = self._connection.sock
        if _is_quiet(kept) and time.monotonic() - self._used_at < _IDLE_SECONDS:
            return kept
        self.close()
        return None

    def _connected(self, deadline: _Deadline) -> socket.socket:
        connection = self._new_connection(deadline.left())
        self._connection = connection
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made: socket.socket = connection.sock
        return made

    def _new_connection(self, timeout: float) -> http.client.HTTPConnection:
        place, proxy = urlsplit(self._base_url), self._proxy
        where = urlsplit(proxy) if proxy else place
        host, port = where.hostname or "", _port(where)
        if place.scheme != "https":
            return http.client.HTTPConnection(host, port, timeout=timeout)
        made = http.client.HTTPSConnection(host, port, timeout=timeout, context=self._authorities)
        if proxy:
            made.set_tunnel(place.hostname or "", _port(place), _credentials(proxy))
        return made

    @cached_property
    def _proxy(self) -> str:
        """The proxy on the way to the host, or ""."""
        place = urlsplit(self._base_url)
        if urllib.request.proxy_bypass(place.netloc):
            return ""
        found = urllib.request.getproxies().get(place.scheme, "")
        return found if not found or "://" in found else f"http://{found}"

    def _head(self, path: str, headers: Mapping[str, str], length: int) -> bytes:
        place = urlsplit(self._base_url)
        given = {"Host": place.netloc, **headers, "Content-Length": str(length)}
        target = path
        if self._proxy and place.scheme == "http":
            given |= _credentials(self._proxy)
            target = f"{self._base_url}{path}"
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    def _answer(self, wire: socket.socket, deadline: _Deadline) -> Reply:
        response = http.client.HTTPResponse(_Reader(wire, deadline), method="POST")  # type: ignore[arg-type]  # it needs no more than makefile()
        response.begin()
        body = response.read(_LONGEST_ANSWER)
        whole = response.isclosed() or response.read(1) == b""
        if whole and response.length:
            raise http.client.IncompleteRead(body, response.length)
        if response.will_close or not whole:
            self.close()
        self._used_at = time.monotonic()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, body)

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Deadline:
    """The moment by which a call has to be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds until then. Raises TimeoutError once there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return left

    def apply(self, wire: socket.socket) -> None:
        """Have the next step on a socket end by then."""
        wire.settimeout(self.left())


class _Reader(io.RawIOBase):
    """Reads a socket until the deadline, byte by byte though the other side may write."""

    def __init__(self, wire: socket.socket, deadline: _Deadline) -> None:
        self._wire = wire
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._deadline.apply(self._wire)
        return self._wire.recv_into(buffer)


def _is_quiet(wire: socket.socket) -> bool:
    """Whether nothing waits to be read: else the other side has closed, or is out of step."""
    with selectors.DefaultSelector() as look:
        look.register(wire, selectors.EVENT_READ)
        return not look.select(0)


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__


def _sent(wire: socket.socket, head: bytes, deadline: _Deadline) -> socket.socket:
    deadline.apply(wire)
    wire.sendall(head)
    return wire


def _port(place: Any) -> int:
    try:
        return int(place.port or (443 if place.scheme == "https" else 80))
    except ValueError as error:
        raise http.client.InvalidURL(str(error)) from error


def _credentials(proxy: str) -> dict[str, str]:
    place = urlsplit(proxy)
    if place.username is None:
        return {}
    pair = f"{unquote(place.username)}:{unquote(place.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
