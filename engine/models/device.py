"""What the machine's GPU can hold, asked without torch: the page asks too, and it never brings torch in."""

from __future__ import annotations

import shutil
import subprocess

_SECONDS = 10


def gpu_gib() -> float | None:
    """Memory of the first NVIDIA GPU, in GiB; `None` where its driver's own program names none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    command = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS).stdout
        return float(told.split()[0]) / 1024
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
