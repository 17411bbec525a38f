"""An SMTP server that goes wrong exactly where, and as, a test tells it to."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import BinaryIO

from bulletin.models.servers import SmtpServer, Tls

DRIP_SECONDS = 0.05


class Stage(StrEnum):
    """Where a server is in a conversation. BODY: after 354, before the message is complete.
    IDLE: after a message was accepted.
    """

    GREETING = "GREETING"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "BODY"
    DOT = "DOT"
    RSET = "RSET"
    QUIT = "QUIT"
    IDLE = "IDLE"


class Fault(StrEnum):
    """What a server does instead of answering."""

    DROP = "resets the connection"
    CLOSE = "closes the connection"
    HANG = "says nothing"
    DRIP = "answers as usual, but a byte at a time"


@dataclass(frozen=True, slots=True)
class Moment:
    """connection, transaction: counted from 1; RCPT's address where there is one."""

    stage: Stage
    connection: int
    transaction: int
    line: str = ""


Script = Callable[[Moment], "str | Fault | None"]
"""The answer at a moment, or what is done instead, or None for the usual answer."""


def as_usual(_moment: Moment) -> None:
    """A server without faults."""


def at(stage: Stage, act: str | Fault, *, transaction: int = 0, connection: int = 0) -> Script:
    """A fault in one place: at that stage of every, or of one, transaction and connection."""

    def script(moment: Moment) -> str | Fault | None:
        there = (
            moment.stage is stage
            and transaction in {0, moment.transaction}
            and connection in {0, moment.connection}
        )
        return act if there else None

    return script


@dataclass(frozen=True, slots=True)
class Command:
    """A line that a client said, and whether anybody could have read it on the way."""

    line: str
    encrypted: bool
    connection: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that got its 250. `wire`: as it stood between DATA and the dot."""

    sender: str
    recipients: tuple[str, ...]
    wire: bytes

    @property
    def message(self) -> bytes:
        """With the stuffed dots taken out again (RFC 5321 4.5.2)."""
        lines = self.wire.split(b"\r\n")
        return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)


@dataclass
class _Talk:
    """One connection."""

    sock: socket.socket
    number: int
    encrypted: bool = False
    transaction: int = 0
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    file: BinaryIO = field(init=False)

    def __post_init__(self) -> None:
        self.file = self.sock.makefile("rb")

    def say(self, line: str, *, pause: float = 0) -> None:
        whole = line.encode("latin-1") + b"\r\n"
        step = 1 if pause else len(whole)
        for start in range(0, len(whole), step):
            self.sock.sendall(whole[start : start + step])
            if pause:
                time.sleep(pause)

    def close(self, *, reset: bool) -> None:
        if reset:
            # A linger of nothing makes close() a reset, as when a process dies.
            now = struct.pack("ii", 1, 0)
            with suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.sock.close()


class _Over(Exception):
    """The conversation ends. reset: rudely."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


