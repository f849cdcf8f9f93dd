"""What torch's errors mean: the device ran out of memory, or it is gone."""

from __future__ import annotations

from typing import Final

import torch

from engine.errors import DeviceLostError

_ALLOCATION: Final = ("out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")
_LIBRARIES: Final = ("CUDA", "CUBLAS", "CUDNN", "HIP")
_GONE: Final = (
    "device-side assert",
    "ecc error",
    "hardware stack error",
    "illegal instruction",
    "fallen off the bus",
    "gpu is lost",
    "illegal memory access",
    "launch failure",
    "launch timed out",
    "misaligned address",
    "no cuda-capable device",
    "unknown error",
    "device(s) is/are busy or unavailable",
    "nvlink error",
)
"""What CUDA says when its context cannot be used again."""


def read(error: RuntimeError) -> tuple[str, bool]:
    """What it says, and whether the device is gone; raises it again where it is neither that nor a lack of memory."""
    if not (lost(error) or ran_out(error)):
        raise error
    return str(error).split("\n")[0].split(". ")[0][:200], lost(error)


def ran_out(error: RuntimeError) -> bool:
    """Whether it says that memory is short: torch's own error, and those of the libraries below it."""
    return isinstance(error, torch.OutOfMemoryError) or (
        _of_cuda(error) and any(part.lower() in str(error).lower() for part in _ALLOCATION)
    )


def lost(error: RuntimeError) -> bool:
    """Whether the GPU is gone, or will do no more for this process."""
    return _of_cuda(error) and any(part in str(error).lower() for part in _GONE)


def gone(reason: str) -> DeviceLostError:
    """The error of a lost GPU."""
    return DeviceLostError(
        "The GPU stopped answering in the middle of the work",
        "Make another take; if that fails too, restart the machine, and look at the GPU's temperature, power and "
        "driver.",
        value=reason,
    )


def _of_cuda(error: RuntimeError) -> bool:
    """Whether it comes from the device and not from a pipeline's own checks."""
    return isinstance(error, torch.AcceleratorError) or any(
        word in str(error) for word in ("CUDA", "HIP", "CUDNN", "CUBLAS")
    )
