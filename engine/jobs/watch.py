"""The app's watcher of its worker: starts the process, starts it again when it dies, ends it with the app.

The worker's standard input is a pipe that only the app holds: when the app ends in whatever way, the worker
reads its end and stops. The worker's standard output is a pipe too: a line on it says that it takes jobs.
"""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.jobs.presence import Presence
from engine.jobs.queue import WorkerState
from engine.models.device import VISIBLE, answering

OCCUPIED_EXIT = 3
"""Exit code of a worker that found another one at work in its home."""
READY_LINE = b"ready\n"
_LOOK_SECONDS = 0.5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a worker."""

    arguments: Sequence[str]
    """The command line."""
    folder: Path
    """Working directory."""
    environment: Mapping[str, str] | None = None
    """All of its environment variables; `None`: those of this process."""
    gpus: tuple[str, ...] = ()
    """What it sees, as CUDA_VISIBLE_DEVICES has them, and is there for; none: whatever there is."""

    def environment_with(self, gpus: Sequence[str]) -> dict[str, str]:
        """Its environment variables where it sees these GPUs."""
        environment = {**(os.environ if self.environment is None else self.environment)}
        return {**environment, VISIBLE: ",".join(gpus)} if gpus else environment


class Watcher:
    """Keeps one worker at work: `start` once, then `stop`."""

    def __init__(self, command: Command, presence: Presence, longest_wait_seconds: float = 30.0) -> None:
        """Watch over workers started by `command` for the home of `presence`.

        A worker that dies is started again at once (a job that kills it twice is set aside, so that ends). One
        that dies before it takes jobs is started again after 1, 2, 4 … seconds, at most `longest_wait_seconds`. One of
        whose GPUs none answers any more waits until one does: what it would take, others can do. Those that are left
        are what it sees then.
        """
        self._command = command
        self._gpus = command.gpus
        self._presence = presence
        self._longest_wait_seconds = longest_wait_seconds
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._state: WorkerState = "stopped"
        self._thread = threading.Thread(target=self._watch, name="worker-watcher", daemon=True)

    @property
    def state(self) -> WorkerState:
        """How the worker is."""
        return self._state

    @property
    def pid(self) -> int | None:
        """The worker's process id; `None` when none of ours runs."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the worker, and watch it from a thread of its own."""
        self._state = "starting"
        self._thread.start()

    def stop(self, patience_seconds: float = 10.0) -> None:
        """End the worker, and wait for it: it lays down what it makes; after `patience_seconds` it is killed."""
        self._stopping.set()
        with self._lock:
            process = self._process
            if process is not None and process.stdin is not None:
                process.stdin.close()
        if process is not None:
            try:
                process.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                _log.warning("the worker did not stop within %g s and was killed", patience_seconds)
                process.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        stillborn = 0
        while not self._stopping.is_set():
            try:
                code, took_jobs = self._run_one()
            except OSError as error:
                _log.error("the worker cannot be started: %s", error)
                code, took_jobs = -1, False
            if self._stopping.is_set():
                break
            if code == OCCUPIED_EXIT:
                self._watch_another()
                continue
            _log.warning("the worker ended with code %d and is started again", code)
            self._state = "restarting"
            stillborn = 0 if took_jobs else stillborn + 1
            if stillborn:
                self._stopping.wait(min(self._longest_wait_seconds, 2.0 ** (stillborn - 1)))
            self._await_gpus()
        self._state = "stopped"

    def _await_gpus(self) -> None:
        """Go on with those of its GPUs that answer; where none does, wait until one is back."""
        while self._command.gpus and not self._stopping.is_set():
            self._gpus = answering(self._command.gpus)
            if self._gpus:
                self._state = "restarting"
                return
            if self._state != "lost":
                _log.error("no GPU of the worker answers any more (%s): it waits", ", ".join(self._command.gpus))
            self._state = "lost"
            self._stopping.wait(self._longest_wait_seconds)

    def _run_one(self) -> tuple[int, bool]:
        with self._lock:
            if self._stopping.is_set():
                return 0, False
            process = subprocess.Popen(
                self._command.arguments,
                cwd=self._command.folder,
                env=self._command.environment_with(self._gpus),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C in the terminal is for the app, which then ends the worker. No session of its own: between
                # sessions Linux shares the cores evenly, however nice a process is.
                process_group=0,
            )
            self._process = process
        took_jobs = False
        with process:
            for line in process.stdout or ():
                if line == READY_LINE:
                    took_jobs = True
                    self._state = "alive"
        self._process = None
        return process.returncode, took_jobs

    def _watch_another(self) -> None:
        while self._presence.taken():
            self._state = "alive"
            if self._stopping.wait(_LOOK_SECONDS):
                return
        self._state = "restarting"
