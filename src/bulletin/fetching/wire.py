"""The wire: connections to addresses that the guard has judged, under one clock and one cap."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore2

from bulletin.errors import Unreachable
from bulletin.fetching.guard import Guard

_TO_CONNECT: Final = 8.0  # seconds for one address, since a host may have several


class Allowance:
    """How long an answer may still take, and how many bytes of it may still come.

    in_all: the seconds that there were before redirects took theirs, for what is said.
    """

    def __init__(
        self,
        seconds: float,
        size: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        in_all: float,
    ) -> None:
        self._clock = clock
        self._in_all = in_all
        self._until = clock() + seconds
        self._size = size

    def left(self, most: float | None = None) -> float:
        """Seconds. Raises Unreachable when there are none left."""
        seconds = self._until - self._clock()
        if seconds <= 0:
            raise Unreachable(
                f"No whole answer came within {self._in_all:.0f} seconds. Try again later."
            )
        return seconds if most is None else min(most, seconds)

    def take(self, size: int) -> None:
        """Count bytes off. Raises Unreachable when more have come than may."""
        self._size -= size
        if self._size < 0:
            raise Unreachable("It is larger than what is read from the web.")


class Wire(httpcore2.NetworkBackend):
    """Connects for httpcore, to nothing but what the guard lets through.

    The guard's look-up is the only one, so a name cannot lead elsewhere a moment later.

    reached: the last address that was connected to.
    """

    def __init__(self, guard: Guard, allowance: Allowance) -> None:
        self._guard = guard
        self._allowance = allowance
        self._sockets = httpcore2.SyncBackend()
        self.reached = ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises AddressRefused, Unreachable or what httpcore raises."""
        found = self._guard.addresses(host, port, self._allowance.left(timeout))
        for number, address in enumerate(found, start=1):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._allowance.left(_TO_CONNECT), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(found):
                    raise
            else:
                self.reached = address
                return _Stream(stream, self._allowance)
        raise httpcore2.ConnectError(host)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step is on the clock, so that a byte a second is no way round it."""

    def __init__(self, stream: httpcore2.NetworkStream, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._allowance.left(timeout))
        self._allowance.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._allowance.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = self._allowance.left(timeout)
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, seconds), self._allowance
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
