"""Diagnosis: how well an installation is, for `bulletin doctor` and for admins at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bulletin.errors import BulletinError
from bulletin.pipeline.authentication import domain_of
from bulletin.settings import Settings, TransportName, WhenUncertain
from bulletin.wiring import Services


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found of one thing. level: "ok", "note" or "wrong"."""

    what: str
    level: str
    said: str


def examine(made: Services, *, outside: bool) -> Iterator[Diagnosis]:
    """What there is to say of the settings, the database and the transport; nothing is sent.

    outside: whether to ask mail servers and the DNS, which may take seconds.
    """
    settings = made.settings
    yield _try("secret", lambda: "set" if settings.secret() else "")
    yield _try("sender", lambda: f"{settings.sender().name} <{settings.sender().email}>")
    if settings.postal_address:
        yield Diagnosis("postal address", "ok", settings.postal_address)
    else:
        yield Diagnosis(
            "postal address", "note", "not set; every message should say who sends it "
            "(BULLETIN_POSTAL_ADDRESS)",
        )  # fmt: skip
    yield _try("public address", settings.readers_url)
    if made.links_lead_nowhere():
        yield Diagnosis(
            "public address", "note", "readers elsewhere cannot reach it: set BULLETIN_PUBLIC_URL"
        )
    yield _try("signing in", lambda: _signing_in(made))
    yield _try("templates", lambda: _templates(made))
    yield _try("database", lambda: _database(made))
    yield _try("transport", lambda: _transport(made, outside=outside))
    yield from _signatures(made)
    if outside:
        yield from _authentication(made)
    yield from _what_comes_back(made, outside=outside)
    yield from _sources(made)


def _signing_in(made: Services) -> str:
    provider = made.settings.identity_provider()
    ways = f"passwords, or {provider.name} ({provider.issuer})" if provider else "passwords"
    required = made.settings.require_second_factor
    return f"{ways}; a second factor is {'needed by everybody' if required else 'optional'}"


def _sources(made: Services) -> Iterator[Diagnosis]:
    """Watched sources that need a person."""
    try:
        failing = made.watching.failing() if made.has_library() else []
    except BulletinError:
        return  # the database has its own line
    for source in failing:
        yield Diagnosis(
            f"source {source.id}", "note", f"{source.name} has not answered well for a week: "
            f"{source.trouble} See: bulletin source list",
        )  # fmt: skip


def _what_comes_back(made: Services, *, outside: bool) -> Iterator[Diagnosis]:
    """Whether somebody tells what became of copies."""
    settings = made.settings
    if settings.sendgrid_webhook_public_key:
        address = f"{settings.public_url}/webhooks/sendgrid"
        yield _try("webhook", lambda: f"takes posts at {address}" if made.sendgrid_seal else "")
    elif settings.transport is TransportName.SENDGRID:
        yield Diagnosis(
            "webhook", "note", "no key, so nothing is heard of copies: see docs/running.md "
            "(BULLETIN_SENDGRID_WEBHOOK_PUBLIC_KEY)",
        )  # fmt: skip
    if settings.uncertain is WhenUncertain.RESEND and not _every_copy_is_told_of(settings):
        yield Diagnosis(
            "copies in doubt", "note", "held, whatever BULLETIN_UNCERTAIN says: nobody tells of "
            "every copy, so silence about one means nothing",
        )  # fmt: skip
    if settings.bounce_imap_url.get_secret_value():
        yield _try("bounce mailbox", lambda: _bounce_mailbox(made, outside=outside))
    elif settings.transport is TransportName.SMTP:
        yield Diagnosis(
            "bounce mailbox", "note", "none, so bounces are not read: see docs/running.md "
            "(BULLETIN_BOUNCE_IMAP_URL)",
        )  # fmt: skip


def _every_copy_is_told_of(settings: Settings) -> bool:
    if settings.transport is TransportName.SENDGRID:
        return bool(settings.sendgrid_webhook_public_key)
    return settings.transport is TransportName.SIMULATOR


def _bounce_mailbox(made: Services, *, outside: bool) -> str:
    if not outside:
        return str(made.bounce_mailbox())
    made.probe_bounce_mailbox()
    return f"{made.bounce_mailbox()} answers"


def _signatures(made: Services) -> Iterator[Diagnosis]:
    """What copies are signed with."""
    try:
        sender, keys = made.settings.sender(), made.signing_keys
    except BulletinError:
        return  # what is missing has been said
    for key in keys:
        yield Diagnosis(
            "signature", "ok",
            f"{key.algorithm}; TXT record at {key.name(domain_of(sender.email))}: {key.record}",
        )  # fmt: skip


def _authentication(made: Services) -> Iterator[Diagnosis]:
    """What the DNS says of the sender (requirement 23)."""
    try:
        sending = made.sending_as(made.settings.sender())
    except BulletinError:
        return  # the same
    if sending is None or not made.settings.check_sender:
        yield Diagnosis("DNS", "note", "not asked: nothing is mailed to readers elsewhere, "
            "or BULLETIN_CHECK_SENDER is false")  # fmt: skip
        return
    for found in made.authentication.examine(sending):
        yield Diagnosis(found.what, found.level.value, found.said)


def _try(what: str, look: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(what, "ok", look())
    except BulletinError as error:
        return Diagnosis(what, "wrong", str(error))


def _database(made: Services) -> str:
    if not made.has_library():
        return "none yet; the first command that needs it makes it"
    made.store.ping()
    return made.store.name()


def _templates(made: Services) -> str:
    made.check_theme()
    return (
        f"of {made.settings.theme_dir}, and they work"
        if made.settings.theme_dir
        else "Bulletin's own"
    )


def _transport(made: Services, *, outside: bool) -> str:
    made.check_transport()
    if made.settings.transport is TransportName.OUTBOX:
        return f"outbox: copies are written to {made.settings.outbox_dir}, nothing is mailed"
    if made.settings.transport is TransportName.SIMULATOR:
        return "simulator: nothing is mailed, and answers are made up"
    if made.settings.transport is TransportName.SENDGRID:
        return f"sendgrid at {made.settings.sendgrid_base_url}; not called"
    server = made.smtp_server()
    said = f"smtp at {server.host}:{server.port}, tls {server.tls.value}"
    if not outside:
        return said
    made.probe_smtp()
    return f"{said}: answers"
