"""What the benches share: a machine, databases, a filled installation, and servers to send to."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the tests start servers, issues and certificates with serves here too.
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "transports")]
