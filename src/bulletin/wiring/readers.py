"""What readers' pages call."""

from __future__ import annotations

from functools import cached_property

from bulletin.pipeline.acknowledge import Acknowledging
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.evidence import Evidence
from bulletin.pipeline.joining import Joining
from bulletin.pipeline.moving import Moving
from bulletin.pipeline.parting import Parting
from bulletin.pipeline.preferences import Preferences
from bulletin.pipeline.publish import Publishing
from bulletin.pipeline.record import Recording
from bulletin.wiring.foundation import Foundation


class Readers(Foundation):
    """Joining, choosing, leaving, acknowledging, and what is published."""

    @cached_property
    def publishing(self) -> Publishing:
        return Publishing(
            self.store,
            self.signer,
            public_url=self.settings.public_url,
            zone=self.settings.zone,
        )

    @cached_property
    def acknowledging(self) -> Acknowledging:
        return Acknowledging(self.store, self.signer)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(
            self.store,
            self.reporting,
            signer=lambda: self.signer,
            readers_url=self.settings.readers_url,
            zone=self.settings.zone,
            guidance=self.settings.guidance,
        )

    @cached_property
    def asking(self) -> Asking:
        return Asking(
            self.store,
            per_hour=self.settings.requests_per_hour,
            per_client=self.settings.requests_per_hour_per_client,
            zone=self.settings.zone,
        )

    @cached_property
    def joining(self) -> Joining:
        zone, name = self.settings.zone, self.settings.from_name
        return Joining(self.store, self.asking, self.signer, zone, name=name)

    @cached_property
    def recording(self) -> Recording:
        return Recording(self.store, self.signer)

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.store, self.signer, self.asking, self.settings.zone)

    @cached_property
    def moving(self) -> Moving:
        return Moving(self.store, self.signer, self.settings.zone)

    @cached_property
    def parting(self) -> Parting:
        return Parting(self.store, self.signer, self.asking)
