"""What the app adds around the pocket world's pipelines; needs the app's packages.

Both are timed in the same videos, so that a busy machine slows both: a worker of our own clocks its pipeline calls
without what they report, and the page's side clocks the whole road.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from bench.speed import PROMPT, wait
from engine.agents import filming
from engine.configuration import Configuration
from engine.house import compose
from engine.jobs import worker
from engine.models.denoising import OnStep, denoise
from engine.models.memory.holding import Loaded
from engine.models.preview import Frames
from engine.models.script import Sampling, Script
from engine.studio import Studio
from engine.types import Request

ROOT = Path(__file__).resolve().parents[2]
_CLOCKED = "pipelines.jsonl"


def added(toy: bool) -> dict[str, Any]:
    """Seconds of a text to video in the app, everything approved at once, and of the pipeline calls in it."""
    runs = 1 if toy else 5
    walls, pure = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as studio:
        for run in range(runs + 1):
            begun = time.perf_counter()
            _made(studio, run)
            walls.append(time.perf_counter() - begun)
            pure.append(sum(_told(Path(folder))) - sum(pure))
    extra = [wall - inside for wall, inside in zip(walls[1:], pure[1:], strict=True)]
    return {
        "seconds in the app": round(statistics.median(walls[1:]), 2),
        "seconds of the pipeline calls": round(statistics.median(pure[1:]), 2),
        "added, seconds": round(statistics.median(extra), 2),
        "added, share": round(statistics.median(e / p for e, p in zip(extra, pure[1:], strict=True)), 4),
        "cores": torch.get_num_threads(),
    }


@contextmanager
def _served(home: Path) -> Iterator[Studio]:
    """A studio whose worker clocks its pipelines."""
    with Studio.open(Configuration(home=home), worker=False) as studio:
        command = [sys.executable, "-m", "bench.models.around", str(home)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            yield studio
        finally:
            process.terminate()
            process.wait(30)


def _made(studio: Studio, seed: int) -> None:
    request = Request("text-to-video", PROMPT, seed=seed)
    stages = tuple(stage.name for stage in studio.task(request).stages)
    wait(studio, studio.create(replace(request, automatic=stages)))


def _told(home: Path) -> Sequence[float]:
    return [json.loads(line) for line in (home / _CLOCKED).read_text().splitlines()]


def clocked(
    run: Callable[..., Frames], tell: Callable[[float], None], clock: Callable[[], float] = time.perf_counter
) -> Callable[..., Frames]:
    """`denoise` which tells how long it took without what `on_step` did."""

    def timed(loaded: Loaded, script: Script, sampling: Sampling, seed: int, on_step: OnStep) -> Frames:
        outside = 0.0

        def reported(step: int, steps: int, latents: Frames | None) -> None:
            nonlocal outside
            begun = clock()
            on_step(step, steps, latents)
            outside += clock() - begun

        begun = clock()
        frames = run(loaded, script, sampling, seed, reported)
        tell(clock() - begun - outside)
        return frames

    return timed


def serve(home: Path) -> None:
    """Be the home's worker, and write down what its pipelines take."""

    def tell(seconds: float) -> None:
        with (home / _CLOCKED).open("a") as file:
            file.write(f"{seconds}\n")

    vars(filming)["denoise"] = clocked(denoise, tell)
    worker.main(home, lambda: compose(Configuration(home=home)), attached=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    serve(Path(sys.argv[1]))
