"""Installations on PostgreSQL whose sending is done by workers."""

from __future__ import annotations

import sys
from pathlib import Path

# The installation that those tests run commands in.
sys.path.append(str(Path(__file__).resolve().parent.parent / "delivery"))
