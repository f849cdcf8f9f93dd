"""What the machine's GPUs are and hold, asked without torch: the page asks too, and it never brings torch in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable by which CUDA is told which GPUs a process sees."""
_SECONDS = 10
_GONE_CODES = (6, 15)
"""What nvidia-smi ends with for a GPU that it does not find, and for one that has fallen off the bus."""


def gpu_gib() -> float | None:
    """Memory of the smallest NVIDIA GPU, in GiB, since a job may run on any; `None` where there is none."""
    try:
        return min(map(float, _told("memory.total")), default=0.0) / 1024 or None
    except ValueError:
        return None


def gpus(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The NVIDIA GPUs that may be used, each as CUDA_VISIBLE_DEVICES names it: those that the variable names where it
    is set, else all that the driver's own program names."""
    chosen = (os.environ if environment is None else environment).get(VISIBLE)
    if chosen is None:
        return tuple(name for name in _told("uuid") if name.startswith(("GPU-", "MIG-")))
    names = [name.strip() for name in chosen.split(",")]
    end = next((at for at, name in enumerate(names) if name in ("", "-1")), len(names))  # as CUDA reads it
    return tuple(names[:end])


def answering(names: Sequence[str]) -> tuple[str, ...]:
    """Those of these GPUs (as CUDA_VISIBLE_DEVICES names them) that are still there: all but the ones of which the
    driver's own program says that it finds them no more, or that they have fallen off the bus."""
    program = shutil.which("nvidia-smi")
    return tuple(name for name in names if program is None or not _gone(program, name))


def gpu_name() -> str | None:
    """What the first NVIDIA GPU is called; `None` where there is none."""
    return next(iter(_told("name")), None) if gpus() else None


def _gone(program: str, name: str) -> bool:
    """Whether the driver's own program says so of a GPU; what keeps it from answering says nothing."""
    if name.startswith("MIG-"):  # it knows whole GPUs
        return False
    try:
        ended = subprocess.run([program, f"--id={name}", "--query-gpu=uuid"], capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return ended.returncode in _GONE_CODES


def _told(what: str) -> tuple[str, ...]:
    """One value of each GPU; none where the driver's own program is not there or names none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    command = [program, f"--query-gpu={what}", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in told.splitlines() if line.strip())
