"""The store's one door: transactions that hold every repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import Connection, func, select

from bulletin.models.pace import Limits
from bulletin.store import schema
from bulletin.store.accounts import Accounts
from bulletin.store.acknowledgements import Acknowledgements, ReportLinks
from bulletin.store.agenda import Agenda
from bulletin.store.audit import Audit
from bulletin.store.bands import Bands
from bulletin.store.calendar import Calendar
from bulletin.store.chunks import Chunks
from bulletin.store.comments import Comments
from bulletin.store.composing import Composing
from bulletin.store.consent import Consents, Suppressions
from bulletin.store.database import Database
from bulletin.store.deliveries import Deliveries
from bulletin.store.directory import Directory
from bulletin.store.doubts import Doubts
from bulletin.store.erasure import Erasure
from bulletin.store.events import Events
from bulletin.store.evidence import Evidence
from bulletin.store.facets import Facets
from bulletin.store.figures import Figures
from bulletin.store.holdings import Holdings
from bulletin.store.issues import Issues
from bulletin.store.item_versions import ItemVersions
from bulletin.store.items import Items
from bulletin.store.jobs import Jobs, MakeJobs, NoJobs
from bulletin.store.ledger import Ledger
from bulletin.store.letters import Letters
from bulletin.store.library import Library
from bulletin.store.link_checks import LinkChecks
from bulletin.store.missed import Missed
from bulletin.store.one_time_links import OneTimeLinks
from bulletin.store.pace import Pace
from bulletin.store.pastes import Pastes
from bulletin.store.people import Roles, Subscribers
from bulletin.store.places import Places
from bulletin.store.planning import Planning
from bulletin.store.presences import Presences
from bulletin.store.readership import Readership
from bulletin.store.rehearsals import Rehearsals
from bulletin.store.requests import Requests
from bulletin.store.reviews import Reviews
from bulletin.store.roster_files import RosterFiles
from bulletin.store.roster_import import RosterImport
from bulletin.store.segments import Segments
from bulletin.store.sessions import Sessions
from bulletin.store.tallies import Tallies
from bulletin.store.tries import Tries
from bulletin.store.users import Users
from bulletin.store.vitals import Vitals
from bulletin.store.watched import WatchedSources
from bulletin.store.wordings import Wordings


class Transaction:
    """Repositories over one connection; all that is done here happens, or none of it."""

    def __init__(self, connection: Connection, jobs: MakeJobs) -> None:
        self._connection = connection
        self._make_jobs = jobs
        self.audit = Audit(connection)
        self.chunks = Chunks(connection)
        self.deliveries = Deliveries(connection)
        self.issues = Issues(connection)
        self.items = Items(connection)
        self.ledger = Ledger(connection)
        self.planning = Planning(connection)
        self.roles = Roles(connection)
        self.segments = Segments(connection)
        self.users = Users(connection)
        self.wordings = Wordings(connection)

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda(self._connection)

    @cached_property
    def bands(self) -> Bands:
        return Bands(self._connection)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._connection)

    @cached_property
    def acknowledgements(self) -> Acknowledgements:
        return Acknowledgements(self._connection)

    @cached_property
    def comments(self) -> Comments:
        return Comments(self._connection)

    @cached_property
    def composing(self) -> Composing:
        return Composing(self._connection)

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self._connection)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self._connection)

    @cached_property
    def directory(self) -> Directory:
        return Directory(self._connection)

    @cached_property
    def doubts(self) -> Doubts:
        return Doubts(self._connection)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self._connection)

    @cached_property
    def facets(self) -> Facets:
        return Facets(self._connection)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self._connection)

    @cached_property
    def holdings(self) -> Holdings:
        return Holdings(self._connection)

    @cached_property
    def events(self) -> Events:
        return Events(self._connection)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self._connection)

    @cached_property
    def item_versions(self) -> ItemVersions:
        return ItemVersions(self._connection)

    @cached_property
    def jobs(self) -> Jobs:
        return self._make_jobs(self._connection)

    @cached_property
    def letters(self) -> Letters:
        return Letters(self._connection)

    @cached_property
    def library(self) -> Library:
        return Library(self._connection)

    @cached_property
    def link_checks(self) -> LinkChecks:
        return LinkChecks(self._connection)

    @cached_property
    def missed(self) -> Missed:
        return Missed(self._connection)

    @cached_property
    def pastes(self) -> Pastes:
        return Pastes(self._connection)

    @cached_property
    def readership(self) -> Readership:
        return Readership(self._connection)

    @cached_property
    def one_time_links(self) -> OneTimeLinks:
        return OneTimeLinks(self._connection)

    @cached_property
    def presences(self) -> Presences:
        return Presences(self._connection)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        return Rehearsals(self._connection)

    @cached_property
    def report_links(self) -> ReportLinks:
        return ReportLinks(self._connection)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self._connection)

    @cached_property
    def roster_files(self) -> RosterFiles:
        return RosterFiles(self._connection)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self._connection)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self._connection)

    @cached_property
    def subscribers(self) -> Subscribers:
        return Subscribers(self._connection)

    @cached_property
    def suppressions(self) -> Suppressions:
        return Suppressions(self._connection)

    @cached_property
    def places(self) -> Places:
        return Places(self._connection)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self._connection)

    def pace(self, limits: Limits, now: datetime, today: date) -> Pace:
        """What may go at this moment of the lease clock, on this day where the readers are."""
        return Pace(self._connection, limits, now, today)

    @cached_property
    def tries(self) -> Tries:
        return Tries(self._connection)

    @cached_property
    def vitals(self) -> Vitals:
        return Vitals(self._connection)

    @cached_property
    def watched(self) -> WatchedSources:
        return WatchedSources(self._connection)

    def roster_import(
        self, now: datetime, actor: str, *, agreed: str = "", file_id: int | None = None
    ) -> RosterImport:
        """One import of subscribers within this transaction.

        agreed: the version of the words that these people agreed to themselves (requirement 37).
        file_id: the file that they come from, if this import may be undone.
        """
        return RosterImport(self._connection, now, actor, agreed, file_id)

    def lease_clock(self) -> datetime:
        """The time by which leases are judged: PostgreSQL's own, shared by all its machines."""
        if self._connection.dialect.name == "sqlite":
            return datetime.now(UTC)
        moment: datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def undo(self) -> None:
        """Take back everything done so far; the transaction ends without a trace."""
        raise _Undo


