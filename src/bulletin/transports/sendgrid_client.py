"""SendGrid's own client, with its traps closed.

As it comes, it follows a redirect with the API key in hand and counts what it finds there as
success; it logs key and recipients at DEBUG; it waits for ever; and it cannot tell a host that
was never reached from an answer that was lost.
"""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.error import URLError

import python_http_client
import sendgrid
from python_http_client.client import Response
from python_http_client.exceptions import HTTPError

from bulletin.errors import TransportBlocked, TransportUnavailable


@dataclass(frozen=True, slots=True)
class Reply:
    """What SendGrid answered. status 0: nothing that could be understood."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""


class NeverConnected(OSError):
    """No connection could be made, so nothing was sent."""


class SendGridClient:
    """Posts to Mail Send v3. Not safe to share: the client underneath keeps state between calls."""

    def __init__(self, api_key: str, *, base_url: str, timeout: float) -> None:
        # At DEBUG the client logs what SendGrid says, and that quotes recipients.
        logging.getLogger("python_http_client.client").setLevel(logging.WARNING)
        official = sendgrid.SendGridAPIClient(api_key, host=base_url)
        self._where = base_url
        # http.client would quote a key that it cannot send in its error.
        self._usable = api_key.isascii() and api_key.isprintable()
        self._client = _Client(
            host=base_url,
            request_headers=dict(official.client.request_headers),
            version=3,
            timeout=timeout,
        )

    def post(self, request: dict[str, Any]) -> Reply:
        """Send one request and return the answer, whatever its status.

        Raises TransportUnavailable or TransportBlocked if nothing can have been sent.
        """
        if not self._usable:
            raise TransportBlocked(
                "BULLETIN_SENDGRID_API_KEY holds characters that no key has. Paste it again."
            )
        try:
            response = self._client.mail.send.post(request_body=request)
        except HTTPError as error:
            return Reply(error.status_code, _headers(error.headers), error.body or b"")
        except URLError as error:
            return self._unsent(error)
        except http.client.InvalidURL as error:
            raise TransportBlocked(
                f"{self._where} is no address to connect to. Check BULLETIN_SENDGRID_BASE_URL."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            return Reply(0, trouble=str(error) or type(error).__name__)
        return Reply(response.status_code, _headers(response.headers), response.body)

    def _unsent(self, error: URLError) -> Reply:
        reason = error.reason
        if not isinstance(reason, NeverConnected):
            return Reply(0, trouble=str(reason))
        cause = reason.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise TransportBlocked(
                f"The certificate of {self._where} is not valid: {cause.verify_message}."
            ) from error
        raise TransportUnavailable(f"{self._where} cannot be reached: {cause}.") from error


class _Client(python_http_client.Client):  # type: ignore[misc]  # it has no types
    """The client with a `post` of ours: its own builds an opener, and logs all, for every call."""

    def _build_client(self, name: str | None = None) -> _Client:
        return _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            timeout=self.timeout,
        )

    def post(self, request_body: dict[str, Any]) -> Response:
        request = urllib.request.Request(  # noqa: S310  # Settings allows http(s) alone
            self._build_url(None),
            headers={**self.request_headers, "Content-Type": "application/json"},
            data=json.dumps(request_body).encode(),
            method="POST",
        )
        return Response(self._make_request(_OPENER, request, self.timeout))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow nothing: a redirect becomes an error with its own status."""


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self) -> None:
        self._verified = ssl.create_default_context()
        super().__init__(context=self._verified)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req, context=self._verified)


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, UnicodeError) as error:  # a host name may not even be one
            raise NeverConnected(str(error)) from error


class _SecureConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, UnicodeError) as error:
            raise NeverConnected(str(error)) from error


# Built once: reading the certificate authorities costs 25 ms a time.
_OPENER = urllib.request.build_opener(_NoRedirect(), _Http(), _Https())


def _headers(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()} if headers else {}
