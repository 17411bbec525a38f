"""Whether mail from a sender will pass SPF, DKIM and DMARC, as far as the DNS tells.

Requirement 23: mailbox providers turn away what does not pass, so a send that provably would not
is not started. What nobody could find out never stops one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bulletin.errors import Refused
from bulletin.messages import SigningKey
from bulletin.models.mailboxes import mailbox
from bulletin.pipeline.nameservers import Names, Unanswered

_LONGEST_WALK = 8  # questions for one domain (RFC 9989 4.10)


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing. what: "SPF", "DKIM" or "DMARC"."""

    what: str
    level: Level
    said: str


@dataclass(frozen=True, slots=True)
class SendingAs:
    """Who mail comes from, as receivers see it. Addresses and domains in ASCII.

    envelope: the domain of the envelope sender, or "" if the provider uses one of its own.
    keys:     what we sign with.
    selector: under which somebody else signs for the domain, if we do not; or "".
    """

    domain: str
    envelope: str
    keys: Sequence[SigningKey] = ()
    selector: str = ""


class Authentication:
    """Looks up what is published about senders.

    names: asked afresh for each sender, and not again once it has failed to answer.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def examine(self, sending: SendingAs) -> list[Finding]:
        """What the DNS says of SPF, DKIM and DMARC; what it does not say is a note."""
        asked = _Asked(self._names)
        looks: list[tuple[str, Callable[[SendingAs, Names], Iterator[Finding]]]] = [
            ("SPF", _spf),
            ("DKIM", _dkim),
            ("DMARC", _dmarc),
        ]
        found: list[Finding] = []
        for what, look in looks:
            try:
                found += look(sending, asked)
            except Unanswered as unanswered:
                found.append(Finding(what, Level.NOTE, f"not known: {unanswered}"))
        return found

    def require(self, sending: SendingAs) -> None:
        """Raises Refused if mail would provably not pass."""
        wrong = [each for each in self.examine(sending) if each.level is Level.WRONG]
        if wrong:
            reasons = " ".join(f"{each.what}: {each.said}" for each in wrong)
            raise Refused(
                f"Mail from {sending.domain} would be turned away. {reasons} Mend the DNS "
                "(`bulletin doctor` looks again), or set BULLETIN_CHECK_SENDER=false."
            )


class _Asked:
    """Answers that were given already; after a failure nothing more is asked."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._answers: dict[str, tuple[str, ...]] = {}
        self._failed: Unanswered | None = None

    def texts(self, name: str) -> tuple[str, ...]:
        if name not in self._answers:
            if self._failed:
                raise self._failed
            try:
                self._answers[name] = self._names.texts(name)
            except Unanswered as unanswered:
                self._failed = unanswered
                raise
        return self._answers[name]


def _spf(sending: SendingAs, names: Names) -> Iterator[Finding]:
    """One record for the envelope's domain (RFC 7208 3.2, 4.5)."""
    domain = sending.envelope
    if not domain:
        yield Finding("SPF", Level.OK, "the provider's own, for its envelope sender")
        return
    records = [each for each in names.texts(domain) if _is_version(each, "v=spf1", " ")]
    if len(records) == 1:
        yield Finding("SPF", Level.OK, f"{domain} has {_shown(records[0])}")
    elif records:
        yield Finding(
            "SPF", Level.WRONG, f"{domain} has {len(records)} SPF records, where only one counts. "
            "Make one of them.",
        )  # fmt: skip
    else:
        yield Finding(
            "SPF", Level.WRONG, f"{domain} has no SPF record. Publish a TXT record there that "
            'names your mail servers, such as "v=spf1 mx -all".',
        )  # fmt: skip


