"""Steps of pipelines that tell nobody when they have done one: their scheduler is listened to instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.models.driving.driver import Order


@contextmanager
def told(pipeline: Any, order: Order) -> Iterator[None]:
    """Within this block `order.after_step` is told after each step that the pipeline's scheduler takes, with the
    latents as that step leaves them. What the listener raises ends the run."""
    scheduler = pipeline.scheduler
    step, taken = scheduler.step, 0

    def listened(*given: Any, **named: Any) -> Any:
        nonlocal taken
        after = step(*given, **named)
        order.after_step(pipeline, taken, given[1], {"latents": after[0]})
        taken += 1
        return after

    scheduler.step = listened
    try:
        yield
    finally:
        del scheduler.step
