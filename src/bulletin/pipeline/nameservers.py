"""The DNS, asked for TXT records: what is published about a domain that mail comes from."""

from __future__ import annotations

from typing import Protocol

import dns.exception
import dns.resolver

_SECONDS = 3.0  # for one question, all tries of it together


class Unanswered(Exception):
    """The DNS could not be asked, so nothing is known of the name."""


class Names(Protocol):
    """Whatever knows TXT records."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name, each as one string; none if there is no such name.

        Raises Unanswered.
        """
        ...


class NameServers:
    """The name servers of this machine, or those of the resolver that is given."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def texts(self, name: str) -> tuple[str, ...]:
        """See Names."""
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            answer = resolver.resolve(name, "TXT", lifetime=_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(f"the DNS gave no answer for {name}") from error
        # A long record comes in pieces, which belong together without a space (RFC 7208 3.3).
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
