"""The detectors that can be fetched, beside the table: they make nothing: whichever model draws, one of these looks."""

from __future__ import annotations

from typing import Final

from engine.types import ModelProfile

GROUNDING_DINO_TINY: Final = ModelProfile(
    name="grounding-dino-tiny",
    title="Grounding DINO tiny with SAM 2",
    repository="IDEA-Research/grounding-dino-tiny",
    revision=None,
    licence="Apache-2.0",
    jobs=("detector",),
    memory_gib=3.0,
    defaults={"threshold": 0.35},
    sizes=((1333, 800),),
    frame_counts=(),
    fps=None,
    driver="grounding-dino",
    refiner="facebook/sam2.1-hiera-small",
    honours=("prompt",),
    disk_gib=0.8,
    memory_by_mode={"device": 3.0},
)
GROUNDING_DINO_BASE: Final = ModelProfile(
    name="grounding-dino-base",
    title="Grounding DINO base with SAM 2",
    repository="IDEA-Research/grounding-dino-base",
    revision=None,
    licence="Apache-2.0",
    jobs=("detector",),
    memory_gib=4.0,
    defaults={"threshold": 0.35},
    sizes=((1333, 800),),
    frame_counts=(),
    fps=None,
    driver="grounding-dino",
    refiner="facebook/sam2.1-hiera-large",
    honours=("prompt",),
    disk_gib=1.7,
    memory_by_mode={"device": 4.0},
)
DETECTORS: Final[tuple[ModelProfile, ...]] = (GROUNDING_DINO_TINY, GROUNDING_DINO_BASE)
