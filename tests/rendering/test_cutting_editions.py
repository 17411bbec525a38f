"""Invariant 1: an edition is cut from the one compiled issue, and nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from rendered import RENDERER, issues, kinds, whole

from bulletin.composition import compose, restrict
from bulletin.errors import RenderingError
from bulletin.models.editions import CompiledIssue, EditionContent, ReaderKind
from bulletin.models.issues import IssueContent
from bulletin.models.items import Nation
from bulletin.rendering import Cutter, inlining, renderer
from example_issue import ROLE_KEYS, SENDER, example_issue

EXAMPLE = example_issue()
COMPILED = Cutter(RENDERER.compile(EXAMPLE, SENDER))


@settings(max_examples=80, deadline=None)
@given(issues(), kinds)
def test_a_cut_edition_is_the_edition_compiled_by_itself(
    issue: IssueContent, kind: ReaderKind
) -> None:
    cut = Cutter(RENDERER.compile(issue, SENDER)).cut(compose(issue, kind).visible)
    assert cut == whole(restrict(issue, kind))


@settings(max_examples=40, deadline=None)
@given(kinds)
def test_the_same_holds_for_an_issue_of_thirty_items(kind: ReaderKind) -> None:
    assert COMPILED.cut(compose(EXAMPLE, kind).visible) == whole(restrict(EXAMPLE, kind))


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_no_marker_is_left_over(role: str) -> None:
    kind = ReaderKind(frozenset({role}), Nation.WALES)
    edition = COMPILED.cut(compose(EXAMPLE, kind).visible)
    for word in ("item:", "topic:", "note:", "\x02", "\x03"):
        assert word not in edition.html
        assert word not in edition.text


def test_mjml_and_premailer_run_once_whatever_the_number_of_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = {"mjml": 0, "premailer": 0}
    mjml2html, transform = renderer.mjml2html, inlining.Inliner.transform

    def count(name: str, function: object) -> object:
        def counted(*args: object, **kwargs: object) -> object:
            calls[name] += 1
            return function(*args, **kwargs)  # type: ignore[operator]

        return counted

    monkeypatch.setattr(renderer, "mjml2html", count("mjml", mjml2html))
    monkeypatch.setattr(inlining.Inliner, "transform", count("premailer", transform))
    cutter = Cutter(RENDERER.compile(EXAMPLE, SENDER))
    editions = {cutter.cut(compose(EXAMPLE, ReaderKind(frozenset({r}))).visible) for r in ROLE_KEYS}
    assert calls == {"mjml": 1, "premailer": 1}
    assert len(editions) > 5


def test_what_everybody_sees_says_nothing_about_the_number_of_items() -> None:
    """Trap 8 of the layout: no counts in shared text, because editions differ."""
    few = Cutter(RENDERER.compile(example_issue(2, 1), SENDER))
    assert few.cut(frozenset()) == COMPILED.cut(frozenset())


def test_a_note_line_for_another_role_is_cut_out_of_the_note() -> None:
    cutter = Cutter(CompiledIssue("", "a<!--note:1-->b<!--note:1:x%2Dy-->c<!--/note:1:x%2Dy-->"
                                      "d<!--/note:1-->e", ""))  # fmt: skip
    assert cutter.cut(frozenset({"note:1"})) == EditionContent("", "abde", "")
    assert cutter.cut(frozenset({"note:1", "note:1:x-y"})) == EditionContent("", "abcde", "")
    assert cutter.cut(frozenset({"note:1:x-y"})) == EditionContent("", "ae", "")


@pytest.mark.parametrize(
    "html", ["<!--item:1-->a", "a<!--/item:1-->", "<!--item:1-->a<!--/item:2-->"]
)
def test_markers_that_do_not_match_up_are_refused(html: str) -> None:
    with pytest.raises(RenderingError, match="marker item:"):
        Cutter(CompiledIssue("", html, ""))
