"""FramePack: HunyuanVideo that makes a clip from its end, window by window, each packed beside what it knows (Zhang and
Agrawala 2025). It begins with a picture and may be told where to arrive.

A window is nine latent frames, 36 of the clip. Its pipeline counts 33 of them to a window and so makes more than it is
asked for: it is asked here for as many windows as the length has. Each goes through all steps. Guidance is a number
that the weights were taught; there is no word for what to avoid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.models.driving.driver import Driver, Order, Rules, pixels
from engine.models.script import Sampling

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from engine.models.preview import Frames

WINDOW: Final = 9
"""Latent frames of a window: as published."""
_FRAMES: Final = 36
"""Frames of the clip that a window adds."""
_COUNTED: Final = 33
"""Frames that the pipeline counts to a window."""


def windows(sampling: Sampling) -> int:
    """How many a clip of this length has; each is denoised by itself."""
    return (sampling.frames - 1) // _FRAMES


def run(pipeline: Any, order: Order) -> Frames:
    """A clip that begins with the known first frame, and ends near the last one where it is known."""
    output = pipeline(
        image=order.picture(0),
        last_image=order.script.known.get(order.sampling.frames - 1),
        prompt=order.script.prompt,
        **order.size,
        num_frames=windows(order.sampling) * _COUNTED,
        latent_window_size=WINDOW,
        **order.loop,
        **order.guidance,
    )
    return pixels(output.frames[0])


def _transformer(folder: Path, kind: torch.dtype) -> Any:
    from diffusers import HunyuanVideoFramepackTransformer3DModel

    return HunyuanVideoFramepackTransformer3DModel.from_pretrained(
        folder, torch_dtype=kind, use_safetensors=True, local_files_only=True
    )


def _image_encoder(folder: Path, kind: torch.dtype) -> Any:
    from transformers import SiglipVisionModel

    return SiglipVisionModel.from_pretrained(folder, dtype=kind, use_safetensors=True, local_files_only=True)


def _feature_extractor(folder: Path, kind: torch.dtype) -> Any:
    """As it can be had without torchvision."""
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    return SiglipImageProcessorPil.from_pretrained(folder, local_files_only=True)


FRAMEPACK: Final = Driver(
    name="framepack",
    pipelines=("HunyuanVideoFramepackPipeline", "HunyuanVideoPipeline"),
    rules=Rules(multiple=16, most_pixels=960 * 544, frame_step=_FRAMES, begins=True),
    run=run,
    parts={"transformer": _transformer, "image_encoder": _image_encoder, "feature_extractor": _feature_extractor},
    rounds=windows,
)
