"""Stable Diffusion, still pictures: XL from words, with its refiner; edits by InstructPix2Pix; inpainting.

Podell et al. 2023 (SDXL), Brooks et al. 2022 (InstructPix2Pix), Rombach et al. 2021 (inpainting). float16, as their
weights are published; SDXL's autoencoder is raised to float32 by its own pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from engine.models.driving.driver import Driver, Order, Pair, Rules
from engine.models.driving.stills import pasted, source, still

if TYPE_CHECKING:
    from engine.models.preview import Frames

SPLIT: Final = 0.8
"""Share of the steps that the base model does where there is a refiner (Mora's setting, and the SDXL report's)."""
IMAGE_GUIDANCE: Final = 1.5
"""How closely InstructPix2Pix keeps to the picture it edits: the paper's middle."""
_LEAST_GUIDANCE: Final = 1.01
"""At 1 and below the pipeline drops both guidances, and the picture with the words."""
_HALF: Final = {"default": "float16"}


def draw(pipeline: Any, order: Order) -> Frames:
    """A picture from words; the refiner, where there is one, does the last fifth of the steps."""
    told = {**order.words, **order.loop, **order.guidance}
    if not isinstance(pipeline, Pair):
        return still(pipeline(**told, **order.size))
    begun = pipeline.base(**{**told, "output_type": "latent"}, **order.size, denoising_end=SPLIT)
    return still(pipeline.refiner(**told, image=begun.images, denoising_start=SPLIT))


def edit(pipeline: Any, order: Order) -> Frames:
    """A picture as an instruction changes it; outside of the mask it stays as it was."""
    given = source(order)
    guidance = max(order.sampling.guidance_scale, _LEAST_GUIDANCE)
    picture = Image.fromarray(given.frames[0])
    made = pipeline(
        **order.words, **order.loop, image=picture, guidance_scale=guidance, image_guidance_scale=IMAGE_GUIDANCE
    )
    return pasted(still(made), given)


def fill(pipeline: Any, order: Order) -> Frames:
    """A picture whose masked places are made anew from words."""
    given = source(order)
    change = np.ones(given.frames.shape[1:3]) if given.change is None else given.change[0]
    mask = Image.fromarray(np.where(change > 0, 255, 0).astype(np.uint8))
    picture = Image.fromarray(given.frames[0])
    told = {**order.words, **order.loop, **order.guidance, **order.size}
    return pasted(still(pipeline(**told, image=picture, mask_image=mask, strength=1.0)), given)


SDXL: Final = Driver(
    name="stable-diffusion-xl",
    pipelines=("StableDiffusionXLPipeline",),
    refiner="StableDiffusionXLImg2ImgPipeline",
    rules=Rules(multiple=8, most_pixels=1536 * 1024, stills=True),
    run=draw,
    dtypes=_HALF,
)
INSTRUCT_PIX2PIX: Final = Driver(
    name="instruct-pix2pix",
    pipelines=("StableDiffusionInstructPix2PixPipeline",),
    rules=Rules(multiple=8, most_pixels=768 * 768, stills=True, uses=("edit",), sourceless=False),
    run=edit,
    dtypes=_HALF,
)
INPAINTING: Final = Driver(
    name="stable-diffusion-inpainting",
    pipelines=("StableDiffusionInpaintPipeline",),
    rules=Rules(multiple=8, most_pixels=768 * 768, stills=True, uses=("fill",), sourceless=False),
    run=fill,
    dtypes=_HALF,
)
INPAINTING_XL: Final = Driver(
    name="stable-diffusion-xl-inpainting",
    pipelines=("StableDiffusionXLInpaintPipeline",),
    rules=Rules(multiple=8, most_pixels=1536 * 1024, stills=True, uses=("fill",), sourceless=False),
    run=fill,
    dtypes=_HALF,
)
