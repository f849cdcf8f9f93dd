"""Models that draw a picture from words; one of them changes pictures too."""

from __future__ import annotations

from typing import Final

from engine.models.rows.words import RAIL, WORDS
from engine.types import ModelProfile

SDXL: Final = ModelProfile(
    name="sdxl",
    title="Stable Diffusion XL",
    repository="stabilityai/stable-diffusion-xl-base-1.0",
    revision=None,
    licence="CreativeML Open RAIL++-M",
    jobs=("text_to_image",),
    memory_gib=9.0,
    defaults={"steps": 40, "guidance_scale": 5.0},
    sizes=((1344, 768), (1024, 1024), (768, 1344), (1216, 832), (832, 1216)),
    frame_counts=(),
    fps=None,
    driver="stable-diffusion-xl",
    honours=WORDS,
    disk_gib=6.5,
    memory_by_mode={"device": 9.0, "model offload": 7.0, "group offload": 4.0},
    gpu=True,
    restrictions=RAIL,
)
SDXL_REFINED: Final = ModelProfile(
    name="sdxl-refined",
    title="Stable Diffusion XL with its refiner",
    repository=SDXL.repository,
    revision=None,
    licence="CreativeML Open RAIL++-M",
    jobs=("text_to_image",),
    memory_gib=14.0,
    defaults=SDXL.defaults,
    sizes=((1024, 1024), *SDXL.sizes),
    frame_counts=(),
    fps=None,
    driver="stable-diffusion-xl",
    refiner="stabilityai/stable-diffusion-xl-refiner-1.0",
    honours=WORDS,
    disk_gib=12.2,
    memory_by_mode={"device": 14.0, "model offload": 7.0, "group offload": 4.0},
    gpu=True,
    restrictions=RAIL,
)
Z_IMAGE: Final = ModelProfile(
    name="z-image-turbo",
    title="Z-Image Turbo",
    repository="Tongyi-MAI/Z-Image-Turbo",
    revision=None,
    licence="Apache-2.0",
    jobs=("text_to_image",),
    memory_gib=22.0,
    defaults={"steps": 8, "guidance_scale": 1.0},
    sizes=((1344, 768), (1024, 1024), (768, 1344)),
    frame_counts=(),
    fps=None,
    driver="z-image",
    honours=("prompt",),
    disk_gib=30.6,
    memory_by_mode={"device": 22.0, "model offload": 14.0, "group offload": 5.0},
    gpu=True,
)
FLUX2_KLEIN: Final = ModelProfile(
    name="flux2-klein-4b",
    title="FLUX.2 klein 4B",
    repository="black-forest-labs/FLUX.2-klein-4B",
    revision=None,
    licence="Apache-2.0",
    jobs=("text_to_image", "image_editor"),
    memory_gib=18.0,
    defaults={"steps": 4, "guidance_scale": 1.0},
    sizes=((1344, 768), (1024, 1024), (768, 1344)),
    frame_counts=(),
    fps=None,
    driver="flux2-klein",
    honours=("prompt",),
    disk_gib=14.9,
    memory_by_mode={"device": 18.0, "model offload": 11.0, "group offload": 5.0},
    gpu=True,
)
