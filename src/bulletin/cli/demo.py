"""`bulletin demo`: the main job on the bundled example, from newsfeed to outbox."""

from __future__ import annotations

import secrets
import shutil
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.output import AsJson, clutter, copies, document, people, say, table
from bulletin.errors import Refused
from bulletin.models.deliveries import IssueStatus
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Visibility
from bulletin.models.items import Nation
from bulletin.pipeline.example import EXAMPLE, annotated, example_issue
from bulletin.roster import open_roster
from bulletin.settings import Settings, load_settings
from bulletin.sources import SourceFormat, read
from bulletin.store.planning import ForecastRow
from bulletin.wiring import Services

_MARK = ".bulletin-demo"
_ACTOR = "demo"
_PREVIEWS = {
    "dsl": ReaderKind(frozenset({"dsl"}), Nation.ENGLAND),
    "governor-in-wales": ReaderKind(frozenset({"governor"}), Nation.WALES),
    "dsl-and-governor": ReaderKind(frozenset({"dsl", "governor"}), Nation.ENGLAND),
}


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to.")] = Path("demo"),
    as_json: AsJson = False,
) -> None:
    """Do the whole job on the bundled example: import, compose, approve, send to an outbox.

    Nothing is mailed. The folder is made afresh each time.

    Example: bulletin demo
    """
    afresh = _clear(folder)
    _write_inputs(folder)
    made = Services(_settings(folder))
    try:
        shown = _Demonstration(made, folder, quiet=as_json)
        if afresh:
            shown.tell(f"{folder} held an earlier demo; it was cleared and is made afresh.")
        shown.gather()
        shown.compose()
        files = shown.preview()
        status = shown.send()
        if as_json:
            document(
                {"issue": shown.slug, "submitted": status.submitted, "excluded": status.excluded,
                 "excluded_by_reason": dict(status.excluded_by_reason), "files": files}
            )  # fmt: skip
        else:
            shown.conclude(status, files)
    finally:
        made.close()


class _Demonstration:
    """The steps of the demo, each telling what it did."""

    def __init__(self, made: Services, folder: Path, *, quiet: bool) -> None:
        self._made = made
        self._folder = folder
        self._quiet = quiet
        self._ids: list[int] = []
        self.slug = ""

    def tell(self, text: str) -> None:
        if not self._quiet:
            say(text)

    def gather(self) -> None:
        """Import the newsfeed and the list of people."""
        data = (self._folder / "newsfeed.txt").read_bytes()
        reading = read(data, SourceFormat.TEXT)
        kept = self._made.collecting.keep(reading, _ACTOR)
        self._ids = [collected.id for collected in kept]
        self.tell(f"newsfeed.txt: {len(kept)} items, {clutter(len(reading.dropped))} left out")
        with (self._folder / "subscribers.csv").open("rb") as source:
            listed = self._made.enrolment.import_subscribers(
                open_roster(source), mapping={}, partial=False, dry_run=False, actor=_ACTOR
            )
        self.tell(f"subscribers.csv: {people(listed.created)}")

    def compose(self) -> None:
        """Make the issue, place its items, and approve it."""
        example = example_issue()
        issue = self._made.drafting.new(example.title, example.rest, Visibility.PUBLIC, _ACTOR)
        for placing in example.placings:
            item = self._ids[placing.item - 1]
            self._made.editing.revise(item, partial(annotated, placing), _ACTOR)
            self._made.drafting.place(issue.slug, [item], placing.options, _ACTOR)
        approved = self._made.approval.approve(issue.slug, _ACTOR)
        self.slug = issue.slug
        self.tell(
            f"{example.title}: {len(example.placings)} items placed, approved and frozen as "
            f"{(approved.approved_hash or '')[:12]}"
        )

    def preview(self) -> list[str]:
        """Write three readers' editions as files."""
        files = []
        for name, kind in _PREVIEWS.items():
            preview = self._made.previewing.edition(self.slug, kind)
            for suffix, data in (
                ("html", preview.content.html.encode()),
                ("txt", preview.content.text.encode()),
                ("eml", preview.message),
            ):
                path = self._folder / "editions" / f"{name}.{suffix}"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
                files.append(str(path))
        return files

    def send(self) -> IssueStatus:
        """Write every reader's copy to the outbox."""
        issue = self._made.planning.start(self.slug, None, _ACTOR)
        halt = self._made.delivery.run(issue.id, threading.Event(), lambda _copies: None)
        if halt.error is not None:
            raise halt.error
        return self._made.reporting.status(issue.id)[1]

    def conclude(self, status: IssueStatus, files: list[str]) -> None:
        """The table, who got nothing and why, and what to open."""
        forecast = self._made.planning.forecast(self.slug)
        table(
            ("roles", "nation", "edition", "items", "copies", "KB of HTML"),
            [self._row(row) for row in forecast if not row.reason],
            title="Editions",
        )
        issue, _ = self._made.reporting.status(self.slug)
        missing = self._made.reporting.not_sent(issue.id)
        table(
            ("gets no copy", "why"),
            ((email, reason.replace("_", " ")) for email, _, reason, _ in missing),
            title="Excluded",
        )
        self.tell(
            f"{copies(status.submitted)} in the outbox, {people(status.excluded)} excluded.\n"
        )
        self.tell("Open in a browser or a mail program:")
        for path in files:
            self.tell(f"  {path}")
        program = "bulletin" if shutil.which("bulletin") else Path(sys.argv[0]).resolve()
        self.tell(f"\nSee every copy: cd {self._folder} && {program} serve")

    def _row(self, row: ForecastRow) -> tuple[object, ...]:
        preview = self._made.previewing.edition(self.slug, row.kind)
        size = len(preview.content.html.encode()) / 1000
        roles = ", ".join(sorted(row.kind.roles))
        return (roles, row.kind.nation, row.edition, row.items, row.people, f"{size:.1f}")


def _clear(folder: Path) -> bool:
    """Make an empty folder; true if an earlier demo was in it. Anything else is left alone."""
    earlier = (folder / _MARK).exists()
    if folder.exists() and not earlier and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} holds something else. Name a new folder: bulletin demo DIR")
    try:
        if earlier:
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}.") from error
    return earlier


def _write_inputs(folder: Path) -> None:
    (folder / _MARK).write_text("This folder is cleared by `bulletin demo`.\n")
    for name in ("newsfeed.txt", "subscribers.csv"):
        shutil.copyfile(EXAMPLE / name, folder / name)
    settings = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FROM_EMAIL": "bulletin@school.example",
        "FROM_NAME": "Fernhill Safeguarding Partnership",
        "POSTAL_ADDRESS": "1 Example Street, Fernhill FE1 1AA",
        "TRANSPORT": "outbox",
    }
    lines = (f'BULLETIN_{name}="{value}"\n' for name, value in settings.items())
    (folder / ".env").write_text("".join(lines))


def _settings(folder: Path) -> Settings:
    return load_settings(
        _env_file=folder / ".env",
        database_url=f"sqlite:///{folder / 'bulletin.db'}",
        outbox_dir=folder / "outbox",
    )
