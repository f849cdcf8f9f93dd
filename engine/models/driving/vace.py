"""Wan VACE: a clip that is known in places, and made anew in the others (Jiang et al. 2025).

Frames may be known anywhere, and of a source whatever its mask leaves alone. What the mask opens is not seen, so an
edit there follows the words and the frames that are known, not the motion that was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from engine.models.driving.driver import Driver, Order, Rules, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames

_UNKNOWN: Final = 127
"""The grey that stands for what is not known, as in training."""


def run(pipeline: Any, order: Order) -> Frames:
    """A clip with its known frames in their places; of a source, what no mask opens comes out as it went in."""
    frames, opened = _conditions(order)
    output = pipeline(
        video=[Image.fromarray(frame) for frame in frames],
        mask=[Image.fromarray(mask) for mask in opened],
        **order.words,
        **order.size,
        num_frames=order.sampling.frames,
        **order.loop,
        **order.guidance,
    )
    made = pixels(output.frames[0])
    if order.script.source is None:
        return made
    from engine.pocket.given import paste_back

    return paste_back(made, order.script.source)


def _conditions(order: Order) -> tuple[Frames, Frames]:
    """What is known, grey elsewhere (frames, height, width, 3); and where it is to be made, white (frames, h, w)."""
    shape = (order.sampling.frames, order.sampling.height, order.sampling.width)
    frames = np.full((*shape, 3), _UNKNOWN, np.uint8)
    opened = np.full(shape, 255, np.uint8)
    source = order.script.source
    if source is not None and source.change is not None:
        opened[:] = np.where(source.change > 0, 255, 0)
        frames[:] = np.where(opened[..., None] > 0, frames, source.frames)
    for index, picture in order.script.known.items():
        frames[index], opened[index] = np.asarray(picture.convert("RGB")), 0
    return frames, opened


VACE: Final = Driver(
    name="wan-vace",
    pipelines=("WanVACEPipeline",),
    rules=Rules(
        multiple=16, most_pixels=1280 * 720, frame_step=4, anywhere=True, uses=("edit", "fill"), needs_mask=True
    ),
    run=run,
    dtypes={"default": "bfloat16", "vae": "float32"},
)
