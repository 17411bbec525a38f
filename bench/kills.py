"""Kill senders a hundred times and count: nobody lost, nobody doubled.

python bench/kills.py [KILLS] [NAME-OF-SCENARIO]...

Every sender is the real command, every server records what it accepts and kills its sender at
exact moments of the protocol (`parts/sinks/`). What is left uncertain is then settled: the
servers' record comes back as events, and what they never accepted is resent by hand.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from bulletin.settings import TransportName
from bulletin.tokens import Purpose
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.smtp import SmtpTransport
from bulletin.wiring import LEASES, Services
from parts import house, machine
from parts.databases import Postgres, postgres
from parts.fleet import Fleet, is_sent, wait_until
from parts.ledger import Row, chunk_states, copies_of
from parts.processes import Sink, sink
from parts.replay import by_report, by_webhook, resend_the_rest
from parts.webhook import Provider

MOMENTS = ("random", "intent", "body", "dot", "dot_dropped", "answer")
SEED = 79
RESTART_AT = (500, 2500, 4500)  # accepted copies, of 6000
PAST_THE_LEASE = LEASES[TransportName.SENDGRID].total_seconds() + 15


@dataclass(frozen=True)
class Scenario:
    """What sends, over what, and what goes wrong. `workers` 0 means embedded: `issue send`."""

    name: str
    transport: TransportName
    workers: int = 0
    database: str = "sqlite"
    trouble: str = "kill"

    @property
    def in_flight(self) -> int:
        """The most copies that one process has in hand at once."""
        window = SmtpTransport.window if self.is_smtp else SendGridTransport.window
        return min(window, self.chunk) * self.connections

    @property
    def connections(self) -> int:
        """How many threads of one process send (SendGrid's are fixed, see wiring)."""
        return 4

    @property
    def chunk(self) -> int:
        """Small: what a killed worker held waits for its lease, so each chunk should be little."""
        return 20 if self.is_smtp else 25

    @property
    def is_smtp(self) -> bool:
        return self.transport is TransportName.SMTP


@dataclass
class Result:
    """What a scenario came to. `bound` is how many copies were in flight, over all troubles."""

    scenario: Scenario
    readers: int
    troubles: int = 0
    bound: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    accepted_but_uncertain: int = 0
    never_accepted: int = 0
    one_copy_each: bool = False
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        clean = not self.lost and not self.doubled and not self.accepted_but_uncertain
        return clean and self.uncertain <= self.bound and self.one_copy_each

    def row(self) -> tuple[object, ...]:
        return (
            self.scenario.name, self.troubles, self.readers, self.lost, self.doubled,
            self.uncertain, self.bound, self.accepted_but_uncertain, self.never_accepted,
            "yes" if self.one_copy_each else "NO", f"{self.seconds:.0f}",
        )  # fmt: skip


HEADINGS = ("scenario", "troubles", "readers", "lost", "doubled", "uncertain", "in flight <=",
            "after events", "never accepted", "one copy each", "s")  # fmt: skip

SCENARIOS = (
    Scenario("smtp, embedded, sqlite", TransportName.SMTP),
    Scenario("sendgrid, embedded, sqlite", TransportName.SENDGRID),
    Scenario("smtp, 3 workers, postgresql", TransportName.SMTP, 3, "postgresql"),
    Scenario("sendgrid, 3 workers, postgresql", TransportName.SENDGRID, 3, "postgresql"),
    Scenario("smtp, a worker frozen 60 s", TransportName.SMTP, 3, "postgresql", "freeze"),
    Scenario("sendgrid, a worker frozen past its lease", TransportName.SENDGRID, 3, "postgresql",
             "freeze"),
    Scenario("smtp, postgresql restarts, workers", TransportName.SMTP, 3, "postgresql", "restart"),
    Scenario("smtp, postgresql restarts, embedded", TransportName.SMTP, 0, "postgresql", "restart"),
    Scenario("sendgrid, postgresql crashes, workers", TransportName.SENDGRID, 3, "postgresql",
             "crash"),
)  # fmt: skip


class Trial:
    """One scenario, from an empty database to the count of copies."""

    def __init__(self, scenario: Scenario, kills: int, server: Postgres | None) -> None:
        self._scenario = scenario
        self._kills = kills
        self._postgres = server
        self._chance = random.Random(SEED)
        self._provider = Provider()

    def run(self, folder: Path) -> Result:
        started = time.monotonic()
        scenario = self._scenario
        with sink("smtp_record" if scenario.is_smtp else "http_record") as server:
            settings = self._settings(folder, server.port)
            with house.services(**settings) as made:
                self._check(made)
                result = Result(scenario, self._readers())
                house.enrol(made, result.readers)
                issue = house.approved_issue(made, "Kills", 12)
                made.planning.start(issue, None, "bench")
                with self._fleet(made, issue, settings, folder) as fleet:
                    self._trouble(result, fleet, made, issue, server)
                    self._finish(fleet, made, issue)
                    self._count(result, made, issue, server)
                    resend_the_rest(made, issue)
                    self._finish(fleet, made, issue)
                    copies = Counter(address for address, _ in server.ask(do="record")["record"])
                    result.one_copy_each = set(copies.values()) == {1} and (
                        len(copies) == result.readers
                    )
        result.seconds = time.monotonic() - started
        return result

    def _check(self, made: Services) -> None:
        """A bound that is not the product's own would prove nothing."""
        if made.connections != self._scenario.connections:
            raise RuntimeError(f"{made.connections} threads send, not {self._scenario.connections}")

    def _readers(self) -> int:
        if self._scenario.trouble == "kill":
            return max(1500, self._kills * (self._scenario.in_flight + 60))
        return 6000

    def _settings(self, folder: Path, port: int) -> dict[str, str]:
        scenario = self._scenario
        url = f"sqlite:///{folder / 'bulletin.db'}"
        if scenario.database == "postgresql":
            assert self._postgres is not None
            url = self._postgres.database(f"kills_{folder.name.lower()}")
        return {
            **house.SETTINGS,
            "database_url": url,
            "engine": "distributed" if scenario.workers else "embedded",
            "transport": scenario.transport.value,
            "smtp_url": f"smtp://127.0.0.1:{port}?tls=none",
            "smtp_connections": str(scenario.connections),
            "sendgrid_base_url": f"http://127.0.0.1:{port}",
            "sendgrid_api_key": "key-of-a-bench",
            "sendgrid_webhook_public_key": self._provider.public_key,
            "chunk_size": str(scenario.chunk),
        }

    @contextmanager
    def _fleet(
        self, made: Services, issue: str, settings: dict[str, str], folder: Path
    ) -> Iterator[Fleet]:
        if self._scenario.workers:
            words = ("worker", "--pool", "bulk", "--concurrency", str(self._scenario.connections))
            fleet = Fleet(words, self._scenario.workers, settings, folder)
        else:
            fleet = Fleet(("issue", "send", issue, "--wait"), 1, settings, folder)
        try:
            yield fleet
        except TimeoutError:
            print(fleet.last_words(), file=sys.stderr)
            print(chunk_states(made, issue), file=sys.stderr)
            raise
        finally:
            fleet.stop()

    def _trouble(
        self, result: Result, fleet: Fleet, made: Services, issue: str, server: Sink
    ) -> None:
        if self._scenario.trouble == "kill":
            for number in range(self._kills):
                moment = MOMENTS[number % len(MOMENTS)]
                if not self._kill(moment, fleet, made, issue, server):
                    break
                result.troubles += 1
                result.moments[moment] += 1
                result.bound += self._scenario.in_flight
            return
        if self._scenario.trouble == "freeze":
            self._freeze(result, fleet, server)
            return
        for copies in RESTART_AT:
            fleet.top_up()
            wait_until(
                lambda least=copies: server.ask(do="count")["accepted"] >= least
                or is_sent(made, issue), 60, "no copy came",
            )  # fmt: skip
            self._restart_database()
            result.troubles += 1
            result.bound += self._scenario.in_flight * max(1, self._scenario.workers)

    def _freeze(self, result: Result, fleet: Fleet, server: Sink) -> None:
        """Stop a worker between its final dot and our answer, and let it go on much later."""
        fleet.top_up()
        server.ask(do="arm", moment="dot", after=200, pids=fleet.pids, signal=signal.SIGSTOP)
        wait_until(
            lambda: server.ask(do="count")["killed"] is not None, 60, "nobody could be frozen"
        )
        time.sleep(60 if self._scenario.is_smtp else PAST_THE_LEASE)
        os.kill(server.ask(do="count")["killed"], signal.SIGCONT)
        result.troubles = 1
        result.bound = self._scenario.in_flight

    def _kill(self, moment: str, fleet: Fleet, made: Services, issue: str, server: Sink) -> bool:
        """Kill one sender at a moment. False if the issue was sent before that could be."""
        fleet.top_up()
        after = self._chance.randrange(60)
        if moment == "random":
            base = server.ask(do="count")["accepted"]
            wait_until(
                lambda: server.ask(do="count")["accepted"] > base + after or self._over(
                    fleet, made, issue
                ), 120, "no copy came",
            )  # fmt: skip
            time.sleep(self._chance.random() / 50)
            if self._over(fleet, made, issue):
                return False
            killed = self._chance.choice(fleet.pids)
            os.kill(killed, signal.SIGKILL)
        else:
            server.ask(do="arm", moment=moment, after=after, pids=fleet.pids)
            wait_until(
                lambda: server.ask(do="count")["killed"] is not None or self._over(
                    fleet, made, issue
                ), 120, f"nobody came to the moment '{moment}'",
            )  # fmt: skip
            killed = server.ask(do="count")["killed"]
            if killed is None:
                return False
        wait_until(lambda: killed not in fleet.pids, 10, "a killed process lives on")
        return True

    def _over(self, fleet: Fleet, made: Services, issue: str) -> bool:
        return not fleet.pids or (bool(self._scenario.workers) and is_sent(made, issue))

    def _restart_database(self) -> None:
        assert self._postgres is not None
        crash = self._scenario.trouble == "crash"
        self._postgres.stop(signal.SIGQUIT if crash else signal.SIGINT)
        self._postgres.start()

    def _finish(self, fleet: Fleet, made: Services, issue: str) -> None:
        def done() -> bool:
            if is_sent(made, issue):
                return True
            fleet.top_up()
            return False

        wait_until(done, 240, "the issue was not finished", each=0.2)

    def _count(self, result: Result, made: Services, issue: str, server: Sink) -> None:
        record = [
            (address, self._delivery(made, stamp))
            for address, stamp in server.ask(do="record")["record"]
        ]
        copies = Counter(delivery for _, delivery in record)
        rows = copies_of(made, issue)
        accepted = set(copies)
        result.doubled = sum(number - 1 for number in copies.values())
        result.lost = sum(1 for row in rows if _is_lost(row, accepted))
        result.uncertain = sum(1 for row in rows if row.state == "uncertain")
        if self._scenario.is_smtp:
            by_report(made, record)
        else:
            by_webhook(made, self._provider, record)
        left = [row for row in copies_of(made, issue) if row.state == "uncertain"]
        result.accepted_but_uncertain = sum(1 for row in left if row.delivery_id in accepted)
        result.never_accepted = len(left) - result.accepted_but_uncertain

    def _delivery(self, made: Services, stamp: str) -> int:
        """The copy that an accepted message says it is."""
        if not self._scenario.is_smtp:
            return int(stamp)
        number = made.signer.verify(Purpose.MESSAGE_ID, stamp)
        assert number is not None, f"a Message-ID that is not ours: {stamp}"
        return number


def _is_lost(row: Row, accepted: set[int]) -> bool:
    """Nobody has it, and nobody is told: said to be accepted and is not, or left waiting."""
    return row.delivery_id not in accepted and row.state not in {"uncertain", "failed", "excluded"}


def chosen(words: list[str]) -> tuple[int, list[Scenario]]:
    kills = int(words[0]) if words else 100
    named = words[1:]
    return kills, [s for s in SCENARIOS if not named or any(word in s.name for word in named)]


def shares(kills: int, scenarios: Sequence[Scenario]) -> Mapping[str, int]:
    """How many kills each scenario gets; workers get fewer, since each costs a process's start."""
    weights = [
        (2 if scenario.workers else 3) if scenario.trouble == "kill" else 0
        for scenario in scenarios
    ]
    ends = [round(kills * part / max(1, sum(weights))) for part in accumulate(weights)]
    return {
        scenario.name: end - start
        for scenario, start, end in zip(scenarios, [0, *ends], ends, strict=False)
    }


def main() -> None:
    kills, scenarios = chosen(sys.argv[1:])
    print(machine.describe())
    share = shares(kills, scenarios)
    results: list[Result] = []
    with postgres() as server:
        for scenario in scenarios:
            with tempfile.TemporaryDirectory(prefix="k") as folder:
                results.append(Trial(scenario, share[scenario.name], server).run(Path(folder)))
            machine.table(HEADINGS, [results[-1].row()])
    print()
    machine.table(HEADINGS, [result.row() for result in results])
    moments = sum((result.moments for result in results), Counter[str]())
    print("kills by moment: " + ", ".join(f"{name} {moments[name]}" for name in MOMENTS))
    if not all(result.good for result in results):
        sys.exit("Not good: somebody was lost or doubled, or more is uncertain than was in flight.")


if __name__ == "__main__":
    main()
