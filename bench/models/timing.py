"""Seconds, bytes and rates of a device, and how far two results are apart."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

Job = Callable[[], Any]


def settle(device: torch.device) -> None:
    """Wait until the device has done all that it was asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds_of(device: torch.device, job: Job, runs: int = 1) -> float:
    """The median of some runs."""
    taken = []
    for _ in range(runs):
        settle(device)
        begun = time.perf_counter()
        job()
        settle(device)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def rate(device: torch.device, side: int = 8192) -> float:
    """FLOP a second of bf16 matrix products of this side: the ceiling of what follows. Toy sizes on a CPU."""
    side = side if device.type == "cuda" else 256
    one, two = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    for _ in range(3):
        one @ two
    each = seconds_of(device, lambda: [one @ two for _ in range(20)], 3) / 20
    return 2 * side**3 / each


def flops(job: Job) -> int:
    """Floating-point operations of matrices, convolutions and attention."""
    with FlopCounterMode(display=False) as counter:
        job()
    return int(counter.get_total_flops())


@contextmanager
def peak(device: torch.device) -> Iterator[Callable[[], float]]:
    """Within this block: what was allocated at most, in GiB, as far as the device tells."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    yield lambda: torch.cuda.max_memory_allocated(device) / 2**30 if device.type == "cuda" else 0.0


def give_back(device: torch.device) -> None:
    """Let go of what nothing holds."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


@dataclass
class Steps:
    """Marks the ends of denoising steps, without making the device wait."""

    device: torch.device
    marks: list[Any] = field(default_factory=list)

    def __call__(self, *told: Any) -> Any:
        """diffusers' callback_on_step_end, or a listener of ours."""
        if self.device.type == "cuda":
            mark = torch.cuda.Event(enable_timing=True)
            mark.record()
            self.marks.append(mark)
        else:
            self.marks.append(time.perf_counter())
        return told[3] if len(told) > 3 else None

    def seconds(self) -> float:
        """Of a step: the median, the first left out."""
        settle(self.device)
        return statistics.median(self._between(one, two) for one, two in zip(self.marks, self.marks[1:], strict=False))

    def _between(self, one: Any, two: Any) -> float:
        return float(one.elapsed_time(two)) / 1000 if self.device.type == "cuda" else float(two - one)


def error(made: torch.Tensor, truth: torch.Tensor) -> float:
    """Relative, of the root of the sum of squares."""
    made, truth = made.double().cpu(), truth.double().cpu()
    return float((made - truth).norm() / truth.norm().clamp_min(1e-30))


def psnr(made: torch.Tensor, truth: torch.Tensor, span: float | None = None) -> float | None:
    """Decibels; `span`: of the numbers, the truth's own where nothing is said; `None`: they are equal."""
    made, truth = made.double().cpu(), truth.double().cpu()
    span = span or float(truth.max() - truth.min())
    square = float((made - truth).square().mean())
    return 10 * math.log10(span**2 / square) if square > 0 else None
