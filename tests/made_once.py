"""What is made once a process: compiled templates and renderers take longer than most tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import jinja2
import pytest
from jinja2.bccache import Bucket, BytecodeCache

import bulletin.rendering.templates
import bulletin.web.desk.pages
import bulletin.web.pages
from bulletin.models.brand import Brand
from bulletin.rendering import Renderer, checked_renderer
from bulletin.wiring import printing

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
def made_once() -> Iterator[None]:
    """While this is open, environments that are set up alike share what they compiled, and
    installations of one brand without a theme their renderer: it keeps nothing of what it renders.
    """
    shared: defaultdict[str, Compiled] = defaultdict(Compiled)
    renderer = cache(partial(checked_renderer, theme=None))
    with pytest.MonkeyPatch.context() as patch:
        for module in _FILLING:
            patch.setattr(module, "Environment", partial(_environment, shared))
        patch.setattr(printing, "checked_renderer", partial(_renderer, renderer, checked_renderer))
        yield


def _renderer(
    ours: Callable[[Brand], Renderer],
    themed: Callable[[Brand, Path | None], Renderer],
    brand: Brand,
    theme: Path | None,
) -> Renderer:
    return ours(brand) if theme is None else themed(brand, theme)


def _environment(shared: defaultdict[str, Compiled], **options: object) -> jinja2.Environment:
    # What decides which code a template becomes; a function is known by its address.
    alike = repr([options.get(name) for name in _DECIDING])
    return jinja2.Environment(bytecode_cache=shared[alike], **options)  # type: ignore[arg-type]  # as they came
