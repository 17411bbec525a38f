"""Accounts: how users prove who they are, and what their sessions and links are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bulletin.models.people import User


class LinkPurpose(StrEnum):
    """What a link that works once is for.

    FIRST: makes the first account. INVITATION: a new user chooses a password. RESET: an old one
    chooses another. SECOND_STEP: the password was right, a code is missing.
    """

    FIRST = "first"
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_STEP = "second_step"


LINK_LASTS: Final[Mapping[LinkPurpose, timedelta]] = {
    LinkPurpose.FIRST: timedelta(hours=24),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=2),
    LinkPurpose.SECOND_STEP: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A user as admins and they themselves see them.

    invited_until: of the newest invitation that was not taken up. failed_tries: to sign in, until
    their owner has seen them; failed_at: the last of them.
    """

    user: User
    disabled_at: datetime | None
    signed_in_at: datetime | None
    has_password: bool
    invited_until: datetime | None
    failed_tries: int
    failed_at: datetime | None

    @property
    def is_on(self) -> bool:
        return self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody has to prove. totp_secret: sealed, "" for none; totp_step: of the last code
    that was taken."""

    user: User
    password_hash: str
    totp_secret: str
    totp_step: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where somebody is signed in. agent: what the browser calls itself."""

    id: int
    agent: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool = False


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that works once. user: whom it is for; nobody yet, for the first account."""

    id: int
    purpose: LinkPurpose
    user: User | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Who vouches for users beside passwords (OpenID Connect). name: as people know it.

    domains: of addresses that this provider gives out itself; others are refused, if there are any.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    domains: frozenset[str]


PROVIDER_WITHIN: Final = 600
"""Seconds that somebody has at the provider's pages."""


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a browser brings back from an identity provider, as it came."""

    code: str = ""
    state: str = ""
    issuer: str = ""
    error: str = ""


class TryKind(StrEnum):
    """What is counted: tries to sign in by account, from a browser that the account knows, or by
    where they come from; codes; links; letters that were asked for, by whom and to which mailbox.
    """

    ACCOUNT = "account"
    BROWSER = "browser"
    NETWORK = "network"
    CODE = "code"
    LINK = "link"
    LETTER = "letter"
    MAILBOX = "mailbox"
