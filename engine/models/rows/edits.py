"""Models that change a picture: by an instruction, or where a mask opens it."""

from __future__ import annotations

from typing import Final

from engine.models.rows.words import RAIL, WORDS
from engine.types import ModelProfile

INSTRUCT_PIX2PIX: Final = ModelProfile(
    name="instruct-pix2pix",
    title="InstructPix2Pix",
    repository="timbrooks/instruct-pix2pix",
    revision=None,
    licence="MIT",
    jobs=("image_editor",),
    memory_gib=4.0,
    defaults={"steps": 30, "guidance_scale": 7.5},
    sizes=((512, 512), (768, 512)),
    frame_counts=(),
    fps=None,
    driver="instruct-pix2pix",
    honours=WORDS,
    disk_gib=5.1,
    memory_by_mode={"device": 4.0, "model offload": 3.0, "group offload": 2.0},
    gpu=True,
    restrictions="Made from Stable Diffusion 1.5, whose licence (CreativeML Open RAIL-M) forbids harmful uses.",
)
QWEN_IMAGE_EDIT: Final = ModelProfile(
    name="qwen-image-edit-2511",
    title="Qwen-Image-Edit 2511",
    repository="Qwen/Qwen-Image-Edit-2511",
    revision=None,
    licence="Apache-2.0",
    jobs=("image_editor",),
    memory_gib=60.0,
    defaults={"steps": 40, "guidance_scale": 4.0},
    sizes=((1344, 768), (1024, 1024), (768, 1344)),
    frame_counts=(),
    fps=None,
    driver="qwen-image-edit",
    honours=WORDS,
    disk_gib=53.8,
    memory_by_mode={"device": 60.0, "model offload": 43.0, "group offload": 8.0},
    gpu=True,
)
SD_INPAINTING: Final = ModelProfile(
    name="sd-inpainting",
    title="Stable Diffusion inpainting",
    repository="stable-diffusion-v1-5/stable-diffusion-inpainting",
    revision=None,
    licence="CreativeML Open RAIL-M",
    jobs=("inpainter",),
    memory_gib=4.0,
    defaults={"steps": 30, "guidance_scale": 7.5},
    sizes=((512, 512), (768, 512)),
    frame_counts=(),
    fps=None,
    driver="stable-diffusion-inpainting",
    honours=WORDS,
    disk_gib=5.1,
    memory_by_mode={"device": 4.0, "model offload": 3.0, "group offload": 2.0},
    gpu=True,
    restrictions=RAIL,
)
SDXL_INPAINTING: Final = ModelProfile(
    name="sdxl-inpainting",
    title="Stable Diffusion XL inpainting",
    repository="diffusers/stable-diffusion-xl-1.0-inpainting-0.1",
    revision=None,
    licence="CreativeML Open RAIL++-M",
    jobs=("inpainter",),
    memory_gib=9.0,
    defaults={"steps": 30, "guidance_scale": 8.0},
    sizes=((1024, 1024), (1344, 768)),
    frame_counts=(),
    fps=None,
    driver="stable-diffusion-xl-inpainting",
    honours=WORDS,
    disk_gib=6.5,
    memory_by_mode={"device": 9.0, "model offload": 7.0, "group offload": 4.0},
    gpu=True,
    restrictions=RAIL,
)
