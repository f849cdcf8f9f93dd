"""Stable Video Diffusion: a picture begins to move, as it likes; it reads no words (Blattmann et al. 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.types import Value

if TYPE_CHECKING:
    from engine.models.preview import Frames

OWN: Final[Mapping[str, Value]] = {"motion_bucket": 127, "noise_augmentation": 0.02, "decode_chunk": 8}
"""How much moves, 1 to 255; noise on the picture it begins with, 0 to 1: more moves more, and keeps less of it; frames
decoded at once: more is smoother between them, and needs more memory. All as published."""


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame; guidance grows from 1 at the first frame to the set scale."""
    own: Mapping[str, Any] = {**OWN, **order.sampling.own}
    output = pipeline(
        image=order.picture(0),
        **order.size,
        num_frames=order.sampling.frames,
        **order.loop,
        min_guidance_scale=1.0,
        max_guidance_scale=order.sampling.guidance_scale,
        fps=order.fps,
        motion_bucket_id=own["motion_bucket"],
        noise_aug_strength=own["noise_augmentation"],
        decode_chunk_size=own["decode_chunk"],
    )
    return pixels(output.frames[0])


SVD: Final = Driver(
    name="stable-video-diffusion",
    pipelines=("StableVideoDiffusionPipeline",),
    rules=Rules(multiple=64, most_pixels=1024 * 576, frame_step=1, begins=True),
    run=run,
    dtypes={"default": "float16"},
    own=OWN,
)
