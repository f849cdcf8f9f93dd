"""FLUX.2 klein: a picture from words, or a picture as an instruction changes it (Black Forest Labs 2026).

It has no way to be told what to avoid: its pipeline holds guidance against empty words. Distilled weights go without
guidance altogether. A picture that it changes is looked at in up to 1024 x 1024 pixels, at least 64 a side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from engine.models.driving.driver import Driver, Order, Rules
from engine.models.driving.stills import pasted, still
from engine.models.script import Sampling

if TYPE_CHECKING:
    import torch

    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """A picture from words alone, or the source changed; outside of its mask it stays as it was."""
    source = order.script.source
    shown = {} if source is None else {"image": Image.fromarray(source.frames[0])}
    made = still(pipeline(prompt=order.script.prompt, **shown, **order.size, **order.loop, **order.guidance))
    return made if source is None else pasted(made, source)


def unpack(pipeline: Any, sampling: Sampling, latents: torch.Tensor) -> torch.Tensor:
    """Patches row by row, each of four latents, whose values its autoencoder keeps at a mean of zero."""
    rows, columns = (length // (2 * pipeline.vae_scale_factor) for length in (sampling.height, sampling.width))
    grid = latents.movedim(2, 1).unflatten(2, (rows, columns))
    known = pipeline.vae.bn
    spread = (known.running_var + pipeline.vae.config.batch_norm_eps).sqrt()
    scale, mean = (value.to(grid)[:, None, None] for value in (spread, known.running_mean))
    laid: torch.Tensor = pipeline._unpatchify_latents(grid * scale + mean)
    return laid


FLUX2_KLEIN: Final = Driver(
    name="flux2-klein",
    pipelines=("Flux2KleinPipeline",),
    rules=Rules(multiple=16, most_pixels=1536 * 1536, stills=True, uses=("edit",)),
    run=run,
    unpack=unpack,
)
