"""SMTP: copies handed to a mail server, one recipient a transaction (RFC 5321).

The outcome goes by the reply's code, and by whether the final dot had left: before it, a lost
connection means provably not accepted; after it, nobody can know.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator

from bulletin.errors import InvalidInput, TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.mailboxes import mailbox
from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.smtp_session import Lost, Refused, SmtpSession, printable

_CLOSING = 421


class SmtpTransport:
    """Keeps one connection to one server, and opens another when that one is spent or lost.

    timeout: seconds that the server may take over any answer.
    messages_per_connection: after how many a new connection is opened; servers set limits.
    context: how TLS is verified; the machine's own authorities if not given.
    """

    name = "smtp"
    window = 20

    def __init__(
        self,
        server: SmtpServer,
        *,
        timeout: float,
        messages_per_connection: int = 100,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._limit = messages_per_connection
        self._context = context
        self._session: SmtpSession | None = None

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport. Raises TransportUnavailable if no connection can be had, and
        TransportBlocked if the server wants no mail from this sender or login at all.
        """
        for copy in consignment.copies:
            yield self._send(consignment, copy)

    def _send(self, consignment: Consignment, copy: Copy) -> Receipt:
        try:
            message = consignment.mime(copy)
            sender, recipient = mailbox(consignment.sender.email), mailbox(copy.address)
        except InvalidInput as error:
            return Receipt(copy.delivery_id, Outcome.FAILED, str(error))
        outcome, detail = self._transfer(sender, recipient, message)
        return Receipt(copy.delivery_id, outcome, detail)

    def _transfer(self, sender: str, recipient: str, message: bytes) -> tuple[Outcome, str]:
        reused = self._session is not None
        session = self.connect()
        try:
            detail = session.transfer(sender, recipient, message)
        except (Lost, Refused) as trouble:
            if reused and _is_closing(trouble):
                # That the server is done with an old connection says nothing about this copy.
                self._drop()
                return self._transfer(sender, recipient, message)
            if isinstance(trouble, Refused):
                return self._refused(session, trouble)
            self._drop()
            return Outcome.UNCERTAIN if trouble.after_dot else Outcome.RETRY, str(trouble)
        if session.transfers >= self._limit:
            self.close()
        return Outcome.SUBMITTED, detail

    def _refused(self, session: SmtpSession, refused: Refused) -> tuple[Outcome, str]:
        if refused.about_us:
            self._drop()
            raise TransportBlocked(
                f"{self._server.host} takes no mail from this sender: {refused}."
            )
        if refused.code == _CLOSING or not session.reset():
            self._drop()
        return Outcome.RETRY if refused.code < 500 else Outcome.FAILED, str(refused)

    def connect(self) -> SmtpSession:
        """The open connection, or a new one: secured, then signed in.

        Raises TransportUnavailable or TransportBlocked, naming host and port.
        """
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> SmtpSession:
        place = f"{self._server.host}:{self._server.port}"
        try:
            return SmtpSession(self._server, self._timeout, self._tls_context())
        except ssl.SSLCertVerificationError as error:
            raise TransportBlocked(
                f"The certificate of {place} is not valid: {error.verify_message}."
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise TransportBlocked(f"{place} cannot be used safely: {error}") from error
        except smtplib.SMTPResponseException as error:
            said = f"{place} answered {_code(error)}{printable(error.smtp_error)}"
            if error.smtp_code < 500:
                raise TransportUnavailable(f"{said}. Try again later.") from error
            raise TransportBlocked(f"{said}. Check BULLETIN_SMTP_URL.") from error
        except UnicodeError as error:
            raise TransportBlocked(
                f"The host name, user name or password for {place} holds letters that cannot be "
                "used there. Check BULLETIN_SMTP_URL."
            ) from error
        except OSError as error:
            if _is_about_signing_in(error):
                raise TransportBlocked(f"Nobody can sign in at {place}: {error}") from error
            raise TransportUnavailable(f"{place} cannot be reached: {_why(error)}.") from error

    def _tls_context(self) -> ssl.SSLContext | None:
        if self._server.tls is Tls.NONE:
            return None
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _drop(self) -> None:
        if self._session is not None:
            self._session.drop()
        self._session = None

    def close(self) -> None:
        """Say goodbye. The next consignment opens a new connection."""
        if self._session is not None:
            self._session.quit()
        self._session = None


def _is_closing(trouble: Lost | Refused) -> bool:
    """Whether the connection ended before the copy can have been accepted (RFC 5321 3.8)."""
    if isinstance(trouble, Lost):
        return not trouble.after_dot
    return trouble.code == _CLOSING


def _is_about_signing_in(error: OSError) -> bool:
    """smtplib's plain SMTPException: the server offers no way to sign in that it knows."""
    lost = isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, smtplib.SMTPException) and not lost


def _code(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} " if error.smtp_code > 0 else ""


def _why(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return getattr(error, "strerror", None) or printable(str(error)) or type(error).__name__
