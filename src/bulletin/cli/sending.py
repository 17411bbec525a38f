"""`bulletin issue schedule|send|pause|...`: an approved issue goes out. Joined to `issue`."""

from __future__ import annotations

import threading
import time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bulletin.cli.context import audience, services
from bulletin.cli.issue import Ref, issue_document
from bulletin.cli.output import CLI_ACTOR, As, AsJson, copies, document, notice, people, say
from bulletin.cli.watching import (
    Sent,
    interruptible,
    progress,
    status_document,
    tell_pretence,
    tell_status,
)
from bulletin.errors import BulletinError, Refused, StoreError, TransportUnavailable
from bulletin.models.deliveries import IssueStatus
from bulletin.models.issues import Audience, Issue, IssueState
from bulletin.pipeline.clock import moment, spoken
from bulletin.pipeline.deliver import PAUSED_BY_HAND, Halt
from bulletin.pipeline.guard import AUTOMATICALLY
from bulletin.pipeline.patience import Patience
from bulletin.wiring import Services

app = typer.Typer()

Segments = Annotated[
    list[str] | None,
    typer.Option("--segment", metavar="NAME", help="Only this segment; may be repeated."),
]
Excluded = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="NAME", help="Not this segment; may be repeated."),
]
_LONGEST_NAP = 1.0


