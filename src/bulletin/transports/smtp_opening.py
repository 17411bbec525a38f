"""Opening an SMTP connection: greeting, EHLO, TLS and signing in, by smtplib over our own wire.

smtplib reads replies of any length for any time, so its way of reading is replaced.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time

from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.smtp_wire import Broken, Wire

_TIMEOUTS = 2  # as long as two answers may take, all of the opening may


class _Dialogue(smtplib.SMTP):
    """smtplib's commands up to where mail begins.

    timeout: seconds that each step may take; all of them together may take twice as long.
    """

    wire: Wire | None = None

    def __init__(self, server: SmtpServer, timeout: float) -> None:
        self._until = time.monotonic() + timeout * _TIMEOUTS
        name = socket.gethostname()
        # A name without a dot is no host name that a server must accept (RFC 5321 4.1.1.1).
        greeting = name if "." in name else "[127.0.0.1]"
        super().__init__(server.host, server.port, greeting, timeout=timeout)

    def _left(self) -> float:
        """Seconds that the next step may take. Raises TimeoutError when there are none."""
        left = min(self.timeout, self._until - time.monotonic())
        if left <= 0:
            raise TimeoutError("it took too long to say hello")
        return left

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        """Connect to the first of the host's addresses that answers in time."""
        trouble: OSError = OSError(f"{host} has no address")
        for *_, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            try:
                return socket.create_connection((str(address[0]), port), self._left())
            except OSError as error:
                trouble = error
        raise trouble

    def getreply(self) -> tuple[int, bytes]:
        """One reply. Raises SMTPServerDisconnected for anything that is none."""
        try:
            wire = self.ready_wire()
            return wire.reply(min(wire.deadline(), self._until))
        except Broken as broken:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(broken)) from broken

    def ready_wire(self) -> Wire:
        """The wire over the socket as it is now: TLS makes another."""
        if self.sock is None:
            raise Broken("the connection is closed")
        if self.wire is None or self.wire.sock is not self.sock:
            # Without it every small write waits for an acknowledgement: 22 messages a second.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wire = Wire(self.sock, self.timeout)
        return self.wire

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        """A command and its reply. Whoever slips words in before TLS begins is found out."""
        answer = super().docmd(cmd, args)
        if cmd != "STARTTLS" or self.sock is None or self.wire is None:
            return answer
        self.sock.settimeout(self._left())  # all of it for shaking hands
        if self.wire.unread:
            raise smtplib.SMTPNotSupportedError(
                "something was said between STARTTLS and TLS, as by somebody in between."
            )
        return answer


class _SecureDialogue(_Dialogue):
    """The same, under TLS from the first byte."""

    def __init__(self, server: SmtpServer, timeout: float, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(server, timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        bare = super()._get_socket(host, port, timeout)
        bare.settimeout(self._left())  # all of it for shaking hands
        return self._context.wrap_socket(bare, server_hostname=host)


class Opened:
    """A connection that is ready for mail, and what the server offers.

    Raises what smtplib and ssl raise when it cannot be made ready: SMTPNotSupportedError when
    TLS is asked for and not offered, so that no password ever crosses in clear.
    """

    def __init__(self, server: SmtpServer, timeout: float, context: ssl.SSLContext | None) -> None:
        self._smtp = _connected(server, timeout, context)
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if server.tls is Tls.STARTTLS:
                _secure(self._smtp, context)
            if server.username:
                _sign_in(self._smtp, server)
            self.wire = self._smtp.ready_wire()
        except BaseException:
            self._smtp.close()
            raise

    def offers(self, extension: str) -> bool:
        """Whether EHLO named it, in lower case ("pipelining")."""
        return bool(self._smtp.has_extn(extension))

    @property
    def size_limit(self) -> int:
        """The largest message that the server says it takes, in bytes; 0: it says nothing."""
        size = self._smtp.esmtp_features.get("size", "").strip()
        return int(size) if size.isdigit() and len(size) < 19 else 0

    def close(self) -> None:
        """Close the connection without a word."""
        self._smtp.close()


def _connected(server: SmtpServer, timeout: float, context: ssl.SSLContext | None) -> _Dialogue:
    if server.tls is Tls.IMPLICIT:
        return _SecureDialogue(server, timeout, context or ssl.create_default_context())
    return _Dialogue(server, timeout)


def _secure(smtp: _Dialogue, context: ssl.SSLContext | None) -> None:
    if not smtp.has_extn("starttls"):
        raise smtplib.SMTPNotSupportedError(
            "it offers no STARTTLS. If that is right on your own network, say tls=none."
        )
    code, words = smtp.starttls(context=context)
    if code != 220:
        raise smtplib.SMTPResponseException(code, words)
    smtp.ehlo_or_helo_if_needed()


def _sign_in(smtp: _Dialogue, server: SmtpServer) -> None:
    if server.tls is Tls.NONE:
        raise smtplib.SMTPNotSupportedError("a password never goes out without TLS.")
    smtp.login(server.username, server.password)
