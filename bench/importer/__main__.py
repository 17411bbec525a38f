"""How well the importer understands our labelled examples: `python -m bench.importer [--misses]`.

Fails when any score is lower than the recorded one. --record writes what rose, --only NAME looks
at the layouts whose name holds NAME, --examples DIR reads another labelled set (no record).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.importer import record, report
from bench.importer.labels import EXAMPLES, examples
from bench.importer.scoring import Score, score


def main() -> None:
    asked = _arguments()
    scores = [score(one) for one in examples(asked.examples) if asked.only in one.layout]
    if not scores:
        sys.exit("No layout of that name.")
    print("Share of what was labelled that is right, in per cent.")
    print("\n".join(report.table(scores)))
    if asked.misses:
        print("\n".join(("", *report.misses(scores))))
    if asked.examples == EXAMPLES:
        _judge(scores, write=asked.record)


def _judge(scores: list[Score], *, write: bool) -> None:
    recorded = record.best()
    if fell := record.fallen(scores, recorded):
        sys.exit("\n".join(("", *fell)))
    if write:
        kept = recorded | record.raised(scores, recorded)
        record.RECORD.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="say what is not as labelled")
    parser.add_argument("--record", action="store_true", help="keep what rose")
    parser.add_argument("--only", default="", metavar="NAME", help="layouts with this in the name")
    parser.add_argument("--examples", type=Path, default=EXAMPLES, metavar="DIR")
    return parser.parse_args()


if __name__ == "__main__":
    main()
