"""Publish: issues on the web: whose they are to read, and what a reader sees of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bulletin.audience import role_phrase
from bulletin.composition import restrict
from bulletin.errors import NotFound, Refused
from bulletin.models.brand import Brand
from bulletin.models.days import spoken_date
from bulletin.models.editions import MERGE_FIELDS, Field, ReaderKind
from bulletin.models.issues import Issue, IssueContent, IssueState, Length, Sender, Visibility
from bulletin.models.nations import nation_named
from bulletin.models.people import Role
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.freeze import thaw
from bulletin.rendering.view import IssueView, Prose, view
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

_WENT_OUT = (IssueState.SENT, IssueState.SENDING, IssueState.PAUSED)
_KEPT = 64  # composed issues in memory, the last used ones


@dataclass(frozen=True, slots=True)
class Showing:
    """One way to look at an issue: whole, or as a kind of reader. Equal ones look the same.

    roles: all that there are, as they are named now.
    """

    issue: Issue
    roles: tuple[Role, ...]
    kind: ReaderKind | None = None


@dataclass(frozen=True, slots=True)
class WebEdition:
    """An issue as a page shows it.

    day:    when it went out ("1 December 2026").
    items:  how many are shown, `of` so many.
    reader: who sees this edition, in words; "" for the whole issue.
    chosen: the role keys of that reader, for the form; nation: the same, or "".
    names:  role names by key.
    """

    slug: str
    view: IssueView
    day: str
    items: int
    of: int
    reader: str
    chosen: frozenset[str]
    nation: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A public issue in a list. lines: what stands for each item in a table of contents."""

    slug: str
    title: str
    standfirst: str
    author: str
    sent_at: datetime
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Composed:
    view: IssueView
    items: int
    of: int


class Publishing:
    """Issues on the web. Safe to share between threads.

    public_url: where readers reach us, without a slash at its end.
    """

    def __init__(
        self, store: Store, signer: TokenSigner, *, public_url: str, zone: ZoneInfo
    ) -> None:
        self._store = store
        self._signer = signer
        self._public_url = public_url
        self._zone = zone
        self._composed = lru_cache(maxsize=_KEPT)(self._compose)
        self._listed = lru_cache(maxsize=1000)(self._list)

    def publish(self, reference: str, actor: str) -> Issue:
        """Let everybody read an issue once it has gone out. Its approval stays.

        Raises NotFound, or Refused for a rehearsal.
        """
        return self._make(reference, Visibility.PUBLIC, "issue.publish", actor)

    def unpublish(self, reference: str, actor: str) -> Issue:
        """Take an issue off the web; readers' own links still work. Raises NotFound."""
        return self._make(reference, Visibility.PRIVATE, "issue.unpublish", actor)

    def _make(self, reference: str, visibility: Visibility, action: str, actor: str) -> Issue:
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            if issue.rehearsal_of is not None:
                raise Refused(f"Issue '{issue.slug}' is a rehearsal: nobody else sees it.")
            if issue.visibility is visibility:
                return issue
            now = self._store.clock()
            tx.issues.edit(issue, now, visibility=visibility)
            tx.audit.record(actor, action, f"issue:{issue.id}", now)
            return tx.issues.get(issue.id)

    def archive(self) -> tuple[Issue, ...]:
        """Public issues that have gone out and are still kept, the latest first."""
        with self._store.read() as tx:
            found = tx.issues.list_issues(states=_WENT_OUT, visibility=Visibility.PUBLIC)
            kept = tx.issues.keeping(issue.id for issue in found)
        public = [issue for issue in found if issue.id in kept and issue.started_at]
        return tuple(sorted(public, key=_sent_at, reverse=True))

    def listed(self, issue: Issue) -> Listed:
        """A public issue for a list of them."""
        return self._listed(issue)

    def find(self, slug: str, roles: Sequence[str] = (), nation: str = "") -> Showing | None:
        """A public issue, whole or as a reader with these roles in this nation sees it.

        Without roles, a nation means readers there whatever they do. None if there is no such
        issue for everybody, role or nation. Raises NotFound if what it said is no longer kept.
        """
        with self._store.read() as tx:
            issue = _public(tx, slug)
            if issue is None:
                return None
            known = tuple(tx.roles.list_roles())
            _check_kept(tx, issue)
        where = nation_named(nation)
        keys = frozenset(role.key for role in known)
        if not keys.issuperset(roles) or (nation and where is None):
            return None
        if not roles and where is None:
            return Showing(issue, known)
        return Showing(issue, known, ReaderKind(frozenset(roles) or keys, where))

    def edition(self, showing: Showing) -> WebEdition:
        """A public issue for a page, with plain words where a copy names its reader."""
        held = showing.kind.roles if showing.kind else frozenset()
        everyone = len(held) == len(showing.roles)
        return self._edition(
            showing,
            self._addressing(showing.roles).personal("", "", frozenset() if everyone else held),
            reader=_reader(showing, everyone=everyone),
            chosen=frozenset() if everyone else held,
        )

    def own(self, token: str) -> WebEdition | None:
        """The edition of the reader whom a copy went to, private issues too; None if not ours.

        Somebody erased, or gone to another address, since is not named any more.
        Raises NotFound if it is no longer kept.
        """
        number = self._signer.verify(Purpose.VIEW, token)
        if number is None:
            return None
        with self._store.read() as tx:
            delivery = tx.deliveries.receiver(number)
            issue = tx.issues.get(delivery.issue_id)
            if issue.rehearsal_of is not None:
                return None
            _check_kept(tx, issue)
            roles = tuple(tx.roles.list_roles())
            person = tx.subscribers.by_id(delivery.subscriber_id or 0)
        kind = delivery.kind
        named = person is not None and person.email == delivery.email
        name, organisation = (person.name, person.organisation) if person and named else ("", "")
        showing = Showing(issue, roles, kind)
        return self._edition(
            showing,
            self._addressing(roles).personal(name, organisation, kind.roles),
            reader=_reader(showing),
            chosen=kind.roles,
        )

    def preview(
        self, issue: Issue, content: IssueContent, sender: Sender, kind: ReaderKind
    ) -> WebEdition:
        """The page behind the link in a reader's copy, of an issue that has not gone out."""
        with self._store.read() as tx:
            roles = tuple(tx.roles.list_roles())
        showing = Showing(issue, roles, kind)
        return self._edition(
            showing,
            self._addressing(roles).personal("", "", kind.roles),
            reader=_reader(showing),
            chosen=kind.roles,
            composed=_compose(content, sender, kind),
        )

    def _edition(
        self,
        showing: Showing,
        fields: Mapping[Field, str],
        *,
        reader: str,
        chosen: frozenset[str],
        composed: _Composed | None = None,
    ) -> WebEdition:
        composed = composed or self._composed(showing.issue, showing.kind)
        nation = showing.kind.nation if showing.kind else None
        return WebEdition(
            slug=showing.issue.slug,
            view=_spoken(composed.view, fields),
            day=spoken_date(_sent_at(showing.issue).astimezone(self._zone)),
            items=composed.items,
            of=composed.of,
            reader=reader,
            chosen=chosen,
            nation=nation.value if nation else "",
            names={role.key: role.name for role in showing.roles},
        )

    def _compose(self, issue: Issue, kind: ReaderKind | None) -> _Composed:
        with self._store.read() as tx:
            whole, sender = thaw(tx.issues.snapshot(issue))
        return _compose(whole, sender, kind)

    def _list(self, issue: Issue) -> Listed:
        shown = self._composed(issue, None).view
        return Listed(
            slug=issue.slug,
            title=shown.title,
            standfirst=shown.standfirst,
            author=shown.sender.name,
            sent_at=_sent_at(issue).astimezone(self._zone),
            lines=tuple(item.line for topic in shown.topics for item in topic.items),
        )

    def _addressing(self, roles: Sequence[Role]) -> Addressing:
        return Addressing(self._signer, self._public_url, roles)


