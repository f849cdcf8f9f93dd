"""How long a denoising step takes on this machine, learned from the takes that were made on it.

One small file; losing it only means that the first estimate is missing again. Knows no clock and no queue: a
`Stopwatch` is told when things happened, in seconds of any steady clock.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.agent import Progress
from engine.jobs.live import replace_file
from engine.types import Settings

_KEPT = 64
_NOT_IN_KEY = ("steps",)  # the pace is per step


@dataclass(frozen=True, slots=True)
class Pace:
    """What one take of a kind costs here."""

    step_seconds: float
    """One denoising step."""
    after_seconds: float
    """From the last step to the end: decoding, encoding, storing."""


def pace_key(agent: str, settings: Settings) -> str:
    """Name for the takes that cost the same: the agent and its settings, but for the number of steps."""
    kept = {name: value for name, value in sorted(settings.items()) if name not in _NOT_IN_KEY}
    return f"{agent} {json.dumps(kept, sort_keys=True)}"


class PaceHistory:
    """The file of paces, the latest used last. Threads may share it; of two workers that learn at once, one may not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def expect(self, key: str) -> Pace | None:
        """What a take of this kind cost before; `None` for the first one."""
        return self._load().get(key)

    def all(self) -> Iterator[tuple[str, Settings, Pace]]:
        """Agent, settings and cost of every kind of take that is remembered, the latest last."""
        for key, pace in self._load().items():
            agent, _, settings = key.partition(" ")
            yield agent, json.loads(settings), pace

    def learn(self, key: str, pace: Pace) -> None:
        """Remember a finished take: half of what was known, half of what it cost."""
        with self._lock:
            paces = self._load()
            old = paces.pop(key, pace)
            paces[key] = Pace((old.step_seconds + pace.step_seconds) / 2, (old.after_seconds + pace.after_seconds) / 2)
            kept = dict(list(paces.items())[-_KEPT:])
            replace_file(self._path, json.dumps({k: asdict(p) for k, p in kept.items()}).encode())

    def _load(self) -> dict[str, Pace]:
        try:
            rows: Mapping[str, Mapping[str, float]] = json.loads(self._path.read_bytes())
            return {key: Pace(**row) for key, row in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


class Stopwatch:
    """Times one take as its progress comes in, and says how long it will still take."""

    def __init__(self, expected: Pace | None) -> None:
        self._expected = expected
        self._first: tuple[int, float] | None = None
        self._last: tuple[int, float] | None = None
        self._steps = 0

    def note(self, progress: Progress, now: float) -> float | None:
        """Note a progress at `now`; returns the seconds left, `None` while nothing is known.

        The take's own steps count as soon as there are two: they know today's load better than history does.
        """
        if progress.steps > 0 and (self._last is None or progress.step > self._last[0]):
            self._steps = progress.steps
            self._last = (progress.step, now)
            self._first = self._first or self._last
        step_seconds = self._step_seconds()
        if step_seconds is None and self._expected is not None:
            step_seconds = self._expected.step_seconds
        if step_seconds is None or self._last is None:
            return None
        after = self._expected.after_seconds if self._expected else 0.0
        done, at = self._last
        return max(0.0, (self._steps - done) * step_seconds + after - (now - at))

    def pace(self, now: float) -> Pace | None:
        """What the take cost, if it ended at `now`; `None` when it had not two steps, or not all of them."""
        step_seconds = self._step_seconds()
        if step_seconds is None or self._last is None or self._last[0] < self._steps:
            return None
        return Pace(step_seconds, now - self._last[1])

    def _step_seconds(self) -> float | None:
        if self._first is None or self._last is None or self._last[0] == self._first[0]:
            return None
        return (self._last[1] - self._first[1]) / (self._last[0] - self._first[0])
