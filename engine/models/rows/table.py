"""The models that can be fetched: what each does, needs, and permits. Weights come from the hub; none ships.

Sizes on disk are those of the files that are loaded, memory is estimated from the weights' size and the clip's default
length until it is measured. `revision=None`: the commit of the first download, pinned from then on.
"""

from __future__ import annotations

from typing import Final

from engine.models.rows.edits import INSTRUCT_PIX2PIX, QWEN_IMAGE_EDIT, SD_INPAINTING, SDXL_INPAINTING
from engine.models.rows.images import FLUX2_KLEIN, SDXL, SDXL_REFINED, Z_IMAGE
from engine.models.rows.videos import COGVIDEOX_5B, FRAMEPACK, HUNYUAN_VIDEO, I2VGEN_XL, LTX2, LTX_2B, LTX_13B, SVD_XT
from engine.models.rows.wan import WAN_5B, WAN_14B, WAN_VACE
from engine.types import ModelProfile

ROWS: Final[tuple[ModelProfile, ...]] = (
    SDXL,
    SDXL_REFINED,
    Z_IMAGE,
    FLUX2_KLEIN,
    INSTRUCT_PIX2PIX,
    QWEN_IMAGE_EDIT,
    SD_INPAINTING,
    SDXL_INPAINTING,
    SVD_XT,
    WAN_5B,
    WAN_14B,
    WAN_VACE,
    LTX_2B,
    LTX_13B,
    LTX2,
    COGVIDEOX_5B,
    HUNYUAN_VIDEO,
    FRAMEPACK,
    I2VGEN_XL,
)
