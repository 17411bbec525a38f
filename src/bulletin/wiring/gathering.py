"""How news comes in from the web: the client that asks, and the sources that are watched."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bulletin import __version__
from bulletin.models.web import Web
from bulletin.pipeline.collect import Collecting
from bulletin.pipeline.draft import Drafting
from bulletin.wiring.foundation import Foundation

if TYPE_CHECKING:
    from bulletin.pipeline.inbox.inbox import Inbox
    from bulletin.pipeline.inbox.item import InboxItem
    from bulletin.pipeline.inbox.paste import Pasting
    from bulletin.pipeline.inbox.sampling import Sampling
    from bulletin.pipeline.visiting import Visiting


class Gathering(Foundation):
    """What reads the web."""

    @cached_property
    def web(self) -> Web:
        """Public web addresses, and those of BULLETIN_FETCH_PRIVATE."""
        from bulletin.fetching import WebClient  # noqa: PLC0415  # slow to load, rarely needed

        return WebClient(
            agent=f"Bulletin/{__version__} (+{self.settings.public_url})",
            context=self.authorities,
            private=self.settings.private_networks,
        )

    @cached_property
    def visiting(self) -> Visiting:
        from bulletin.pipeline.visiting import Visiting  # noqa: PLC0415  # the same: reads texts

        return Visiting(self.web)

    @cached_property
    def pasting(self) -> Pasting:
        from bulletin.pipeline.inbox.paste import Pasting  # noqa: PLC0415  # the desk alone needs it

        return Pasting(self.store, Collecting(self.store), self.visiting)

    @cached_property
    def sampling(self) -> Sampling:
        from bulletin.pipeline.inbox.sampling import Sampling  # noqa: PLC0415  # the same
        from bulletin.pipeline.library import Library  # noqa: PLC0415  # the desk alone needs it

        return Sampling(self.store, self.pasting, Library(self.store))

    @cached_property
    def inbox(self) -> Inbox:
        from bulletin.pipeline.inbox.inbox import Inbox  # noqa: PLC0415  # the desk alone needs it

        return Inbox(self.store, Drafting(self.store))

    @cached_property
    def inbox_item(self) -> InboxItem:
        from bulletin.pipeline.editing import Editing  # noqa: PLC0415  # slow to load: reads texts
        from bulletin.pipeline.inbox.item import InboxItem  # noqa: PLC0415  # the same

        return InboxItem(self.store, Editing(self.store))
