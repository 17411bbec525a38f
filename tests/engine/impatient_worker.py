"""`bulletin worker --pool bulk`, but with leases and silences of seconds: `python ... [SLOTS]`.

A test cannot wait a minute for each lease. Nothing else differs.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from bulletin.engine import Rhythm, WorkerEngine
from bulletin.models.pools import Pool
from bulletin.settings import load_settings
from bulletin.store.queue import conninfo
from bulletin.wiring import LEASES, Services

LEASE = timedelta(seconds=4)
RHYTHM = Rhythm(sweep=1, poll=0.5, heartbeat=1, silence=3, drain=20)

for name in LEASES:
    LEASES[name] = LEASE
made = Services(load_settings())
slots = {Pool.BULK: int(sys.argv[1])}
WorkerEngine(conninfo(made.settings.database_url), made.dispatch, slots, RHYTHM).run()
made.close()
