"""How long a training run may take, how the learning rate follows, and how a run is written down."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.types import Value


@dataclass
class Budget:
    """A run's length: so many steps, or so many minutes when a machine is only lent for a while."""

    steps: int | None = None
    """Optimizer steps, or `None` for a run bounded by `minutes`."""
    minutes: float | None = None
    """Wall-clock minutes over all resumes, or `None` for a run bounded by `steps`."""
    step: int = 0
    """Steps done."""
    spent_seconds: float = 0.0
    """Time spent before the latest resume."""
    started: float = field(default_factory=time.monotonic)
    """When this process began to train."""

    @property
    def elapsed_seconds(self) -> float:
        """Training time so far, resumes included."""
        return self.spent_seconds + time.monotonic() - self.started

    @property
    def fraction(self) -> float:
        """How much of the run is done, 0 to 1."""
        if self.steps is not None:
            return min(1.0, self.step / self.steps)
        return min(1.0, self.elapsed_seconds / 60 / (self.minutes or 1.0))


def learning_rate_factor(step: int, fraction: float, warmup: int = 200, decay: float = 0.35) -> float:
    """Warm up linearly over `warmup` steps, hold, then follow a cosine to 0 over the last `decay` of the run."""
    rise = min(1.0, (step + 1) / warmup)
    tail = max(0.0, (fraction - (1 - decay)) / decay)
    return rise * 0.5 * (1 + math.cos(math.pi * min(1.0, tail)))


def write_record(folder: Path, budget: Budget, scores: Mapping[str, Value]) -> None:
    """Write `training.json` next to the weights: the command, the commit, the length and the scores."""
    asked = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", "HEAD"], capture_output=True, text=True, check=False
    )
    commit = asked.stdout.strip() if asked.returncode == 0 else ""
    record = {
        "command": " ".join(["python", "-m", "engine.train", *map(_portable, sys.argv[1:])]),
        "commit": commit or "unknown",
        "steps": budget.step,
        "minutes": round(budget.elapsed_seconds / 60, 2),
        "scores": dict(scores),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")


def _portable(argument: str) -> str:
    """An argument without this machine's folders: of a path only its name."""
    return Path(argument).name if "/" in argument else argument
