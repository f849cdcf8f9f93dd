"""Wan 2.1 and 2.2, image to video; the A14B and FLF2V weights can also be told where to arrive (Wan Team 2025).

The text encoder's cleaning needs ftfy, which diffusers does not ask for. The 5B model has one timestep a token and
no room for a last frame: its pipeline takes `last_image` and ignores it, so it is refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.errors import WishError
from engine.models.driving.driver import Driver, Order, Rules, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame, and ends with the last one where it is known.

    Raises WishError for a last frame with weights that would not look at it.
    """
    last = order.script.known.get(order.sampling.frames - 1)
    if last is not None and pipeline.config.expand_timesteps:
        raise WishError("These Wan weights do not look at a last frame", "Leave it out, or choose another model.")
    from engine.models.speed.decoding import decoded

    def make(output_type: str) -> Any:
        """The pipeline's frames, or its latents."""
        told = {**order.words, **order.size, **order.loop, **order.guidance, "output_type": output_type}
        return pipeline(image=order.picture(0), last_image=last, num_frames=order.sampling.frames, **told).frames

    light = decoded(pipeline, make)
    return pixels(make("np")[0]) if light is None else light


WAN: Final = Driver(
    name="wan",
    pipelines=("WanImageToVideoPipeline", "WanPipeline"),
    rules=Rules(multiple=16, most_pixels=1280 * 720, frame_step=4, begins=True),
    run=run,
    dtypes={"default": "bfloat16", "vae": "float32"},
)
