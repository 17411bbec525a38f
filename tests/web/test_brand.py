"""The brand on the pages: the logo, and the two colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bulletin.models.brand import Palette
from bulletin.settings import load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000001e0000000a008060000000a1b2c3d0000000049454e44ae426082"
)


@pytest.fixture
def branded(sqlite_database: str, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "logo.png").write_bytes(PNG)
    services = Services(
        load_settings(
            database_url=sqlite_database,
            secret_key="a secret of at least thirty-two characters",
            from_name="Oakshire",
            from_email="bulletin@school.example",
            logo=tmp_path / "logo.png",
            brand_colour="#5B1A6E",
            link_colour="#7a1f3d",
        )
    )
    with TestClient(create_app(services)) as client:
        yield client
    services.close()


def test_browsers_find_an_icon_in_the_colour_of_the_brand(branded: TestClient) -> None:
    for page in ("/", "/app/sign-in"):
        text = branded.get(page).text
        address = text.partition('<link rel="icon" href="')[2].partition('"')[0]
        icon = branded.get(address)
        assert icon.headers["content-type"] == "image/svg+xml", page
        assert "#5b1a6e" in icon.text.lower()
    assert branded.get("/favicon.ico").content == icon.content


def test_the_logo_stands_on_every_page_with_the_name_for_alternative(branded: TestClient) -> None:
    page = branded.get("/").text
    assert '<img src="/brand/logo.png" width="240" height="80" alt="Oakshire">' in page
    logo = branded.get("/brand/logo.png")
    assert (logo.content, logo.headers["content-type"]) == (PNG, "image/png")
    assert branded.get("/brand/logo.jpg").status_code == 404


def test_links_and_buttons_take_the_brands_colour_by_day_and_night(branded: TestClient) -> None:
    css = branded.get("/brand.css").text
    assert "--accent:#7a1f3d" in css
    assert f"--accent:{Palette('#5b1a6e', '#7a1f3d').dark_link}" in css


def test_without_a_logo_there_is_none(browser: TestClient) -> None:
    assert browser.get("/brand/logo.png").status_code == 404
    assert "<img" not in browser.get("/").text
