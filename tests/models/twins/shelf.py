"""A tiny twin for every row of the table: the same classes and files, a thousandth of the size, built once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from engine.models.lease import Lease
from engine.models.rows.table import ROWS
from engine.models.sources import sources_of
from engine.types import ModelProfile
from tests.models.twins import cogvideox, framepack, hunyuan, i2vgen, images, ltx, ltx2, stable_diffusion, svd, wan

Build = Callable[[Path], None]
SIDE = 64
"""Width and height of every twin's frames: a multiple of whatever a family asks for."""
BUILDERS: Mapping[str, Build] = {
    "stabilityai/stable-diffusion-xl-base-1.0": stable_diffusion.xl,
    "stabilityai/stable-diffusion-xl-refiner-1.0": stable_diffusion.xl_refiner,
    "Tongyi-MAI/Z-Image-Turbo": images.z_image,
    "black-forest-labs/FLUX.2-klein-4B": images.flux2_klein,
    "Qwen/Qwen-Image-Edit-2511": images.qwen_image_edit,
    "timbrooks/instruct-pix2pix": stable_diffusion.instruct_pix2pix,
    "stable-diffusion-v1-5/stable-diffusion-inpainting": stable_diffusion.inpainting,
    "diffusers/stable-diffusion-xl-1.0-inpainting-0.1": stable_diffusion.xl_inpainting,
    "stabilityai/stable-video-diffusion-img2vid-xt": svd.svd,
    "Wan-AI/Wan2.2-TI2V-5B-Diffusers": wan.five,
    "Wan-AI/Wan2.2-I2V-A14B-Diffusers": wan.fourteen,
    "Wan-AI/Wan2.1-VACE-1.3B-diffusers": wan.vace,
    "Lightricks/LTX-Video-0.9.5": partial(ltx.ltx, decoder_denoises=False),
    "Lightricks/LTX-Video-0.9.7-dev": ltx.ltx,
    "zai-org/CogVideoX-5b-I2V": cogvideox.cogvideox,
    "hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_i2v": hunyuan.hunyuan_video,
    "hunyuanvideo-community/HunyuanVideo": framepack.hunyuan_video,
    "lllyasviel/FramePackI2V_HY": framepack.denoiser,
    "lllyasviel/flux_redux_bfl": framepack.seeing,
    "Lightricks/LTX-2": ltx2.ltx2,
    "ali-vilab/i2vgen-xl": i2vgen.i2vgen,
}
"""Repository -> what builds its twin."""
FRAMES: Mapping[str, int] = {
    "stable-video-diffusion": 3,
    "wan": 9,
    "wan-vace": 9,
    "ltx": 17,
    "ltx-2": 17,
    "cogvideox": 9,
    "hunyuan-video-1.5": 5,
    "framepack": 37,
    "i2vgen-xl": 3,
}
"""Driver -> length of its twins' clips."""


@dataclass(frozen=True)
class Shelf:
    """The twins of one session, each built when it is first asked for."""

    root: Path
    lease: Lease

    @classmethod
    def below(cls, root: Path) -> Shelf:
        """With the lease that lends them, on the CPU."""
        return cls(root, Lease(torch.device("cpu"), root=root))

    def twin(self, row: ModelProfile) -> ModelProfile:
        """The row as its twin has it: small, short, few steps."""
        for repository in (source.repository for source in sources_of(row)):
            if not (self.root / repository).is_dir():
                torch.manual_seed(0)
                BUILDERS[repository](self.root / repository)
        counts = (FRAMES[row.driver],) if row.frame_counts else ()
        return replace(row, sizes=((SIDE, SIDE),), frame_counts=counts, defaults={**row.defaults, "steps": 4})


def row(name: str) -> ModelProfile:
    """A row of the table."""
    return next(one for one in ROWS if one.name == name)
