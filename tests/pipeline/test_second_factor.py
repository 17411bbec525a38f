"""The second factor: codes that work once, and for now; recovery codes for when it is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from house import HERE, House

from bulletin.errors import InvalidInput, Refused, TooMany
from bulletin.models.people import User
from bulletin.pipeline.accounts.second_factor import RECOVERY_CODES
from bulletin.pipeline.accounts.signing_in import CodeWanted, SignedIn


def ticket(house: House) -> str:
    came = house.sign_in()
    assert isinstance(came, CodeWanted)
    return came.ticket


def next_step(house: House) -> None:
    house.clock.now += timedelta(seconds=30)


def test_a_code_of_now_lets_its_owner_in(house: House) -> None:
    user = house.user()
    app, _ = house.factor(user)
    next_step(house)
    came = house.signing_in.by_code(ticket(house), app.at(house.clock()), HERE)
    assert house.sessions.user(came.token) == came.user
    assert came.user.second_factor


def test_a_code_works_once(house: House) -> None:
    """RFC 6238 section 5.2; also the one that set it up."""
    app, _ = house.factor(house.user())
    with pytest.raises(InvalidInput):
        house.signing_in.by_code(ticket(house), app.at(house.clock()), HERE)
    next_step(house)
    code = app.at(house.clock())
    assert house.signing_in.by_code(ticket(house), code, HERE)
    with pytest.raises(InvalidInput):
        house.signing_in.by_code(ticket(house), code, HERE)
    before = app.at(house.clock() - timedelta(seconds=30))
    with pytest.raises(InvalidInput):
        house.signing_in.by_code(ticket(house), before, HERE)


def test_a_clock_may_be_half_a_minute_off_and_no_more(quick_house: House) -> None:
    app, _ = quick_house.factor(quick_house.user())
    quick_house.clock.now += timedelta(minutes=10)
    for seconds in (-60, 60):
        code = app.at(quick_house.clock() + timedelta(seconds=seconds))
        with pytest.raises(InvalidInput):
            quick_house.signing_in.by_code(ticket(quick_house), code, HERE)
    code = app.at(quick_house.clock() + timedelta(seconds=30))
    assert quick_house.signing_in.by_code(ticket(quick_house), f"{code[:3]} {code[3:]}", HERE)


def test_codes_are_not_guessed(house: House) -> None:
    app, _ = house.factor(house.user())
    next_step(house)
    right = app.at(house.clock())
    wrong = "000000" if right != "000000" else "000001"
    kept = ticket(house)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            house.signing_in.by_code(kept, wrong, HERE)
    with pytest.raises(TooMany):
        house.signing_in.by_code(kept, right, HERE)


def test_a_recovery_code_works_once_however_it_is_typed(house: House) -> None:
    user = house.user()
    _, codes = house.factor(user)
    assert len(set(codes)) == RECOVERY_CODES
    typed = codes[0].upper().replace("-", " ")
    assert isinstance(house.signing_in.by_code(ticket(house), typed, HERE), SignedIn)
    assert house.services.second_factor.recovery_codes_left(user) == RECOVERY_CODES - 1
    with pytest.raises(InvalidInput):
        house.signing_in.by_code(ticket(house), codes[0], HERE)


def test_new_recovery_codes_end_the_old_ones(house: House) -> None:
    user = house.user()
    _, old = house.factor(user)
    new = house.services.second_factor.new_recovery_codes(user, old[1])
    with pytest.raises(InvalidInput):
        house.signing_in.by_code(ticket(house), old[0], HERE)
    assert house.signing_in.by_code(ticket(house), new[0], HERE)


def test_new_recovery_codes_need_a_code_since_any_of_them_removes_the_factor(house: House) -> None:
    """Whoever finds a computer that was left has a session, and no code."""
    user = house.user()
    house.factor(user)
    with pytest.raises(InvalidInput):
        house.services.second_factor.new_recovery_codes(user, "123456")
    assert house.services.second_factor.recovery_codes_left(user) == RECOVERY_CODES


def test_a_ticket_ends_after_ten_minutes_and_when_it_was_used(house: House) -> None:
    _, codes = house.factor(house.user())
    kept = ticket(house)
    house.signing_in.by_code(kept, codes[0], HERE)
    with pytest.raises(Refused, match="took too long"):
        house.signing_in.by_code(kept, codes[1], HERE)
    kept = ticket(house)
    house.clock.now += timedelta(minutes=10)
    with pytest.raises(Refused, match="took too long"):
        house.signing_in.by_code(kept, codes[2], HERE)


def test_a_secret_is_sealed_in_the_database_and_not_in_use_before_a_first_code(
    house: House,
) -> None:
    user = house.user()
    house.services.second_factor.begin(user)
    offer = house.services.second_factor.offer(user)
    assert offer
    secret = offer.secret.replace(" ", "")
    assert offer.picture.startswith("data:image/svg+xml")
    with house.services.store.read() as tx:
        found = tx.accounts.credentials(user.email)
    assert found
    assert secret not in found.totp_secret
    assert isinstance(house.sign_in(), SignedIn)
    with pytest.raises(InvalidInput):
        house.services.second_factor.confirm(user, "12345", "")


def test_setting_it_up_or_removing_it_ends_all_other_sessions(house: House) -> None:
    user = house.user()
    elsewhere = house.sessions.open(user)
    _, codes = house.factor(user)
    assert house.sessions.user(elsewhere) is None
    elsewhere = house.sessions.open(user)
    with pytest.raises(InvalidInput):
        house.services.second_factor.remove(user, "000000", "")
    token = house.services.second_factor.remove(user, codes[0], "")
    assert house.sessions.user(elsewhere) is None
    assert house.sessions.user(token)
    assert isinstance(house.sign_in(), SignedIn)


def test_a_second_one_is_not_set_up_over_the_first(house: House) -> None:
    user = house.user()
    house.factor(user)
    with pytest.raises(Refused, match="Remove it"):
        house.services.second_factor.begin(user)


def test_where_everybody_must_have_one_nobody_removes_their_own(sqlite_database: str) -> None:
    house = House(sqlite_database, require_second_factor=True)
    user: User = house.user()
    _, codes = house.factor(user)
    with pytest.raises(Refused, match="Everybody must"):
        house.services.second_factor.remove(user, codes[0], "")
    house.services.close()


def test_a_secret_that_cannot_be_read_lets_nobody_in_and_says_why(sqlite_database: str) -> None:
    house = House(sqlite_database)
    app, _ = house.factor(house.user())
    house.services.close()
    changed = House(sqlite_database)
    changed.services.close()
    changed = House(sqlite_database, from_name="Another")
    other = type(changed.services.second_factor._sealing)("another secret", "second factor")
    changed.services.second_factor._sealing = other
    next_step(changed)
    with pytest.raises(Refused, match="BULLETIN_SECRET_KEY was changed"):
        changed.signing_in.by_code(ticket(changed), app.at(changed.clock()), HERE)
    changed.services.close()
