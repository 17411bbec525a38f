"""What an installation gets: the wheel holds all that the program reads at run time."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(*folder.glob("*.whl")) as built:
        yield built


def test_the_wheel_holds_templates_pages_migrations_and_the_example(wheel: zipfile.ZipFile) -> None:
    held = {name for name in wheel.namelist() if not name.endswith("/")}
    read_at_run_time = [
        *(f"bulletin/templates/email/{path.name}" for path in (ROOT / "templates/email").iterdir()),
        *(
            f"bulletin/{path.relative_to(ROOT / 'src/bulletin')}"
            for folder in ("web/templates", "web/static", "store/migrations", "example")
            for path in (ROOT / "src/bulletin" / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ),
    ]
    assert len(read_at_run_time) > 15
    assert set(read_at_run_time) <= held


def test_the_wheel_holds_script_and_style_of_the_desk_within_200_kb(wheel: zipfile.ZipFile) -> None:
    made = [name for name in wheel.namelist() if name.startswith("bulletin/web/static/desk/")]
    assert {f"bulletin/web/static/desk/desk.{kind}" for kind in ("js", "css")} <= set(made)
    parts = [wheel.read(name) for name in made if name.endswith((".js", ".css"))]
    assert sum(len(gzip.compress(part)) for part in parts) < 200_000


def test_the_licences_of_all_packages_of_the_front_end_go_with_them(wheel: zipfile.ZipFile) -> None:
    licences = wheel.read("bulletin/web/static/desk/licences.txt").decode()
    named = re.findall(r"^(\S+) \d+\.\d+\.\d+ \((.+)\)$", licences, re.MULTILINE)
    packages = json.loads((ROOT / "frontend/package.json").read_text())["dependencies"]
    assert set(packages) <= {name for name, _ in named}
    assert {licence for _, licence in named} <= {"MIT", "0BSD", "BSD-0-Clause", "ISC"}
    assert licences.count("Permission") >= len(named)


def test_no_lock_names_a_download_address_and_every_pin_has_its_hashes() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--index-url" not in text
        assert "--find-links" not in text
        pins = re.findall(r"^[a-z0-9].*?==", text, re.MULTILINE)
        assert len(re.findall(r"--hash=sha256:", text)) >= len(pins) > 0


def test_no_lock_of_node_packages_names_a_download_address() -> None:
    locks = [ROOT / folder / "package-lock.json" for folder in ("frontend", "checks/email")]
    for lock in locks:
        packages = json.loads(lock.read_text())["packages"]
        assert not [name for name, one in packages.items() if "resolved" in one], lock
        assert all("integrity" in one for name, one in packages.items() if name), lock


def test_every_document_that_another_names_exists() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} names {target}"
