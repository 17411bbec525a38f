"""What the desk needs beside what every door may call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bulletin.wiring.foundation import Foundation

if TYPE_CHECKING:
    from bulletin.pipeline.sessions import Sessions


class Desk(Foundation):
    """The parts behind the pages of those who sign in, each loaded when it is needed."""

    @cached_property
    def sessions(self) -> Sessions:
        from bulletin.pipeline.sessions import Sessions  # noqa: PLC0415  # the desk alone needs it

        return Sessions(self.store)
