"""Personal copies built a second on one core, unsigned and signed: `python bench/fill.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter

from bulletin.composition import compose
from bulletin.messages import Skeleton, static_headers
from bulletin.messages.dkim import SigningKey, ed25519_key, new_key, rsa_key
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field, ReaderKind
from bulletin.rendering import Cutter, Renderer
from parts import machine

# isort: split
from example_issue import SENDER, example_issue

COPIES = 5_000
SIGNED = 500
RUNS = 5
NAMES = ("Alys Jones", "Siân O'Brien", "Mohammed Khan", "Grace Okafor", "Zoë Smith-Jones")


def main() -> None:
    content = edition()
    rsa = rsa_key(new_key(ed25519=False), "rsa2026")
    ed25519 = ed25519_key(new_key(ed25519=True), "ed2026")
    copies = [copy_for(number) for number in range(COPIES)]
    fills = {
        "unsigned": filler(content, ()),
        "DKIM, Ed25519": filler(content, (ed25519,)),
        "DKIM, RSA-2048": filler(content, (rsa,)),
        "DKIM, both": filler(content, (rsa, ed25519)),
    }
    print(machine.describe())
    size = len(fills["unsigned"](copies[0]))
    print(f"html {len(content.html.encode()):,} bytes, message {size:,} bytes")
    rates = {name: [] for name in fills}
    for _ in range(RUNS):
        for name, fill in fills.items():
            rates[name].append(rate_of(fill, copies if name == "unsigned" else copies[:SIGNED]))
    machine.table(
        ("copies", "a second, one core", "us a copy"),
        [
            (name, f"{machine.middle(each):,.0f}", f"{1e6 / machine.middle(each):.0f}")
            for name, each in rates.items()
        ],
    )


def filler(content: EditionContent, keys: Sequence[SigningKey]) -> Callable[[Copy], bytes]:
    """Builds copies of an edition, signed with these keys."""
    skeleton = Skeleton(content, SENDER, static_headers(issue_id=42, sender=SENDER), keys)
    return skeleton.dated(datetime(2026, 12, 1, 7, 30, tzinfo=UTC))


def edition() -> EditionContent:
    """About 60 KB of HTML, greeting included."""
    issue = example_issue(40)
    cutter = Cutter(Renderer().compile(issue, SENDER))
    return cutter.cut(compose(issue, ReaderKind(frozenset({"dsl", "governor"}))).visible)


def copy_for(number: int) -> Copy:
    name = NAMES[number % len(NAMES)]
    token = f"{number:x}-abcdefghijklmnopqrstuvwx"
    unsubscribe = f"https://bulletin.school.example/u/{token}"
    return Copy(
        delivery_id=number,
        address=f"reader{number}@school{number % 997}.example",
        name=name,
        message_id=f"<{token}@school.example>",
        list_unsubscribe=unsubscribe,
        fields={
            Field.FIRST_NAME: name.split()[0],
            Field.FULL_NAME: name,
            Field.ORGANISATION: f"Oak & Ash Primary School {number % 997}",
            Field.ROLE: "designated safeguarding lead",
            Field.UNSUBSCRIBE_URL: unsubscribe,
            Field.PREFERENCES_URL: f"https://bulletin.school.example/p/{token}",
            Field.VIEW_URL: f"https://bulletin.school.example/v/{token}",
            Field.ACKNOWLEDGE_URL: f"https://bulletin.school.example/a/{token}",
        },
    )


def rate_of(fill: Callable[[Copy], bytes], copies: list[Copy]) -> float:
    started = perf_counter()
    for copy in copies:
        fill(copy)
    return len(copies) / (perf_counter() - started)


if __name__ == "__main__":
    main()
