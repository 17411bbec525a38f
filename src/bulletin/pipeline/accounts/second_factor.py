"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

import pyotp
import segno

from bulletin.errors import InvalidInput, Refused
from bulletin.models.accounts import Credentials, TryKind
from bulletin.models.people import User
from bulletin.pipeline.accounts.sealing import Sealing
from bulletin.pipeline.accounts.sessions import Sessions
from bulletin.pipeline.accounts.waiting import Waiting
from bulletin.store.store import Store, Transaction

RECOVERY_CODES = 10
_STEP = 30  # seconds (RFC 6238 section 5.2)
_DRIFT = 1  # steps that a clock may be off, either way
_CODE = re.compile(r"[0-9]{6}")
WRONG_CODE = "This code is not right, or was used already. Wait for the next one, and type that."
_LOST = (
    "The second factor of this account cannot be read: BULLETIN_SECRET_KEY was changed. "
    "Ask an admin to remove it."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that is not in use until a first code proves it. secret: as people type it, in
    fours; picture: its QR code, as the address of an SVG (data:)."""

    secret: str
    picture: str


class SecondFactor:
    """issuer: what authenticator apps call this site. sealing: keeps the secrets. required: whether
    everybody must have one."""

    def __init__(
        self,
        store: Store,
        *,
        sessions: Sessions,
        sealing: Sealing,
        waiting: Waiting,
        issuer: str,
        required: bool,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._sealing = sealing
        self._waiting = waiting
        self._issuer = issuer
        self._required = required

    def begin(self, user: User) -> None:
        """Make a secret to offer. Raises Refused if there is a second factor already."""
        secret = pyotp.random_base32()
        with self._store.write() as tx:
            if tx.users.account(user.id).user.second_factor:
                raise Refused("You have a second factor. Remove it before you set up another.")
            tx.accounts.offer_factor(user.id, self._sealing.seal(secret))

    def offer(self, user: User) -> Offer | None:
        """What was offered and is not in use yet; None if nothing is."""
        with self._store.read() as tx:
            found = tx.accounts.credentials(user.email)
        if found is None or found.user.second_factor or not found.totp_secret:
            return None
        secret = self._sealing.open(found.totp_secret)
        if secret is None:
            return None
        address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=self._issuer)
        # Black on white in dark colours, too: many cameras read nothing else.
        picture = segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white")
        return Offer(" ".join(re.findall("....", secret)), picture)

    def confirm(self, user: User, code: str, agent: str) -> tuple[str, tuple[str, ...]]:
        """Use what was offered, since a first code is right.

        Returns the token of a new session in place of all others, and the recovery codes, which
        are shown this once. Raises InvalidInput, Refused or TooMany.
        """
        trying = self._waiting.begin((TryKind.CODE, user.email))
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        now = self._store.clock()
        with self._store.write() as tx:
            found = tx.accounts.credentials(user.email)
            if found is None or found.user.second_factor or not found.totp_secret:
                raise Refused("There is nothing to confirm. Begin again.")
            step = self._matching_step(found, code)
            if step is None:
                raise InvalidInput(WRONG_CODE)
            tx.accounts.use_factor(user.id, step, now)
            tx.accounts.set_recovery_codes(user.id, [_hashed(each) for each in codes])
            self._waiting.succeeded(tx, trying)
            tx.audit.record(user.email, "user.second_factor", f"user:{user.id}", now)
            return self._sessions.renew_in(tx, user, agent), codes

    def passes(self, tx: Transaction, found: Credentials, code: str) -> bool:
        """Whether a code, or a recovery code, is right; it is used up. Raises Refused if the
        secret cannot be read."""
        plain = re.sub(r"[\s-]", "", code).lower()
        if not _CODE.fullmatch(plain):
            return tx.accounts.take_recovery_code(found.user.id, _hashed(plain))
        step = self._matching_step(found, plain)
        return step is not None and tx.accounts.take_step(found.user.id, step)

    def new_recovery_codes(self, user: User, code: str) -> tuple[str, ...]:
        """Fresh codes in place of the old ones. code: as for `remove`, since any of the fresh ones
        would do there. Raises InvalidInput, TooMany, or Refused without a second factor."""
        trying = self._waiting.begin((TryKind.CODE, user.email))
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        with self._store.write() as tx:
            found = tx.accounts.credentials(user.email)
            if found is None or not found.user.second_factor:
                raise Refused("Set up a second factor first.")
            if not self.passes(tx, found, code):
                raise InvalidInput(WRONG_CODE)
            self._waiting.succeeded(tx, trying)
            tx.accounts.set_recovery_codes(user.id, [_hashed(each) for each in codes])
            now = self._store.clock()
            tx.audit.record(user.email, "user.recovery_codes", f"user:{user.id}", now)
        return codes

    def remove(self, user: User, code: str, agent: str) -> str:
        """Ask for a password alone again. code: one more time, since somebody else may sit at a
        computer that was left.

        Returns the token of a new session in place of all others. Raises InvalidInput, TooMany, or
        Refused where everybody must have a second factor.
        """
        if self._required:
            raise Refused("Everybody must have a second factor here. An admin can remove yours.")
        trying = self._waiting.begin((TryKind.CODE, user.email))
        now = self._store.clock()
        with self._store.write() as tx:
            found = tx.accounts.credentials(user.email)
            if found is None or not self.passes(tx, found, code):
                raise InvalidInput(WRONG_CODE)
            self._waiting.succeeded(tx, trying)
            tx.accounts.remove_factor(user.id)
            tx.audit.record(user.email, "user.second_factor_removed", f"user:{user.id}", now)
            return self._sessions.renew_in(tx, user, agent)

    def recovery_codes_left(self, user: User) -> int:
        with self._store.read() as tx:
            return tx.accounts.count_recovery_codes(user.id)

    def _matching_step(self, found: Credentials, code: str) -> int | None:
        """The time step that a code is of, unless it was used (RFC 6238 section 5.2)."""
        secret = self._sealing.open(found.totp_secret)
        if secret is None:
            raise Refused(_LOST)
        totp, plain = pyotp.TOTP(secret), re.sub(r"[\s-]", "", code)
        now = int(self._store.clock().timestamp()) // _STEP
        right = None
        for step in range(now - _DRIFT, now + _DRIFT + 1):
            expected = totp.generate_otp(step)
            if hmac.compare_digest(expected.encode(), plain.encode()) and step > found.totp_step:
                right = step
        return right


def _recovery_code() -> str:
    """80 random bits, so that a fast hash keeps them."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(re.findall("....", text))


def _hashed(code: str) -> bytes:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode(errors="replace")).digest()
