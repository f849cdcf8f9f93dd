"""One denoising run on a borrowed model, with a report after every step. Knows drivers, no agent and no codec."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from engine.models import wishes
from engine.models.driving.driver import Order
from engine.models.driving.table import driver_of
from engine.models.memory.holding import Loaded
from engine.models.preview import Frames
from engine.models.script import Sampling, Script

OnStep = Callable[[int, int, Frames | None], None]
"""Called with steps done, steps in all, and a tiny picture of the latents (frames, h, w, 3) where the model has one."""


def denoise(loaded: Loaded, script: Script, sampling: Sampling, seed: int, on_step: OnStep) -> Frames:
    """Run the pipeline: uint8 (frames, height, width, 3). The same arguments give the same frames on one machine.

    Whatever `on_step` raises ends the run and passes through: that is how a take is cancelled.
    Raises WishError for what the model would ignore or could not take.
    """
    wishes.check(loaded.profile, script, sampling)
    driver = driver_of(loaded.profile)
    done, steps = 0, sampling.steps * driver.rounds(sampling)

    def after_step(_: Any, __: int, ___: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        nonlocal done
        done = min(done + 1, steps)  # some schedulers take a step more than they are asked for
        latents = driver.unpack(loaded.pipeline, sampling, tensors.get("denoised", tensors["latents"]))
        on_step(done, steps, loaded.preview(latents))
        return tensors

    on_step(0, steps, None)
    generator = torch.Generator("cpu").manual_seed(seed)
    fps = 1 if sampling.frames == 1 else loaded.profile.fps or 1
    return driver.run(loaded.pipeline, Order(script, sampling, fps, generator, after_step))
