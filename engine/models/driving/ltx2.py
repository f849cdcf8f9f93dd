"""LTX-2: pictures and pieces of video at any place of the clip (HaCohen et al. 2026). The sound that it makes beside
the frames is not kept.

Its pipeline counts where known frames stand in steps of eight frames; a whole number of steps would put the last frame
seven frames before the end. A part of a step says exactly where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.models.driving.patches import patches
from engine.models.script import Sampling

if TYPE_CHECKING:
    import torch

    from engine.models.preview import Frames

SKIPPED_BLOCK: Final = 29
"""The transformer's block that its spatio-temporal guidance leaves out: as published for these weights."""
CRF: Final = 33
"""What a known picture loses before it is shown to the model, which learnt from compressed videos: as published."""
_STEP: Final = 8


def run(pipeline: Any, order: Order) -> Frames:
    """A clip with every known frame in its place."""
    output = pipeline(
        conditions=_conditions(order) or None,
        **order.words,
        **order.size,
        num_frames=order.sampling.frames,
        frame_rate=float(order.fps),
        **order.loop,
        **order.guidance,
        spatio_temporal_guidance_blocks=[SKIPPED_BLOCK],
        use_cross_timestep=False,  # what these weights learnt; later ones have it otherwise
    )
    return pixels(output.frames[0])


def place(frame: int) -> float:
    """Where a frame stands, in steps of eight frames, of which the first has one."""
    return 0 if frame == 0 else (frame - 1) / _STEP + 1


def _conditions(order: Order) -> list[Any]:
    """A picture for every known frame that stands alone, a video for every run of them."""
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

    known = order.script.known
    return [
        LTX2VideoCondition(
            frames=_worn(known[run.start]) if len(run) == 1 else [known[index] for index in run],
            index=place(run.start),
            crf=0,
        )
        for run in order.script.runs
    ]


def _worn(picture: Image.Image) -> Image.Image:
    """As diffusers would do it, were PyAV there."""
    from engine.media.wear import worn  # brings ffmpeg, which no other driver needs

    return Image.fromarray(worn(np.asarray(picture.convert("RGB")), CRF))


def unpack(pipeline: Any, sampling: Sampling, latents: torch.Tensor) -> torch.Tensor:
    """The clip's own patches, laid out as the pipeline does it; those of pictures on the way stand after them."""
    return patches(pipeline, sampling, lambda whole: latents[:, :whole])


LTX2: Final = Driver(
    name="ltx-2",
    pipelines=("LTX2ConditionPipeline", "LTX2Pipeline"),
    rules=Rules(multiple=32, most_pixels=1920 * 1088, frame_step=8, anywhere=True),
    run=run,
    unpack=unpack,
)
