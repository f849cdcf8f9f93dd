"""All drivers by name. A new family is one file beside this one, and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.models.driving.cogvideox import COGVIDEOX
from engine.models.driving.driver import Driver
from engine.models.driving.flux2 import FLUX2_KLEIN
from engine.models.driving.framepack import FRAMEPACK
from engine.models.driving.hunyuan_video import HUNYUAN_VIDEO
from engine.models.driving.i2vgen import I2VGEN_XL
from engine.models.driving.ltx import LTX
from engine.models.driving.ltx2 import LTX2
from engine.models.driving.pocket import POCKET
from engine.models.driving.qwen_image import QWEN_IMAGE_EDIT
from engine.models.driving.stable_diffusion import INPAINTING, INPAINTING_XL, INSTRUCT_PIX2PIX, SDXL
from engine.models.driving.svd import SVD
from engine.models.driving.vace import VACE
from engine.models.driving.wan import WAN
from engine.models.driving.z_image import Z_IMAGE
from engine.types import ModelProfile

_ALL: Final[tuple[Driver, ...]] = (
    *(POCKET, SDXL, Z_IMAGE, FLUX2_KLEIN),
    *(INSTRUCT_PIX2PIX, QWEN_IMAGE_EDIT, INPAINTING, INPAINTING_XL),
    *(SVD, WAN, VACE, LTX, LTX2, COGVIDEOX, HUNYUAN_VIDEO, FRAMEPACK, I2VGEN_XL),
)
DRIVERS: Final[Mapping[str, Driver]] = {driver.name: driver for driver in _ALL}


def driver_of(profile: ModelProfile) -> Driver:
    """The driver that a profile names; profiles are checked when they are read."""
    return DRIVERS[profile.driver]
