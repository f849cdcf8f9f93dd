"""The Wan family of models, which make videos."""

from __future__ import annotations

from typing import Final

from engine.models.rows.words import WORDS
from engine.types import ModelProfile

WAN_5B: Final = ModelProfile(
    name="wan2.2-5b",
    title="Wan 2.2 5B",
    repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
    revision=None,
    licence="Apache-2.0",
    jobs=("image_to_video", "extender"),
    memory_gib=32.0,
    defaults={"steps": 50, "guidance_scale": 5.0},
    sizes=((1280, 704), (704, 1280), (832, 480)),
    frame_counts=(121, 81, 49),
    fps=24,
    driver="wan",
    honours=WORDS,
    contexts=(1,),
    disk_gib=32.0,
    memory_by_mode={"device": 32.0, "model offload": 20.0, "group offload": 12.0},
    gpu=True,
)
WAN_14B: Final = ModelProfile(
    name="wan2.2-a14b",
    title="Wan 2.2 A14B",
    repository="Wan-AI/Wan2.2-I2V-A14B-Diffusers",
    revision=None,
    licence="Apache-2.0",
    jobs=("image_to_video", "extender", "connector"),
    memory_gib=78.0,
    defaults={"steps": 40, "guidance_scale": 3.5},
    sizes=((832, 480), (480, 832), (1280, 720)),
    frame_counts=(81, 49),
    fps=16,
    driver="wan",
    contexts=(1,),
    disk_gib=118.0,
    memory_by_mode={"device": 78.0, "model offload": 38.0, "group offload": 16.0},
    gpu=True,
)
WAN_VACE: Final = ModelProfile(
    name="wan2.1-vace-1.3b",
    title="Wan 2.1 VACE 1.3B",
    repository="Wan-AI/Wan2.1-VACE-1.3B-diffusers",
    revision=None,
    licence="Apache-2.0",
    jobs=("image_to_video", "extender", "connector", "video_editor"),
    memory_gib=21.0,
    defaults={"steps": 30, "guidance_scale": 5.0},
    sizes=((832, 480), (480, 832)),
    frame_counts=(81, 49),
    fps=16,
    driver="wan-vace",
    disk_gib=18.0,
    memory_by_mode={"device": 21.0, "model offload": 14.0, "group offload": 8.0},
    gpu=True,
)
