"""In a real browser: from an empty installation to an account with a second factor."""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import Browser, expect
from served import serving

from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.wiring import Services
from quick_hashes import QUICK

PASSWORD = "purple kettle orbit"


def test_an_admin_begins_and_comes_back_with_a_code(services: Services, chromium: Browser) -> None:
    services.passwords = Passwords(QUICK)
    with serving(services) as address, chromium.new_context(base_url=address) as context:
        troubles: list[str] = []
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type == "error" else None
        )
        link = services.accounts.first_link(address)
        assert link
        page.goto(link)
        page.get_by_label("Your name").fill("Sam Jones")
        page.get_by_label("Your email address").fill("sam@school.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        page.wait_for_url(f"{address}/app")

        page.goto("/app/settings/second-factor")
        page.get_by_role("button", name="Set it up").click()
        picture = page.get_by_alt_text("QR code")
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.naturalWidth") > 100  # data: is allowed
        secret = page.locator("code.secret").inner_text().replace(" ", "")
        page.get_by_label("Type the six digits").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Turn it on").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        recovery = page.locator(".recovery-codes code").first.inner_text()
        page.get_by_role("link", name="I have kept them").click()

        page.locator("summary.name").click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.goto("/app/settings")
        page.get_by_label("Your email address").fill("sam@school.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Password").press("Enter")
        page.get_by_label("Code").fill(recovery)
        page.get_by_label("Code").press("Enter")
        page.wait_for_url(f"{address}/app/settings")
        expect(page.get_by_text(re.compile("9 recovery codes left"))).to_be_visible()
        assert troubles == []
