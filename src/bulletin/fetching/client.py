"""The client: asks an address, follows where it leads, and brings a whole answer or a reason."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import httpcore2
import httpx2

from bulletin.errors import AddressRefused, Unreachable
from bulletin.fetching.guard import Guard, Resolve, read_address, system_resolve
from bulletin.fetching.networks import Network
from bulletin.fetching.pace import Pace
from bulletin.fetching.unpacking import is_known, unpacked
from bulletin.fetching.wire import Allowance, Wire
from bulletin.models.lines import in_one_line
from bulletin.models.web import Page

SECONDS: Final = 20.0
MOST: Final = 10_000_000
_FORM: Final = "application/x-www-form-urlencoded"
_FOR_HEADERS: Final = 500_000
_PIECES: Final = 100_000  # of a body, each of which takes a hundred times a byte
_REDIRECTS: Final = 5
_PERMANENT: Final = {301, 308}
_LEADS_ON: Final = {301, 302, 303, 307, 308}
_SLOW_DOWN: Final = {429, 503}
_ACCEPTED: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
"""As browsers ask, so that what is looked at is what readers will see."""


class WebClient:
    """Asks the web as `models.web.Web` promises. Safe to share between threads.

    agent:   what it calls itself.
    private: networks that may be asked although they are not public.
    context: whom TLS trusts.
    seconds: how long an answer may take, redirects included and turns waited for not.
    most:    bytes of a body, unpacked.

    No cookies, no passwords, no proxies of the environment: news is read as the public reads it.
    """

    def __init__(
        self,
        *,
        agent: str,
        context: ssl.SSLContext,
        private: Sequence[Network] = (),
        pace: Pace | None = None,
        resolve: Resolve = system_resolve,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
        most: int = MOST,
    ) -> None:
        self._agent = agent
        self._context = context
        self._guard = Guard(private, resolve)
        self._pace = Pace() if pace is None else pace
        self._clock = clock
        self._seconds = seconds
        self._most = most

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch an address, following at most five redirects. Any status is an answer.

        headers: in addition to, or in place of, those of a browser that asks for a page.
        The body is empty if its content type is one that nothing here reads (a picture, a film).
        Raises AddressRefused or Unreachable, as `models.web.Web.get`.
        """
        return self._follow("GET", url, headers or {})

    def head(self, url: str) -> Page:
        """As `get`, without the body."""
        return self._follow("HEAD", url, {})

    def ask(
        self, url: str, headers: Mapping[str, str], fields: Mapping[str, str] | None = None
    ) -> Page:
        """One request, which follows nothing: GET, or POST of a form with these fields.

        Raises as `get`.
        """
        content = None if fields is None else urlencode(fields).encode()
        if content is not None:
            form = {"Content-Type": _FORM, "Content-Length": str(len(content))}
            headers = {**headers, **form}
        method = "GET" if content is None else "POST"
        return self._ask(
            method, read_address(url), headers, self._allowance(self._seconds), content
        )

    def _follow(self, method: str, text: str, headers: Mapping[str, str]) -> Page:
        url = read_address(text)
        seen = [str(url)]
        moved, permanent, inside = "", True, False
        left = self._seconds
        while True:
            self._pace.wait(_host(url))
            began = self._clock()
            page = self._ask(method, url, headers, self._allowance(left))
            left -= self._clock() - began
            self._heed(url, page)
            inside = inside or page.inside
            location = page.headers.get("location", "")
            if page.status not in _LEADS_ON or not location:
                return replace(page, moved=moved, inside=inside)
            url = _led_to(url, _as_browsers_read(location), seen)
            permanent = permanent and page.status in _PERMANENT
            moved = str(url) if permanent else moved

    def _ask(
        self,
        method: str,
        url: httpx2.URL,
        headers: Mapping[str, str],
        allowance: Allowance,
        content: bytes | None = None,
    ) -> Page:
        wire = Wire(self._guard, allowance)
        with (
            _explained(url),
            httpcore2.ConnectionPool(
                ssl_context=self._context,
                max_keepalive_connections=0,
                network_backend=wire,
            ) as pool,
            pool.stream(
                method, _core_url(url), headers=self._headers(url, headers), content=content
            ) as answer,
        ):
            told = _told(answer.headers)
            body = b""
            if method != "HEAD" and answer.status not in _LEADS_ON and _is_read(told):
                body = self._body(answer, told, allowance)
            inside = not self._guard.is_public(wire.reached)
            return Page(str(url), answer.status, told, body, inside=inside)

    def _body(
        self, answer: httpcore2.Response, told: Mapping[str, str], allowance: Allowance
    ) -> bytes:
        packed = told.get("content-encoding", "").strip().lower().removeprefix("identity")
        if not is_known(packed):
            raise Unreachable(
                f"It is packed as '{in_one_line(packed, 40)}', which is not read. Open it in a "
                "browser, and save it."
            )
        pieces: list[bytes] = []
        size = 0
        for piece in unpacked(answer.iter_stream(), packed):
            allowance.left()
            size += len(piece)
            if size > self._most:
                raise Unreachable(
                    f"It is larger than {self._most // 1_000_000} MB. Open it in a browser, and "
                    "copy the news from it."
                )
            pieces.append(piece)
            if len(pieces) > _PIECES:
                raise Unreachable(
                    "It comes in more pieces than any page. Open it in a browser, and save it."
                )
        return b"".join(pieces)

    def _headers(self, url: httpx2.URL, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        ours = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self._agent,
            "Accept": _ACCEPTED,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en-GB, en;q=0.8",
            "Connection": "close",
        }
        # Servers' own words come back in conditions, in whatever bytes they were.
        return [
            (name.encode("ascii"), value.encode("latin-1", "ignore"))
            for name, value in (ours | dict(more)).items()
        ]

    def _allowance(self, left: float) -> Allowance:
        size = self._most + _FOR_HEADERS
        return Allowance(left, size, self._clock, in_all=self._seconds)

    def _heed(self, url: httpx2.URL, page: Page) -> None:
        wait = page.retry_after(datetime.now(UTC)) if page.status in _SLOW_DOWN else None
        if wait is not None:
            self._pace.hold(_host(url), wait)


