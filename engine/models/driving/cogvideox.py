"""CogVideoX, image to video: a first frame and words (Yang et al. 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame; guidance grows along the way, as published."""
    output = pipeline(
        image=order.picture(0),
        **order.words,
        **order.size,
        num_frames=order.sampling.frames,
        **order.loop,
        **order.guidance,
        use_dynamic_cfg=True,
    )
    return pixels(output.frames[0])


COGVIDEOX: Final = Driver(
    name="cogvideox",
    pipelines=("CogVideoXImageToVideoPipeline",),
    rules=Rules(multiple=16, most_pixels=720 * 480, frame_step=8, begins=True),
    run=run,
)
