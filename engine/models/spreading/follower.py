"""A process that computes its part of another's denoisers.

`python -m engine.models.spreading.follower RANK COUNT ADDRESS DEVICE`, started by engine.models.spreading.spread, which
holds the other end of its standard input: what is to be done comes from there, and it ends when that does. It loads no
more than the denoisers, and knows neither prompts nor pictures.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import diffusers
import torch

from engine.errors import WishError
from engine.models.hub.choice import variant_of
from engine.models.memory import failures
from engine.models.spreading import together
from engine.models.spreading.spread import OUT_OF_MEMORY_EXIT, Part


def main(rank: int, count: int, address: str, device: torch.device) -> None:
    """Follow until told to stop."""
    together.meet(rank, count, address, device)
    held: dict[str, Any] = {}
    while (told := together.hear(sys.stdin.buffer, device)) is not None:
        what, name, given = told
        if what == "hold":
            held[name] = _load(given, device)
            together.split(held[name], count)
        else:
            with torch.no_grad(), suppress(WishError):  # the first process says it
                together.compute(held[name], held[name], *given[0], **given[1])


def _load(part: Part, device: torch.device) -> Any:
    """A denoiser as the first process has it."""
    folder = Path(part.folder)
    made = getattr(diffusers, part.kind).from_pretrained(
        folder,
        dtype=part.dtype,
        variant=variant_of(path.name for path in folder.glob("*.safetensors")),
        use_safetensors=True,
        local_files_only=True,
    )
    return made.eval().to(device)


def _run(arguments: list[str]) -> int:
    rank, count, address, device = arguments
    place = torch.device(device, int(rank)) if device == "cuda" else torch.device(device)
    try:
        main(int(rank), int(count), address, place)
    except RuntimeError as error:
        sys.stderr.write(f"follower {rank}: {error}\n")
        return OUT_OF_MEMORY_EXIT if failures.ran_out(error) else 1
    return 0


if __name__ == "__main__":
    code = _run(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)
