"""Every command explains itself: a sentence, an example, and only options that exist."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
import typer

from bulletin.__main__ import app


def commands() -> Iterator[tuple[str, click.Command]]:
    root = typer.main.get_command(app)
    waiting = [("bulletin", root)]
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            waiting += [(f"{name} {key}", inner) for key, inner in command.commands.items()]
        else:
            yield name, command


EVERY = dict(commands())


def test_the_contract_of_commands_is_kept() -> None:
    wanted = """
        demo serve doctor; db upgrade; users add; items import, items list, items show;
        issue new, issue add, issue show, issue preflight, issue render, issue approve,
        issue schedule, issue send, issue pause, issue resume, issue cancel, issue status,
        issue resend-missed, issue list; subscribers import, subscribers export, subscribers add,
        subscribers show, subscribers forget; segments add, segments list, segments count,
        segments show; suppressions add, suppressions list, suppressions remove;
        report issue, report organisation; events parse, events ingest
    """
    single, *rest = wanted.split(";")
    names = single.split() + [name.strip() for part in rest for name in part.split(",")]
    assert {f"bulletin {name}" for name in names} <= set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_has_an_example_that_its_own_parser_accepts(name: str) -> None:
    command = EVERY[name]
    text = command.help or ""
    assert "Example: bulletin " in text
    example = text.partition("Example: ")[2].splitlines()[0].partition(" && ")[0]
    words = shlex.split(example)
    assert " ".join(words[: len(name.split())]) == name
    command.make_context(name, words[len(name.split()) :])


@pytest.mark.parametrize("name", EVERY)
def test_every_option_is_explained(name: str) -> None:
    for option in EVERY[name].params:
        assert getattr(option, "help", None) or option.name == "help", (name, option.name)
