"""One denoising run on a borrowed model, with a report after every step. Knows pipelines, no agent and no codec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from PIL import Image

from engine.errors import SettingError
from engine.models.lease import Loaded
from engine.models.preview import Frames
from engine.pocket.given import Source
from engine.types import ModelProfile, Settings, Value

OnStep = Callable[[int, int, Frames | None], None]
"""Called with steps done, steps in all, and a tiny picture of the latents (frames, h, w, 3)."""

STEPS = (1, 50)
GUIDANCE = (1.0, 12.0)


@dataclass(frozen=True)
class Sampling:
    """The settings of one run, complete and checked."""

    steps: int
    guidance_scale: float
    frames: int
    width: int
    height: int

    def as_settings(self) -> dict[str, Value]:
        """What is written into the take."""
        return {"steps": self.steps, "guidance_scale": self.guidance_scale}


def sampling(profile: ModelProfile, settings: Settings, frames: int) -> Sampling:
    """Fill in the profile's defaults and check the ranges.

    Raises SettingError for steps outside 1..50, guidance outside 1..12, or a length that the model was not made for.
    """
    merged: Mapping[str, Any] = {**profile.defaults, **settings}
    steps, guidance = int(merged["steps"]), float(merged["guidance_scale"])
    if not STEPS[0] <= steps <= STEPS[1]:
        limit = f"{STEPS[0]} to {STEPS[1]}"
        raise SettingError(
            "The number of denoising steps is out of range", f"Use {limit}.", value=str(steps), limit=limit
        )
    if not GUIDANCE[0] <= guidance <= GUIDANCE[1]:
        limit = f"{GUIDANCE[0]:g} to {GUIDANCE[1]:g}"
        raise SettingError("The guidance scale is out of range", f"Use {limit}.", value=f"{guidance:g}", limit=limit)
    if frames != 1 and frames not in profile.frame_counts:
        lengths = ", ".join(str(count) for count in sorted(profile.frame_counts))
        what = f"{profile.title} does not make videos of this length"
        raise SettingError(what, "Choose one of its lengths.", value=f"{frames} frames", limit=f"{lengths} frames")
    width, height = profile.sizes[0]
    return Sampling(steps, guidance, frames, width, height)


@dataclass(frozen=True)
class Script:
    """What a run should show."""

    prompt: str
    avoid: str
    known: Mapping[int, Image.Image] = field(default_factory=dict[int, Image.Image])
    """Frame index -> picture of the run's size."""
    source: Source | None = None
    """What is there already, of the run's size and length, to be edited or filled in."""

    def given(self) -> dict[str, Any]:
        """What the pipeline is told beside the words; no source, no argument: not every pipeline takes one."""
        return {"known": self.known} if self.source is None else {"known": self.known, "source": self.source}


def denoise(loaded: Loaded, script: Script, sampling: Sampling, seed: int, on_step: OnStep) -> Frames:
    """Run the pipeline: uint8 (frames, height, width, 3). The same arguments give the same frames on one machine.

    Whatever `on_step` raises ends the run and passes through: that is how a take is cancelled.
    """
    preview = loaded.preview

    def after_step(_: Any, step: int, __: Any, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        on_step(step + 1, sampling.steps, preview(tensors.get("denoised", tensors["latents"])))
        return tensors

    on_step(0, sampling.steps, None)
    output = loaded.pipeline(
        script.prompt,
        script.avoid,
        **script.given(),
        height=sampling.height,
        width=sampling.width,
        num_frames=sampling.frames,
        num_inference_steps=sampling.steps,
        guidance_scale=sampling.guidance_scale,
        generator=torch.Generator("cpu").manual_seed(seed),
        callback_on_step_end=after_step,
    )
    frames: Frames = output.frames[0]
    return frames
