"""An installation as its users have it: the `bulletin` command, a database, and a mail server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bulletin.__main__ import main
from bulletin.models.issues import Visibility
from bulletin.pipeline.draft import PlacingOptions
from bulletin.settings import load_settings
from bulletin.sources import read
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Installation:
    """Runs commands in a folder of its own, as a person would at a prompt."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self._settings = {
            "DATABASE_URL": f"sqlite:///{folder / 'bulletin.db'}",
            "OUTBOX_DIR": str(folder / "outbox"),
            "SECRET_KEY": SECRET,
            "FROM_EMAIL": "bulletin@school.example",
            "PUBLIC_URL": "https://bulletin.school.example",
            **settings,
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and do not wait for it."""
        return self.start_program(sys.executable, "-m", "bulletin", *words)

    def start_program(self, *words: str) -> subprocess.Popen[str]:
        """Start any program where the commands run and with what they are told."""
        environment = {f"BULLETIN_{name}": value for name, value in self._settings.items()}
        return subprocess.Popen(
            words,
            cwd=self.folder, env={**os.environ, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command to its end within this process, which saves a second of imports.

        Returns its stdout, or its stderr if it was to be refused.
        """
        out, err = StringIO(), StringIO()
        environment = {f"BULLETIN_{name}": value for name, value in self._settings.items()}
        with (
            chdir(self.folder),
            patch.dict(os.environ, environment),
            patch.object(sys, "argv", ["bulletin", *words]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            ended = _exit_code(main)
        return _checked(words, (ended, code), out.getvalue(), err.getvalue())

    def run_apart(self, *words: str) -> str:
        """Run a command to its end in a process of its own; its stdout."""
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        return _checked(words, (process.returncode, 0), out, err)

    def json(self, *words: str) -> Any:
        """The one JSON document that a command prints."""
        return json.loads(self.run(*words, "--json"))

    @contextmanager
    def services(self) -> Iterator[Services]:
        """What the commands call, within this process."""
        settings = {name.lower(): value for name, value in self._settings.items()}
        made = Services(load_settings(**settings))
        try:
            yield made
        finally:
            made.close()

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)


def _exit_code(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _checked(words: Sequence[str], ended: tuple[int, int], out: str, err: str) -> str:
    """What a command said, on the channel that counts. ended: its code, and the one due."""
    assert ended[0] == ended[1], f"{words}: {ended[0]}\n{out}\n{err}"
    assert "Traceback" not in out + err, err
    assert "did not expect" not in err, err
    return err if ended[1] else out


class MailServer:
    """A real SMTP server on 127.0.0.1 that keeps what it accepts, in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.accepted: list[tuple[str, bytes]] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        with self._lock:
            self.accepted += [(address, content) for address in envelope.rcpt_tos]
        return "250 OK"

    def messages(self) -> list[EmailMessage]:
        return [parsed(content) for _, content in self.accepted]


def parsed(content: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    """The decoded text or HTML part of a message."""
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    content: str = part.get_content()
    return content


INTRO = "Dear {{first_name}},"

NEWSFEED = """\
Late lunches

Source: Example Board published on this website Monday 2 November 2026 by Sam Example

A short survey asks how schools keep an eye on lunch queues.

Read the survey: Lunch queues

Safer recruitment

Source: Example Board published on this website Tuesday 3 November 2026 by Sam Example

A new checklist for those who appoint staff.

Read the checklist: Before you appoint
"""

PEOPLE = """\
email,name,roles,organisation,kind
dsl@school.example,Siân Example,dsl,Oak School,corporate
governor@school.example,Lee Example,governor,Oak School,corporate
both@school.example,"O'Brien, Pat",dsl;governor,Oak School,corporate
senco@school.example,,senco,Oak School,corporate
"""


def issue_by_commands(at: Installation) -> str:
    """An approved issue: its first item for DSLs, its second for governors, none for SENCOs."""
    items = at.json("items", "import", at.write("feed.txt", NEWSFEED))["items"]
    at.run("subscribers", "import", at.write("people.csv", PEOPLE))
    issue: str = at.json("issue", "new", "December", "--intro", INTRO)["slug"]
    at.run("issue", "add", issue, str(items[0]["id"]), "--roles", "dsl", "--topic", "Daily life")
    at.run("issue", "add", issue, str(items[1]["id"]), "--roles", "governor", "--topic", "Staff")
    at.run("issue", "approve", issue)
    return issue


def issue_for_two_roles(at: Installation) -> str:
    """The same, made within this process, which is quicker."""
    return _issue(at, PEOPLE, [["dsl"], ["governor"]])


def large_issue(at: Installation, readers: int) -> str:
    """An approved issue that many readers see whole."""
    rows = (f"reader{n:04}@school.example,dsl,corporate" for n in range(readers))
    return _issue(at, "\n".join(["email,roles,kind", *rows]), [[], []])


def _issue(at: Installation, people: str, roles: list[list[str]]) -> str:
    with at.services() as made:
        kept = made.collecting.keep(read(NEWSFEED), "test")
        made.enrolment.import_subscribers(
            StringIO(people), mapping={}, partial=False, dry_run=False, actor="test"
        )
        issue = made.drafting.new("December", {"intro": INTRO}, Visibility.PRIVATE, "test")
        for item, seen_by in zip(kept, roles, strict=True):
            made.drafting.place(issue.slug, [item.id], PlacingOptions(roles=seen_by), "test")
        return made.approval.approve(issue.slug, "test").slug