def _compose(whole: IssueContent, sender: Sender, kind: ReaderKind | None) -> _Composed:
    content = restrict(whole, kind) if kind else whole
    # What was shortened for a mailbox is whole here: this is where the email leads to.
    shown = view(replace(content, length=Length.FULL), sender, Brand())
    return _Composed(shown, _items(content), _items(whole))


def _public(tx: Transaction, slug: str) -> Issue | None:
    try:
        issue = tx.issues.get(slug)
    except NotFound:
        return None
    # `get` also takes an id, and a page has one address only.
    readable = issue.visibility is Visibility.PUBLIC and issue.state in _WENT_OUT
    real = issue.slug == slug and issue.rehearsal_of is None
    return issue if readable and real else None


def _check_kept(tx: Transaction, issue: Issue) -> None:
    if issue.id not in tx.issues.keeping([issue.id]):
        raise NotFound(f"What issue '{issue.slug}' said is no longer kept.")


def _sent_at(issue: Issue) -> datetime:
    return issue.started_at or issue.created_at


def _items(content: IssueContent) -> int:
    return sum(len(topic.items) for topic in content.topics)


def _reader(showing: Showing, *, everyone: bool = False) -> str:
    """`a governor (Wales)`, `readers in Wales`; "" for the whole issue."""
    kind = showing.kind
    if kind is None:
        return ""
    if everyone:
        return f"all readers ({kind.nation})" if kind.nation else "all readers"
    phrase = role_phrase([role for role in showing.roles if role.key in kind.roles])
    return f"{phrase} ({kind.nation})" if kind.nation else phrase


def _spoken(shown: IssueView, fields: Mapping[Field, str]) -> IssueView:
    """With words where the merge fields are; only the opening and closing words can hold any."""
    return replace(
        shown,
        intro=_said(shown.intro, fields),
        closing=_said(shown.closing, fields),
    )


def _said(prose: Prose, fields: Mapping[Field, str]) -> Prose:
    markup, text = prose.html, prose.text
    for field in MERGE_FIELDS:
        markup = markup.replace(field.token, fields[field])  # Markup escapes what is put in
        text = text.replace(field.token, fields[field])
    return Prose(html=markup, text=text)
