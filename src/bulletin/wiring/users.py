"""How users sign in, and what their accounts are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bulletin import __version__
from bulletin.wiring.foundation import Foundation

if TYPE_CHECKING:
    from bulletin.pipeline.accounts.accounts import Accounts
    from bulletin.pipeline.accounts.managing_users import ManagingUsers
    from bulletin.pipeline.accounts.one_time import OneTime
    from bulletin.pipeline.accounts.passwords import Passwords
    from bulletin.pipeline.accounts.second_factor import SecondFactor
    from bulletin.pipeline.accounts.sessions import Sessions
    from bulletin.pipeline.accounts.signing_in import SigningIn
    from bulletin.pipeline.accounts.single_sign_on import SingleSignOn
    from bulletin.pipeline.accounts.waiting import Waiting


class SigningUsersIn(Foundation):
    """The parts behind signing in, each loaded when it is needed: readers' pages need none."""

    @cached_property
    def sessions(self) -> Sessions:
        from bulletin.pipeline.accounts.sessions import Sessions  # noqa: PLC0415  # the desk alone needs it

        return Sessions(self.store)

    @cached_property
    def passwords(self) -> Passwords:
        from bulletin.pipeline.accounts.passwords import Passwords  # noqa: PLC0415  # slow to load

        return Passwords()

    @cached_property
    def waiting(self) -> Waiting:
        from bulletin.pipeline.accounts.waiting import Waiting  # noqa: PLC0415  # the desk alone needs it

        return Waiting(self.store)

    @cached_property
    def one_time(self) -> OneTime:
        """Raises Misconfigured without BULLETIN_SECRET_KEY."""
        from bulletin.pipeline.accounts.one_time import OneTime  # noqa: PLC0415  # the desk alone needs it

        return OneTime(self.store, self.signer, self.waiting)

    @cached_property
    def second_factor(self) -> SecondFactor:
        """Raises as `one_time`."""
        from bulletin.pipeline.accounts.sealing import Sealing  # noqa: PLC0415  # slow to load
        from bulletin.pipeline.accounts.second_factor import SecondFactor  # noqa: PLC0415  # the same

        return SecondFactor(
            self.store,
            sessions=self.sessions,
            sealing=Sealing(self.settings.secret(), "second factor"),
            waiting=self.waiting,
            issuer=self.settings.from_name,
            required=self.settings.require_second_factor,
        )

    @cached_property
    def signing_in(self) -> SigningIn:
        """Raises as `one_time`."""
        from bulletin.pipeline.accounts.signing_in import SigningIn  # noqa: PLC0415  # slow to load

        return SigningIn(
            self.store,
            sessions=self.sessions,
            passwords=self.passwords,
            waiting=self.waiting,
            one_time=self.one_time,
            second_factor=self.second_factor,
            signer=self.signer,
        )

    @cached_property
    def accounts(self) -> Accounts:
        """Raises as `one_time`."""
        from bulletin.pipeline.accounts.accounts import Accounts  # noqa: PLC0415  # slow to load

        return Accounts(
            self.store,
            sessions=self.sessions,
            passwords=self.passwords,
            waiting=self.waiting,
            one_time=self.one_time,
            signing_in=self.signing_in,
            public_url=self.settings.public_url,
            vouched=self.settings.identity_provider() is not None,
            site=self.settings.from_name,
        )

    @cached_property
    def single_sign_on(self) -> SingleSignOn | None:
        """None unless an identity provider is set up. Raises Misconfigured."""
        provider = self.settings.identity_provider()
        if provider is None:
            return None
        from bulletin.fetching import IssuerWeb  # noqa: PLC0415  # slow to load, rarely needed
        from bulletin.pipeline.accounts.sealing import Sealing  # noqa: PLC0415  # the same
        from bulletin.pipeline.accounts.single_sign_on import SingleSignOn  # noqa: PLC0415  # the same

        return SingleSignOn(
            self.store,
            provider,
            web=IssuerWeb(
                provider.issuer, agent=f"Bulletin/{__version__}", context=self.authorities
            ),
            signing_in=self.signing_in,
            sealing=Sealing(self.settings.secret(), "single sign-on"),
            redirect=f"{self.settings.public_url}/app/sign-in/provider/back",
        )

    @cached_property
    def managing_users(self) -> ManagingUsers:
        from bulletin.pipeline.accounts.managing_users import ManagingUsers  # noqa: PLC0415  # the same

        return ManagingUsers(self.store, lambda: self.accounts)