@app.command("schedule")
def schedule(
    ref: Ref,
    at: Annotated[str, typer.Option(help="UK time, such as 2026-12-01T07:30.")],
    segment: Segments = None,
    exclude: Excluded = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Have an approved issue go out at a time; `bulletin serve` must be running then.

    Example: bulletin issue schedule december --at 2026-12-01T07:30
    """
    with services() as made:
        made.check_transport()
        zone = made.settings.zone
        chosen = audience(segment or [], exclude or [])
        issue = made.planning.schedule(ref, moment(at, zone), chosen, actor)
        going = sum(row.people for row in made.planning.forecast(ref) if not row.reason)
    if as_json:
        document(issue_document(issue))
    elif issue.scheduled_at:
        say(
            f"Issue {issue.slug} goes out on {spoken(issue.scheduled_at, zone)} UK time; "
            f"as things are, to {people(going)}."
        )
    if not going:
        notice("As things are, nobody would get it: see bulletin issue preflight.")
    _warn_of_dead_links(made)


@app.command("send")
def send(
    ref: Ref,
    segment: Segments = None,
    exclude: Excluded = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Stay until every copy is settled, retries too.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Send an approved issue now, or go on with one that was interrupted.

    Ctrl-C finishes the copies in hand, takes no more, and says where it stands. Where workers do
    the sending (BULLETIN_ENGINE=distributed) this starts it, and --wait shows how it goes.

    Example: bulletin issue send december --wait
    """
    with services() as made:
        made.check_transport()
        _warn_of_dead_links(made)
        tell_pretence(made)
        issue = _begin(made, ref, audience(segment or [], exclude or []), actor)
        halt = Halt()
        if issue.state is not IssueState.SENT:
            with progress(made, issue, quiet=as_json) as sent, interruptible() as stop:
                go_on = _watch if made.is_distributed else _drain
                halt = go_on(made, issue, stop, sent, wait=wait)
            if made.news is not None:
                made.news.tell_of(issue.id)
        issue, status = made.reporting.status(issue.id)
        missing = made.reporting.not_sent(issue.id)
        remarks = made.outlook.of(issue)
        zone = made.settings.zone
    if as_json:
        document(status_document(issue, status, remarks))
    else:
        tell_status(issue, status, missing, zone, remarks)
    _conclude(issue, status, halt, zone)


@app.command("status")
def status(ref: Ref, as_json: AsJson = False) -> None:
    """Say what became of every copy of an issue.

    Example: bulletin issue status december --json
    """
    with services() as made:
        issue, counts = made.reporting.status(ref)
        missing = made.reporting.not_sent(issue.id)
        remarks = made.outlook.of(issue)
        zone = made.settings.zone
    if as_json:
        document(status_document(issue, counts, remarks))
    else:
        tell_status(issue, counts, missing, zone, remarks)


@app.command("pause")
def pause(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Stop sending: within a second no further copy is begun, whoever sends.

    Example: bulletin issue pause december
    """
    with services() as made:
        issue = made.delivery.pause(ref, actor)
    _done(issue, as_json, "is paused. What has gone cannot be recalled")


@app.command("resume")
def resume(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Go on with a paused issue; `bulletin serve`, a worker or `issue send` does the sending.

    One that was stopped automatically is stopped again only by what goes wrong from now on.

    Example: bulletin issue resume december
    """
    with services() as made:
        issue = made.delivery.resume(ref, actor)
    _done(issue, as_json, f"goes on. Send here with: bulletin issue send {issue.slug}")


@app.command("unschedule")
def unschedule(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Take a schedule away. The issue stays approved; send or schedule it when you like.

    Example: bulletin issue unschedule december
    """
    with services() as made:
        issue = made.delivery.unschedule(ref, actor)
    _done(issue, as_json, "is no longer scheduled. It stays approved")


@app.command("cancel")
def cancel(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Send no more of an issue, for good. What has gone cannot be recalled.

    Example: bulletin issue cancel december
    """
    with services() as made:
        issue = made.delivery.cancel(ref, actor)
    _done(issue, as_json, "is cancelled. What has gone cannot be recalled")


def _warn_of_dead_links(made: Services) -> None:
    if made.links_lead_nowhere():
        notice(
            f"BULLETIN_PUBLIC_URL is {made.settings.public_url}: readers elsewhere cannot reach "
            "it, so they could not unsubscribe. Set it to this installation's https address."
        )


def _begin(made: Services, ref: str, chosen: Audience | None, actor: str) -> Issue:
    issue = made.drafting.issue(ref)
    if chosen is not None and issue.started_at is not None:
        raise Refused(
            f"Issue '{issue.slug}' was started already, so its audience cannot change. "
            "Leave out --segment and --exclude to go on."
        )
    if guarded := _guarded(issue):
        raise Refused(guarded)
    if issue.state is IssueState.PAUSED and issue.state_reason != PAUSED_BY_HAND:
        issue = made.delivery.resume(ref, actor)  # what blocked it is looked at again
    if issue.state not in {IssueState.SENDING, IssueState.SENT}:
        try:
            return made.planning.start(ref, chosen, actor)
        except Refused:
            issue = made.drafting.issue(ref)
            if issue.state is not IssueState.SENDING:
                raise
    if issue.state is IssueState.SENT:
        notice(f"Issue {issue.slug} was sent already; nothing is left to send.")
    else:  # here, or in another process at the same moment
        notice(f"Issue {issue.slug} was started already; going on where it stopped.")
    return issue


def _guarded(issue: Issue) -> str:
    """What to do about an issue that was stopped automatically; "" if it was not."""
    if issue.state is not IssueState.PAUSED or not issue.state_reason.startswith(AUTOMATICALLY):
        return ""
    return (
        f"Issue '{issue.slug}' was {issue.state_reason}. Whose copies are in doubt: "
        f"bulletin deliveries uncertain {issue.slug}. Then: bulletin issue resume {issue.slug}"
    )


def _drain(made: Services, issue: Issue, stop: threading.Event, sent: Sent, *, wait: bool) -> Halt:
    """Send until nothing can go now; leases are waited for, and with `wait` retries too, and
    a server that is away."""
    patience = Patience()
    while True:
        halt = made.delivery.run(issue.id, stop, sent)
        state = made.drafting.issue(str(issue.id)).state
        if halt.stopped or state is not IssueState.SENDING:
            return halt
        if wait and isinstance(halt.error, TransportUnavailable):
            pause = patience.lose(halt.error)
            notice(f"{halt.error} The next try is in {pause:.0f} seconds. Ctrl-C ends this.")
            stop.wait(pause)
        elif halt.error or halt.next_moment is None:
            return halt
        else:
            patience.regain()
            pause = (halt.next_moment - made.store.clock()).total_seconds()
            if pause > made.lease.total_seconds() and not wait:
                return halt
            stop.wait(min(max(pause, 0.2), _LONGEST_NAP))


def _watch(made: Services, issue: Issue, stop: threading.Event, sent: Sent, *, wait: bool) -> Halt:
    """See how workers get on with an issue, until nothing of it is left or somebody says stop."""
    if not wait:
        notice(f"The workers send it. How it goes: bulletin issue status {issue.slug}")
    left: int | None = None
    while True:
        began = time.monotonic()
        found, status = made.reporting.status(issue.id)
        now_left = status.prepared + status.sending
        if left is not None and now_left < left:
            sent(left - now_left)
        left = now_left
        if not wait or stop.is_set() or found.state is not IssueState.SENDING:
            return Halt()
        # Counting a long list takes a while: it is done in a tenth of the time.
        stop.wait(min(max(0.5, (time.monotonic() - began) * 10), _LONGEST_NAP))


def _conclude(issue: Issue, status: IssueStatus, halt: Halt, zone: ZoneInfo) -> None:
    """Exit with 1 and the reason when copies are left that this command was to send."""
    if halt.error is not None and not isinstance(halt.error, BulletinError):
        raise halt.error
    if problem := _problem(issue, status, halt):
        notice(problem)
        raise typer.Exit(1)
    if status.uncertain:
        notice(
            f"{copies(status.uncertain)} not confirmed: they may have arrived. Who, and what to "
            f"do: bulletin deliveries uncertain {issue.slug}"
        )
    if issue.state is IssueState.SENDING and halt.next_moment is not None:
        notice(
            f"Some copies wait until {spoken(halt.next_moment, zone)}. "
            f"`bulletin serve` sends them then, or: bulletin issue send {issue.slug} --wait"
        )
    elif issue.state is not IssueState.SENT:
        notice(f"Issue {issue.slug} is {issue.state.value}. {issue.state_reason}")


def _problem(issue: Issue, status: IssueStatus, halt: Halt) -> str:
    again = f"Go on with: bulletin issue send {issue.slug}"
    if guarded := _guarded(issue):
        return f"Error: {guarded}"
    if halt.error is not None and issue.state is not IssueState.SENT:
        unsure = " Copies in hand may have gone out; they will be shown as not confirmed."
        return f"Error: {halt.error}{unsure * isinstance(halt.error, StoreError)} {again}"
    if status.failed and not (status.submitted or status.delivered or status.uncertain):
        return f"Error: no copy was accepted; the table says why. {again}"
    return f"Stopped. Nothing is lost. {again}" if halt.stopped else ""


def _done(issue: Issue, as_json: bool, what: str) -> None:
    if as_json:
        document(issue_document(issue))
    else:
        say(f"Issue {issue.slug} {what}.")
