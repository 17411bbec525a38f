"""The only composition root: settings in, services out. Parts are made when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bulletin.models.pools import Pool
from bulletin.pipeline.approve import Approval
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.checking_links import LinkChecking
from bulletin.pipeline.checking_repeats import RepeatChecking
from bulletin.pipeline.clearing import Clearing
from bulletin.pipeline.collect import Collecting
from bulletin.pipeline.correct import Correcting
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.dispatch import Dispatch
from bulletin.pipeline.draft import Drafting
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.library import Library
from bulletin.pipeline.outlook import Outlook
from bulletin.pipeline.pacing import Pacing
from bulletin.pipeline.plan import Planning
from bulletin.pipeline.preview import Previewing
from bulletin.pipeline.rehearse import Rehearsing
from bulletin.pipeline.resend import Resending
from bulletin.pipeline.reviewing.proving import Proving
from bulletin.pipeline.showing.galley import Galleys
from bulletin.pipeline.showing.progressing import Progressing
from bulletin.pipeline.simulate import Simulating
from bulletin.pipeline.watch import Watch
from bulletin.settings import TransportName, WhenUncertain
from bulletin.wiring.desk import Desk
from bulletin.wiring.gathering import Gathering
from bulletin.wiring.incoming import Incoming
from bulletin.wiring.outgoing import LEASES, Outgoing, in_trial
from bulletin.wiring.readers import Readers
from bulletin.wiring.users import SigningUsersIn

if TYPE_CHECKING:
    from bulletin.engine import WorkerEngine
    from bulletin.pipeline.calendar.calendars import Calendars
    from bulletin.pipeline.calendar.scheduling import Scheduling
    from bulletin.pipeline.editing import Editing
    from bulletin.pipeline.looking import Looking
    from bulletin.pipeline.missing import Missing
    from bulletin.pipeline.reviewing.commenting import Commenting
    from bulletin.pipeline.reviewing.following import Following
    from bulletin.pipeline.reviewing.mending import Mending
    from bulletin.pipeline.reviewing.reviewing import Reviewing
    from bulletin.pipeline.reviewing.trying import Trying
    from bulletin.pipeline.showing.forecasting import Forecasting
    from bulletin.pipeline.showing.proofreading import Proofreading
    from bulletin.pipeline.showing.reporting import IssueReports
    from bulletin.pipeline.watching import Watching
    from bulletin.scheduler import Clock
    from bulletin.transports.base import Transport

__all__ = ["LEASES", "Services"]


class Services(Outgoing, Incoming, Readers, Gathering, Desk, SigningUsersIn):
    """Everything the doors (CLI and web) may call."""

    @cached_property
    def collecting(self) -> Collecting:
        return Collecting(self.store)

    @cached_property
    def looking(self) -> Looking:
        from bulletin.pipeline.looking import Looking  # noqa: PLC0415  # slow to load: reads texts

        return Looking(self.store, self.web, self.collecting)

    @cached_property
    def watching(self) -> Watching:
        from bulletin.pipeline.watching import Watching  # noqa: PLC0415  # the same

        return Watching(self.store, self.looking, self.settings.sources_every_minutes)

    @cached_property
    def drafting(self) -> Drafting:
        return Drafting(self.store)

    @cached_property
    def editing(self) -> Editing:
        from bulletin.pipeline.editing import Editing  # noqa: PLC0415  # the same

        return Editing(self.store)

    @cached_property
    def library(self) -> Library:
        return Library(self.store)

    @cached_property
    def enrolment(self) -> Enrolment:
        return Enrolment(self.store, self.settings.zone)

    @cached_property
    def approval(self) -> Approval:
        return Approval(self.store, self.proving, self_approval=self.settings.self_approval)

    @cached_property
    def reviewing(self) -> Reviewing:
        from bulletin.pipeline.reviewing.reviewing import Reviewing  # noqa: PLC0415  # for the desk alone

        return Reviewing(self.store, self.approval, self.forecasting)

    @cached_property
    def mending(self) -> Mending:
        from bulletin.pipeline.reviewing.mending import Mending  # noqa: PLC0415  # the same

        return Mending(self.store, self.proving, self.editing, self.composing)

    @cached_property
    def commenting(self) -> Commenting:
        from bulletin.pipeline.reviewing.commenting import Commenting  # noqa: PLC0415  # the same

        return Commenting(self.store)

    @cached_property
    def proving(self) -> Proving:
        return Proving(self.store, self.galleys, self.checking)

    @cached_property
    def galleys(self) -> Galleys:
        return Galleys(self.store, self.renderer, self.settings.sender)

    @cached_property
    def checking(self) -> Checking:
        from bulletin.sources.fields.tracking import untracked  # noqa: PLC0415  # slow to load

        return Checking(
            self.store,
            zone=self.settings.zone,
            stale_after=self.settings.stale_after_days,
            links_for=self._links_for,
            repeats=RepeatChecking(self.settings.zone),
            untracked=untracked,
        )

    @cached_property
    def link_checking(self) -> LinkChecking:
        return LinkChecking(self.store, self.web, links_for=self._links_for)

    @cached_property
    def following(self) -> Following:
        from bulletin.pipeline.reviewing.following import Following  # noqa: PLC0415  # for the desk alone

        return Following(self.link_checking)

    def close(self) -> None:
        """End what goes on beside requests, then let go of the database."""
        if "following" in self.__dict__:
            self.following.close()
        super().close()

    @property
    def _links_for(self) -> timedelta:
        return timedelta(hours=self.settings.links_checked_for_hours)

    @cached_property
    def previewing(self) -> Previewing:
        return Previewing(self.store, self.galleys, self.addressing)

    @cached_property
    def forecasting(self) -> Forecasting:
        from bulletin.pipeline.showing.forecasting import Forecasting  # noqa: PLC0415  # for the desk alone

        return Forecasting(self.store, self.settings.zone)

    @cached_property
    def issue_reports(self) -> IssueReports:
        from bulletin.pipeline.showing.reporting import IssueReports  # noqa: PLC0415  # the same

        return IssueReports(self.store)

    @cached_property
    def proofreading(self) -> Proofreading:
        from bulletin.pipeline.showing.proofreading import Proofreading  # noqa: PLC0415  # the same

        return Proofreading(self.store, self.previewing, self.forecasting, self.publishing)

    @cached_property
    def planning(self) -> Planning:
        return Planning(
            self.store,
            chunk_size=self.settings.chunk_size,
            grace=timedelta(minutes=self.settings.schedule_grace_minutes),
            zone=self.settings.zone,
            check_sender=self.check_sender,
        )

    @cached_property
    def resending(self) -> Resending:
        zone = self.settings.zone
        return Resending(self.store, chunk_size=self.settings.chunk_size, zone=zone)

    @cached_property
    def missing(self) -> Missing:
        from bulletin.pipeline.missing import Missing  # noqa: PLC0415  # before a second go alone

        return Missing(self.store, self.settings.zone)

    @cached_property
    def correcting(self) -> Correcting:
        return Correcting(self.store, self.settings.zone)

    @cached_property
    def correspondence(self) -> Correspondence:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Correspondence(
            self.store,
            self.stationery,
            self.signer,
            open_transport=self.open_transport,
            addressing=self.addressing,
            sender=self.settings.sender,
            keys=self.signing_keys,
            pacing=self.pacing,
        )

    @cached_property
    def delivery(self) -> Delivery:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Delivery(
            self.store,
            open_transport=self.open_transport,
            addressing=self.addressing,
            connections=self.connections,
            lease=self.lease,
            zone=self.settings.zone,
            press=self._press,
            limits=self.settings.limits,
            look=self.guard.look,
        )

    @cached_property
    def pacing(self) -> Pacing:
        return Pacing(self.settings.limits, self.settings.zone, self.store.clock)

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.store, self.guard, self.pacing)

    @cached_property
    def scheduling(self) -> Scheduling:
        from bulletin.pipeline.calendar.scheduling import Scheduling  # noqa: PLC0415  # for the desk alone

        grace = timedelta(minutes=self.settings.schedule_grace_minutes)
        return Scheduling(self.store, self.forecasting, self.calendars, grace)

    @cached_property
    def calendars(self) -> Calendars:
        from bulletin.pipeline.calendar.calendars import Calendars  # noqa: PLC0415  # slow to load

        settings = self.settings
        return Calendars(self.store, settings.zone, self.listing, settings.from_name)

    @cached_property
    def progressing(self) -> Progressing:
        return Progressing(self.store, self.outlook)

    @cached_property
    def clearing(self) -> Clearing:
        resend = self.settings.uncertain is WhenUncertain.RESEND
        return Clearing(self.store, resend=resend, zone=self.settings.zone)

    def clock(self) -> Clock:
        """What has to happen at its time. Raises as `correspondence`."""
        from bulletin import scheduler  # noqa: PLC0415  # slow to load

        duties = [
            scheduler.Duty("schedule", 5, scheduler.starting(self.planning)),
            scheduler.Duty("doubts", 60, scheduler.settling(self.clearing)),
            scheduler.Duty("letters in hand", 60, scheduler.recovering(self.correspondence)),
            scheduler.Duty(
                "tidying up", 86_400, scheduler.tidying(self.correspondence, self.intake)
            ),
            scheduler.Duty(
                "forgetting",
                86_400,
                scheduler.forgetting(
                    self._forget_lists,
                    self._forget_pastes,
                    self.sessions.forget,
                    self.waiting.forget,
                ),
            ),
        ]
        if self.news is not None:
            duties.append(scheduler.Duty("simulator", 20, self.news.tell))
        return scheduler.Clock(duties)

    def _forget_pastes(self) -> int:
        return self.pasting.tidy()

    def _forget_lists(self) -> int:
        return self.roster_files.tidy()

    @cached_property
    def watch(self) -> Watch:
        return Watch(self.store, workers=self.is_distributed)

    @cached_property
    def dispatch(self) -> Dispatch:
        """Raises as `delivery`."""
        return Dispatch(self.store, self.delivery, self.correspondence)

    def engine(self, slots: Mapping[Pool, int]) -> WorkerEngine:
        """What `bulletin worker` runs. slots: how many jobs of each pool are done at once.

        Raises as `delivery`.
        """
        from bulletin.engine import Rhythm, WorkerEngine  # noqa: PLC0415  # slow to load
        from bulletin.store.queue import conninfo  # noqa: PLC0415  # the same

        return WorkerEngine(conninfo(self.settings.database_url), self.dispatch, slots, Rhythm())

    @cached_property
    def simulating(self) -> Simulating:
        return Simulating(self.store, self.intake)

    @property
    def news(self) -> Simulating | None:
        """What the simulator has to tell later, if it answers for anybody."""
        simulator = self.settings.transport is TransportName.SIMULATOR
        return self.simulating if self.settings.trial or simulator else None

    @cached_property
    def rehearsing(self) -> Rehearsing:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Rehearsing(
            self.store,
            self.planning,
            self.simulating,
            open_transport=self.open_transport,
            delivery_to=self._rehearsal_to,
            addressing=lambda: self.addressing(rehearsal=True),
            press=self._press,
        )

    @cached_property
    def trying(self) -> Trying:
        from bulletin.pipeline.reviewing.trying import Trying  # noqa: PLC0415  # for the desk alone

        return Trying(
            self.store,
            self.galleys,
            open_transport=self._checked_transport,
            addressing=lambda: self.addressing(rehearsal=True),
            keys=lambda: self.signing_keys,
            zone=self.settings.zone,
        )

    def _checked_transport(self) -> Transport:
        self.check_transport()
        return self.open_transport()

    def _rehearsal_to(self, team: frozenset[str]) -> Delivery:
        return Delivery(
            self.store,
            open_transport=lambda: in_trial(self.open_transport(), team),
            addressing=lambda: self.addressing(rehearsal=True),
            connections=1,
            lease=self.lease,
            zone=self.settings.zone,
            press=self._press,
            rehearsals=True,
        )
