"""HunyuanVideo 1.5, image to video: a first frame and words (Hunyuan Foundation Model Team 2025).

Its pipeline chooses the frames' size itself, by the picture's shape and what its weights were trained for, takes
guidance as a part of its own, and tells nobody of its steps. It has no room for a last frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.errors import WishError
from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.models.driving.steps import told

if TYPE_CHECKING:
    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame. Raises WishError for a size that these weights would change."""
    _check_size(pipeline, order)
    pipeline.guider = pipeline.guider.new(**order.guidance)
    loop = {name: value for name, value in order.loop.items() if name != "callback_on_step_end"}
    with told(pipeline, order):
        output = pipeline(image=order.picture(0), **order.words, num_frames=order.sampling.frames, **loop)
    return pixels(output.frames[0])


def _check_size(pipeline: Any, order: Order) -> None:
    """The pipeline would crop the picture to the nearest size that it knows, and say nothing."""
    height, width = pipeline.video_processor.calculate_default_height_width(
        order.sampling.height, order.sampling.width, pipeline.target_size
    )
    if (height, width) != (order.sampling.height, order.sampling.width):
        raise WishError(
            "These HunyuanVideo weights do not make videos of this size",
            "Choose the size that is named, or other weights.",
            value=f"{order.sampling.width} x {order.sampling.height}",
            limit=f"{width} x {height}",
        )


HUNYUAN_VIDEO: Final = Driver(
    name="hunyuan-video-1.5",
    pipelines=("HunyuanVideo15ImageToVideoPipeline",),
    rules=Rules(multiple=16, most_pixels=1280 * 736, frame_step=4, begins=True),
    run=run,
)
