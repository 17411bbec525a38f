"""One SMTP connection in use: a transaction for each copy, pipelined where the server can.

RFC 2920 3.1: the end of one message and the next one's MAIL, RCPT and DATA leave together, so no
more than one body is ever out without an answer.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass

from bulletin.models.servers import SmtpServer
from bulletin.transports.smtp_opening import Opened
from bulletin.transports.smtp_wire import Broken, Reply

CLOSING = 421  # RFC 5321 3.8: the server ends the connection
OUT_OF_STEP = 503
# "Sign in", or "sign in more safely" (RFC 4954 6): no copy would fare better.
_SIGN_IN = frozenset({530, 534, 535, 538})
_TOO_BIG = 552
_GO_ON = 354
_ACCEPTED = {"MAIL": (250,), "RCPT": (250, 251), "DATA": (_GO_ON,)}
_DOT = b".\r\n"
_GOODBYE_SECONDS = 5.0
_LAST_WORDS_SECONDS = 0.1  # they are here already, or never come


class Lost(Exception):
    """The connection broke or talked nonsense. after_dot: the whole message had left by then."""

    def __init__(self, what: str, *, after_dot: bool) -> None:
        super().__init__(what)
        self.after_dot = after_dot


class Refused(Exception):
    """The server said no. about_us: to this sender, so it would, for now, to every copy."""

    def __init__(self, reply: Reply, *, about_us: bool = False) -> None:
        super().__init__(str(reply))
        self.code = reply.code
        self.about_us = about_us


@dataclass(frozen=True, slots=True)
class Parcel:
    """One copy on its way.

    sender, recipient: of the envelope, bare and in ASCII.
    message: complete, with CRLF line ends (RFC 5322) and one at its end.
    """

    delivery_id: int
    sender: str
    recipient: str
    message: bytes


class SmtpSession:
    """A connection that is ready for mail. Raises as Opened.

    patience: seconds that the server may take to answer once it has a whole message.
    """

    def __init__(
        self,
        server: SmtpServer,
        timeout: float,
        context: ssl.SSLContext | None,
        *,
        patience: float,
    ) -> None:
        self._opened = Opened(server, timeout, context)
        self._wire = self._opened.wire
        self._patience = patience
        self._farewell = min(timeout, _GOODBYE_SECONDS)
        self._takes_eight_bits = self._opened.offers("8bitmime")
        self._names_size = self._opened.offers("size")
        self._size_limit = self._opened.size_limit
        self.pipelines = self._opened.offers("pipelining")
        self.transactions = 0
        self.usable = True

    def objection(self, parcel: Parcel) -> str:
        """Why the server would take this copy at no time (RFC 1870, RFC 6152), or ""."""
        size = len(parcel.message)
        if self._size_limit and size > self._size_limit:
            return f"{_TOO_BIG} the copy has {size} bytes, the server takes {self._size_limit}"
        if not self._takes_eight_bits and not parcel.message.isascii():
            return "the copy holds 8-bit characters, and the server takes none (8BITMIME)"
        return ""

    def propose(self, parcel: Parcel) -> None:
        """Announce a copy; after that the server waits for it. Raises Lost or Refused."""
        self.transactions += 1
        if self._wire.unread:
            raise Lost("the server spoke without being asked", after_dot=False)
        if self.pipelines:
            self._send(b"".join(self._envelope(parcel)))
            self._heed(None)
        else:
            self._heed(self._envelope(parcel))

    def hand_over(self, parcel: Parcel, behind: Parcel | None = None) -> str:
        """Hand over a copy that was announced, and announce another behind it.

        Returns the server's words. Raises Lost, or Refused; `answered` says how the one behind
        fares if this one was taken or refused and the session is `usable` still.
        """
        body = _stuffed(parcel.message)
        parts = [body, _DOT, *(self._envelope(behind) if behind else ())]
        try:
            self._wire.send(b"".join(parts))
        except Broken as broken:
            reply = self._last_words(broken, after_dot=broken.left >= len(body) + len(_DOT))
        else:
            reply = self._reply(self._patience, after_dot=True)
        if not 200 <= reply.code < 600 or 300 <= reply.code < 400:
            raise Lost(f"the server answered {reply} to the message", after_dot=True)
        if reply.code >= 400:
            self.usable = self.usable and reply.code != CLOSING
            raise Refused(reply)
        return str(reply)

    def answered(self) -> None:
        """The answers to a copy that was announced behind another. Raises Lost or Refused."""
        self.transactions += 1
        self._heed(None)

    def _heed(self, commands: tuple[bytes, bytes, bytes] | None) -> None:
        """Read what MAIL, RCPT and DATA are answered; say them one by one if they are given."""
        refused: Refused | None = None
        replies: list[Reply] = []
        for number, (verb, good) in enumerate(_ACCEPTED.items()):
            if commands:
                self._send(commands[number])
            try:
                replies.append(self._reply())
            except Lost:
                if refused is None:
                    raise
                self.usable = False
                break
            refused = refused or _refusal(verb, replies[-1], good)
            if replies[-1].code == CLOSING:
                self.usable = False
            if not self.usable or (commands and refused):
                break
        if refused:
            self._clear(replies)
            raise refused
        if self._wire.unread:
            raise Lost("the server spoke without being asked", after_dot=False)

    def _clear(self, replies: list[Reply]) -> None:
        """Have the server forget a transaction that it refused, or give the connection up."""
        if not self.usable:
            return
        command = b"RSET\r\n"
        if replies[-1].code == _GO_ON:
            # The lone dot of RFC 2920 3.1. Had it taken the recipient in spite of its no to the
            # sender, an empty message would go out.
            self.usable = len(replies) == len(_ACCEPTED) and replies[1].code >= 400
            command = _DOT
        with suppress(Lost):
            if self.usable:
                self._send(command)
                code = self._reply().code
                self.usable = code != CLOSING and (command == _DOT or code == 250)
                return
        self.usable = False

    def _envelope(self, parcel: Parcel) -> tuple[bytes, bytes, bytes]:
        size = f" SIZE={len(parcel.message)}" if self._names_size else ""
        body = "" if parcel.message.isascii() else " BODY=8BITMIME"
        return (
            f"MAIL FROM:<{parcel.sender}>{size}{body}\r\n".encode("ascii"),
            f"RCPT TO:<{parcel.recipient}>\r\n".encode("ascii"),
            b"DATA\r\n",
        )

    def _send(self, data: bytes) -> None:
        try:
            self._wire.send(data)
        except Broken as broken:
            raise Lost(str(broken), after_dot=False) from broken

    def _reply(self, seconds: float | None = None, *, after_dot: bool = False) -> Reply:
        try:
            return self._wire.reply(self._wire.deadline(seconds))
        except Broken as broken:
            raise Lost(str(broken), after_dot=after_dot) from broken

    def _last_words(self, broken: Broken, *, after_dot: bool) -> Reply:
        """What a server said before it hung up on a message, where it said something."""
        self.usable = False
        with suppress(Broken):
            reply = self._wire.reply(self._wire.deadline(_LAST_WORDS_SECONDS))
            if after_dot or reply.code >= 400:
                return reply
        raise Lost(str(broken), after_dot=after_dot) from broken

    def quit(self) -> None:
        """Say goodbye; a server that does not listen any more is simply left."""
        with suppress(Broken):
            self._wire.send(b"QUIT\r\n")
            self._wire.reply(self._wire.deadline(self._farewell))
        self.drop()

    def drop(self) -> None:
        """Close the connection without a word."""
        self._opened.close()


def _refusal(verb: str, reply: Reply, good: tuple[int, ...]) -> Refused | None:
    """What an answer to a command means. Raises Lost for one that means nothing."""
    if reply.code in good:
        return None
    if not 400 <= reply.code < 600:
        raise Lost(f"the server answered {reply} to {verb}", after_dot=False)
    about_us = reply.code in _SIGN_IN or (verb == "MAIL" and reply.code != _TOO_BIG)
    return Refused(reply, about_us=about_us)


def _stuffed(message: bytes) -> bytes:
    """The message as it stands between DATA and the dot (RFC 5321 4.5.2)."""
    if message.startswith(b"."):
        message = b"." + message
    # smtplib runs a regular expression over every message; almost none has such a line.
    return message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message
