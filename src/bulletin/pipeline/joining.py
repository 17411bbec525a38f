"""Joining: somebody fills in the form, and presses a button on the page their letter leads to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.items import Nation
from bulletin.models.people import Role, Subscriber, SubscriberDraft, SuppressionReason
from bulletin.models.requests import CONFIRM_WITHIN, LetterKind, Request, RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.one_line import one_line
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

    While it is open it says all that a press puts on record; form: which form that is.
    preferences: the token of the reader's own preferences, for the answer to the press alone: a
    letter may be forwarded.
    """

    state: InvitationState
    form: int = 0
    email: str = ""
    name: str = ""
    organisation: str = ""
    roles: tuple[Role, ...] = ()
    nation: Nation | None = None
    consent: str = ""
    preferences: str = ""


class Joining:
    """Takes people onto the list who asked for it.

    zone: where the readers are; consent has the day there. name: of the bulletin, as readers
    know it.
    """

    def __init__(
        self, store: Store, asking: Asking, signer: TokenSigner, zone: ZoneInfo, *, name: str
    ) -> None:
        self._zone = zone
        self._store = store
        self._asking = asking
        self._signer = signer
        self.consent = (
            f"I want {name} to send me the bulletin by email at this address. I know that I can "
            "stop it at any time with the link in every issue."
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

    def confirm(self, token: str, form: int) -> Invitation | None:
        """Act on a letter's button: once, however often it is pressed.

        form: the one that the page showed. If another was filled in since, nothing happens and
        that one is shown: nobody agrees to what they have not seen.
        """
        number = self._signer.verify(Purpose.CONFIRM, token)
        if number is None:
            return None
        reader = None
        with self._store.write() as tx:
            request = self._request(tx, number)
            seen = request is not None and request.id == form
            if request is not None and seen and self._state(tx, request) is InvitationState.OPEN:
                reader = self._join(tx, request)
                if reader is None:
                    tx.undo()
        found = self.invitation(token)
        if found is None or reader is None:
            return found
        return replace(found, preferences=self._signer.sign(Purpose.PREFERENCES, reader.id))

    def _request(self, tx: Transaction, number: int) -> Request | None:
        """What a letter's link stands for: the last form that was filled in with its address.

        There is one letter a day, so the link in it must not belong to whoever asked first.
        """
        found = tx.requests.get(number)
        if found is None or self._state(tx, found) is not InvitationState.OPEN:
            return found
        since = self._store.clock() - CONFIRM_WITHIN
        return tx.requests.newest_open(found.email, RequestKind.JOIN, since)

    def _invitation(self, tx: Transaction, token: str) -> Invitation | None:
        number = self._signer.verify(Purpose.CONFIRM, token)
        if number is None:
            return None
        request = self._request(tx, number)
        state = InvitationState.OVER if request is None else self._state(tx, request)
        if request is None or state is InvitationState.OVER:
            return Invitation(InvitationState.OVER)
        return Invitation(
            state,
            form=request.id,
            email=request.email,
            name=request.name,
            organisation=request.organisation,
            roles=tuple(role for role in tx.roles.list_roles() if role.key in request.roles),
            nation=request.nation,
            consent=tx.wordings.text(request.wording),
        )

    def _state(self, tx: Transaction, request: Request) -> InvitationState:
        reason = tx.suppressions.reason(request.email)
        if request.confirmed_at is not None:
            joined = reason is None and tx.subscribers.has(request.email)
            return InvitationState.JOINED if joined else InvitationState.OVER
        late = self._store.clock() - request.requested_at > CONFIRM_WITHIN
        barred = reason not in {None, SuppressionReason.UNSUBSCRIBED}
        return InvitationState.OVER if late or barred else InvitationState.OPEN

    def _join(self, tx: Transaction, request: Request) -> Subscriber | None:
        """Put a person on the list, or back on it, with the consent they gave (requirement 37).

        None if they may not be on it after all, or are by another press. The import looks at
        suppressions under the lock that erasing waits for.
        """
        now, email = self._store.clock(), request.email
        tx.suppressions.remove(email, SuppressionReason.UNSUBSCRIBED)
        if not tx.requests.settle(request, now):
            return None
        draft = SubscriberDraft(
            email=email,
            roles=request.roles,
            name=request.name,
            nation=request.nation,
            consent_basis=BASIS,
            consent_date=day_in(self._zone, now),
        )
        tx.subscribers.hand_over(email)  # whoever presses has its mailbox, whoever had it before
        tx.roster_import(now, _ACTOR, agreed=request.wording).run([(draft, False)])
        if tx.suppressions.reason(email) is not None or not tx.subscribers.has(email):
            return None
        reader = tx.subscribers.by_email(email)
        tx.subscribers.pause(reader.id, None, now)  # who asks for the bulletin wants it now
        if request.organisation:
            tx.subscribers.state_organisation(reader.id, request.organisation, now)
        tx.audit.record(_ACTOR, "subscriber.join", f"subscriber:{reader.id}", now)
        return reader


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
    if len(value) > _LONGEST:
        wrong[field] = f"The {field} is longer than {_LONGEST} characters. Shorten it."


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()
