"""One SMTP connection: opened, secured, signed in, and used for one transfer after another."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress

from bulletin.models.servers import SmtpServer, Tls

# "Sign in", or "sign in more safely" (RFC 4954 6): no copy would fare better.
_SIGN_IN = frozenset({530, 534, 535, 538})
_TOO_BIG = 552


class Lost(Exception):
    """The connection broke or talked nonsense. after_dot: the whole message had left by then."""

    def __init__(self, what: str, *, after_dot: bool) -> None:
        super().__init__(what)
        self.after_dot = after_dot


class Refused(Exception):
    """The server said no. about_us: to this sender, so it would to every copy."""

    def __init__(self, code: int, words: str, *, about_us: bool = False) -> None:
        super().__init__(f"{code} {words}".strip())
        self.code = code
        self.about_us = about_us


class SmtpSession:
    """A connection that is ready for mail.

    Raises what smtplib and ssl raise when it cannot be made ready: SMTPNotSupportedError when
    TLS is asked for and not offered, so that no password ever crosses in clear.
    """

    def __init__(self, server: SmtpServer, timeout: float, context: ssl.SSLContext | None) -> None:
        self.transfers = 0
        self._smtp = _connected(server, timeout, context)
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if server.tls is Tls.STARTTLS:
                self._secure(context)
            if server.username:
                self._sign_in(server)
        except BaseException:
            self._smtp.close()
            raise
        self._size_limit = _announced_size(self._smtp)

    def _secure(self, context: ssl.SSLContext | None) -> None:
        if not self._smtp.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError(
                "it offers no STARTTLS. If that is right on your own network, say tls=none."
            )
        code, words = self._smtp.starttls(context=context)
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        self._smtp.ehlo_or_helo_if_needed()

    def _sign_in(self, server: SmtpServer) -> None:
        if server.tls is Tls.NONE:
            raise smtplib.SMTPNotSupportedError("a password never goes out without TLS.")
        self._smtp.login(server.username, server.password)

    def transfer(self, sender: str, recipient: str, message: bytes) -> str:
        """Hand one message over. Returns the server's words. Raises Lost or Refused.

        message: complete, with CRLF line ends (RFC 5322).
        """
        if self._size_limit and len(message) > self._size_limit:
            raise Refused(
                _TOO_BIG, f"the copy has {len(message)} bytes, the server takes {self._size_limit}"
            )
        self._command(f"MAIL FROM:<{sender}>", 250, about_us=True)
        self._command(f"RCPT TO:<{recipient}>", 250, 251)
        self._command("DATA", 354)
        self._write(_stuffed(message), after_dot=False)
        # The dot leaves by itself, so that we know whether it did.
        self._write(b".\r\n", after_dot=False)
        code, words = self._reply(after_dot=True)
        if not 200 <= code < 600 or 300 <= code < 400:
            raise Lost(f"the server answered {code} {words} to the message", after_dot=True)
        if code >= 400:
            raise Refused(code, words)
        self.transfers += 1
        return f"{code} {words}"

    def _command(self, line: str, *good: int, about_us: bool = False) -> None:
        self._write(f"{line}\r\n".encode("ascii"), after_dot=False)
        code, words = self._reply(after_dot=False)
        if code in good:
            return
        if not 400 <= code < 600:
            raise Lost(f"the server answered {code} {words} to {line[:4]}", after_dot=False)
        permanent = code >= 500 and code != _TOO_BIG
        raise Refused(code, words, about_us=code in _SIGN_IN or (about_us and permanent))

    def _write(self, data: bytes, *, after_dot: bool) -> None:
        try:
            self._smtp.send(data)
        except (OSError, smtplib.SMTPException) as error:
            raise Lost(f"the connection was lost: {error}", after_dot=after_dot) from error

    def _reply(self, *, after_dot: bool) -> tuple[int, str]:
        try:
            code, words = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Lost(f"no answer: {error}", after_dot=after_dot) from error
        return code, printable(words)

    def reset(self) -> bool:
        """Forget a refused transaction (RFC 5321 4.1.1.5). False if the connection is no good."""
        try:
            return self._smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def quit(self) -> None:
        """Say goodbye; a server that does not listen any more is simply left."""
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Close the connection without a word."""
        self._smtp.close()


def _connected(server: SmtpServer, timeout: float, context: ssl.SSLContext | None) -> smtplib.SMTP:
    name = socket.gethostname()
    # A name without a dot is no host name that a server must accept (RFC 5321 4.1.1.1).
    greeting = name if "." in name else "[127.0.0.1]"
    if server.tls is Tls.IMPLICIT:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, greeting, timeout=timeout, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, greeting, timeout=timeout)
    if smtp.sock is not None:
        # Without it every small write waits for an acknowledgement: 22 messages a second.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _announced_size(smtp: smtplib.SMTP) -> int:
    size = smtp.esmtp_features.get("size", "").strip()
    return int(size) if size.isdigit() else 0


def _stuffed(message: bytes) -> bytes:
    """The message as it stands between DATA and the dot (RFC 5321 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    if whole.startswith(b"."):
        whole = b"." + whole
    # smtplib runs a regular expression over every message; almost none has such a line.
    return whole.replace(b"\r\n.", b"\r\n..") if b"\r\n." in whole else whole


def printable(words: bytes | str) -> str:
    """Another side's words, short and without characters that would act on a terminal."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]
