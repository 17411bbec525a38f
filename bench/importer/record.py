"""The best scores so far, committed beside the examples: they may only rise."""

from __future__ import annotations

import json
from pathlib import Path

from bench.importer.scoring import Score

RECORD = Path(__file__).parent / "score.json"
PLACES = 4

Best = dict[str, dict[str, object]]


def best(path: Path = RECORD) -> Best:
    """What was recorded: layout -> {"digest", "scores": {name: share}}."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def fallen(scores: list[Score], recorded: Best) -> list[str]:
    """A sentence for every score that is lower than it was for the same file and labels."""
    return [
        f"{score.layout}: {name} fell from {was:.1%} to {score.counts[name].share:.1%}"
        for score in scores
        for name, was in _comparable(score, recorded).items()
        if name in score.counts and round(score.counts[name].share, PLACES) < was
    ]


def raised(scores: list[Score], recorded: Best) -> Best:
    """The record with everything that rose; examples that changed start anew."""
    return {score.layout: _higher(score, _comparable(score, recorded)) for score in scores}


def _higher(score: Score, was: dict[str, float]) -> dict[str, object]:
    now = {name: round(count.share, PLACES) for name, count in score.counts.items()}
    return {
        "digest": score.digest,
        "scores": {name: max(share, was.get(name, 0.0)) for name, share in now.items()},
    }


def _comparable(score: Score, recorded: Best) -> dict[str, float]:
    known = recorded.get(score.layout, {})
    scores = known.get("scores")
    return scores if known.get("digest") == score.digest and isinstance(scores, dict) else {}
