"""What comes out of a form's field, whatever a browser or a script put into it."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from bulletin.web.desk.saving import text_in


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("One\r\ntwo\rthree\u2028four", "One\ntwo\nthree\nfour"),
        ("A\x00B\x07C\x1b[31m\ufffe", "ABC[31m"),
        ("Tab\tand no-break\xa0space — “kept” 😀", "Tab\tand no-break\xa0space — “kept” 😀"),
        ("<b>{{first_name}}</b>", "<b>{{first_name}}</b>"),
    ],
)
def test_a_typed_text_keeps_its_words_and_loses_control_characters(sent: str, kept: str) -> None:
    assert text_in(FormData({"body": sent}), "body") == kept
