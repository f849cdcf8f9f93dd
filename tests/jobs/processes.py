"""Workers and apps as processes: started, asked to stop, killed, and never left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from bench.kill import ENOUGH
from engine.jobs.presence import Presence
from tests.jobs.house import ROOT
from tests.waiting import until

HOUSE = (sys.executable, "-m", "tests.jobs.house")


class Processes:
    """What a test has started on one home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[subprocess.Popen[bytes]] = []
        self.presence = Presence(home / "queue")

    def worker(self, number: int = 0) -> subprocess.Popen[bytes]:
        """A worker that takes jobs."""
        return self._taking_jobs(number, self._start("by-hand", "--number", str(number)))

    def workers(self, count: int) -> list[subprocess.Popen[bytes]]:
        """So many of them."""
        started = [self._start("by-hand", "--number", str(number)) for number in range(count)]
        return [self._taking_jobs(number, process) for number, process in enumerate(started)]

    def _taking_jobs(self, number: int, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        presence = Presence(self._home / "queue", number)
        until(lambda: (note := presence.note()) is not None and note.pid == process.pid, "a worker")
        return process

    def app(self) -> subprocess.Popen[bytes]:
        """An app with a worker of its own, that ends when all projects are finished."""
        (self._home / ENOUGH).touch()
        return self._start("app")

    def kill(self, process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGKILL) -> int:
        """Send the signal, and wait for the end; returns the exit code."""
        process.send_signal(sign)
        return process.wait(20)

    def end(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            process.kill()
            process.wait(20)
        until(lambda: not self.presence.taken(), "the last worker's end")

    def _start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([*HOUSE, what, str(self._home), *more], cwd=ROOT)
        self._started.append(process)
        return process
