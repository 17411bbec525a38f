"""The guard: what an address asks for, whether it may be asked, and where its host leads."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Final

import httpx2

from bulletin.errors import AddressPrivate, AddressRefused, Unreachable
from bulletin.fetching.networks import Network, parsed, plain, wrong_with
from bulletin.models.lines import in_one_line

Resolve = Callable[[str, int], Sequence[str]]
"""All addresses of a host, for a port. Raises OSError if it has none."""

MOST_CHARACTERS: Final = 2000
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_PORTS: Final = {"http": 80, "https": 443}
_WEB_PORTS: Final = range(8000, 9000)
_FIRST_UNPRIVILEGED: Final = 1024


def read_address(text: str) -> httpx2.URL:
    """A web address as it will be asked, without its fragment and a dot at the end of its host.

    Raises AddressRefused for what is none, for other schemes, for user names and passwords, and
    for hosts that are written to look like something else.
    """
    shown = in_one_line(text)
    try:
        url = httpx2.URL(text.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise AddressRefused(f"'{shown}' is no web address that can be asked.") from error
    if url.scheme not in _PORTS:
        raise AddressRefused(
            f"'{shown}' is not asked: it does not start with https:// or http://.{_meant(shown)}"
        )
    if url.userinfo:
        raise AddressRefused(
            f"An address at {in_one_line(url.host)} is not asked: it holds a user name or a "
            "password. News is read as the public reads it."
        )
    host = url.raw_host.decode("ascii").removesuffix(".")
    sound = _is_host(host) and 0 <= port_of(url) < 65_536
    if len(text) > MOST_CHARACTERS or "\\" in text or not sound:
        raise AddressRefused(f"'{shown}' is no web address that can be asked.")
    return url.copy_with(host=host, fragment=None)


def _meant(shown: str) -> str:
    """What somebody may have meant who left out what comes before the host of a site."""
    host = re.split("[/:?#]", shown, maxsplit=1)[0].lower()
    is_site = "://" not in shown and "." in host and _is_host(host)
    return f" Did you mean https://{shown}?" if is_site else ""


def port_of(url: httpx2.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


class Guard:
    """Finds out where hosts lead, and says no.

    private: networks that may be asked although they are not public.
    """

    def __init__(self, private: Sequence[Network], resolve: Resolve) -> None:
        self._private = private
        self._resolve = resolve

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """Where a host leads, looked up once: what may be connected to, and nothing else.

        Raises AddressRefused if one of its addresses, or the port at one, must not be asked, for
        whoever names a host may let it lead anywhere; Unreachable if it leads nowhere in time.
        """
        found = [host] if parsed(host) else self._looked_up(host, port, seconds)
        for text in found:
            self._check(host, port, text)
        return found

    def is_public(self, text: str) -> bool:
        """Whether an address is one that everybody may ask, whatever else is allowed here."""
        address = parsed(text)
        return address is not None and not wrong_with(address, ())

    def _check(self, host: str, port: int, text: str) -> None:
        address = parsed(text)
        reason = "no address at all." if address is None else wrong_with(address, self._private)
        if address is None or reason:
            leads = f"{text} is" if text == host else f"it leads to {in_one_line(text)},"
            raise AddressPrivate(f"{host} is not asked: {leads} {reason}")
        named = any(plain(address) in network for network in self._private)
        if not (
            port in _PORTS.values() or port in _WEB_PORTS or (named and port >= _FIRST_UNPRIVILEGED)
        ):
            raise AddressRefused(
                f"{host} is not asked at port {port}: web pages are at 80, 443 and 8000 to 8999."
            )

    def _looked_up(self, host: str, port: int, seconds: float) -> list[str]:
        answer: Future[Sequence[str]] = Future()

        def look_up() -> None:
            try:
                answer.set_result(self._resolve(host, port))
            except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
                answer.set_exception(error)

        # The system's resolver takes as long as it likes, and cannot be told to stop.
        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        try:
            found = list(answer.result(timeout=max(seconds, 0)))
        except NotYet as error:
            raise Unreachable(f"The name {host} was not found in time. Try again later.") from error
        except (OSError, UnicodeError) as error:
            raise Unreachable(
                f"No site has the name {host}, as far as can be found out from here. "
                "Check its spelling, or try again later."
            ) from error
        if not found:
            raise Unreachable(f"The name {host} leads nowhere. Check its spelling.")
        return found


def system_resolve(host: str, port: int) -> list[str]:
    """What the system's resolver knows of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_host(host: str) -> bool:
    """A name, or an IP address in its usual spelling.

    Systems also read 2130706433 and 0x7f.1 as addresses; nobody who means well writes them.
    """
    if parsed(host) is not None:
        return "%" not in host
    last = host.rpartition(".")[2]
    return len(host) <= 253 and bool(_HOST.match(host)) and not _NUMBER.match(last)