@contextmanager
def _explained(url: httpx2.URL) -> Iterator[None]:
    """What went wrong on the way, in a sentence that names the address."""
    at = in_one_line(str(url))
    try:
        yield
    except Unreachable as error:
        raise Unreachable(f"{at}: {error}", retry_after=error.retry_after) from error
    except httpcore2.TimeoutException as error:
        raise Unreachable(f"{at} did not answer in time. Try again later.") from error
    except (httpcore2.ConnectError, ssl.SSLError) as error:
        raise Unreachable(
            f"{at} could not be connected to ({in_one_line(str(error)) or 'no answer'}). "
            "Try again later, or open it in a browser."
        ) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise Unreachable(
            f"{at} broke off in the middle of its answer, or did not answer as web pages do "
            f"({in_one_line(str(error)) or 'connection closed'}). Try again later."
        ) from error


def _led_to(url: httpx2.URL, location: str, seen: list[str]) -> httpx2.URL:
    """Where a redirect leads; `seen` holds the way so far, and is added to.

    Raises AddressRefused as `read_address`, and for a way from https to http; Unreachable for a
    circle or too long a way.
    """
    try:
        target = str(url.join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        raise Unreachable(
            f"{in_one_line(str(url))} leads on to '{in_one_line(location)}', which is no address. "
            "Open it in a browser, and take the address that it ends at."
        ) from error
    found = read_address(target)
    if url.scheme == "https" and found.scheme == "http":
        raise AddressRefused(
            f"{in_one_line(str(url))} leads from https to {in_one_line(str(found))}, where anybody "
            "on the way could change what is read. Name that address itself if it is the one meant."
        )
    way = " -> ".join(in_one_line(step, 100) for step in [*seen, str(found)])
    if str(found) in seen:
        raise Unreachable(f"It leads round in a circle: {way}. Try the address in a browser.")
    if len(seen) > _REDIRECTS:
        raise Unreachable(
            f"It leads on more than {_REDIRECTS} times: {way}. Open it in a browser, and take the "
            "address that it ends at."
        )
    seen.append(str(found))
    return found


def _as_browsers_read(location: str) -> str:
    """An address in a header in UTF-8; bytes that are none are written as such."""
    raw = location.encode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)


def _host(url: httpx2.URL) -> str:
    return url.raw_host.decode("ascii")


def _core_url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _told(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    told: dict[str, str] = {}
    for raw, content in headers:
        name, value = raw.decode("latin-1").lower(), content.decode("latin-1")
        told[name] = f"{told[name]}, {value}" if name in told else value
    return told


_UNREAD: Final = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


def _is_read(told: Mapping[str, str]) -> bool:
    """Whether something here reads such content. What does not say what it is, is looked at."""
    return not told.get("content-type", "").strip().lower().startswith(_UNREAD)