class ScriptedServer:
    """Listens on a free port of 127.0.0.1 while it is entered; a thread for each connection."""

    def __init__(
        self,
        script: Script = as_usual,
        *,
        offers: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self._script = script
        self._offers = offers
        self._tls = tls
        self._implicit = implicit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._talks: list[_Talk] = []
        self.port: int = self._listener.getsockname()[1]
        self.commands: list[Command] = []
        self.accepted: list[Accepted] = []
        self.connections = 0

    def at_port(self, tls: Tls = Tls.NONE, username: str = "", password: str = "") -> SmtpServer:
        """Where a transport finds this server."""
        return SmtpServer("127.0.0.1", self.port, tls, username, password)

    def said(self, verb: str) -> list[Command]:
        return [command for command in self.commands if command.line.upper().startswith(verb)]

    def recipients(self) -> list[str]:
        return [address for each in self.accepted for address in each.recipients]

    def __enter__(self) -> ScriptedServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for talk in self._talks:
            with suppress(OSError):
                talk.sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(partial(self._serve, sock, self.connections))

    def _serve(self, sock: socket.socket, number: int) -> None:
        encrypted = False
        if self._implicit and self._tls:
            try:
                sock = self._tls.wrap_socket(sock, server_side=True)
            except OSError:
                sock.close()
                return
            encrypted = True
        talk = _Talk(sock, number, encrypted)
        self._talks.append(talk)
        reset = False
        try:
            self._converse(talk)
        except _Over as over:
            reset = over.reset
        except OSError:
            pass
        finally:
            talk.close(reset=reset)

    def _converse(self, talk: _Talk) -> None:
        self._answer(talk, Stage.GREETING, "", "220 mail.school.example ESMTP")
        while True:
            line = talk.file.readline().decode("latin-1").rstrip("\r\n")
            if not line:
                return
            self.commands.append(Command(line, talk.encrypted, talk.number))
            self._obey(talk, line)

    def _obey(self, talk: _Talk, line: str) -> None:
        obey = {
            "EHLO": self._hello,
            "HELO": self._hello,
            "STARTTLS": self._secure,
            "AUTH": self._sign_in,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._reset,
            "QUIT": self._quit,
        }.get(line.partition(" ")[0].upper())
        if obey:
            obey(talk, line)
        else:
            talk.say("500 what?")

    def _hello(self, talk: _Talk, line: str) -> None:
        lines = ["mail.school.example", *self._offers]
        usual = [f"250-{words}" for words in lines[:-1]] + [f"250 {lines[-1]}"]
        self._answer(talk, Stage.EHLO, line, "\r\n".join(usual))

    def _secure(self, talk: _Talk, line: str) -> None:
        if self._tls and self._answer(talk, Stage.STARTTLS, line, "220 go ahead"):
            talk.sock = self._tls.wrap_socket(talk.sock, server_side=True)
            talk.file = talk.sock.makefile("rb")
            talk.encrypted = True

    def _sign_in(self, talk: _Talk, line: str) -> None:
        self._answer(talk, Stage.AUTH, line, "235 welcome")

    def _mail(self, talk: _Talk, line: str) -> None:
        talk.transaction += 1
        talk.sender, talk.recipients = "", []
        if self._answer(talk, Stage.MAIL, line, "250 sender ok"):
            talk.sender = _path(line)

    def _rcpt(self, talk: _Talk, line: str) -> None:
        usual = "250 recipient ok" if talk.sender else "503 5.5.1 need MAIL first"
        if self._answer(talk, Stage.RCPT, line, usual):
            talk.recipients.append(_path(line))

    def _data(self, talk: _Talk, line: str) -> None:
        usual = "354 go on" if talk.recipients else "554 5.5.1 no valid recipients"
        if self._answer(talk, Stage.DATA, line, usual):
            self._receive(talk)

    def _reset(self, talk: _Talk, line: str) -> None:
        self._answer(talk, Stage.RSET, line, "250 forgotten")

    def _quit(self, talk: _Talk, line: str) -> None:
        self._answer(talk, Stage.QUIT, line, "221 bye")
        raise _Over

    def _receive(self, talk: _Talk) -> None:
        self._perhaps(talk, Stage.BODY)
        wire = bytearray()
        while True:
            line = talk.file.readline()
            if not line:
                raise _Over
            if line == b".\r\n":
                break
            wire += line
        kept = Accepted(talk.sender, tuple(talk.recipients), bytes(wire))
        if self._answer(talk, Stage.DOT, "", "250 queued as 1A2B", kept):
            self._perhaps(talk, Stage.IDLE)

    def _answer(
        self, talk: _Talk, stage: Stage, line: str, usual: str, kept: Accepted | None = None
    ) -> bool:
        """Act as scripted, else answer as usual. Whether the answer was a yes.

        kept: what a yes accepts; it is there before the sender hears of it.
        """
        said = self._perhaps(talk, stage, line) or usual
        answer = usual if said == Fault.DRIP else said
        yes = answer[:1] in {"2", "3"}
        if yes and kept:
            self.accepted.append(kept)
        talk.say(answer, pause=DRIP_SECONDS if said == Fault.DRIP else 0)
        if answer.startswith("421"):
            raise _Over
        return yes

    def _perhaps(self, talk: _Talk, stage: Stage, line: str = "") -> str | None:
        act = self._script(Moment(stage, talk.number, talk.transaction, line))
        if act in {Fault.DROP, Fault.CLOSE}:
            raise _Over(reset=act is Fault.DROP)
        if act is Fault.HANG:
            self._over.wait(20)
            raise _Over
        if stage in {Stage.IDLE, Stage.BODY} and act:
            talk.say(act)
            raise _Over
        return act


def _path(line: str) -> str:
    return line.partition("<")[2].rpartition(">")[0]
