"""A house with users: services over one store, a clock that the test moves, quick hashes."""

from __future__ import annotations

import pyotp
from desks import Clock

from bulletin.models.accounts import LinkPurpose
from bulletin.models.people import User, UserRole
from bulletin.pipeline.accounts.accounts import Chosen
from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.pipeline.accounts.signing_in import CodeWanted, Origin, SignedIn
from bulletin.settings import load_settings
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.wiring import Services
from quick_hashes import QUICK

PASSWORD, ANOTHER = "purple kettle orbit", "green tractors fly"
HERE = Origin("192.0.2.1", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")


class House:
    """Services, and users who have a password."""

    def __init__(self, url: str, **settings: object) -> None:
        self.clock = Clock()
        self.services = Services(
            load_settings(
                database_url=url,
                secret_key="a secret of at least thirty-two characters",
                from_email="bulletin@school.example",
                **settings,
            )
        )
        self.services.bare_store = Store(Database(url), self.clock)
        self.services.passwords = Passwords(QUICK)
        self.sessions = self.services.sessions
        self.accounts = self.services.accounts
        self.managing = self.services.managing_users
        self.signing_in = self.services.signing_in

    def user(self, email: str = "ann@school.example", role: UserRole = UserRole.EDITOR) -> User:
        """Somebody who has PASSWORD."""
        hashed = self.services.passwords.hashed(PASSWORD)
        return self.services.enrolment.add_user(email, role, hashed, "test")

    def sign_in(
        self, password: str = PASSWORD, email: str = "ann@school.example", origin: Origin = HERE
    ) -> SignedIn | CodeWanted:
        return self.signing_in.by_password(email, password, origin)

    def token(self, link: str) -> str:
        return link.rpartition("/")[2]

    def reset_link(self, email: str = "ann@school.example") -> str:
        """The token that a letter to this address would have."""
        with self.services.store.read() as tx:
            number = tx.one_time_links.newest(LinkPurpose.RESET, email, self.clock())
        assert number is not None
        return self.services.one_time.token(LinkPurpose.RESET, number)

    def factor(self, user: User) -> tuple[pyotp.TOTP, tuple[str, ...]]:
        """Set a second factor up; returns the app, and the recovery codes."""
        factor = self.services.second_factor
        factor.begin(user)
        offer = factor.offer(user)
        assert offer
        app = pyotp.TOTP(offer.secret.replace(" ", ""))
        _, codes = factor.confirm(user, app.at(self.clock()), "")
        return app, codes


def chosen(password: str = ANOTHER, again: str = "", **more: str) -> Chosen:
    return Chosen(password, again or password, **more)
