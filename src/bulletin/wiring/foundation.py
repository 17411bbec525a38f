"""What everything stands on: settings, the store, tokens, the brand."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cached_property

from bulletin.errors import Misconfigured
from bulletin.models.brand import Brand, Logo, Palette
from bulletin.pipeline.report import Reporting
from bulletin.rendering import LogoFile, read_logo
from bulletin.settings import Engine, Settings
from bulletin.store.database import Database
from bulletin.store.jobs import MakeJobs, NoJobs
from bulletin.store.store import Store
from bulletin.tokens import TokenSigner


class Foundation:
    """The settings and what is made of them for everybody."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def bare_store(self) -> Store:
        """The store without a look at its schema: for `db upgrade` and `doctor`."""
        return Store(
            Database(self.settings.database_url), lambda: datetime.now(UTC), self._make_jobs()
        )

    def _make_jobs(self) -> MakeJobs:
        if not self.is_distributed:
            return NoJobs
        if not self.settings.database_url.startswith("postgresql"):
            raise Misconfigured(
                "BULLETIN_ENGINE=distributed needs PostgreSQL, and BULLETIN_DATABASE_URL names "
                "something else. Workers on several machines cannot share a file."
            )
        from bulletin.store.queue import QueuedJobs  # noqa: PLC0415  # slow to load, rarely needed

        return QueuedJobs

    @property
    def is_distributed(self) -> bool:
        """Whether `bulletin worker` sends, and not this process."""
        return self.settings.engine is Engine.DISTRIBUTED

    @cached_property
    def store(self) -> Store:
        """The store, its tables made or checked. Raises StoreError."""
        self.bare_store.prepare()
        return self.bare_store

    def has_library(self) -> bool:
        """Whether there is a database to look into, without making one."""
        return self.bare_store.exists()

    @cached_property
    def signer(self) -> TokenSigner:
        return TokenSigner(self.settings.secret())

    @cached_property
    def logo(self) -> LogoFile | None:
        """The picture that the page /brand/logo serves. Raises Misconfigured."""
        return read_logo(self.settings.logo) if self.settings.logo else None

    @cached_property
    def brand(self) -> Brand:
        """How the bulletin looks. Raises Misconfigured if the logo cannot be used."""
        logo = None
        if self.logo is not None:
            path = f"/brand/logo.{self.logo.suffix}"
            url = f"{self.settings.public_url}{path}"
            logo = Logo(path, url, self.logo.width, self.logo.height)
        palette = Palette(self.settings.brand_colour, self.settings.link_colour)
        return Brand(palette, logo, self.settings.footer_text)

    @cached_property
    def reporting(self) -> Reporting:
        return Reporting(self.store)

    @cached_property
    def authorities(self) -> ssl.SSLContext:
        """Whom TLS trusts; reading them costs 25 ms, and every job of a worker needs them."""
        return ssl.create_default_context()

    def close(self) -> None:
        """Let go of the database."""
        if "bare_store" in self.__dict__:
            self.bare_store.close()
