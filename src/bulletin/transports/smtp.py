"""SMTP: copies handed to a mail server, one recipient a transaction (RFC 5321).

The outcome goes by the reply's code, and by whether the final dot had left: before it, a lost
connection means provably not accepted; after it, nobody can know.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from functools import partial

from bulletin.errors import (
    TransportBlocked,
    TransportError,
    TransportStopped,
    TransportUnavailable,
)
from bulletin.models.deliveries import Consignment, Outcome, Receipt
from bulletin.models.lines import without
from bulletin.models.servers import SmtpServer, Tls
from bulletin.transports.smtp_queue import SmtpQueue
from bulletin.transports.smtp_session import (
    CLOSING,
    OUT_OF_STEP,
    Lost,
    Parcel,
    Refused,
    SmtpSession,
)
from bulletin.transports.smtp_wire import printable

_FEWEST, _AHEAD = 10, 0.2
_ENOUGH = 5  # copies in a row that the server hung up on, or refused for our sake


class SmtpTransport:
    """Keeps one connection to one server, and opens another when that one is spent or lost.

    timeout: seconds that the server may take over any answer.
    patience: seconds that it may take to answer a whole message; as long as timeout if not given.
    messages_per_connection: after how many a new connection is opened; servers set limits.
    context: how TLS is verified; the machine's own authorities if not given.
    """

    name = "smtp"
    window = 50  # at most: what it takes in a fifth of a second, so that little is in doubt

    def __init__(
        self,
        server: SmtpServer,
        *,
        timeout: float,
        patience: float | None = None,
        messages_per_connection: int = 100,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._patience = timeout if patience is None else patience
        self._limit = messages_per_connection
        self._context = context
        self._session: SmtpSession | None = None
        self._denied = 0
        self.window = _FEWEST

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport. Raises TransportUnavailable if no connection can be had, and
        TransportBlocked if the server wants no mail from this sender or login at all.
        """
        queue = SmtpQueue(consignment)
        in_step = False
        began = time.monotonic()
        try:
            while self._step(queue):
                yield from queue.receipts()
            yield from queue.receipts()
            in_step = True
        except TransportError:
            yield from queue.receipts()
            raise
        finally:
            if not in_step:
                self._drop()  # answers may be on their way that nobody waits for
        seconds = max(time.monotonic() - began, 1e-6)
        most = int(len(consignment.copies) / seconds * _AHEAD)
        self.window = max(_FEWEST, min(most, type(self).window))
        if queue.stopped:
            raise TransportStopped("Sending was stopped; what is left has not been handed over.")

    def _step(self, queue: SmtpQueue) -> bool:
        """Announce a copy, hear how it fares, or hand it over. False when all is done."""
        if parcel := queue.behind:
            queue.behind = None
            self._announced(queue, parcel, self.connect().answered)
        elif parcel := queue.awaited:
            queue.awaited = None
            if queue.goes_on():
                self._hand_over(queue, parcel)
            else:
                self._drop()  # the server waits for a message, and hears of none
        elif parcel := queue.take():
            if self._session is not None and self._session.transactions >= self._limit:
                self.close()
            if not self._objected(queue, parcel):
                self._announced(queue, parcel, partial(self.connect().propose, parcel))
        else:
            return False
        return True

    def _objected(self, queue: SmtpQueue, parcel: Parcel) -> bool:
        objection = self.connect().objection(parcel)
        if objection:
            queue.settle(parcel, Outcome.FAILED, objection)
        return bool(objection)

    def _announced(self, queue: SmtpQueue, parcel: Parcel, hear: Callable[[], None]) -> None:
        try:
            hear()
        except (Lost, Refused) as trouble:
            self._heed(queue, parcel, trouble)
        else:
            queue.awaited = parcel

    def _hand_over(self, queue: SmtpQueue, parcel: Parcel) -> None:
        session = self.connect()
        behind = self._behind(queue, session)
        try:
            words = session.hand_over(parcel, behind)
        except (Lost, Refused) as trouble:
            self._heed(queue, parcel, trouble)
        else:
            queue.settle(parcel, Outcome.SUBMITTED, words)
            self._denied = 0
            if not session.usable:
                self._drop()
        if behind and self._session is None:
            queue.put_back(behind)
        else:
            queue.behind = behind

    def _behind(self, queue: SmtpQueue, session: SmtpSession) -> Parcel | None:
        """The copy whose envelope may leave with the message before it."""
        if not session.pipelines or session.transactions >= self._limit:
            return None
        while parcel := queue.take():
            if not self._objected(queue, parcel):
                return parcel
        return None

    def _heed(self, queue: SmtpQueue, parcel: Parcel, trouble: Lost | Refused) -> None:
        session = self.connect()
        used = session.transactions > 1
        if isinstance(trouble, Lost) or not session.usable:
            self._drop()
        if used and _is_closing(trouble):
            # That the server is done with an old connection says nothing about this copy.
            self._drop()
            queue.put_back(parcel)
            return
        words = without(parcel.recipient, str(trouble))  # what stops an issue reaches logs
        if isinstance(trouble, Refused) and trouble.about_us and trouble.code >= 500:
            raise TransportBlocked(f"{self._server.host} takes no mail from this sender: {words}.")
        queue.settle(parcel, _outcome(trouble), str(trouble))
        self._denied = self._denied + 1 if _is_about_us(trouble) else 0
        if self._denied >= _ENOUGH:  # it is left alone, rather than tried with each copy
            self._denied = 0
            raise TransportUnavailable(f"{self._server.host} takes nothing for now: {words}.")

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
            return SmtpSession(
                self._server, self._timeout, self._tls_context(), patience=self._patience
            )
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
        except ValueError as error:  # a challenge that is no base64
            raise TransportUnavailable(
                f"{place} said what makes no sense while we signed in. Try again later."
            ) from error

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
    return trouble.code in {CLOSING, OUT_OF_STEP}


def _outcome(trouble: Lost | Refused) -> Outcome:
    if isinstance(trouble, Lost):
        return Outcome.UNCERTAIN if trouble.after_dot else Outcome.RETRY
    return Outcome.RETRY if trouble.code < 500 else Outcome.FAILED


def _is_about_us(trouble: Lost | Refused) -> bool:
    """Whether the next copy would most likely fare no better."""
    return isinstance(trouble, Lost) or trouble.about_us or trouble.code == CLOSING


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
