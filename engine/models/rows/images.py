"""Models that draw a picture from words."""

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
