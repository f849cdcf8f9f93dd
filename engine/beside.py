"""Processes beside the page: each fills a folder and ends with the page's server. What it wrote stays."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from engine.errors import StorageError


@dataclass(frozen=True, slots=True)
class Run:
    """One process, at work or ended."""

    process: subprocess.Popen[bytes]
    began: float
    done: int
    """How much of its work was done before it began."""

    @property
    def code(self) -> int | None:
        """What it ended with; None while it is at work."""
        code = self.process.poll()
        if code is not None and self.process.stdin is not None:
            self.process.stdin.close()
        return code

    def seconds_left(self, done: int, in_all: int) -> float | None:
        """At the rate so far; None while there is none."""
        if self.code is not None or done <= self.done:
            return None
        return (time.monotonic() - self.began) / (done - self.done) * max(0, in_all - done)


class Beside:
    """Processes by name. Threads may share it."""

    def __init__(self, root: Path) -> None:
        """root: the folder in which they work."""
        self._root = root
        self._runs: dict[str, Run] = {}
        self._turn = RLock()

    def run(self, name: str) -> Run | None:
        """The process of that name, at work or ended."""
        return self._runs.get(name)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, done: int) -> None:
        """Start one, unless it is at work. log: where it writes what it says. Raises StorageError."""
        with self._turn:
            run = self._runs.get(name)
            if run is not None and run.code is None:
                return
            try:
                with log.open("wb") as told:
                    process = subprocess.Popen(
                        command, cwd=self._root, env=environment, stdin=subprocess.PIPE, stdout=told, stderr=told
                    )
            except OSError as error:
                what = "The measurement cannot begin"
                raise StorageError(what, "Try again.", value=str(error.strerror)) from error
            self._runs[name] = Run(process, time.monotonic(), done)

    def stop(self, name: str) -> None:
        """End one, and forget it; nothing where there is none."""
        with self._turn:
            run = self._runs.pop(name, None)
        if run is None:
            return
        run.process.terminate()
        try:
            run.process.wait(5)
        except subprocess.TimeoutExpired:
            run.process.kill()
            run.process.wait()
        if run.process.stdin is not None:
            run.process.stdin.close()

    def close(self) -> None:
        """End every one."""
        for name in [*self._runs]:
            self.stop(name)
