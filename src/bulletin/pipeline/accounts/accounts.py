"""Accounts: the first one, invitations, and passwords that are forgotten or changed."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import InvalidInput, Refused, WrongFields
from bulletin.models.accounts import LINK_LASTS, LinkPurpose, OneTimeLink, TryKind
from bulletin.models.lines import is_one_line
from bulletin.models.people import User, UserRole
from bulletin.models.requests import LetterKind
from bulletin.pipeline.accounts.one_time import PAGES, OneTime
from bulletin.pipeline.accounts.passwords import Passwords, check_password
from bulletin.pipeline.accounts.sessions import Sessions
from bulletin.pipeline.accounts.signing_in import CodeWanted, Origin, SignedIn, SigningIn
from bulletin.pipeline.accounts.waiting import Waiting
from bulletin.roster import check_address
from bulletin.store.store import Store, Transaction

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was filled in, as it came. again: the password once more, since nobody can read it."""

    password: str
    again: str
    name: str = ""
    email: str = ""


class Accounts:
    """Makes accounts usable.

    public_url: where links of letters lead. vouched: whether an identity provider lets users in who
    have no password. site: the bulletin's name, which is no good password.
    """

    def __init__(
        self,
        store: Store,
        *,
        sessions: Sessions,
        passwords: Passwords,
        waiting: Waiting,
        one_time: OneTime,
        signing_in: SigningIn,
        public_url: str,
        vouched: bool,
        site: str,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords
        self._waiting = waiting
        self._one_time = one_time
        self._signing_in = signing_in
        self._public_url = public_url
        self._vouched = vouched
        self._site = site

    def first_link(self, address: str) -> str | None:
        """Where the first account is made, once and within a day; None if anybody can sign in.

        address: at which this machine is reached. Links that were printed before end.
        """
        with self._store.write() as tx:
            if tx.accounts.anybody_can_sign_in(without_password=self._vouched):
                return None
            token = self._one_time.make(tx, LinkPurpose.FIRST, None)
        return f"{address}/{PAGES[LinkPurpose.FIRST]}/{token}"

    def make_first(self, token: str, chosen: Chosen, origin: Origin) -> SignedIn | CodeWanted:
        """Make the first admin, with what they chose. Raises WrongFields, or Refused for a link
        that is over."""
        link = self._one_time.look(LinkPurpose.FIRST, token, origin.client)
        wrong = _wrong_name(chosen.name)
        try:
            email = check_address(chosen.email)
        except InvalidInput as error:
            email, wrong["email"] = chosen.email, str(error)
        hashed = self._checked(chosen, wrong, email, chosen.name)
        now = self._store.clock()
        with self._store.write() as tx:
            self._one_time.use(tx, link)
            if tx.accounts.anybody_can_sign_in(without_password=self._vouched):
                raise Refused("Somebody can sign in already. Ask them to invite you.")
            user = tx.users.by_email(email) or tx.users.add(email, UserRole.ADMIN, "", now)
            tx.users.set(user.id, role=UserRole.ADMIN, name=chosen.name.strip())
            tx.accounts.set_password(user.id, hashed)
            tx.audit.record(email, "user.first", f"user:{user.id}", now)
            return self._signing_in.enter(tx, tx.users.account(user.id).user, origin)

    def invite(self, tx: Transaction, user: User, *, mailed: bool = True) -> str:
        """A new link at which somebody chooses their first password, and a letter with it."""
        if mailed:
            tx.letters.post(LetterKind.INVITATION, user.email, None, self._store.clock())
            tx.jobs.letters()
        return self._link(tx, LinkPurpose.INVITATION, user)

    def reset_link(self, tx: Transaction, user: User) -> str:
        """A new link at which somebody chooses another password, for an admin to hand over."""
        return self._link(tx, LinkPurpose.RESET, user)

    def _link(self, tx: Transaction, purpose: LinkPurpose, user: User) -> str:
        token = self._one_time.make(tx, purpose, user)
        return f"{self._public_url}/{PAGES[purpose]}/{token}"

    def look(self, purpose: LinkPurpose, token: str, client: str) -> OneTimeLink:
        """What a link's page shows; changes nothing. Raises Refused for one that is over."""
        return self._one_time.look(purpose, token, client)

    def accept(self, token: str, chosen: Chosen, origin: Origin) -> SignedIn | CodeWanted:
        """Take up an invitation. Raises as `make_first`."""
        link = self._one_time.look(LinkPurpose.INVITATION, token, origin.client)
        user = _whose(link)
        hashed = self._checked(chosen, _wrong_name(chosen.name), user.email, chosen.name)
        with self._store.write() as tx:
            self._one_time.use(tx, link)
            tx.users.set(user.id, name=chosen.name.strip())
            self._replace_password(tx, user, hashed, "user.joined")
            return self._signing_in.enter(tx, tx.users.account(user.id).user, origin)

    def forgot(self, email: str, client: str) -> None:
        """Have a link sent to whoever has this address, if anybody does: the same statements run
        for every address, and which letter goes out, or none, is decided when it is written.

        Raises InvalidInput for what is no address, and TooMany for who asked often.
        """
        email = check_address(email)
        self._waiting.begin((TryKind.MAILBOX, email), (TryKind.LETTER, client))
        now = self._store.clock()
        with self._store.write() as tx:
            tx.one_time_links.make_for(
                LinkPurpose.RESET, email, now, now + LINK_LASTS[LinkPurpose.RESET]
            )
            tx.letters.post(LetterKind.RESET_PASSWORD, email, None, now)
            tx.jobs.letters()

    def reset(self, token: str, chosen: Chosen, client: str) -> User:
        """Choose another password by a link; ends all sessions. Raises as `make_first`."""
        link = self._one_time.look(LinkPurpose.RESET, token, client)
        user = _whose(link)
        hashed = self._checked(chosen, {}, user.email, user.name)
        with self._store.write() as tx:
            self._one_time.use(tx, link)
            self._replace_password(tx, user, hashed, "user.password_reset")
            # Whoever reads their mail is not kept waiting by who guessed.
            self._waiting.clear(tx, TryKind.ACCOUNT, user.email)
        return user

    def change_password(self, user: User, old: str, chosen: Chosen, origin: Origin) -> str:
        """Raises WrongFields or TooMany. Ends all sessions; returns the token of a new one."""
        with self._store.read() as tx:
            found = tx.accounts.credentials(user.email)
        trying = self._waiting.begin((TryKind.BROWSER, user.email))
        wrong: dict[str, str] = {}
        if found is None or not self._passwords.matches(old, found.password_hash):
            wrong["old"] = "This is not the password that you have now."
        hashed = self._checked(chosen, wrong, user.email, user.name)
        with self._store.write() as tx:
            self._waiting.succeeded(tx, trying)
            self._replace_password(tx, user, hashed, "user.password")
            return self._sessions.renew_in(tx, user, origin.agent)

    def _replace_password(self, tx: Transaction, user: User, hashed: str, action: str) -> None:
        """Nothing that was open with the old one stays so: no session, no link."""
        tx.accounts.set_password(user.id, hashed)
        tx.sessions.end_all(user.id)
        tx.one_time_links.end(user.id)
        tx.audit.record(user.email, action, f"user:{user.id}", self._store.clock())

    def _checked(self, chosen: Chosen, wrong: dict[str, str], *known: str) -> str:
        """The hash of a good password. Raises WrongFields with all that is wrong."""
        try:
            check_password(chosen.password, self._site, *known)
        except InvalidInput as error:
            wrong["password"] = str(error)
        if "password" not in wrong and chosen.again != chosen.password:
            wrong["again"] = "Type the same password twice. These two are different."
        if wrong:
            raise WrongFields(wrong)
        return self._passwords.hashed(chosen.password)


def name_of(text: str) -> str:
    """A name, checked. Raises WrongFields."""
    if wrong := _wrong_name(text):
        raise WrongFields(wrong)
    return text.strip()


def _wrong_name(text: str) -> dict[str, str]:
    name = text.strip()
    if not name:
        return {"name": "Give your name, as colleagues know you."}
    if not is_one_line(name) or len(name) > LONGEST_NAME:
        return {"name": f"A name is one line of at most {LONGEST_NAME} characters."}
    return {}


def _whose(link: OneTimeLink) -> User:
    assert link.user is not None  # noqa: S101  # such a link is always somebody's
    return link.user