class _Undo(Exception):
    """Leaves a `write` block without keeping anything."""


class Store:
    """One installation's data. Safe to share between threads.

    clock: what time it is, for everything that is recorded or scheduled.
    jobs: makes what tells workers elsewhere; without it, nobody has to be told.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        jobs: MakeJobs = NoJobs,
    ) -> None:
        self._database = database
        self.clock = clock
        self._jobs = jobs

    def prepare(self) -> None:
        """Make the tables if there are none; raises StoreError if they are another version's."""
        schema.ensure(self._database, self.clock())

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to this version. Returns the versions before and after."""
        return schema.upgrade(self._database, self.clock())

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that is kept if the block ends, and undone if it raises."""
        with suppress(_Undo), self._database.begin() as connection:
            yield Transaction(connection, self._jobs)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A consistent view; waits for nobody."""
        with self._database.read() as connection:
            yield Transaction(connection, self._jobs)

    def exists(self) -> bool:
        """Whether there is a database, without making one."""
        return self._database.exists()

    def name(self) -> str:
        """Which database this is, without its secrets."""
        return self._database.name()

    def ping(self) -> None:
        """Raises StoreError if the database does not answer."""
        with self._database.read() as connection:
            connection.execute(select(1))

    def close(self) -> None:
        self._database.close()