def _dkim(sending: SendingAs, names: Names) -> Iterator[Finding]:
    """Our keys are those that are published (RFC 6376 3.6.1); or some key is."""
    for key in sending.keys:
        place = key.name(sending.domain)
        publish = f'Publish this TXT record at {place}: "{key.record}".'
        found = [_tags(each) for each in names.texts(place)]
        ours = _tags(key.record)
        if not found:
            yield Finding("DKIM", Level.WRONG, f"nothing is published. {publish}")
        elif len(found) > 1:
            yield Finding("DKIM", Level.WRONG, f"{place} has {len(found)} TXT records. {publish}")
        elif found[0].get("p") != ours["p"] or found[0].get("k", "rsa") != ours["k"]:
            yield Finding("DKIM", Level.WRONG, f"{place} has the record of another key. {publish}")
        else:
            yield Finding("DKIM", Level.OK, f"{place} has our key")
    if sending.keys:
        return
    if not sending.selector:
        yield Finding(
            "DKIM", Level.NOTE, "not known: whoever signs does it under a selector, which "
            "BULLETIN_DKIM_SELECTOR would name",
        )  # fmt: skip
        return
    place = f"{sending.selector}._domainkey.{sending.domain}"
    published = any(_tags(each).get("p") for each in names.texts(place))
    yield (
        Finding("DKIM", Level.OK, f"{place} has a key")
        if published
        else Finding(
            "DKIM", Level.WRONG, f"{place} has no key. Publish the record that your mail server "
            "or provider shows you.",
        )
    )  # fmt: skip


def _dmarc(sending: SendingAs, names: Names) -> Iterator[Finding]:
    """A record exists, and From aligns with who signs or with the envelope (RFC 9989 4.4)."""
    walked = _walk(sending.domain, names)
    if not walked:
        yield Finding(
            "DMARC", Level.WRONG, f"{sending.domain} has no DMARC record. Publish a TXT record at "
            f'_dmarc.{sending.domain}, to begin with "v=DMARC1; p=none".',
        )  # fmt: skip
        return
    place, record = next(iter(walked.items()))
    signs_as_itself = bool(sending.keys or sending.selector or not sending.envelope)
    if not signs_as_itself and not _aligned(sending, record, walked, names):
        yield Finding(
            "DMARC", Level.WRONG, f"bounces go to {sending.envelope}, which is not of "
            f"{sending.domain}, and nothing signs for that. Sign (BULLETIN_DKIM_KEY), or give "
            "BULLETIN_BOUNCE_ADDRESS an address there.",
        )  # fmt: skip
        return
    yield Finding("DMARC", Level.OK, f"_dmarc.{place} says p={_shown(record.get('p', 'none'))}")


def _aligned(
    sending: SendingAs,
    record: Mapping[str, str],
    walked: Mapping[str, Mapping[str, str]],
    names: Names,
) -> bool:
    if sending.envelope == sending.domain:
        return True
    if record.get("aspf") == "s":
        return False
    other = _walk(sending.envelope, names)
    return _organisation(sending.domain, walked) == _organisation(sending.envelope, other)


def _walk(domain: str, names: Names) -> dict[str, dict[str, str]]:
    """The DMARC records of a domain and of those above it, nearest first (RFC 9989 4.10)."""
    labels = domain.split(".")
    places = [".".join(labels[start:]) for start in range(len(labels))]
    if len(places) > _LONGEST_WALK:
        places = [places[0], *places[1 - _LONGEST_WALK :]]
    found = {}
    for place in places:
        texts = names.texts(f"_dmarc.{place}")
        records = [each for each in texts if _is_version(each, "v=dmarc1", ";")]
        if len(records) == 1:  # several are as good as none
            found[place] = _tags(records[0])
            if found[place].get("psd") in {"y", "n"}:
                break
    return found


def _organisation(domain: str, walked: Mapping[str, Mapping[str, str]]) -> str:
    """The organisational domain (RFC 9989 4.10.2)."""
    if not walked:
        return domain
    last = list(walked)[-1]
    if walked[last].get("psd") != "y" or last == domain:
        return last
    below = domain.removesuffix(f".{last}").rpartition(".")[2]
    return f"{below}.{last}"


def _is_version(record: str, version: str, end: str) -> bool:
    head = record.strip().lower()
    return head == version or head.startswith((f"{version}{end}", f"{version} "))


def _tags(record: str) -> dict[str, str]:
    """The tags of a record (RFC 6376 3.2), names in lower case, without white space in values."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


def _shown(text: str) -> str:
    return ascii(text[:200])[1:-1]


def domain_of(address: str) -> str:
    """The domain of an address, in ASCII. Raises InvalidInput for what is no address."""
    return mailbox(address).rpartition("@")[2].lower()
