"""A connection that breaks after exactly so many bytes, and remembers what left together."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import cast

from bulletin.transports.smtp_session import SmtpSession


class Spliced:
    """A socket that lets so many bytes through and then breaks. flights: what left together."""

    def __init__(self, sock: socket.socket, allowed: float = float("inf")) -> None:
        self._sock = sock
        self.allowed = allowed
        self.flights: list[bytes] = []

    def send(self, data: memoryview) -> int:
        if self.allowed <= 0:
            raise ConnectionResetError(104, "Connection reset by peer")
        some = data[: int(min(len(data), self.allowed))]
        sent = self._sock.send(some)
        self.allowed -= sent
        self.flights.append(bytes(some[:sent]))
        return sent

    def __getattr__(self, name: str) -> object:
        return getattr(self._sock, name)


def spliced(session: SmtpSession) -> Spliced:
    found = Spliced(session._wire.sock)
    session._wire.sock = cast("socket.socket", found)
    return found


def cut_after(session: SmtpSession, act: Callable[[], None]) -> None:
    """Do it once the first copy has been announced."""
    propose = session.propose

    def announced(parcel: object) -> None:
        propose(parcel)  # type: ignore[arg-type]  # what the transport hands over
        act()

    session.propose = announced  # type: ignore[method-assign,assignment]  # for one test
