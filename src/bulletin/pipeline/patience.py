"""How long to leave alone what cannot be done for now."""

from __future__ import annotations

from bulletin.errors import TransportUnavailable

_FIRST, _LONGEST = 5.0, 300.0


class Patience:
    """5 seconds after the first failure, then twice as long each time, at most 5 minutes; or as
    long as the other side asked for."""

    def __init__(self) -> None:
        self._pause = 0.0

    def lose(self, error: Exception) -> float:
        """It failed once more: how many seconds to wait."""
        asked = error.retry_after if isinstance(error, TransportUnavailable) else None
        doubled = max(_FIRST, min(self._pause * 2, _LONGEST))
        self._pause = asked if asked is not None else doubled
        return self._pause

    def regain(self) -> None:
        """It went well."""
        self._pause = 0.0
