"""A test goes to colleagues alone, marked, by the real way out, and is no delivery."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk

from bulletin.models.issues import Visibility
from bulletin.models.items import Action, ItemDraft, Nation
from bulletin.models.people import UserRole
from bulletin.models.reviews import TrialCopy
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.reviewing.trying import MOST_AN_HOUR
from bulletin.wiring import Services

AsRole = Callable[..., Desk]


@pytest.fixture
def page(services: Services) -> str:
    """Where a test of a draft is sent from; item 1 is for governors in Wales."""
    with services.store.write() as tx:
        link = Action("Read it", url="https://guidance.example/a")
        item = tx.items.add(
            ItemDraft("For governors", body="Text.", actions=(link,)), services.store.clock()
        )
    made = services.drafting.new("December", {}, Visibility.PRIVATE, "writer@school.example")
    options = PlacingOptions(roles=["governor"], only_nations=frozenset({Nation.WALES}))
    services.drafting.place(made.slug, [item], options, "writer@school.example")
    return f"/app/issues/{made.id}/test"


def test_a_draft_goes_to_oneself_as_a_reader_gets_it_and_enters_no_ledger(
    as_role: AsRole, page: str, services: Services
) -> None:
    editor = as_role(UserRole.EDITOR)
    sent = editor.change(page, to="editor@school.example", role="governor", nation="Wales")
    assert sent.status_code == 303
    [mail] = services.outbox.page(1, 10).mails
    assert (mail.to, mail.subject) == ("Alex Example <editor@school.example>", "[Test] December")
    shown = services.outbox.read(mail.key)
    assert shown
    assert "For governors" in shown.html
    assert "Accepted by the mail server" in editor.get(page).text
    with services.store.read() as tx:
        assert tx.deliveries.counts(1) == {}


def test_two_tests_are_two_messages_for_a_mailbox(
    as_role: AsRole, page: str, services: Services
) -> None:
    editor, colleague = as_role(UserRole.EDITOR), as_role(UserRole.AUTHOR)
    to = [editor.user.email, colleague.user.email]
    editor.change(page, to=to, role="governor", nation="Wales")
    mails = [services.outbox.read(each.key) for each in services.outbox.page(1, 10).mails]
    names = {
        value for mail in mails if mail for name, value in mail.headers if name == "Message-ID"
    }
    assert len(names) == len(mails) == 2


def test_no_test_goes_to_a_reader_or_a_stranger(
    as_role: AsRole, page: str, services: Services
) -> None:
    for to in ("dsl@school.example", "stranger@elsewhere.example", []):
        answer = as_role(UserRole.EDITOR).change(page, to=to, role="governor", nation="Wales")
        assert answer.status_code == 422
    assert services.outbox.page(1, 10).total == 0


def test_who_would_get_nothing_is_refused_before_anything_is_sent(
    as_role: AsRole, page: str, services: Services
) -> None:
    answer = as_role().change(page, to="editor@school.example", role="dsl", nation="Wales")
    assert answer.status_code == 422
    assert "Nothing of the issue is for such a reader" in answer.text
    assert services.outbox.page(1, 10).total == 0


def test_an_hour_has_a_limit(as_role: AsRole, page: str, services: Services) -> None:
    editor = as_role(UserRole.EDITOR)
    with services.store.write() as tx:
        for _ in range(MOST_AN_HOUR):
            tx.reviews.keep_trial(_sent(services, editor.user.email))
    answer = editor.change(page, to=editor.user.email, role="governor", nation="Wales")
    assert answer.status_code == 422
    assert "Try again at" in answer.text
    assert services.outbox.page(1, 10).total == 0


def test_what_the_mail_server_refuses_is_said_with_its_words(
    as_role: AsRole, page: str, services: Services
) -> None:
    services.settings.outbox_dir.write_text("a file where the folder should be")
    editor = as_role(UserRole.EDITOR)
    editor.change(page, to=editor.user.email, role="governor", nation="Wales")
    shown = editor.get(page).text
    assert "Not accepted" in shown
    assert "cannot be written" in shown


def test_an_author_sends_no_tests(as_role: AsRole, page: str) -> None:
    assert as_role(UserRole.AUTHOR).get(page).status_code == 403


def _sent(services: Services, by: str) -> TrialCopy:
    return TrialCopy(0, 1, by, "", by, services.store.clock(), "submitted")
