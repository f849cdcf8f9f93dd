"""Z-Image: a picture from words, one stream of words and picture (Z-Image Team 2025).

Its pipeline counts guidance from 0, where every other one counts from 1: a scale of 1 asks for none here too. The Turbo
weights were distilled to go without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.models.driving.driver import Driver, Order, Rules
from engine.models.driving.stills import still

if TYPE_CHECKING:
    from typing import Any

    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A picture from words."""
    guidance = order.sampling.guidance_scale - 1.0
    return still(pipeline(**order.words, **order.size, **order.loop, guidance_scale=guidance))


Z_IMAGE: Final = Driver(
    name="z-image",
    pipelines=("ZImagePipeline",),
    rules=Rules(multiple=16, most_pixels=1536 * 1536, stills=True),
    run=run,
)
