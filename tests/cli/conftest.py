"""Commands run within this process, in a folder of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bulletin.__main__ import main


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Result]


@pytest.fixture
def bulletin(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs a command and gives its exit code, stdout and stderr."""
    monkeypatch.setenv("BULLETIN_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "a secret of at least thirty-two characters")
    monkeypatch.setenv("BULLETIN_FROM_EMAIL", "bulletin@school.example")

    def run(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["bulletin", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert "did not expect" not in captured.err, captured.err
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return run
