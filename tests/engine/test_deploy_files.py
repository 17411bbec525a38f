"""The files of deploy/ say what the programs need."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletin.__main__ import app
from bulletin.engine import Rhythm

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def service(unit: Path) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    parser.read_string(unit.read_text())
    return dict(parser["Service"])


def test_there_is_a_unit_for_every_kind_of_process() -> None:
    assert [unit.name for unit in UNITS] == [
        "bulletin-web.service",
        "bulletin-worker-bulk@.service",
        "bulletin-worker-transactional.service",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_restarts_whatever_the_exit_code_and_leaves_time_for_the_copies_in_hand(
    unit: Path,
) -> None:
    """engine.md: a worker that lost its database can end with exit code 0."""
    said = service(unit)
    assert said["Restart"] == "always"
    assert int(said["TimeoutStopSec"]) > Rhythm().drain + 10
    assert said["User"] == "bulletin"
    assert said["NoNewPrivileges"] == "yes"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_command_of_a_unit_is_one_that_exists(unit: Path) -> None:
    program, *words = service(unit)["ExecStart"].split()
    assert program == "/opt/bulletin/bin/bulletin"
    assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0


def test_systemd_itself_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd here")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/bulletin/bin/bulletin", sys.executable)
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        [verify, "verify", *map(str, sorted(tmp_path.glob("*.service")))],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "bulletin-" in line]
    assert ours == []


def test_containers_have_as_much_time_and_hold_no_secret() -> None:
    text = (DEPLOY / "docker" / "compose.yaml").read_text()
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", text)
    assert int(grace) > Rhythm().drain + 10
    assert re.findall(r"PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)", text) == []
    assert "SECRET_KEY" not in text


def test_containers_see_the_files_that_settings_name_and_cannot_change_them() -> None:
    """A DKIM key, a logo, a theme."""
    text = (DEPLOY / "docker" / "compose.yaml").read_text()
    shared = text[text.index("x-bulletin:") : text.index("x-after-the-tables:")]
    (there,) = re.findall(r'volumes: \["\./files:(/[a-z/]+):ro"\]', shared)
    assert f"BULLETIN_DKIM_KEY={there}/" in (DEPLOY / "README.md").read_text()
