"""`bulletin users`, and the one line of `bulletin serve` that leads to the first account."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bulletin.__main__ import app
from bulletin.cli.serve import _tell_first_link
from bulletin.errors import NotFound
from bulletin.models.people import UserRole
from bulletin.settings import load_settings
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"


@pytest.fixture(autouse=True)
def _installation(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", SECRET)
    monkeypatch.setenv("BULLETIN_FROM_EMAIL", "bulletin@school.example")


def users(*words: str, password: str | None = None) -> dict[str, object]:
    """What a command prints as JSON."""
    typed = None if password is None else f"{password}\n"
    result = CliRunner().invoke(app, ["users", *words, "--json"], input=typed)
    assert result.exception is None, result.exception
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_who_is_added_gets_a_link_to_choose_a_password_at() -> None:
    added = users("add", "ann@school.example", "--role", "editor")
    assert str(added["link"]).startswith("http://127.0.0.1:8025/app/invited/")
    with_password = users(
        "add", "sam@school.example", "--role", "admin", "--password-stdin",
        password="purple kettle orbit",
    )  # fmt: skip
    assert with_password["link"] == ""
    listed = users("list")["users"]
    assert [(row["email"], row["role"], row["way_in"]) for row in listed] == [  # type: ignore[attr-defined]  # a list
        ("ann@school.example", "editor", "no password yet"),
        ("sam@school.example", "admin", "password"),
    ]


def test_without_a_secret_somebody_is_added_and_no_link_is_made_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BULLETIN_SECRET_KEY")
    assert users("add", "ann@school.example", "--role", "editor")["link"] == ""


def test_a_password_that_everybody_has_is_refused() -> None:
    result = CliRunner().invoke(
        app, ["users", "add", "sam@school.example", "--role", "admin", "--password-stdin"],
        input="password1234\n",
    )  # fmt: skip
    assert str(result.exception).startswith("Choose a password that nobody would try")


def test_an_invitation_is_printed_and_mailed() -> None:
    link = str(users("invite", "ann@school.example", "--role", "author")["link"])
    made = Services(load_settings())
    with made.store.read() as tx:
        letter = tx.letters.get(1)
    made.close()
    assert letter is not None
    assert (letter.kind, letter.email) == ("invitation", "ann@school.example")
    assert "/app/invited/" in link


def test_who_is_locked_out_gets_a_link_and_loses_the_second_factor_only_if_asked() -> None:
    users(
        "add", "sam@school.example", "--role", "admin", "--password-stdin",
        password="purple kettle orbit",
    )  # fmt: skip
    made = Services(load_settings())
    with made.store.write() as tx:
        tx.accounts.use_factor(1, 0, made.store.clock())
    link = str(users("reset", "sam@school.example")["link"])
    assert "/app/reset/" in link
    assert made.managing_users.account(1).user.second_factor
    users("reset", "sam@school.example", "--second-factor")
    assert not made.managing_users.account(1).user.second_factor
    made.close()


def test_roles_are_changed_and_accounts_removed_but_the_last_admins() -> None:
    users("add", "sam@school.example", "--role", "admin")
    users("add", "ann@school.example", "--role", "editor")
    result = CliRunner().invoke(app, ["users", "remove", "sam@school.example"])
    assert "is the only admin" in str(result.exception)
    assert users("role", "ann@school.example", "admin")["role"] == "admin"
    assert users("remove", "sam@school.example")["email"] == "sam@school.example"
    result = CliRunner().invoke(app, ["users", "remove", "nobody@school.example"])
    assert isinstance(result.exception, NotFound)
    assert "See: bulletin users list" in result.exception.in_full


def test_serve_prints_one_link_as_long_as_nobody_can_sign_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = Services(load_settings())
    _tell_first_link(made, "http://127.0.0.1:8025")
    (line,) = capsys.readouterr().err.splitlines()
    assert "http://127.0.0.1:8025/app/first/" in line
    user = made.enrolment.add_user("ann@school.example", UserRole.ADMIN, "", "test")
    _tell_first_link(made, "http://127.0.0.1:8025")
    assert "/app/first/" in capsys.readouterr().err  # an account without a password opens nothing
    with made.store.write() as tx:
        tx.accounts.set_password(user.id, made.passwords.hashed("purple kettle orbit"))
    _tell_first_link(made, "http://127.0.0.1:8025")
    assert capsys.readouterr().err == ""
    made.close()


def test_by_https_the_first_link_is_the_public_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cookies go by https alone then."""
    monkeypatch.setenv("BULLETIN_PUBLIC_URL", "https://bulletin.school.example")
    made = Services(load_settings())
    _tell_first_link(made, "http://127.0.0.1:8025")
    assert "https://bulletin.school.example/app/first/" in capsys.readouterr().err
    made.close()
