"""Stable Video Diffusion: a picture begins to move, as it likes; it reads no words (Blattmann et al. 2023)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames

MOTION_BUCKET: Final = 127
"""How much moves, 1 to 255: the middle, as published."""
NOISE_AUGMENTATION: Final = 0.02
"""Noise on the picture it begins with: more moves more, and keeps less of it."""
DECODE_CHUNK: Final = 8
"""Frames decoded at once: more is smoother between them, and needs more memory."""


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame; guidance grows from 1 at the first frame to the set scale."""
    output = pipeline(
        image=order.picture(0),
        **order.size,
        num_frames=order.sampling.frames,
        **order.loop,
        min_guidance_scale=1.0,
        max_guidance_scale=order.sampling.guidance_scale,
        fps=order.fps,
        motion_bucket_id=MOTION_BUCKET,
        noise_aug_strength=NOISE_AUGMENTATION,
        decode_chunk_size=DECODE_CHUNK,
    )
    return pixels(output.frames[0])


SVD: Final = Driver(
    name="stable-video-diffusion",
    pipelines=("StableVideoDiffusionPipeline",),
    rules=Rules(multiple=64, most_pixels=1024 * 576, frame_step=1, begins=True),
    run=run,
    dtypes={"default": "float16"},
)
