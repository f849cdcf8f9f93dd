"""Stable Diffusion, still pictures: XL from words, with its refiner; edits by InstructPix2Pix; inpainting.

Podell et al. 2023 (SDXL), Brooks et al. 2022 (InstructPix2Pix), Rombach et al. 2021 (inpainting). float16, as their
weights are published; SDXL's autoencoder is raised to float32 by its own pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from engine.errors import ModelError
from engine.models.driving.driver import Driver, Order, Pair, Rules, pixels

if TYPE_CHECKING:
    from engine.models.preview import Frames
    from engine.pocket.given import Source

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
        return _still(pipeline(**told, **order.size))
    begun = pipeline.base(**{**told, "output_type": "latent"}, **order.size, denoising_end=SPLIT)
    return _still(pipeline.refiner(**told, image=begun.images, denoising_start=SPLIT))


def edit(pipeline: Any, order: Order) -> Frames:
    """A picture as an instruction changes it; outside of the mask it stays as it was."""
    source = _source(order)
    guidance = max(order.sampling.guidance_scale, _LEAST_GUIDANCE)
    picture = Image.fromarray(source.frames[0])
    made = pipeline(
        **order.words, **order.loop, image=picture, guidance_scale=guidance, image_guidance_scale=IMAGE_GUIDANCE
    )
    return _pasted(_still(made), source)


def fill(pipeline: Any, order: Order) -> Frames:
    """A picture whose masked places are made anew from words."""
    source = _source(order)
    change = np.ones(source.frames.shape[1:3]) if source.change is None else source.change[0]
    mask = Image.fromarray(np.where(change > 0, 255, 0).astype(np.uint8))
    picture = Image.fromarray(source.frames[0])
    told = {**order.words, **order.loop, **order.guidance, **order.size}
    return _pasted(_still(pipeline(**told, image=picture, mask_image=mask, strength=1.0)), source)


def _source(order: Order) -> Source:
    if order.script.source is None:
        raise ModelError("The model was not given the picture that it changes", "Make another take.")
    return order.script.source


def _still(output: Any) -> Frames:
    """The one picture. Raises ModelError where the model's own safety checker blacked it out."""
    if any(getattr(output, "nsfw_content_detected", None) or ()):
        raise ModelError("The model's safety checker withheld the picture", "Say it in other words, or try again.")
    return pixels(output.images[:1])


def _pasted(made: Frames, source: Source) -> Frames:
    from engine.pocket.given import paste_back

    return paste_back(made, source)


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
