"""A denoiser compiled for its shapes: its repeated blocks one by one, or the whole of it where it has none worth it.

The first run of a shape compiles it; the others of the same process find it compiled.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, Final

import torch

_WHOLE: Final = ("UNet2DConditionModel", "UNetSpatioTemporalConditionModel")
"""Networks whose convolutions, between the blocks that repeat, are worth it too."""
_FAILED: Final = ("torch._dynamo", "torch._inductor", "triton")
"""Where errors of the compiler come from."""


def why_not(device: torch.device, find: Callable[[str], object] = find_spec) -> str:
    """Why nothing is compiled on this device; empty where it can be."""
    if device.type != "cuda":
        return f"a {device.type.upper()} gains nothing by it"
    if find("triton") is None:
        return "Triton is not installed"
    if not (os.environ.get("CC") or any(shutil.which(name) for name in ("cc", "gcc", "clang"))):
        return "there is no C compiler, which Triton needs"
    return ""


def compile_denoiser(denoiser: Any) -> None:
    """From now on; nothing happens until it is called."""
    for module in _regions(denoiser):
        if module._compiled_call_impl is None:
            module.compile(dynamic=False)


def leave(denoiser: Any) -> None:
    """As it was before."""
    for module in _regions(denoiser):
        module._compiled_call_impl = None


def failed(error: BaseException) -> bool:
    """Whether it is the compiler's, and not that of what was compiled."""
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__module__.startswith(_FAILED) and not isinstance(seen, torch.OutOfMemoryError):
            return True
        seen = seen.__cause__
    return False


def _regions(denoiser: Any) -> Iterator[Any]:
    """What is compiled on its own."""
    repeated = () if type(denoiser).__name__ in _WHOLE else tuple(getattr(denoiser, "_repeated_blocks", None) or ())
    found = [module for module in denoiser.modules() if type(module).__name__ in repeated]
    yield from found or [denoiser]
