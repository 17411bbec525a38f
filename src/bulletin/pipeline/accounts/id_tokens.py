"""ID tokens: what an identity provider signs about somebody, and whether to believe it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from bulletin.models.accounts import IdentityProvider

_KEPT_FOR: Final = timedelta(hours=1)
_LEEWAY: Final = 60  # seconds that clocks may be apart
# Signatures with a key of the provider's own; never "none", and never its secret as a key.
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Untrusted(Exception):
    """What a provider said cannot be believed, or was not said at all; for the log."""


class IdTokens:
    """Checks ID tokens as OpenID Connect Core section 3.1.3.7 says.

    read: the JSON document at an address. Descriptions and keys are kept for an hour; a token with
    a key that is not known has them read again. Safe to share between threads.
    """

    def __init__(
        self,
        provider: IdentityProvider,
        read: Callable[[str], dict[str, Any]],
        clock: Callable[[], datetime],
    ) -> None:
        self._provider = provider
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[datetime, dict[str, Any], KeySet] | None = None

    def described(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0). Raises Untrusted, and
        what `read` raises."""
        return self._known()[0]

    def read(self, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that is the provider's, for us, of now and for this sign-in.

        Raises Untrusted, and what `read` raises.
        """
        try:
            try:
                return self._checked(token, nonce, self._known()[1])
            except InvalidKeyIdError:  # the provider may have changed its keys
                return self._checked(token, nonce, self._known(fresh=True)[1])
        except (JoseError, ValueError) as error:
            raise Untrusted(f"its ID token is not valid: {error}") from error

    def _checked(self, token: str, nonce: str, keys: KeySet) -> Mapping[str, Any]:
        found = jwt.decode(token, keys, algorithms=list(_ALGORITHMS))
        provider = self._provider
        claims = CodeIDToken(
            found.claims,
            found.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={"nonce": nonce, "client_id": provider.client_id},
        )
        claims.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY)
        return found.claims

    def _known(self, *, fresh: bool = False) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            now = self._clock()
            if self._kept is None or fresh or now - self._kept[0] > _KEPT_FOR:
                described = self._described_now()
                self._kept = now, described, self._keys(described)
            return self._kept[1:]

    def _described_now(self) -> dict[str, Any]:
        issuer = self._provider.issuer
        described = self._read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if described.get("issuer") != issuer:  # OpenID Connect Discovery section 4.3
            raise Untrusted(f"it calls itself {described.get('issuer')}, not {issuer}")
        for name in _NEEDED:
            if not isinstance(described.get(name), str):
                raise Untrusted(f"it does not say its {name}")
        return described

    def _keys(self, described: Mapping[str, Any]) -> KeySet:
        try:
            return KeySet.import_key_set(self._read(described["jwks_uri"]))  # type: ignore[arg-type]  # it checks
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Untrusted(f"its keys cannot be read: {error}") from error
