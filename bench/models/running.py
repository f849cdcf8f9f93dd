"""Runs of one pipeline, stock and with Greenlight's means: seconds a step, memory, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._pytree import tree_map_only

from bench.models.full import Subject
from bench.models.timing import Steps, error, flops, give_back, peak, psnr, rate, seconds_of
from engine.models.memory.modes import DEVICE
from engine.models.profiles import profile
from engine.models.speed import rewrites
from engine.models.speed.gear import Gear, Wanted
from engine.models.speed.ways import COMPILED, EXACT, STOCK, WAYS, Way

Figures = dict[str, Any]
"""What a row tells: name -> figure."""
_ROWS = {"wan": "wan2.2-5b", "stable-video-diffusion": "svd-xt", "stable-diffusion-xl": "sdxl"}
SEED = 7


@dataclass(frozen=True)
class Result:
    """One run."""

    made: torch.Tensor
    """What came out: latents, or frames."""
    step_seconds: float
    whole_seconds: float
    peak_gib: float

    def figures(self) -> Figures:
        """As the report has them."""
        return {
            "seconds a step": round(self.step_seconds, 4),
            "seconds in all": round(self.whole_seconds, 3),
            "peak memory (GiB)": round(self.peak_gib, 2),
        }


class Bench:
    """One subject on a device; every run from the same noise."""

    def __init__(self, subject: Subject, device: torch.device) -> None:
        self.subject, self.device = subject, device
        rewrites.install(subject.pipeline)
        row = profile(_ROWS[subject.driver])
        self.gear = Gear(subject.pipeline, row, device, DEVICE)
        self.shape = (row.name, *subject.shape)

    def run(self, way: Way, steps: int, output: str = "latent") -> Result:
        """A whole call of the pipeline, its words read before."""
        marks = Steps(self.device)
        found: list[Any] = []

        def job(on_step: Callable[..., None]) -> None:
            found[:] = [self._call(marks, steps, output)]

        with peak(self.device) as most:
            told: list[str] = []
            wanted = Wanted(way, self.shape, tell=told.append)
            whole = seconds_of(self.device, lambda: self.gear.run(wanted, lambda *_: None, job))
        if told and self.device.type == "cuda":
            raise RuntimeError(f"{way.name} was not done: {' '.join(told)}")
        return Result(found[0], marks.seconds() if steps > 1 else whole, whole, most())

    def _call(self, marks: Steps, steps: int, output: str) -> torch.Tensor:
        noise = torch.Generator("cpu").manual_seed(SEED)
        with torch.no_grad():
            told = {"num_inference_steps": steps, "generator": noise, "output_type": output}
            out = self.subject.pipeline(**self.subject.told, **told, callback_on_step_end=marks)
        made = out.images if hasattr(out, "images") else out.frames
        return made if isinstance(made, torch.Tensor) else torch.as_tensor(made)

    def change(self, way: Way) -> None:
        """The same gear outside of a run."""
        self.gear.run(Wanted(way, self.shape), lambda *_: None, lambda on_step: None)

    def forward_of(self) -> Callable[[], torch.Tensor]:
        """The first forward of the denoiser in a run, to be done again."""
        caught: list[tuple[tuple[Any, ...], Mapping[str, Any]]] = []
        denoiser = self.subject.denoiser
        hook = denoiser.register_forward_pre_hook(
            lambda _, args, named: caught.append((args, dict(named))), with_kwargs=True
        )
        self.run(STOCK, 1)
        hook.remove()
        args, named = caught[0]

        def forward() -> torch.Tensor:
            with torch.no_grad():
                out: torch.Tensor = denoiser(*args, **named)[0]
            return out

        return forward

    def in_float32(self) -> torch.Tensor:
        """That forward with all numbers in float32 and exact products: the truth."""
        denoiser = self.subject.denoiser
        kinds = {name: one.dtype for name, one in denoiser.named_parameters()}
        forward = self.forward_of()
        denoiser.float()
        hook = denoiser.register_forward_pre_hook(_raised, with_kwargs=True)
        rounded, torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.allow_tf32, False
        try:
            return forward().cpu()
        finally:
            torch.backends.cudnn.allow_tf32 = rounded
            hook.remove()
            for name, one in denoiser.named_parameters():
                one.data = one.data.to(kinds[name])
            give_back(self.device)


def _raised(module: Any, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    def up(one: torch.Tensor) -> torch.Tensor:
        return one.float() if one.is_floating_point() else one

    raised: tuple[tuple[Any, ...], dict[str, Any]] = tree_map_only(torch.Tensor, up, (args, named))
    return raised


def ways(bench: Bench, steps: int, output: str = "latent") -> Figures:
    """Stock, exact and compiled, with what they cost and how they differ."""
    figures: Figures = {}
    bench.run(STOCK, 2, output)
    stock = bench.run(STOCK, steps, output)
    bench.run(EXACT, 2, output)
    exact = bench.run(EXACT, steps, output)
    figures |= {"stock": stock.figures(), "exact": exact.figures() | _against(exact, stock)}
    first = seconds_of(bench.device, lambda: bench.run(COMPILED, 2, output))
    again = seconds_of(bench.device, lambda: bench.run(COMPILED, 2, output))
    compiled = bench.run(COMPILED, steps, output)
    figures["compiled"] = compiled.figures() | _against(compiled, stock) | _paid(first - again, exact, compiled, bench)
    return figures


def _against(made: Result, stock: Result) -> Figures:
    decibels = psnr(made.made, stock.made)
    return {
        "ratio, a step": round(stock.step_seconds / made.step_seconds, 3),
        "ratio, in all": round(stock.whole_seconds / made.whole_seconds, 3),
        "difference from stock": error(made.made, stock.made),
        "PSNR against stock": None if decibels is None else round(decibels, 1),
    }


def _paid(seconds: float, exact: Result, compiled: Result, bench: Bench) -> Figures:
    saved = (exact.step_seconds - compiled.step_seconds) * bench.subject.steps
    return {
        "compile seconds": round(seconds, 1),
        "saved a video (s)": round(saved, 2),
        "videos until it has paid": round(max(seconds, 0.0) / saved, 2) if saved > 0 else "never",
    }


def ceiling(bench: Bench, forwards: int, told: Figures) -> Figures:
    """The matrix rate of this run, and the share of it that each way reached; `forwards` a step."""
    forward = bench.forward_of()
    bench.change(EXACT)
    work, best = flops(forward) * forwards, rate(bench.device)
    shares = {name: round(work / (told[name]["seconds a step"] * best), 3) for name in told if name in _NAMES}
    return {"matrix rate (TFLOP/s)": round(best / 1e12, 1), "TFLOP a step": round(work / 1e12, 2), "share": shares}


def truth(bench: Bench) -> Figures:
    """How far one forward of each way is from the same in float32."""
    forward, exactly = bench.forward_of(), bench.in_float32()
    figures: Figures = {}
    for way in (STOCK, EXACT, COMPILED):
        bench.change(way)
        figures[way.name] = error(forward(), exactly)
    figures["compiled, of stock's"] = round(figures["compiled"] / max(figures["stock"], 1e-30), 3)
    return figures


_NAMES = tuple(way.name for way in WAYS)
