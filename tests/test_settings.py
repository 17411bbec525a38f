"""Settings: one frozen object, wrong values named, secrets kept out of sight."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from traceback import format_exception

import pytest
from pydantic import SecretStr, ValidationError

from bulletin.errors import Misconfigured
from bulletin.models.servers import Tls
from bulletin.settings import Settings, TransportName, load_settings, smtp_server

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
LINE = re.compile(r"^(#?)BULLETIN_([A-Z0-9_]+)=(.*)$", re.MULTILINE)


def _uncommented() -> str:
    return LINE.sub(r"BULLETIN_\2=\3", EXAMPLE.read_text())


def _env(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_text(text)


def test_the_example_explains_every_setting_once_and_no_other() -> None:
    names = [match[1].lower() for match in LINE.findall(EXAMPLE.read_text())]
    assert sorted(names) == sorted(Settings.model_fields)


def test_every_setting_in_the_example_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if LINE.match(line):
            assert above.startswith("# "), f"nothing explains {line}"


def test_the_example_as_it_stands_gives_a_usable_sender(tmp_path: Path) -> None:
    _env(tmp_path, EXAMPLE.read_text())
    sender = load_settings().sender()
    assert sender.email == "bulletin@school.example"
    assert sender.postal_address.startswith("Example Learning Trust")


def test_the_example_with_every_line_switched_on_still_parses(tmp_path: Path) -> None:
    _env(tmp_path, _uncommented())
    settings = load_settings()
    assert smtp_server(settings.smtp_url.get_secret_value()).host == "mail.school.example"
    assert settings.sender().reply_to == "safeguarding@school.example"


def test_the_commented_lines_of_the_example_are_the_defaults(tmp_path: Path) -> None:
    _env(tmp_path, _uncommented())
    shown, default = load_settings(), Settings.model_construct()
    illustrations = {"from_email", "reply_to", "postal_address", "list_id", "smtp_url"}
    for name in Settings.model_fields.keys() - illustrations:
        assert getattr(shown, name) == getattr(default, name), name


def test_the_example_holds_no_secret() -> None:
    values = {match[1]: match[2] for match in LINE.findall(EXAMPLE.read_text())}
    assert values["SECRET_KEY"] == values["SENDGRID_API_KEY"] == ""


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _env(tmp_path, "BULLETIN_TRANSPORT=smtp\n")
    monkeypatch.setenv("BULLETIN_TRANSPORT", "sendgrid")
    assert load_settings().transport is TransportName.SENDGRID


def test_nothing_need_be_set_for_the_settings_to_load() -> None:
    settings = load_settings()
    assert settings.transport is TransportName.OUTBOX
    assert settings.zone.key == "Europe/London"


def test_settings_cannot_be_changed_once_read() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.chunk_size = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Europe/Londinium"),
        ("TIMEZONE", "../../etc/passwd"),
        ("PUBLIC_URL", "bulletin.school.example"),
        ("PUBLIC_URL", "ftp://bulletin.school.example"),
        ("SENDGRID_BASE_URL", "https://"),
        ("CHUNK_SIZE", "0"),
        ("CHUNK_SIZE", "1001"),
        ("CHUNK_SIZE", "many"),
        ("SMTP_CONNECTIONS", "0"),
        ("SCHEDULE_GRACE_MINUTES", "0"),
        ("TRANSPORT", "pigeon"),
        ("SELF_APPROVAL", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_in_the_refusal(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BULLETIN_{name}", value)
    with pytest.raises(Misconfigured, match=f"BULLETIN_{name}: "):
        load_settings()


def test_every_wrong_setting_is_named_not_only_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_TRANSPORT", "pigeon")
    monkeypatch.setenv("BULLETIN_CHUNK_SIZE", "0")
    with pytest.raises(Misconfigured, match=r"(?s)TRANSPORT.*CHUNK_SIZE"):
        load_settings()


def test_a_trailing_slash_of_the_public_address_does_not_double_in_links() -> None:
    settings = load_settings(public_url="https://bulletin.school.example/")
    assert settings.public_url == "https://bulletin.school.example"


def test_secrets_stay_out_of_what_is_printed() -> None:
    secret = "correct-horse-battery-staple-correct-horse"
    settings = load_settings(
        secret_key=SecretStr(secret),
        sendgrid_api_key=SecretStr(secret),
        smtp_url=SecretStr(f"smtp://desk:{secret}@mail.school.example"),
    )
    assert secret not in f"{settings!r} {settings} {settings.model_dump()}"
    assert secret not in repr(smtp_server(settings.smtp_url.get_secret_value()))


@pytest.mark.parametrize(("value", "what"), [("", "missing"), ("short", "too short")])
def test_without_a_good_key_the_refusal_holds_a_line_to_paste(value: str, what: str) -> None:
    with pytest.raises(Misconfigured, match=what) as refused:
        load_settings(secret_key=SecretStr(value)).secret()
    pasted = str(refused.value).rpartition("BULLETIN_SECRET_KEY=")[2]
    assert load_settings(secret_key=SecretStr(pasted)).secret() == pasted


def test_a_missing_sender_is_refused_with_the_line_to_write() -> None:
    with pytest.raises(Misconfigured, match=r"BULLETIN_FROM_EMAIL=bulletin@school\.example"):
        load_settings().sender()


@pytest.mark.parametrize(
    "address",
    [
        "bulletin",
        "@school.example",
        "bulletin@",
        "Bulletin <bulletin@school.example>",
        "a@school.example, b@school.example",
        "bulletin@school.example\r\nBcc: all@school.example",
        "bulletin @school.example",
        "bülletin@school.example",
        "a@x>b@y",
        "bulletin@school.example\x00",
    ],
)
@pytest.mark.parametrize("setting", ["from_email", "reply_to"])
def test_a_broken_address_is_refused_by_name(setting: str, address: str) -> None:
    """Requirement 63."""
    values = {"from_email": "bulletin@school.example", setting: address}
    with pytest.raises(Misconfigured, match=f"BULLETIN_{setting.upper()}"):
        load_settings(**values).sender()


@pytest.mark.parametrize("setting", ["from_name", "postal_address"])
@pytest.mark.parametrize("value", ["A\r\nBcc: b@school.example", "two\nlines", "nul\x00"])
def test_a_line_break_in_a_name_or_address_is_refused_not_stripped(
    setting: str, value: str
) -> None:
    """Requirements 1 and 63."""
    settings = load_settings(**{"from_email": "bulletin@school.example", setting: value})
    with pytest.raises(Misconfigured, match=f"BULLETIN_{setting.upper()}"):
        settings.sender()


def test_the_list_has_a_stable_name_of_its_own() -> None:
    """Requirement 13."""
    sender = load_settings(from_email="bulletin@school.example").sender()
    assert sender.list_id == "bulletin.school.example"
    given = load_settings(from_email="b@school.example", list_id="<news.school.example>").sender()
    assert given.list_id == "news.school.example"


@pytest.mark.parametrize("value", ["news", "two words.example", "a>b.example", "é.example"])
def test_a_list_name_that_no_header_can_hold_is_refused(value: str) -> None:
    with pytest.raises(Misconfigured, match="BULLETIN_LIST_ID"):
        load_settings(from_email="b@school.example", list_id=value).sender()


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.school.example", 587, Tls.STARTTLS),
        ("smtp://mail.school.example?tls=none", 587, Tls.NONE),
        ("smtps://mail.school.example", 465, Tls.IMPLICIT),
        ("smtp://mail.school.example?tls=implicit", 465, Tls.IMPLICIT),
        ("smtp://mail.school.example:2525?tls=starttls", 2525, Tls.STARTTLS),
    ],
)
def test_a_mail_server_address_gets_the_usual_port_of_its_encryption(
    url: str, port: int, tls: Tls
) -> None:
    server = smtp_server(url)
    assert (server.port, server.tls) == (port, tls)


def test_a_password_may_hold_any_character_when_it_is_percent_encoded() -> None:
    server = smtp_server("smtp://desk%40school:p%40ss%3A%2Fword@mail.school.example")
    assert (server.username, server.password) == ("desk@school", "p@ss:/word")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.school.example:587",
        "http://mail.school.example",
        "smtp://:587",
        "smtp://mail.school.example:port",
        "smtp://mail.school.example:99999",
        "smtp://mail.school.example?tls=maybe",
        "smtp://desk:password@mail.school.example?tls=none",
        "smtp://desk:secret@\u2100.com",
        "smtp://desk:secret@[::1",
        "smtp://desk:secret@..",
        f"smtp://desk:secret@{'x' * 64}.example",
    ],
)
def test_a_broken_mail_server_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(Misconfigured, match="BULLETIN_SMTP_URL") as refused:
        smtp_server(url)
    assert "secret" not in "".join(format_exception(refused.value))


def test_a_web_address_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(Misconfigured, match="must be a web address such as") as refused:
        load_settings(public_url="https://desk:secret@\u2100.com")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://bulletin.school.example", "http://127.0.0.1:8025", "http://localhost"]
)
def test_readers_links_lead_to_a_secure_address_or_this_machine(url: str) -> None:
    assert load_settings(public_url=url).readers_url() == url


def test_an_insecure_public_address_is_refused_before_anything_is_sent() -> None:
    """RFC 8058 section 3.1: the one-click address must be https."""
    with pytest.raises(Misconfigured, match="https://"):
        load_settings(public_url="http://bulletin.school.example").readers_url()


def test_an_address_at_a_domain_of_other_letters_is_kept_as_mail_servers_know_it() -> None:
    """Requirement 20."""
    sender = load_settings(from_email="bulletin@ysgol-tŷ.example").sender()
    assert sender.email.startswith("bulletin@xn--ysgol-t-")


def test_a_public_address_with_a_path_is_refused() -> None:
    """Pages and forms lead to /u, /p and so on: below a path they would all miss."""
    with pytest.raises(Misconfigured, match="host name of its own"):
        load_settings(public_url="https://trust.example/bulletin")
    assert load_settings(public_url="https://trust.example/").public_url == "https://trust.example"


@pytest.mark.parametrize("name", ["St Mary\x92s School", "\u202eLearning", "Trust\uffff"])
def test_a_name_that_no_header_or_feed_can_hold_is_refused_at_once(name: str) -> None:
    with pytest.raises(Misconfigured, match="BULLETIN_FROM_NAME must be one line"):
        load_settings(from_email="a@school.example", from_name=name).sender()
