"""What the desk needs beside what every door may call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bulletin.wiring.foundation import Foundation

if TYPE_CHECKING:
    from bulletin.pipeline.calendar.keeping_terms import KeepingTerms
    from bulletin.pipeline.composing.composing import Composing
    from bulletin.pipeline.composing.listing import Listing
    from bulletin.pipeline.composing.presence import Presences
    from bulletin.pipeline.composing.wording import Wording
    from bulletin.pipeline.composing.writing import Writing
    from bulletin.pipeline.directory import Directory
    from bulletin.pipeline.discarding import Discarding
    from bulletin.pipeline.roster_files import RosterFiles
    from bulletin.pipeline.today import Today


class Desk(Foundation):
    """The parts behind the pages of those who sign in, each loaded when it is needed."""

    @cached_property
    def listing(self) -> Listing:
        from bulletin.pipeline.composing.listing import Listing  # noqa: PLC0415  # the same
        from bulletin.pipeline.draft import Drafting  # noqa: PLC0415  # the desk alone needs it

        return Listing(
            self.store, Drafting(self.store), self.settings.zone, self.settings.from_name
        )

    @cached_property
    def discarding(self) -> Discarding:
        from bulletin.pipeline.discarding import Discarding  # noqa: PLC0415  # seldom needed

        return Discarding(self.store)

    @cached_property
    def keeping_terms(self) -> KeepingTerms:
        from bulletin.pipeline.calendar.keeping_terms import KeepingTerms  # noqa: PLC0415  # reads dates

        return KeepingTerms(self.store)

    @cached_property
    def directory(self) -> Directory:
        from bulletin.pipeline.directory import Directory  # noqa: PLC0415  # the same

        return Directory(self.store, self.settings.zone)

    @cached_property
    def roster_files(self) -> RosterFiles:
        from bulletin.pipeline.roster_files import RosterFiles  # noqa: PLC0415  # the same

        return RosterFiles(self.store, self.settings.zone)

    @cached_property
    def composing(self) -> Composing:
        from bulletin.pipeline.composing.composing import Composing  # noqa: PLC0415  # the desk alone needs it

        return Composing(self.store)

    @cached_property
    def today(self) -> Today:
        from bulletin.pipeline.today import Today  # noqa: PLC0415  # the desk alone needs it

        settings = self.settings
        return Today(self.store, settings.zone, self_approval=settings.self_approval)

    @cached_property
    def writing(self) -> Writing:
        from bulletin.pipeline.composing.writing import Writing  # noqa: PLC0415  # the desk alone needs it

        return Writing(self.store)

    @cached_property
    def wording(self) -> Wording:
        from bulletin.pipeline.composing.wording import Wording  # noqa: PLC0415  # the desk alone needs it

        return Wording(self.store)

    @cached_property
    def presences(self) -> Presences:
        from bulletin.pipeline.composing.presence import Presences  # noqa: PLC0415  # the desk alone needs it

        return Presences(self.store)
