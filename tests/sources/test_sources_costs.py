"""What a hostile paste costs, counted rather than timed: work grows with the text, not faster."""

from __future__ import annotations

import pytest

from bulletin.sources.text import inline, lines


def test_however_many_lines_a_paragraph_has_each_is_parsed_twice_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[int] = []
    parse = inline.parse

    def counted(text: str) -> inline.Runs:
        parsed.append(len(text))
        return parse(text)

    monkeypatch.setattr(inline, "parse", counted)
    text = "\n".join(["words that run on and [lead](https://x.example/a) on"] * 200)
    (whole,) = lines.of_text(text)
    assert len(inline.links(whole.runs)) == 200
    assert sum(parsed) <= 2 * len(text)


def test_a_link_that_was_wrapped_over_two_lines_of_a_paragraph_is_one_link() -> None:
    text = (
        "The council wrote at length about it, and [the whole\nreport](https://x.example/a) is out"
    )
    (whole,) = lines.of_text(text)
    assert [run.text for run in inline.links(whole.runs)] == ["the whole report"]


def test_an_address_that_was_wrapped_after_a_paragraph_was_is_made_whole() -> None:
    text = "The council wrote at length about it, so that\nwe ask all to read https://x.example/a-\nlong/b"
    (whole,) = lines.of_text(text)
    assert whole.runs[-1].target == "https://x.example/a-\nlong/b"
    assert whole.raw == text
