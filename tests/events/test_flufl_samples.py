"""The 117 samples of flufl.bounce's source distribution. Opt-in: they are not ours to keep here.

BULLETIN_TEST_FLUFL_SAMPLES  the folder tests/data of flufl.bounce 5.1, unpacked
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flufl.bounce import all_failures

from bulletin.events.messages import opened
from bulletin.events.reports import read_report
from bulletin.models.events import Fate

# Read now: the tests' own environment has no settings in it.
SAMPLES = os.environ.get("BULLETIN_TEST_FLUFL_SAMPLES", "")

pytestmark = pytest.mark.skipif(
    not SAMPLES, reason="BULLETIN_TEST_FLUFL_SAMPLES does not name the samples' folder."
)


def samples() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(SAMPLES).glob("*.txt"))}


def test_recipients_are_found_in_all_but_a_few() -> None:
    found = [name for name, data in samples().items() if read_report(data).recipients]
    assert len(samples()) == 117
    assert len(found) >= 110


def test_nobody_is_suppressed_for_a_deferral_or_an_automatic_reply() -> None:
    """Whom the library itself calls delayed, or does not name at all, is never hard here."""
    for name, data in samples().items():
        _, failed = all_failures(opened(data))
        hard = {each.address.lower() for each in read_report(data).recipients if each.hard}
        assert hard <= {address.decode().lower() for address in failed}, name
        delayed = [each for each in read_report(data).recipients if each.fate is Fate.DELAYED]
        assert not any(each.hard for each in delayed), name
