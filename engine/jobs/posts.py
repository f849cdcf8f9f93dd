"""The workers of a home: one a GPU, or a group of GPUs, or as many as the person says; and all of them watched.

Each takes jobs from the same queue, so jobs run side by side; each sees its own GPUs and no others. A worker whose GPU
is gone is not started until that is back, and the others go on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import NoDeviceError, SettingError
from engine.jobs.presence import Presence
from engine.jobs.queue import WorkerState
from engine.jobs.watch import Command, Watcher

_BEST: tuple[WorkerState, ...] = ("alive", "starting", "restarting", "lost", "stopped")


@dataclass(frozen=True, slots=True)
class Post:
    """The place of one worker."""

    number: int
    """0, 1, …"""
    gpus: tuple[str, ...] = ()
    """What it sees, as CUDA_VISIBLE_DEVICES has them; none: whatever there is."""

    def command(self, command: Command) -> Command:
        """How its worker is started, given how any is."""
        return replace(command, arguments=(*command.arguments, "--number", str(self.number)), gpus=self.gpus)


def posts(gpus: Sequence[str], workers: int | None = None, together: int = 1) -> tuple[Post, ...]:
    """The posts of a machine: `together` GPUs each, as many as there are or as `workers` says.

    Without a GPU there is one, or `workers` of them on the processor. Raises NoDeviceError where there are too few
    GPUs for a single post, SettingError where there are too few for so many.
    """
    if together > max(len(gpus), 1):
        raise NoDeviceError(
            "A job cannot be spread over more GPUs than there are",
            "Set GREENLIGHT_GPUS_PER_JOB to what this machine has, or leave it out.",
            value=str(together),
            limit=str(len(gpus)),
        )
    if len(gpus) <= 1:
        return tuple(Post(number, tuple(gpus) if workers else ()) for number in range(workers or 1))
    most = len(gpus) // together
    if workers is not None and workers > most:
        raise SettingError(
            "There are not GPUs enough for so many workers",
            "Set GREENLIGHT_WORKERS to fewer, or leave it out for one a GPU.",
            value=f"{workers} of {together}" if together > 1 else str(workers),
            limit=f"{most} on {len(gpus)} GPUs",
        )
    return tuple(Post(one, tuple(gpus[one * together : (one + 1) * together])) for one in range(workers or most))


class Shift:
    """All workers of a home, started and watched together."""

    def __init__(self, command: Command, folder: Path, manned: Sequence[Post]) -> None:
        """command: how a worker is started. folder: the queue's. manned: the posts that workers are started for."""
        self._presences = [Presence(folder, post.number) for post in manned] or [Presence(folder)]
        self._posts = manned
        pairs = zip(manned, self._presences, strict=False)
        self._watchers = [Watcher(post.command(command), presence) for post, presence in pairs]

    def start(self) -> None:
        """Start them all."""
        for watcher in self._watchers:
            watcher.start()

    def stop(self) -> None:
        """End them all, and wait: each lays down what it makes."""
        ending = [threading.Thread(target=watcher.stop) for watcher in self._watchers]
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join()

    def state(self) -> WorkerState:
        """How the best of them is; where none was started here, whether one that was started by hand works."""
        if not self._watchers:
            return "alive" if self._presences[0].taken() else "stopped"
        return min((watcher.state for watcher in self._watchers), key=_BEST.index)

    def away(self) -> tuple[WorkerState, ...]:
        """How those are who do not work while others do."""
        states = tuple(watcher.state for watcher in self._watchers)
        return tuple(state for state in states if state != "alive") if "alive" in states else ()

    def device(self) -> str | None:
        """What they compute on, as they told; `None` until one did."""
        told = [note.device for presence in self._presences if (note := presence.note()) is not None]
        count = sum(len(post.gpus) for post in self._posts)
        return next((f"{count} × {name}" if count > 1 else name for name in told), None)
