"""Single sign-on: an identity provider vouches for users (OpenID Connect Core 1.0).

The authorisation code flow with PKCE (RFC 7636), a state and a nonce. What it says counts only for
users who were invited: nobody gets an account, or a right, by it.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bulletin.errors import BulletinError, Refused
from bulletin.models.accounts import PROVIDER_WITHIN, IdentityProvider, ProviderAnswer
from bulletin.models.web import Page
from bulletin.pipeline.accounts.id_tokens import IdTokens, Untrusted
from bulletin.pipeline.accounts.sealing import Sealing
from bulletin.pipeline.accounts.signing_in import CodeWanted, Origin, SignedIn, SigningIn
from bulletin.store.store import Store

_log = logging.getLogger("bulletin.sign_in")


class AsksIssuer(Protocol):
    """Asks an identity provider; raises AddressRefused or Unreachable."""

    def read(self, url: str) -> Page: ...

    def post(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Page: ...


@dataclass(frozen=True, slots=True)
class Begun:
    """address: the provider's page to go to; kept: what the browser keeps meanwhile, sealed."""

    address: str
    kept: str


class SingleSignOn:
    """redirect: our page that the provider sends browsers back to."""

    def __init__(
        self,
        store: Store,
        provider: IdentityProvider,
        *,
        web: AsksIssuer,
        signing_in: SigningIn,
        sealing: Sealing,
        redirect: str,
    ) -> None:
        self._store = store
        self._provider = provider
        self._web = web
        self._signing_in = signing_in
        self._sealing = sealing
        self._redirect = redirect
        self._tokens = IdTokens(provider, lambda url: _document(web.read(url)), store.clock)

    def begin(self, back: str) -> Begun:
        """Raises Refused if the provider does not answer."""
        try:
            described = self._tokens.described()
        except (BulletinError, Untrusted) as error:
            raise self._silent(error) from error
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = prepare_grant_uri(
            described["authorization_endpoint"],
            client_id=self._provider.client_id,
            response_type="code",
            redirect_uri=self._redirect,
            scope="openid email profile",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        kept = json.dumps({"state": state, "nonce": nonce, "verifier": verifier, "back": back})
        return Begun(str(address), self._sealing.seal(kept))

    def finish(
        self, kept: str, answer: ProviderAnswer, origin: Origin
    ) -> tuple[SignedIn | CodeWanted, str]:
        """Let somebody in for whom the provider vouches; returns where they wanted to go, too.

        Raises Refused, with what to do.
        """
        begun = self._begun(kept, answer)
        try:
            token = self._exchange(answer.code, begun["verifier"])
            claims = self._tokens.read(token, begun["nonce"])
        except (BulletinError, Untrusted) as error:
            raise self._silent(error) from error
        email = self._address(claims)
        with self._store.write() as tx:
            user = tx.users.by_email(email)
            if user is None or not tx.accounts.vouch(user.id, str(claims["sub"])):
                raise Refused(
                    f"{email} has no account here, or it belongs to somebody else at "
                    f"{self._provider.name}. Ask an admin to invite you."
                )
            return self._signing_in.enter(tx, user, origin), begun["back"]

    def _begun(self, kept: str, answer: ProviderAnswer) -> dict[str, str]:
        """What was kept when it began here. Raises Refused unless this answers exactly that."""
        sealed = self._sealing.open(kept, within=PROVIDER_WITHIN)
        begun: dict[str, str] = json.loads(sealed) if sealed else {}
        same = begun and hmac.compare_digest(begun["state"].encode(), answer.state.encode())
        # RFC 9207: an answer may name its issuer, so that no other can pass for it.
        if not same or answer.issuer not in {"", self._provider.issuer}:
            raise Refused("It took too long, or began in another browser. Sign in again.")
        if answer.error or not answer.code:
            raise Refused(f"Signing in with {self._provider.name} was not finished. Try again.")
        return begun

    def _exchange(self, code: str, verifier: str) -> str:
        """The ID token for a code (OpenID Connect Core section 3.1.3)."""
        described, provider = self._tokens.described(), self._provider
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": verifier,
            "client_id": provider.client_id,
        }
        headers: dict[str, str] = {}
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if provider.client_secret and "client_secret_basic" in methods:
            del fields["client_id"]
            headers["Authorization"] = _basic(provider.client_id, provider.client_secret)
        elif provider.client_secret:
            fields["client_secret"] = provider.client_secret
        told = _document(self._web.post(described["token_endpoint"], fields, headers))
        token = told.get("id_token")
        if not isinstance(token, str):
            raise Untrusted("the token endpoint gave no ID token")
        return token

    def _address(self, claims: Mapping[str, Any]) -> str:
        """The address that the provider vouches for. Raises Refused.

        Who says nothing of whether it is verified (Microsoft) is believed for domains that are
        named as the provider's own, and for no others.
        """
        email = claims.get("email")
        verified = claims.get("email_verified")
        text = email.strip().lower() if isinstance(email, str) else ""
        domain, domains = text.rpartition("@")[2], self._provider.domains
        own = domain in domains
        trusted = verified in {True, "true"} or (verified is None and own)
        if not text or not trusted or (domains and not own):
            _log.warning("refused the address '%s' (verified: %s)", text, verified)
            raise Refused(
                f"{self._provider.name} does not vouch for an address that may sign in here. Use "
                "your work account, or your password."
            )
        return text

    def _silent(self, error: Exception) -> Refused:
        """What went wrong is for the admin, in the log."""
        _log.error("%s cannot sign anybody in: %s", self._provider.issuer, error)
        return Refused(
            f"Signing in with {self._provider.name} does not work for the moment. Try again, or "
            "use your password."
        )


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 section 2.3.1: both are form-encoded first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _document(page: Page) -> dict[str, Any]:
    try:
        found = json.loads(page.body)
    except ValueError as error:
        raise Untrusted(f"{page.url} answered {page.status} and no JSON") from error
    if page.status != 200 or not isinstance(found, dict):
        raise Untrusted(f"{page.url} answered {page.status}")
    return found
