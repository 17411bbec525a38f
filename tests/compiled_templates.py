"""Templates compiled once a process: compiling them takes longer than most tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import jinja2
import pytest
from jinja2.bccache import Bucket, BytecodeCache

import bulletin.rendering.templates
import bulletin.web.desk.pages
import bulletin.web.pages

_FILLING = (bulletin.rendering.templates, bulletin.web.desk.pages, bulletin.web.pages)
_DECIDING = ("autoescape", "finalize", "extensions", "trim_blocks", "lstrip_blocks")


class Compiled(BytecodeCache):
    """Templates that this process compiled already. Jinja compares their text."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@contextmanager
def compiled_once() -> Iterator[None]:
    """While this is open, environments that are set up alike share what they compiled."""
    shared: defaultdict[str, Compiled] = defaultdict(Compiled)
    with pytest.MonkeyPatch.context() as patch:
        for module in _FILLING:
            patch.setattr(module, "Environment", partial(_environment, shared))
        yield


def _environment(shared: defaultdict[str, Compiled], **options: object) -> jinja2.Environment:
    # What decides which code a template becomes; a function is known by its address.
    alike = repr([options.get(name) for name in _DECIDING])
    return jinja2.Environment(bytecode_cache=shared[alike], **options)  # type: ignore[arg-type]  # as they came
