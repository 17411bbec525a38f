"""Joining: somebody fills in the form, and presses a button on the page their letter leads to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.items import Nation
from bulletin.models.people import Role, SubscriberDraft, SuppressionReason
from bulletin.models.requests import CONFIRM_WITHIN, LetterKind, Request, RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.draft import one_line
from bulletin.roster import check_address
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

BASIS = "confirmed opt-in"  # requirement 32
_ACTOR = "reader"
_LONGEST = 200  # as in a list that is imported


@dataclass(frozen=True, slots=True)
class JoinForm:
    """What was filled in, as it came. roles: keys; nation: its name, "" for all or not sure."""

    email: str = ""
    name: str = ""
    organisation: str = ""
    nation: str = ""
    roles: tuple[str, ...] = ()
    agreed: bool = False


class InvitationState(StrEnum):
    """OPEN: to be confirmed. JOINED: it was. OVER: too late, or the address left since."""

    OPEN = "open"
    JOINED = "joined"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the link of a letter leads to; an invitation that is over says no more than that.

    preferences: the token of the reader's own preferences, once they have joined.
    """

    state: InvitationState
    email: str = ""
    roles: tuple[Role, ...] = ()
    nation: Nation | None = None
    preferences: str = ""


class Joining:
    """Takes people onto the list who asked for it. name: of the bulletin, as readers know it."""

    def __init__(self, store: Store, asking: Asking, signer: TokenSigner, *, name: str) -> None:
        self._store = store
        self._asking = asking
        self._signer = signer
        self.consent = (
            f"I want to get {name} by email at this address. I know that I can stop it at any time "
            "with the link in every issue."
        )
        """The words that have to be agreed to; their version is part of the consent record."""

    def roles(self) -> list[Role]:
        """The roles there are to choose from."""
        with self._store.read() as tx:
            return tx.roles.list_roles()

    def ask(self, form: JoinForm, client: str) -> None:
        """Put the wish to join on record and have a letter written that asks to confirm it.

        The same for every address, whoever it belongs to (requirement 61). client: where it came
        from, such as an IP address. Raises WrongFields, or TooMany when a cap is reached.
        """
        wish = checked(form, self.roles(), client)
        self._asking.ask(wish, LetterKind.CONFIRM_JOIN, agreed=self.consent)

    def invitation(self, token: str) -> Invitation | None:
        """What a letter's link leads to; changes nothing. None for a token that is not ours."""
        with self._store.read() as tx:
            return self._invitation(tx, token)

    def confirm(self, token: str) -> Invitation | None:
        """Act on a letter's button: once, however often it is pressed."""
        now = self._store.clock()
        with self._store.write() as tx:
            found = self._invitation(tx, token)
            if found is None or found.state is not InvitationState.OPEN:
                return found
            request = self._request(tx, token)
            if request is not None and tx.requests.confirm(request.id, now):
                _join(tx, request, now)
            return self._invitation(tx, token)

    def _request(self, tx: Transaction, token: str) -> Request | None:
        number = self._signer.verify(Purpose.CONFIRM, token)
        return None if number is None else tx.requests.get(number)

    def _invitation(self, tx: Transaction, token: str) -> Invitation | None:
        if self._signer.verify(Purpose.CONFIRM, token) is None:
            return None
        request = self._request(tx, token)
        if request is None:
            return Invitation(InvitationState.OVER)  # forgotten by now
        state = _state(tx, request, self._store.clock())
        if state is InvitationState.OVER:
            return Invitation(state)
        preferences = ""
        if state is InvitationState.JOINED:
            reader = tx.subscribers.by_email(request.email)
            preferences = self._signer.sign(Purpose.PREFERENCES, reader.id)
        roles = tuple(role for role in tx.roles.list_roles() if role.key in request.roles)
        return Invitation(state, request.email, roles, request.nation, preferences)


def checked(form: JoinForm, roles: Sequence[Role], client: str) -> Wish:
    """The form as a wish. Raises WrongFields with a sentence for each field that is wrong."""
    wrong: dict[str, str] = {}
    email = _email(form.email, wrong)
    for field, value in (("name", form.name), ("organisation", form.organisation)):
        _check_line(field, value, wrong)
    known = {role.key for role in roles}
    if not form.roles or not known.issuperset(form.roles):
        wrong["role"] = "Choose at least one role, so that we know which news is for you."
    if form.nation and form.nation not in set(Nation):
        wrong["nation"] = "Choose one of the nations in the list."
    if not form.agreed:
        wrong["agree"] = "Tick this box if you agree: without it, we may not write to you."
    if wrong:
        raise WrongFields(wrong)
    return Wish(
        kind=RequestKind.JOIN,
        email=email,
        client=client,
        name=_tidy(form.name),
        organisation=_tidy(form.organisation),
        nation=Nation(form.nation) if form.nation else None,
        roles=tuple(role.key for role in roles if role.key in form.roles),
    )


def _email(text: str, wrong: dict[str, str]) -> str:
    if not text.strip():
        wrong["email"] = "Fill in your email address, such as name@school.example."
        return ""
    try:
        return check_address(text)
    except InvalidInput as error:
        wrong["email"] = str(error)
        return ""


def _check_line(field: str, value: str, wrong: dict[str, str]) -> None:
    try:
        one_line(field, value)
    except InvalidInput as error:
        wrong[field] = str(error)
    if any(map(_is_unwanted, value)):
        wrong[field] = f"The {field} holds a character that cannot be shown. Type it again."
    if len(value) > _LONGEST:
        wrong[field] = f"The {field} is longer than {_LONGEST} characters. Shorten it."


def _is_unwanted(char: str) -> bool:
    """Line separators, halves of characters, and what turns the text around it round."""
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    in_no_line = unicodedata.category(char) in {"Zl", "Zp", "Cs", "Cn"}
    return in_no_line or unicodedata.bidirectional(char) in turning


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


def _state(tx: Transaction, request: Request, now: datetime) -> InvitationState:
    reason = tx.suppressions.reason(request.email)
    if request.confirmed_at is not None:
        joined = reason is None and tx.subscribers.has(request.email)
        return InvitationState.JOINED if joined else InvitationState.OVER
    late = now - request.requested_at > CONFIRM_WITHIN
    barred = reason not in {None, SuppressionReason.UNSUBSCRIBED}
    return InvitationState.OVER if late or barred else InvitationState.OPEN


def _join(tx: Transaction, request: Request, now: datetime) -> None:
    """Put a person on the list, or back on it, with the consent they gave (requirement 37).

    Whoever is on it already keeps their organisation: a form is no proof of belonging to one.
    """
    email = request.email
    has_organisation = tx.subscribers.has(email) and tx.subscribers.by_email(email).organisation
    if tx.suppressions.reason(email) is SuppressionReason.UNSUBSCRIBED:
        tx.suppressions.remove(email)
    draft = SubscriberDraft(
        email=email,
        roles=request.roles,
        name=request.name,
        organisation="" if has_organisation else request.organisation,
        nation=request.nation,
        consent_basis=BASIS,
        consent_date=now.date(),
    )
    tx.roster_import(now, _ACTOR, agreed=request.wording).run([(draft, False)])
    reader = tx.subscribers.by_email(email)
    tx.audit.record(_ACTOR, "subscriber.join", f"subscriber:{reader.id}", now)
