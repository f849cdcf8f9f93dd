"""Qwen-Image-Edit: a picture as an instruction changes it, looked at by a language model (Wu et al. 2025).

The picture is looked at twice, whatever its size: by the language model in about 384 x 384 pixels, and encoded in about
1024 x 1024.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from engine.models.driving.driver import Driver, Order, Rules
from engine.models.driving.qwen_reading import PictureReader
from engine.models.driving.stills import pasted, source, still
from engine.models.script import Sampling

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from engine.models.preview import Frames


def run(pipeline: Any, order: Order) -> Frames:
    """The source changed; outside of its mask it stays as it was. Guidance is held against what to avoid."""
    given = source(order)
    made = pipeline(
        image=[Image.fromarray(given.frames[0])],
        prompt=order.script.prompt,
        negative_prompt=order.script.avoid or " ",  # with none at all there is no guidance
        true_cfg_scale=order.sampling.guidance_scale,
        **order.size,
        **order.loop,
    )
    return pasted(still(made), given)


def unpack(pipeline: Any, sampling: Sampling, latents: torch.Tensor) -> torch.Tensor:
    """As the pipeline does it before it decodes."""
    laid: torch.Tensor = pipeline._unpack_latents(latents, sampling.height, sampling.width, pipeline.vae_scale_factor)
    return laid


def _processor(folder: Path, kind: torch.dtype) -> PictureReader:
    """Its processor, as it can be had without torchvision."""
    return PictureReader.from_folder(folder / "processor")


QWEN_IMAGE_EDIT: Final = Driver(
    name="qwen-image-edit",
    pipelines=("QwenImageEditPlusPipeline",),
    rules=Rules(multiple=16, most_pixels=1664 * 1088, stills=True, uses=("edit",), sourceless=False),
    run=run,
    parts={"processor": _processor},
    unpack=unpack,
)
