"""What an installation gets: the wheel holds all that the program reads at run time."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_templates_pages_migrations_and_the_example(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
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


def test_no_lock_names_a_download_address_and_every_pin_has_its_hashes() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--index-url" not in text
        assert "--find-links" not in text
        pins = re.findall(r"^[a-z0-9].*?==", text, re.MULTILINE)
        assert len(re.findall(r"--hash=sha256:", text)) >= len(pins) > 0


def test_every_document_that_another_names_exists() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} names {target}"
