"""The command line loads what a command needs, and what it lists is what the commands say."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from bulletin.__main__ import PARTS, app

if TYPE_CHECKING:
    from conftest import Command

SLOW = ("sqlalchemy", "pydantic", "structlog", "bulletin.sources", "bulletin.wiring")


@pytest.mark.parametrize("name", PARTS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert " ".join(command.help.partition("\n\n")[0].split()) == PARTS[name].says


def test_help_loads_no_command() -> None:
    code = (
        "import sys; from bulletin.__main__ import main\n"
        "sys.argv = ['bulletin', '--help']\n"
        "try: main()\n"
        f"finally: assert not [one for one in {SLOW!r} if one in sys.modules]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "issue         Compose, check, approve and send an issue." in done.stdout


def test_a_command_that_there_is_not_is_said_with_the_nearest(bulletin: Command) -> None:
    told = bulletin("isue", "list")
    assert (told.code, "Did you mean" in told.err, "'issue'" in told.err) == (2, True, True)
