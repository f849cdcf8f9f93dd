"""The exact rewrites that a pipeline's parts allow, put in place when it is loaded and off until a run wants them.

They go in before diffusers' hooks: a hook keeps the forward that it found.
"""

from __future__ import annotations

from typing import Any, Protocol

from engine.models.driving.driver import Pair
from engine.models.speed.decoder import LightDecoder
from engine.models.speed.timesteps import FrameTimesteps
from engine.models.speed.unets import FlatConvolutions, SingleKey
from engine.models.speed.words import KeptWords


class Rewrite(Protocol):
    """One of them."""

    name: str
    """As a row's `without` has it."""

    def on(self) -> None:
        """From now on."""

    def off(self) -> None:
        """As the library does it."""


PLACE = "greenlight_rewrites"
"""The attribute of a pipeline that holds them."""


def install(pipeline: Any) -> None:
    """Put in place what a pipeline (or each of a pair) allows."""
    for one in (pipeline.base, pipeline.refiner) if isinstance(pipeline, Pair) else (pipeline,):
        object.__setattr__(one, PLACE, tuple(_found(one)))


def of(pipeline: Any) -> tuple[Rewrite, ...]:
    """Those of a pipeline, or of both of a pair; none where nothing was installed."""
    if isinstance(pipeline, Pair):
        return (*of(pipeline.base), *of(pipeline.refiner))
    found: tuple[Rewrite, ...] = getattr(pipeline, PLACE, ())
    return found


def decoder_of(pipeline: Any) -> LightDecoder | None:
    """The light decoder, where the pipeline has one and it is on."""
    return next((one for one in of(pipeline) if isinstance(one, LightDecoder) and one.is_on), None)


def _found(pipeline: Any) -> list[Rewrite]:
    kind, found = type(pipeline).__name__, list[Rewrite]()
    if kind == "WanImageToVideoPipeline":
        if pipeline.config.expand_timesteps:
            found.append(FrameTimesteps(pipeline.transformer))
        found.append(LightDecoder(pipeline.vae))
    elif kind == "StableVideoDiffusionPipeline":
        found += [SingleKey(pipeline.unet), FlatConvolutions(pipeline.unet, pipeline.vae)]
    if hasattr(pipeline, "encode_prompt"):
        found.append(KeptWords(pipeline))
    return found
