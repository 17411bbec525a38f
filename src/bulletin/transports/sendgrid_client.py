"""SendGrid's own client, with its traps closed.

As it comes, it makes a connection for every call, follows a redirect with the API key in hand and
counts what it finds there as success; it logs key and recipients at DEBUG; it waits for ever; and
it cannot tell a host that was never reached from an answer that was lost. So it says under which
headers a call goes, and the call is made over a connection of ours.
"""

from __future__ import annotations

import http.client
import logging
import ssl

import sendgrid

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.transports.sendgrid_wire import KeptConnection, NeverSent, Reply

_MAIL_SEND = "/v3/mail/send"


class SendGridClient:
    """Posts to Mail Send v3. Not safe to share: it keeps a connection between calls."""

    def __init__(self, api_key: str, *, base_url: str, wire: KeptConnection) -> None:
        # At DEBUG the client logs what SendGrid says, and that quotes recipients.
        logging.getLogger("python_http_client.client").setLevel(logging.WARNING)
        official = sendgrid.SendGridAPIClient(api_key, host=base_url).client
        self._where = base_url
        # An error about a key that no header can carry would quote it.
        self._usable = api_key.isascii() and api_key.isprintable()
        self._headers = {**official.request_headers, "Content-Type": "application/json"}
        self._wire = wire

    def post(self, body: bytes) -> Reply:
        """Send one request, JSON, and return the answer, whatever its status.

        Raises TransportUnavailable or TransportBlocked if nothing can have been heard.
        """
        if not self._usable:
            raise TransportBlocked(
                "BULLETIN_SENDGRID_API_KEY holds characters that no key has. Paste it again."
            )
        try:
            return self._wire.post(_MAIL_SEND, self._headers, body)
        except NeverSent as error:
            raise self._unreachable(error) from error
        except http.client.InvalidURL as error:
            raise TransportBlocked(
                f"{self._where} is no address to connect to. Check BULLETIN_SENDGRID_BASE_URL."
            ) from error

    def _unreachable(self, error: NeverSent) -> TransportBlocked | TransportUnavailable:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TransportBlocked(
                f"The certificate of {self._where} is not valid: {cause.verify_message}."
            )
        return TransportUnavailable(f"{self._where} cannot be reached: {cause}.")

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        self._wire.close()
