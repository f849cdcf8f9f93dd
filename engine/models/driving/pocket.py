"""The pocket world's own pipeline: any known frame, any source; see engine.pocket.pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules

if TYPE_CHECKING:
    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """One clip or picture."""
    script = order.script
    output = pipeline(
        script.prompt,
        script.avoid,
        known=script.known,
        **({} if script.source is None else {"source": script.source}),
        **order.size,
        num_frames=order.sampling.frames,
        num_inference_steps=order.sampling.steps,
        **order.guidance,
        generator=order.generator,
        callback_on_step_end=order.after_step,
        **({} if script.alone is None else {"alone": script.alone}),
    )
    frames: Frames = output.frames[0]
    return frames


POCKET: Final = Driver(
    name="pocket",
    pipelines=("PocketPipeline",),
    rules=Rules(multiple=16, most_pixels=256 * 256, frame_step=1, stills=True, anywhere=True, uses=("edit", "fill")),
    run=run,
)
