"""What an approver signs: every byte, in one order, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import Snapshot
from bulletin.pipeline.freeze import freeze, thaw
from example_issue import SENDER, example_issue

COMPILED = CompiledIssue("subject", "<p>html</p>", "text")


def frozen(**changes: object) -> Snapshot:
    content = replace(example_issue(4, 2), **changes)  # type: ignore[arg-type]
    return freeze(content, SENDER, COMPILED, approved_by="head@school.example")


def test_a_frozen_issue_thaws_as_it_was() -> None:
    snapshot = frozen()
    kept = Snapshot(
        hash=snapshot.hash,
        document=json.loads(json.dumps(snapshot.document)),
        compiled=COMPILED,
        approved_by="",
    )
    assert thaw(kept) == (example_issue(4, 2), SENDER)


def test_any_change_of_words_sender_or_rendering_changes_the_hash() -> None:
    base = frozen().hash
    content = example_issue(4, 2)
    fewer = replace(content.topics[0], items=content.topics[0].items[1:])
    others = [
        frozen(subject="Another subject").hash,
        frozen(topics=(fewer, *content.topics[1:])).hash,
        freeze(content, replace(SENDER, name="X"), COMPILED, approved_by="").hash,
        freeze(content, SENDER, replace(COMPILED, html="<p></p>"), approved_by="").hash,
        freeze(content, SENDER, replace(COMPILED, text=""), approved_by="").hash,
    ]
    assert len({base, *others}) == 6


def test_who_approved_is_no_part_of_the_hash() -> None:
    again = freeze(example_issue(4, 2), SENDER, COMPILED, approved_by="somebody else")
    assert again.hash == frozen().hash


def test_the_hash_is_the_same_in_every_process() -> None:
    """Sets have no order of their own, and Python shuffles them anew in every process."""
    script = "from test_freeze import frozen; print(frozen().hash)"
    here = os.path.dirname(__file__)  # noqa: PTH120
    paths = os.pathsep.join((here, os.path.dirname(here)))  # noqa: PTH120
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
            capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(hashes) == 1
