"""Mailman delivers a message to a list, a copy each: python mailman_send.py PORT COPIES BYTES.

What is timed is `PersonalizedDelivery.deliver`, Mailman's own way to hand over a personal copy
each; it keeps no record of single copies. Prints one JSON document.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from email import message_from_string
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from mailman.app.lifecycle import create_list
from mailman.core.initialize import initialize
from mailman.email.message import Message
from mailman.interfaces.domain import IDomainManager
from mailman.interfaces.mailinglist import Personalization
from mailman.mta.personalized import PersonalizedDelivery
from zope.component import getUtility

CONFIGURATION = """\
[mailman]
layout: bench
[paths.bench]
var_dir: {folder}
[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: {port}
max_sessions_per_connection: 0
"""


def main() -> None:
    port, copies, size = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mailman.cfg"
        path.write_text(CONFIGURATION.format(folder=folder, port=port), encoding="utf-8")
        initialize(str(path))
        logging.disable(logging.CRITICAL)
        seconds, refused = deliver(copies, size)
    if refused:
        sys.exit(f"{refused} of {copies} refused")
    print(json.dumps({"seconds": seconds}))


def deliver(copies: int, size: int) -> tuple[float, int]:
    getUtility(IDomainManager).add("school.example")
    mlist = create_list("bulletin@school.example")
    mlist.personalize = Personalization.full
    recipients = {f"reader{number}@school.example" for number in range(copies)}
    delivery = PersonalizedDelivery()
    started = time.perf_counter()
    refused = delivery.deliver(mlist, message(size), {"recipients": recipients, "verp": True})
    return time.perf_counter() - started, len(refused)


def message(size: int) -> Message:
    line = "x" * 75 + "\n"
    whole = MIMEMultipart("alternative")
    whole["From"], whole["To"] = "bulletin@school.example", "bulletin@school.example"
    whole["Subject"], whole["Message-ID"] = "Bulletin", "<bench@school.example>"
    whole.attach(MIMEText("Dear reader"))
    whole.attach(MIMEText(f"<p>Dear reader</p>{line * (size // len(line))}", "html"))

    return message_from_string(whole.as_string(), Message)


if __name__ == "__main__":
    main()
