"""SendGrid: up to a thousand copies a call, by Mail Send v3.

A call has no idempotency key, so only an answer that proves refusal lets copies go again: 400,
401, 403, 413, 429. So does a call that did not leave whole. A timeout, a lost answer or a 5xx
leaves them uncertain, and no further call is made for a while. 202 means queued.
"""

from __future__ import annotations

import json
import math
import ssl
import time
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime

from bulletin.errors import (
    InvalidInput,
    TransportBlocked,
    TransportError,
    TransportStopped,
    TransportUnavailable,
)
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.lines import in_one_line, without
from bulletin.transports.sendgrid_client import SendGridClient
from bulletin.transports.sendgrid_request import Personalization, RequestBuilder
from bulletin.transports.sendgrid_wire import KeptConnection, Reply

_ACCEPTED = 202
_TOO_LARGE = 413
_TOO_MANY = 429
_SPLITTABLE = frozenset({400, _TOO_LARGE})
_ENOUGH = 3
_MOST_SAID = 2000


class SendGridTransport:
    """Hands copies to SendGrid. Every sending thread has its own.

    timeout: seconds for an answer; a chunk's lease has to be longer.
    context: how TLS is verified; the machine's own authorities if not given.
    """

    name = "sendgrid"
    window = 1000

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        timeout: float,
        context: ssl.SSLContext | None = None,
    ) -> None:
        wire = KeptConnection(base_url, timeout, context)
        self._client = SendGridClient(api_key, base_url=base_url, wire=wire)
        self._unexplained = 0

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport."""
        try:
            builder = RequestBuilder(consignment)
        except InvalidInput as error:
            yield from _all(consignment.copies, Outcome.FAILED, str(error))
            return
        self._unexplained = 0
        good: list[Personalization] = []
        seen: set[str] = set()
        for copy in consignment.copies:
            try:
                good.append(_checked(builder, copy, seen))
            except InvalidInput as error:
                yield Receipt(copy.delivery_id, Outcome.FAILED, str(error))
        for portion in builder.portions(good):
            yield from self._call(builder, portion)

    def _call(
        self, builder: RequestBuilder, portion: Sequence[Personalization]
    ) -> Iterator[Receipt]:
        if not builder.go_on():
            raise TransportStopped("Sending was stopped between two calls.")
        reply = self._client.post(builder.request(portion))
        copies = [each.copy for each in portion]
        if _is_accepted(reply):
            self._unexplained = 0
            yield from _all(copies, Outcome.SUBMITTED, "", reply.headers.get("x-message-id", ""))
        elif reply.status in _SPLITTABLE:
            yield from self._split(builder, portion, reply)
        else:
            if not _is_untaken(reply):
                yield from _all(copies, Outcome.UNCERTAIN, _said(reply, copies))
            raise _trouble(reply, _said(reply, copies))

    def _split(
        self, builder: RequestBuilder, portion: Sequence[Personalization], reply: Reply
    ) -> Iterator[Receipt]:
        """Find the copies that a call was refused for; a refused call accepted nothing."""
        if _about_all(reply):
            copies = [each.copy for each in portion]
            raise TransportBlocked(f"SendGrid refuses the issue itself: {_said(reply, copies)}.")
        if len(portion) == 1:
            yield self._refused_alone(portion[0].copy, reply)
            return
        middle = len(portion) // 2
        yield from self._call(builder, portion[:middle])
        yield from self._call(builder, portion[middle:])

    def _refused_alone(self, copy: Copy, reply: Reply) -> Receipt:
        """A copy's fault, unless the answer cannot be about a copy, or one after another gets it.

        Without this, what is wrong with the issue would fail a thousand copies in two thousand
        calls; SendGrid does not always say which field it means.
        """
        said = _said(reply, [copy])
        self._unexplained = 0 if _is_about_copies(reply) else self._unexplained + 1
        if reply.status == _TOO_LARGE or self._unexplained >= _ENOUGH:
            raise TransportBlocked(f"SendGrid refuses the issue itself: {said}.")
        return Receipt(copy.delivery_id, Outcome.FAILED, said)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def _checked(builder: RequestBuilder, copy: Copy, seen: set[str]) -> Personalization:
    personalization = builder.personalization(copy)
    address = personalization.email.lower()
    if address in seen:
        raise InvalidInput("The same address stands twice in this call.")
    seen.add(address)
    return personalization


def _all(
    copies: Sequence[Copy], outcome: Outcome, detail: str, reference: str = ""
) -> Iterator[Receipt]:
    return (Receipt(copy.delivery_id, outcome, detail, reference) for copy in copies)


def _is_accepted(reply: Reply) -> bool:
    """A status line alone is an answer that was cut off, and a body is somebody else's."""
    whole = reply.status == _ACCEPTED and reply.asked_whole
    return whole and bool(reply.headers) and not reply.body


def _is_untaken(reply: Reply) -> bool:
    """Whether it is proved that no copy of a call was taken."""
    return not reply.asked_whole or _is_refusal(reply)


def _is_refusal(reply: Reply) -> bool:
    return 300 <= reply.status < 500 and reply.status != 408


def _trouble(reply: Reply, said: str) -> TransportError:
    """What keeps us from calling again: for a person to mend, or for a while."""
    if reply.status == _TOO_MANY:
        wait = _retry_after(reply)
        return TransportUnavailable("SendGrid asks us to slow down.", retry_after=wait)
    if _is_refusal(reply):
        setting = "API_KEY" if reply.status in {401, 403} else "BASE_URL"
        return TransportBlocked(f"SendGrid answered {said}. Check BULLETIN_SENDGRID_{setting}.")
    if not reply.asked_whole:
        return TransportUnavailable(f"SendGrid broke off in the middle of a call: {said}.")
    return TransportUnavailable(f"SendGrid did not say whether it took a call: {said}.")


def _errors(reply: Reply) -> list[dict[str, object]]:
    try:
        errors = json.loads(reply.body)["errors"]
    except (ValueError, KeyError, TypeError):
        return []
    listed = errors if isinstance(errors, list) else []
    return [error for error in listed if isinstance(error, dict)]


def _about_all(reply: Reply) -> bool:
    """Whether every error named is about what all copies share, so that splitting is useless."""
    fields = _fields(reply)
    return all(fields) and bool(fields) and not _is_about_copies(reply)


def _is_about_copies(reply: Reply) -> bool:
    return any(field.startswith("personalizations") for field in _fields(reply))


def _fields(reply: Reply) -> list[str]:
    return [str(error.get("field") or "") for error in _errors(reply)]


def _said(reply: Reply, copies: Sequence[Copy]) -> str:
    """Its words as they may reach a terminal and a log: they name none of these readers."""
    said = "; ".join(str(error.get("message", "")) for error in _errors(reply))
    words = (said or reply.trouble)[:_MOST_SAID]
    for copy in copies if "@" in words else ():
        words = without(copy.address, words)
    return in_one_line(f"{reply.status or ''} {words}")


def _retry_after(reply: Reply) -> float:
    """Seconds to wait, from 1 to 3600: Retry-After says them, or a moment (RFC 9110 10.2.3), and
    X-RateLimit-Reset is a moment in Unix time. Moments are by the clock that the answer has."""
    there = _moment(reply.headers.get("date", "")) or time.time()
    asked = reply.headers.get("retry-after", "")
    reset = _number(reply.headers.get("x-ratelimit-reset", ""))
    until = _moment(asked) or reset
    wait = _number(asked) or (until - there if until else 60.0)
    return min(max(1.0, wait), 3600.0)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
