"""The trial mode: the team is really mailed, and the simulator answers for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bulletin.models.deliveries import Consignment, Receipt
from bulletin.transports.base import Transport


class TrialTransport:
    """Two transports in one. In doubt an address is not the team's, so nothing leaves for it.

    really:    what mails the team.
    simulator: what answers for everybody else.
    is_team:   whether an address is one of the team's.
    """

    name = "trial"

    def __init__(
        self, really: Transport, simulator: Transport, is_team: Callable[[str], bool]
    ) -> None:
        self._really = really
        self._simulator = simulator
        self._is_team = is_team
        self.window = min(really.window, simulator.window)

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport. The simulator goes first: what it settles no trouble can undo."""
        team = tuple(copy for copy in consignment.copies if self._is_team(copy.address))
        others = tuple(copy for copy in consignment.copies if not self._is_team(copy.address))
        if others:
            yield from self._simulator.send(replace(consignment, copies=others))
        if team:
            yield from self._really.send(replace(consignment, copies=team))

    def close(self) -> None:
        """Let go of both."""
        self._really.close()
        self._simulator.close()
