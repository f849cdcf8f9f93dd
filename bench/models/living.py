"""Rows of the table that measure a model's life on the device: loaded, short of memory, failing; and the app's part."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from bench.models import folders
from bench.models.curve import Watch
from bench.models.running import Figures
from bench.models.timing import give_back, settle
from engine.models.denoising import denoise
from engine.models.lease import Lease, Terms, Work
from engine.models.loader import load
from engine.models.memory import modes
from engine.models.memory.accelerator import Accelerator
from engine.models.memory.estimate import Room
from engine.models.memory.holding import Loaded
from engine.models.script import Script, sampling
from engine.models.speed.gear import Wanted
from engine.types import ModelProfile

GIB = 2**30
Asked = tuple[torch.device, bool]


@dataclass(frozen=True, slots=True)
class Capped:
    """A device of which only so much may be used; of a CPU, pretended."""

    place: torch.device
    bytes: int

    def room(self) -> Room:
        """See engine.models.memory.accelerator.Device."""
        real = Accelerator(self.place).room()
        if real is None:
            return Room(self.bytes, self.bytes)
        used = torch.cuda.memory_allocated(self.place)
        return Room(max(min(real.free, self.bytes - used), 0), min(real.total, self.bytes))

    def give_back(self) -> None:
        """See engine.models.memory.accelerator.Device."""
        Accelerator(self.place).give_back()


@dataclass
class Run:
    """One run through the lease, with the times of its parts."""

    row: ModelProfile
    device: torch.device
    steps: int = 4
    told: list[str] = field(default_factory=list)
    marks: list[float] = field(default_factory=list)
    mode: str = ""

    def through(self, lease: Lease) -> Figures:
        """Do it; seconds of each part."""
        script = Script("a red ball rolls", "", {0: Image.new("RGB", self.row.sizes[0], "red")})
        wanted = sampling(self.row, {"steps": self.steps}, self.row.frame_counts[0])
        begun = time.perf_counter()
        work = Work(self.row, wanted, self.told.append)

        def job(loaded: Loaded) -> None:
            self.mode, self.marks = (loaded.mode.name if loaded.mode else "device"), [time.perf_counter()]
            first = _denoiser(loaded).register_forward_pre_hook(lambda *_: self._forward())
            loaded.gear.run(Wanted(None, work.shape), self._step, lambda on: denoise(loaded, script, wanted, 3, on))
            first.remove()

        lease.run(work, job)
        settle(self.device)
        over = time.perf_counter()
        loaded_at, steps = self.marks[0], self.marks[2:]
        between = [two - one for one, two in pairwise(steps)]
        return {
            "held by": self.mode,
            "seconds to load": round(loaded_at - begun, 2),
            "seconds to the first denoising step": round(self.marks[1] - begun, 2),
            "seconds a step": round(sum(between) / len(between), 3),
            "seconds after the last step": round(over - steps[-1], 2),
            "seconds in all": round(over - begun, 2),
        }

    def _forward(self) -> None:
        if len(self.marks) == 1:
            settle(self.device)
            self.marks.append(time.perf_counter())

    def _step(self, done: int, steps: int, latents: object) -> None:
        if done:
            settle(self.device)
            self.marks.append(time.perf_counter())


def _denoiser(loaded: Loaded) -> Any:
    return loaded.pipeline.transformer


def start(asked: Asked) -> Figures:
    """Wan 5B from Start to its first denoising step, weights in the page cache, its process warm."""
    row = folders.wan_5b(*asked)
    give_back(asked[0])
    told = Run(row, asked[0]).through(_lease(row, Capped(asked[0], 200 * GIB)))
    give_back(asked[0])
    from diffusers import WanImageToVideoPipeline

    begun = time.perf_counter()
    kinds = {"default": torch.bfloat16, "vae": torch.float32}
    try:
        straight = WanImageToVideoPipeline.from_pretrained(row.repository, dtype=kinds, device_map=asked[0].type)
    except (NotImplementedError, RuntimeError, ValueError) as error:
        return told | {"straight to the device": f"not done: {error}"}
    settle(asked[0])
    del straight
    return told | {"straight to the device, seconds to load": round(time.perf_counter() - begun, 2)}


def cap(asked: Asked) -> Figures:
    """Wan 5B, 1280x704, 121 frames, with all memory and under a cap of 12 GB."""
    device, _ = asked
    row = folders.wan_5b(*asked)
    figures, curves = Figures(), Figures()
    for name, bytes_ in (("no cap", 200 * GIB), ("12 GB", 12 * 10**9)):
        give_back(device)
        if device.type == "cuda":
            whole = torch.cuda.get_device_properties(device).total_memory
            torch.cuda.set_per_process_memory_fraction(min(bytes_ / whole, 1.0), device)
            torch.cuda.reset_peak_memory_stats(device)
        run = Run(row, device)
        with Watch(device) as watch:
            figures[name] = run.through(_lease(row, Capped(device, bytes_)))
        figures[name] |= {"said": " ".join(run.told) or "nothing", "peak memory (GiB)": _peak(device)}
        figures[name]["seconds of 50 steps"] = round(_whole(figures[name], 50), 1)
        curves[name] = watch.points
    if device.type == "cuda":
        torch.cuda.set_per_process_memory_fraction(1.0, device)
    ratio = figures["12 GB"]["seconds of 50 steps"] / figures["no cap"]["seconds of 50 steps"]
    return figures | {"time under the cap, of that without, 50 steps, loaded": round(ratio, 2), "curves": curves}


def _whole(told: Figures, steps: int) -> float:
    """Seconds of a video of so many steps with the model loaded."""
    before = told["seconds to the first denoising step"] - told["seconds to load"]
    return float(before + steps * told["seconds a step"] + told["seconds after the last step"])


def failing(asked: Asked) -> Figures:
    """Out of memory while loading, at step 7 and in the decoder: made all the same, and the memory comes back."""
    row = replace(folders.wan_5b(*asked), frame_counts=(9 if asked[1] else 49,))
    figures, curves = Figures(), Figures()
    for where in ("load", "step 7", "decoder"):
        give_back(asked[0])
        faulty = _Faulty(where, asked[0])
        run = Run(row, asked[0], steps=8)
        lease = Lease(Capped(asked[0], 200 * GIB), faulty, Path("/"), (row,), Terms(modes.DEVICE))
        with Watch(asked[0]) as watch:
            made = run.through(lease)
        before, after = faulty.used
        figures[where] = {
            "held by afterwards": made["held by"],
            "said": " ".join(run.told),
            "GiB before, and after the error": [round(before / GIB, 3), round(after / GIB, 3)],
            "not given back, of the device": round((after - before) / _total(asked[0]), 4),
            "seconds in all": made["seconds in all"],
        }
        curves[where] = watch.points
    return figures | {"curves": curves}


class _Faulty:
    """Loads; the first time it takes all memory that is left, while loading or when its time comes."""

    def __init__(self, where: str, device: torch.device) -> None:
        self.where, self.device = where, device
        self.used: list[int] = []
        """Bytes of the device in use when a load begins."""

    def __call__(self, profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
        """See engine.models.memory.holding.Load."""
        self.used.append(_used(self.device))
        pipeline, revision = load(profile, root, device)
        if len(self.used) == 1:
            if self.where == "load":
                pipeline.transformer.to(self.device)
                self._take()
            module = pipeline.vae.decoder if self.where == "decoder" else pipeline.transformer
            calls = iter(range(1, 1000))
            at = 1 if self.where == "decoder" else 13  # two forwards a step
            module.register_forward_pre_hook(lambda *_: self._take() if next(calls) == at else None)
        return pipeline, revision

    def _take(self) -> None:
        if self.device.type != "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate what was not there.")
        torch.empty(torch.cuda.mem_get_info(self.device)[1], dtype=torch.uint8, device=self.device)


def _used(device: torch.device) -> int:
    if device.type != "cuda":
        return 0
    free, total = torch.cuda.mem_get_info(device)
    return total - free


def _total(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[1] if device.type == "cuda" else 1


def _peak(device: torch.device) -> float:
    return round(torch.cuda.max_memory_allocated(device) / GIB, 2) if device.type == "cuda" else 0.0


def _lease(row: ModelProfile, device: Capped) -> Lease:
    return Lease(device, load, Path("/"), (row,))


def pocket(asked: Asked) -> Figures:
    """What queue, journal, previews and encoding add to the pocket world's pipeline calls: a video from a sentence."""
    try:
        from bench.models import around
    except ImportError as error:
        return {"not measured": f"the app's packages are not here: {error}"}
    return around.added(toy=asked[1])


def leave(device: torch.device) -> None:
    """After a row: nothing of it stays."""
    give_back(device)
    torch.compiler.reset()
