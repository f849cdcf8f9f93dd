"""LTX-Video with conditions: pictures and pieces of video at any place of the clip (HaCohen et al. 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.models.driving.patches import patches
from engine.models.script import Sampling

if TYPE_CHECKING:
    import torch

    from engine.models.preview import Frames

DECODE_TIMESTEP: Final = 0.05
DECODE_NOISE: Final = 0.025
"""What its decoder, which denoises a little itself, is told: as published."""
CONDITION_NOISE: Final = 0.025
"""Noise on the known frames while it denoises: without any it tends to stand still."""


def run(pipeline: Any, order: Order) -> Frames:
    """A clip with every known frame in its place."""
    output = pipeline(
        conditions=_conditions(order) or None,
        **order.words,
        **order.size,
        num_frames=order.sampling.frames,
        frame_rate=order.fps,
        **order.loop,
        **order.guidance,
        image_cond_noise_scale=CONDITION_NOISE,
        decode_timestep=DECODE_TIMESTEP,
        decode_noise_scale=DECODE_NOISE,
    )
    return pixels(output.frames[0])


def _conditions(order: Order) -> list[Any]:
    """A picture for every known frame that stands alone, a video for every run of them."""
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    known = order.script.known
    return [
        LTXVideoCondition(image=known[run.start], frame_index=run.start)
        if len(run) == 1
        else LTXVideoCondition(video=[known[index] for index in run], frame_index=run.start)
        for run in order.script.runs
    ]


def unpack(pipeline: Any, sampling: Sampling, latents: torch.Tensor) -> torch.Tensor:
    """The clip's own patches, laid out as the pipeline does it; those of pictures on the way stand before them."""
    return patches(pipeline, sampling, lambda whole: latents[:, -whole:])


LTX: Final = Driver(
    name="ltx",
    pipelines=("LTXConditionPipeline", "LTXPipeline"),
    rules=Rules(multiple=32, most_pixels=1280 * 736, frame_step=8, anywhere=True),
    run=run,
    unpack=unpack,
)
