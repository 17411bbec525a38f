"""django-post-office sends personal copies: python post_office_send.py PORT COPIES BYTES.

What is timed is `send_queued` in one process, its own record in SQLite included; queueing is not,
as planning is not timed for Bulletin. Prints one JSON document.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    port, copies, size = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
            DATABASES={
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": Path(folder) / "queue.db",
                    "OPTIONS": {"timeout": 30, "init_command": "PRAGMA journal_mode=wal"},
                }
            },
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
            EMAIL_BACKEND="post_office.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            POST_OFFICE={"BATCH_SIZE": copies, "THREADS_PER_PROCESS": 4, "LOG_LEVEL": 0},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()
        logging.disable(logging.CRITICAL)
        call_command("migrate", verbosity=0)
        mail = importlib.import_module("post_office.mail")  # only once Django is set up
        queue(mail.send, copies, size)
        started = time.perf_counter()
        sent, failed, _ = mail.send_queued(processes=1)
        seconds = time.perf_counter() - started
    if failed or sent != copies:
        sys.exit(f"{sent} sent, {failed} failed of {copies}")
    print(json.dumps({"seconds": seconds}))


def queue(send: Callable[..., object], copies: int, size: int) -> None:
    line = "x" * 75 + "\n"
    body = line * (size // len(line))
    for number in range(copies):
        send(
            f"reader{number}@school.example",
            "bulletin@school.example",
            subject=f"Bulletin for reader {number}",
            message=f"Dear reader {number}",
            html_message=f"<p>Dear reader {number}</p>{body}",
        )


if __name__ == "__main__":
    main()
