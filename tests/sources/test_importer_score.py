"""The labelled set: pasted news is understood at least as well as it was (bench/importer)."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def importer(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.importer import labels, record, scoring  # noqa: PLC0415 - bench is no package of ours

    return {"labels": labels, "record": record, "scoring": scoring}


def written(folder: Path, text: str, labels: str) -> Path:
    (folder / "one.txt").write_text(text, "utf-8")
    (folder / "one.labels.json").write_text(labels, "utf-8")
    return folder


LABELS = """{"layout": "one", "items": [
  {"title": "Bike sheds", "source": "Site Team", "published": "2026-03-12",
   "contains": ["A shed needs a lock."]}], "cruft": ["Copy link"]}"""
NEWS = "Bike sheds\n\nSource: Site Team, 12 March 2026\n\nA shed needs a lock.\n"


def only_score(importer: dict[str, ModuleType], folder: Path) -> Any:
    (example,) = importer["labels"].examples(folder)
    return importer["scoring"].score(example)


def test_no_score_of_the_labelled_set_has_fallen(importer: dict[str, ModuleType]) -> None:
    scores = [importer["scoring"].score(one) for one in importer["labels"].examples()]

    assert len(scores) >= 15
    assert sum(score.counts["found"].of for score in scores) >= 90
    assert importer["record"].fallen(scores, importer["record"].best()) == []


def test_the_record_names_every_layout_as_it_is_now(importer: dict[str, ModuleType]) -> None:
    recorded = {name: one["digest"] for name, one in importer["record"].best().items()}
    assert recorded == {one.layout: one.digest for one in importer["labels"].examples()}


def test_a_wrong_field_and_a_silent_omission_are_missed(
    importer: dict[str, ModuleType], tmp_path: Path
) -> None:
    folder = written(tmp_path, NEWS, LABELS.replace("Site Team", "Porter"))
    score = only_score(importer, folder)

    assert score.counts["found"].share == score.counts["title"].share == 1
    assert score.counts["source"].share == score.counts["cruft"].share == 0
    assert {miss.field for miss in score.misses} == {"source", "cruft"}


def test_an_invented_item_and_a_lost_one_are_counted(
    importer: dict[str, ModuleType], tmp_path: Path
) -> None:
    folder = written(tmp_path, "Taxis\n\nEvery driver shows a badge at the gate.\n", LABELS)
    score = only_score(importer, folder)

    assert (score.counts["found"].right, score.counts["true"].right) == (0, 0)
    assert score.counts["true"].of == 1


def test_a_stray_item_between_two_does_not_shift_their_pairing(
    importer: dict[str, ModuleType], tmp_path: Path
) -> None:
    both = LABELS.replace(
        "]}],", ']}, {"title": "Taxis", "contains": ["Every driver shows a badge at the gate."]}],'
    )
    between = "\nLost keys\n\nSource: Porter, 13 March 2026\n\nTwo keys were found.\n"
    last = "\nTaxis\n\nSource: Gate, 14 March 2026\n\nEvery driver shows a badge at the gate.\n"
    score = only_score(importer, written(tmp_path, NEWS + between + last, both))

    assert (score.counts["found"].share, score.counts["body"].share) == (1, 1)
    assert (score.counts["true"].right, score.counts["true"].of) == (2, 3)
    assert (score.counts["source"].right, score.said["source"].of) == (1, 1)


def test_a_lower_score_is_reported_until_its_example_changes(
    importer: dict[str, ModuleType], tmp_path: Path
) -> None:
    record = importer["record"]
    good = only_score(importer, written(tmp_path, NEWS, LABELS.replace('"Copy link"', "")))
    kept = record.raised([good], {})
    assert record.fallen([good], kept) == []

    kept["one"]["scores"]["source"] = 1.1
    assert record.fallen([good], kept) == ["one: source fell from 110.0% to 100.0%"]
    other = only_score(importer, written(tmp_path, NEWS + "\n", LABELS))
    assert record.fallen([other], kept) == []


def test_a_label_that_nobody_reads_is_refused(
    importer: dict[str, ModuleType], tmp_path: Path
) -> None:
    written(tmp_path, NEWS, LABELS.replace('"source"', '"sources"'))
    with pytest.raises(ValueError, match="sources"):
        list(importer["labels"].examples(tmp_path))
