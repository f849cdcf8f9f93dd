"""What the app adds around the pocket world's pipelines; needs the app's packages."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from bench.speed import PROMPT, _walked
from engine.configuration import Configuration
from engine.models.denoising import denoise
from engine.models.lease import Lease
from engine.models.profiles import POCKET
from engine.models.script import Script, sampling
from engine.studio import Studio
from engine.types import Request


def added(toy: bool) -> dict[str, Any]:
    """Seconds of a text to video in the app, everything approved at once, and of its pipeline calls alone."""
    runs = 1 if toy else 3
    walls: list[float] = []
    with tempfile.TemporaryDirectory() as home, Studio.open(Configuration(home=Path(home))) as studio:
        for run in range(runs + 1):
            begun = time.perf_counter()
            view = _walked(studio, Request("text-to-video", PROMPT, seed=run))
            walls.append(time.perf_counter() - begun)
        settings = {stage.stage.name: stage.chosen.artifact.settings for stage in view.stages if stage.chosen}
    alone = _alone(settings["key_frame"], settings["video"], runs)
    wall, pure = statistics.median(walls[1:]), statistics.median(alone[1:])
    return {
        "seconds in the app": round(wall, 2),
        "seconds of the pipeline calls": round(pure, 2),
        "added, seconds": round(wall - pure, 2),
        "added, share": round((wall - pure) / pure, 4),
        "cores": torch.get_num_threads(),
    }


def _alone(still: Any, clip: Any, runs: int) -> list[float]:
    lease, taken = Lease(), list[float]()
    with lease.borrow(POCKET) as loaded:
        for run in range(runs + 1):
            begun = time.perf_counter()
            picture = denoise(loaded, Script(PROMPT, ""), sampling(POCKET, still, 1), run, lambda *_: None)[0]
            script = Script(PROMPT, "", {0: Image.fromarray(picture)})
            denoise(loaded, script, sampling(POCKET, clip, int(clip["frames"])), run, lambda *_: None)
            taken.append(time.perf_counter() - begun)
    return taken
