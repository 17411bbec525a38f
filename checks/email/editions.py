"""Three editions of the demo's issue and of one of 30 items, as files: `editions.py DIR`.

Prints how large each is. What mail programs make of them is checked by check.mjs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from bulletin.composition import compose
from bulletin.messages import Skeleton, printable, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import Field, ReaderKind
from bulletin.models.items import Nation
from bulletin.pipeline.preview import filled
from bulletin.rendering import Cutter, Renderer
from example_issue import SENDER, example_issue

SITE = "https://bulletin.school.example"
TOKEN = "1a2b3c-abcdefghijklmnopqrstuvwx"
KINDS = {
    "dsl": ReaderKind(frozenset({"dsl"}), Nation.ENGLAND),
    "governor": ReaderKind(frozenset({"governor", "chair"}), Nation.WALES),
    "many-roles": ReaderKind(frozenset({"dsl", "headteacher", "senco", "governor"})),
}
COPY = Copy(
    delivery_id=1,
    address="dsl@school.example",
    name="Alys Example",
    message_id=f"<{TOKEN}@school.example>",
    list_unsubscribe=f"{SITE}/u/{TOKEN}",
    fields={
        Field.FIRST_NAME: "Alys",
        Field.FULL_NAME: "Alys Example",
        Field.ORGANISATION: "Oak Primary School",
        Field.ROLE: "a designated safeguarding lead",
        Field.UNSUBSCRIBE_URL: f"{SITE}/u/{TOKEN}",
        Field.PREFERENCES_URL: f"{SITE}/p/{TOKEN}",
        Field.VIEW_URL: f"{SITE}/v/{TOKEN}",
        Field.ACKNOWLEDGE_URL: f"{SITE}/a/{TOKEN}",
    },
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'edition':32}{'HTML bytes':>12}{'quoted-printable':>18}{'style bytes':>13}")
    for name, html, message in (*_thirty(), *_demo(folder / "demo")):
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
        (folder / f"{name}.eml").write_bytes(message)
        style = sum(len(part.partition("</style>")[0]) for part in html.split("<style")[1:])
        size, travelling = len(html.encode()), len(printable(html))
        print(f"{name:32}{size:12,}{travelling:18,}{style:13,}")
    for items in (30, 40):
        html = Cutter(Renderer().compile(example_issue(items), SENDER)).whole().html
        print(f"{f'all of {items} items':32}{len(html.encode()):12,}{len(printable(html)):18,}")


def _thirty() -> Iterator[tuple[str, str, bytes]]:
    issue = example_issue(30, blocks=True)
    cutter = Cutter(Renderer().compile(issue, SENDER))
    headers = static_headers(issue_id=1, sender=SENDER)
    for name, kind in KINDS.items():
        edition = cutter.cut(compose(issue, kind).visible)
        build = Skeleton(edition, SENDER, headers).dated(datetime.now(UTC))
        yield f"thirty-items-{name}", filled(edition, COPY.fields).html, build(COPY)


def _demo(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    bulletin = Path(sys.executable).with_name("bulletin")
    subprocess.run([bulletin, "demo", folder], check=True, stdout=subprocess.DEVNULL)
    for page in sorted((folder / "editions").glob("*.html")):
        yield f"demo-{page.stem}", page.read_text("utf-8"), page.with_suffix(".eml").read_bytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
