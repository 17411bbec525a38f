"""Copies a second over SMTP, ledger included, beside public tools on the same machine.

python bench/smtp.py [COPIES] [ROUNDS]

Every round runs every sender once, one after another, so that what else the machine does falls on
all of them; what is shown are medians. Slow ones send fewer copies.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from parts import house, machine, peers
from parts.databases import postgres
from parts.processes import answered, sink

# isort: split
from certificates import SelfSigned

ITEMS = 24
BASE = "smtp-source -s 4"
OURS = ("ours, SQLite", "ours, PostgreSQL")
SLOW = ("django-post-office, SQLite", "Mailman, personalised", "nodemailer, 40 connections")
PLAIN, SECURED = "ours, SQLite, same server", "ours, SQLite, STARTTLS"


@dataclass
class Measured:
    """One sender's rounds: copies a second, and for ours what its process needed."""

    rates: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    @property
    def rate(self) -> float:
        return machine.middle(self.rates)


class Course:
    """The servers and lists that every round uses."""

    def __init__(self, folder: Path, copies: int, stack: ExitStack) -> None:
        self._folder = folder
        self._copies = copies
        self._stack = stack
        self._number = 0
        self.results: dict[str, Measured] = {}
        SelfSigned(folder)
        os.environ["SSL_CERT_FILE"] = str(folder / "certificate.pem")  # our senders trust it
        server = stack.enter_context(postgres())
        self._databases = {
            "SQLite": f"sqlite:///{folder / 'bench.db'}",
            "PostgreSQL": server.database("bench"),
        }
        self._port = stack.enter_context(peers.smtp_sink())
        pem = (str(folder / "certificate.pem"), str(folder / "key.pem"))
        self._plain = stack.enter_context(sink("smtp_count")).port
        self._secured = stack.enter_context(sink("smtp_count", *pem)).port
        self.size = self._prepare()

    def _prepare(self) -> int:
        size = 0
        for url in self._databases.values():
            with house.services(**self._settings(url, self._port)) as made:
                house.enrol(made, self._copies)
                issue = house.approved_issue(made, "Size", ITEMS)
                size = house.copy_size(made, issue)
        return size

    def senders(self) -> Mapping[str, Callable[[], None]]:
        """Each sender, by its name, in the order of a round."""
        few = max(200, self._copies // 8)
        sink_port, size = self._port, self.size

        def source(*options: str) -> Callable[[], None]:
            name = " ".join(["smtp-source", *options])
            return lambda: self._note(
                name, self._copies, peers.smtp_source(sink_port, self._copies, size, *options)
            )

        return {
            "smtp-source -s 1": source("-s", "1"),
            BASE: source("-s", "4"),
            "smtp-source -s 8": source("-s", "8"),
            "smtp-source -d -s 4": source("-d", "-s", "4"),
            "our transport alone": self._alone,
            OURS[0]: lambda: self._ours(OURS[0], "SQLite", sink_port),
            OURS[1]: lambda: self._ours(OURS[1], "PostgreSQL", sink_port),
            PLAIN: lambda: self._ours(PLAIN, "SQLite", self._plain),
            SECURED: lambda: self._ours(SECURED, "SQLite", self._secured, "starttls"),
            SLOW[0]: lambda: self._note(
                SLOW[0], few, peers.python_peer("post_office_send", sink_port, few, size)
            ),
            SLOW[1]: lambda: self._note(
                SLOW[1], few, peers.python_peer("mailman_send", sink_port, few, size)
            ),
            SLOW[2]: lambda: self._note(SLOW[2], few, peers.nodemailer(sink_port, few, size)),
        }

    def _note(self, name: str, copies: int, seconds: float) -> Measured:
        measured = self.results.setdefault(name, Measured())
        measured.rates.append(copies / seconds)
        return measured

    def _alone(self) -> None:
        settings = self._settings(self._databases["SQLite"], self._port)
        question = {"settings": settings, "alone": [self._copies, self.size]}
        self._keep("our transport alone", answered("sender", question))

    def _ours(self, name: str, database: str, port: int, tls: str = "none") -> None:
        settings = self._settings(self._databases[database], port, tls)
        self._number += 1
        with house.services(**settings) as made:
            issue = house.approved_issue(made, f"Bench {self._number}", ITEMS)
            made.planning.start(issue, None, "bench")
        self._keep(name, answered("sender", {"settings": settings, "issue": issue}))

    def _keep(self, name: str, answer: Mapping[str, float]) -> None:
        measured = self._note(name, int(answer["copies"]), answer["seconds"])
        measured.cpu_us.append(answer["cpu"] / answer["copies"] * 1e6)
        measured.peak_mb = max(measured.peak_mb, answer["peak_mb"])

    def _settings(self, url: str, port: int, tls: str = "none") -> dict[str, str]:
        return {
            **house.SETTINGS,
            "database_url": url,
            "transport": "smtp",
            "smtp_url": f"smtp://127.0.0.1:{port}?tls={tls}",
        }


def ratios(results: Mapping[str, Measured]) -> list[str]:
    """What is to be reached, and what was."""

    def share(name: str, of: str) -> str:
        return f"{results[name].rate / results[of].rate:.2f}" if of in results else "not measured"

    lines = [f"{name} / {BASE}: {share(name, BASE)} (to reach: 0.5)" for name in OURS]
    for name in OURS:
        lines += [f"{name} / {peer}: {share(name, peer)} (to reach: 5)" for peer in SLOW[:2]]
    return [*lines, f"STARTTLS / plain: {share(SECURED, PLAIN)} (to reach: 0.7)"]


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        try:
            course = Course(Path(folder), copies, stack)
        except peers.Missing as missing:
            sys.exit(str(missing))
        print(f"{copies:,} copies of {course.size:,} bytes each on average, 4 connections")
        missed: set[str] = set()
        for _ in range(rounds):
            for send in course.senders().values():
                try:
                    send()
                except peers.Missing as missing:
                    missed.add(str(missing))
        results = course.results
    base = results[BASE].rate
    machine.table(
        ("sender", "copies/s", f"x {BASE}", "CPU us a copy", "peak MB"),
        [
            (name, f"{each.rate:,.0f}", f"{each.rate / base:.2f}",
             f"{machine.middle(each.cpu_us):.0f}" if each.cpu_us else "-",
             f"{each.peak_mb:.0f}" if each.peak_mb else "-")
            for name, each in results.items()
        ],
    )  # fmt: skip
    print("\n".join([*ratios(results), *sorted(missed)]))


if __name__ == "__main__":
    main()
