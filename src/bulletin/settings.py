"""One frozen Settings object, read from the environment and `.env`; for wiring and the doors."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bulletin.errors import InvalidInput, Misconfigured
from bulletin.models.accounts import IdentityProvider
from bulletin.models.brand import DEFAULT_COLOUR, DEFAULT_LINK_COLOUR, legible
from bulletin.models.evidence import ENGLAND_ASKS
from bulletin.models.issues import Sender
from bulletin.models.lines import is_one_line
from bulletin.models.mailboxes import mailbox
from bulletin.models.pace import Limits, domain_rates, rate, warm_up_plan
from bulletin.models.servers import SmtpServer, Tls, is_this_machine, taken_apart

LONGEST_BOUNCE_NAME = 64 - 39  # RFC 5321 4.5.3.1.1, less a plus sign and a token


class TransportName(StrEnum):
    OUTBOX = "outbox"
    SMTP = "smtp"
    SENDGRID = "sendgrid"
    SIMULATOR = "simulator"


class Engine(StrEnum):
    """Who does the sending: this process, or workers on any number of machines."""

    EMBEDDED = "embedded"
    DISTRIBUTED = "distributed"


class WhenUncertain(StrEnum):
    """What becomes of copies of which nobody heard within the settling time."""

    HOLD = "hold"
    RESEND = "resend"


class Settings(BaseSettings):
    """Every setting, with its default. The environment wins over `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="BULLETIN_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
    )

    database_url: str = "sqlite:///bulletin.db"
    public_url: str = "http://127.0.0.1:8025"
    secret_key: SecretStr = SecretStr("")
    transport: TransportName = TransportName.OUTBOX
    outbox_dir: Path = Path("outbox")
    smtp_url: SecretStr = SecretStr("")
    smtp_connections: int = Field(4, ge=1, le=100)
    smtp_messages_per_connection: int = Field(500, ge=1)
    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_base_url: str = "https://api.sendgrid.com"
    sendgrid_webhook_public_key: str = ""
    bounce_address: str = ""
    bounce_imap_url: SecretStr = SecretStr("")
    from_email: str = ""
    from_name: str = "Safeguarding Bulletin"
    reply_to: str = ""
    postal_address: str = ""
    list_id: str = ""
    chunk_size: int = Field(1000, ge=1, le=1000)
    engine: Engine = Engine.EMBEDDED
    trial: bool = False
    uncertain: WhenUncertain = WhenUncertain.HOLD
    rate_per_second: float = Field(0, ge=0, allow_inf_nan=False)
    domain_rates: str = ""
    warm_up: str = ""
    pause_at_failed_percent: float = Field(10, gt=0, le=100)
    timezone: str = "Europe/London"
    self_approval: bool = False
    schedule_grace_minutes: int = Field(120, ge=1)
    logo: Path | None = None
    brand_colour: str = DEFAULT_COLOUR
    link_colour: str = DEFAULT_LINK_COLOUR
    footer_text: str = ""
    theme_dir: Path | None = None
    dkim_selector: str = ""
    dkim_key: Path | None = None
    dkim_ed25519_selector: str = ""
    dkim_ed25519_key: Path | None = None
    check_sender: bool = True
    sending_addresses: str = ""
    guidance: str = ENGLAND_ASKS
    trusted_proxy: str = ""
    requests_per_hour: int = Field(500, ge=1)
    requests_per_hour_per_client: int = Field(20, ge=1)
    fetch_private: str = ""
    sources_every_minutes: int = Field(60, ge=5)
    stale_after_days: int = Field(120, ge=1)
    links_checked_for_hours: int = Field(24, ge=1)
    require_second_factor: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "your work account"
    oidc_domains: str = ""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("not a known time zone; try Europe/London") from error
        return value

    @field_validator("public_url", "sendgrid_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = taken_apart(value, {"http", "https"})
        if parts is None or not parts.hostname:
            raise ValueError("must be a web address such as https://bulletin.school.example")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError("must be a bare web address, without ?, # or a user name")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _whole_site(cls, value: str) -> str:
        if urlsplit(value).path:
            raise ValueError("must not have a path: Bulletin needs a host name of its own")
        return value

    @field_validator("logo", "theme_dir", "dkim_key", "dkim_ed25519_key", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value  # an empty path would mean this folder

    @field_validator("brand_colour", "link_colour")
    @classmethod
    def _legible_colour(cls, value: str) -> str:
        return legible(value)

    @field_validator("trusted_proxy", "fetch_private")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for part in _parts(value):
            ip_network(part)
        return value

    @property
    def proxies(self) -> list[str]:
        """The addresses and networks of BULLETIN_TRUSTED_PROXY."""
        return _parts(self.trusted_proxy)

    @property
    def private_networks(self) -> list[IPv4Network | IPv6Network]:
        """The networks of BULLETIN_FETCH_PRIVATE."""
        return [ip_network(part) for part in _parts(self.fetch_private)]

    @field_validator("rate_per_second", "domain_rates", "warm_up")
    @classmethod
    def _known_pace(cls, value: str | float, info: ValidationInfo) -> str | float:
        check: Mapping[str | None, Callable[[Any], object]] = {
            "rate_per_second": rate,
            "domain_rates": domain_rates,
            "warm_up": warm_up_plan,
        }
        try:
            check[info.field_name](value)
        except InvalidInput as error:
            raise ValueError(str(error)) from error
        return value

    @property
    def limits(self) -> Limits:
        """How fast copies may go."""
        return Limits(
            rate(self.rate_per_second), domain_rates(self.domain_rates), warm_up_plan(self.warm_up)
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def secret(self) -> str:
        """The signing secret. Raises Misconfigured, with a fresh one to paste, if it is missing."""
        value = self.secret_key.get_secret_value()
        if len(value) >= 16:
            return value
        what = "is missing" if not value else "is too short (16 characters or more)"
        raise Misconfigured(
            f"BULLETIN_SECRET_KEY {what}. Put this line into .env and keep it for good: "
            f"BULLETIN_SECRET_KEY={secrets.token_urlsafe(48)}"
        )

    def readers_url(self) -> str:
        """Where readers' links lead. Raises Misconfigured if no mail client would follow them.

        One-click unsubscribe needs https (RFC 8058 section 3.1); this machine may try without.
        """
        host = urlsplit(self.public_url).hostname or ""
        if self.public_url.startswith("https://") or is_this_machine(host):
            return self.public_url
        raise Misconfigured(
            f"BULLETIN_PUBLIC_URL is {self.public_url}: readers' links, and one-click unsubscribe "
            "above all, need an address that starts with https://"
        )

    def sender(self) -> Sender:
        """Who the bulletin comes from. Raises Misconfigured if an address is missing or broken."""
        if not self.from_email:
            raise Misconfigured(
                "BULLETIN_FROM_EMAIL is missing. Put the address it comes from into .env: "
                "BULLETIN_FROM_EMAIL=bulletin@school.example"
            )
        from_email = _address("BULLETIN_FROM_EMAIL", self.from_email)
        reply_to = _address("BULLETIN_REPLY_TO", self.reply_to) if self.reply_to else from_email
        for name, value in (
            ("FROM_NAME", self.from_name),
            ("POSTAL_ADDRESS", self.postal_address),
            ("FOOTER_TEXT", self.footer_text),
        ):
            if not is_one_line(value):
                raise Misconfigured(f"BULLETIN_{name} must be one line of plain text.")
        domain = from_email.rpartition("@")[2]
        return Sender(
            name=self.from_name,
            email=from_email,
            reply_to=reply_to,
            postal_address=self.postal_address,
            list_id=_list_id(self.list_id) if self.list_id else f"bulletin.{domain}",
        )

    def identity_provider(self) -> IdentityProvider | None:
        """Who vouches for users, if somebody does. Raises Misconfigured if half of it is said."""
        if not self.oidc_issuer:
            return None
        parts = taken_apart(self.oidc_issuer, {"http", "https"})
        host = (parts.hostname or "") if parts else ""
        near = parts is not None and parts.scheme == "http" and is_this_machine(host)
        if parts is None or not host or parts.query or not (parts.scheme == "https" or near):
            raise Misconfigured(
                "BULLETIN_OIDC_ISSUER must be an address that starts with https://, such as "
                "https://accounts.google.com"
            )
        if not self.oidc_client_id:
            raise Misconfigured(
                "BULLETIN_OIDC_CLIENT_ID is missing: your identity provider gave it to you when "
                "you registered Bulletin there."
            )
        return IdentityProvider(
            self.oidc_issuer,
            self.oidc_client_id,
            self.oidc_client_secret.get_secret_value(),
            self.oidc_name,
            frozenset(part.lower().lstrip("@") for part in _parts(self.oidc_domains)),
        )

    def bounces_to(self) -> str:
        """Where bounces go, "" for the sender. Raises Misconfigured if copies could have none."""
        if not self.bounce_address:
            return ""
        address = _address("BULLETIN_BOUNCE_ADDRESS", self.bounce_address)
        if len(address.rpartition("@")[0]) > LONGEST_BOUNCE_NAME:
            raise Misconfigured(
                f"BULLETIN_BOUNCE_ADDRESS has more than {LONGEST_BOUNCE_NAME} characters before "
                "the @. Each copy adds up to 39 of its own, and 64 are allowed."
            )
        return address


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises Misconfigured that names each wrong setting."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates them
    except ValidationError as error:
        lines = [
            f"BULLETIN_{'.'.join(map(str, problem['loc'])).upper()}: "
            f"{problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise Misconfigured("Settings that cannot be used: " + "; ".join(lines)) from error


def smtp_server(url: str) -> SmtpServer:
    """Take `smtp://user:password@host:587?tls=starttls` apart. Raises Misconfigured."""
    parts = taken_apart(url, {"smtp", "smtps"})
    if parts is None or not parts.hostname:
        raise Misconfigured(
            "BULLETIN_SMTP_URL must look like "
            "smtp://user:password@mail.school.example:587?tls=starttls"
        )
    default = Tls.IMPLICIT if parts.scheme == "smtps" else Tls.STARTTLS
    asked = parse_qs(parts.query).get("tls", [default.value])[0]
    if asked not in {choice.value for choice in Tls}:
        raise Misconfigured("BULLETIN_SMTP_URL: tls must be none, starttls or implicit.")
    tls = Tls(asked)
    if parts.username and tls is Tls.NONE:
        raise Misconfigured(
            "BULLETIN_SMTP_URL holds a password but says tls=none: "
            "the password would cross the network in clear."
        )
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if tls is Tls.IMPLICIT else 587),
        tls=tls,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _address(setting: str, value: str) -> str:
    try:
        return mailbox(value)
    except InvalidInput as error:
        raise Misconfigured(
            f"{setting} must be one bare address such as bulletin@school.example: {error}"
        ) from error


def _list_id(value: str) -> str:
    bare = value.strip("<>")
    allowed = all(char.isalnum() or char in "._-" for char in bare)
    if not bare.isascii() or not allowed or "." not in bare or len(bare) > 255:
        raise Misconfigured(
            "BULLETIN_LIST_ID must look like bulletin.school.example: "
            "letters, digits, dots and hyphens."
        )
    return bare
