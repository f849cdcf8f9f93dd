"""Which kernels compute attention: what is installed, what the device has, and what the shapes need.

Measured on one H200 (torch 2.11, 27,280 tokens of 24 x 128): what torch chooses by itself, cuDNN's, 1.17 s a forward of
Wan 5B; `_native_cudnn` said aloud 1.20, `_native_flash` 1.45. So torch's own choice stands, but for FlashAttention 3,
which its authors made for just these devices (Shah et al. 2024) and which nobody has unless they built it.
SageAttention computes in eight bits (Zhang et al. 2025): approximate, and only where it is asked for.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

from engine.errors import WishError

_HOPPER: Final = (9, 0)
_WIDEST: Final = 256
"""Numbers a head, at most, of FlashAttention."""
_UNMASKED: Final = ("WanTransformer3DModel", "WanVACETransformer3DModel")
"""Denoisers whose attention never has a mask, which FlashAttention does not take."""
EIGHT_BITS: Final = "sage"


def choose(denoiser: str, head: int, capability: tuple[int, int] | None, installed: Any = find_spec) -> str | None:
    """The back end, as diffusers names it, for a class of denoisers with so many numbers a head; `None`: torch's own
    choice. `capability`: of the GPU, `None` where there is none."""
    if capability != _HOPPER or denoiser not in _UNMASKED or head > _WIDEST or head % 8:
        return None
    return "_flash_3" if installed("flash_attn_interface") is not None else None


def check_eight_bits(title: str, able: bool, on_gpu: bool, installed: Any = find_spec) -> None:
    """Raise WishError where attention cannot be computed in eight bits."""
    what = f"{title} cannot have its attention in eight bits"
    if not on_gpu:
        raise WishError(what, "Leave it out: it needs a GPU.")
    if installed("sageattention") is None:
        raise WishError(what, "Leave it out, or install it: pip install sageattention", value="it is not installed")
    if not able:
        raise WishError(what, "Leave it out.", value="its network does not let its attention be chosen")


def able(denoiser: Any) -> bool:
    """Whether any of a network's attention asks which back end to use: those of older UNets never do."""
    return any(hasattr(getattr(module, "processor", None), "_attention_backend") for module in denoiser.modules())
