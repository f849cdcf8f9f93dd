"""Rows of the table that measure denoising, or a whole pipeline."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from bench.models import full
from bench.models.running import Bench, Figures, ceiling, truth, ways
from bench.models.timing import error, give_back, psnr, seconds_of
from engine.errors import GreenlightError
from engine.models.speed.ways import EXACT, STOCK, WAYS

Asked = tuple[torch.device, bool]
"""The device, and whether toys will do."""


def wan_5b(asked: Asked) -> Figures:
    """Wan 2.2 TI2V 5B, 1280x704, 121 frames: denoising."""
    return _wan(asked, five=True, steps=5)


def wan_a14b(asked: Asked) -> Figures:
    """Wan 2.2 I2V A14B, 832x480, 81 frames: denoising."""
    return _wan(asked, five=False, steps=4)


def _wan(asked: Asked, five: bool, steps: int) -> Figures:
    device, toy = asked
    bench = Bench(full.wan(device, five, toy), device)
    told = ways(bench, steps)
    told["error against float32"] = truth(bench)
    return told | ceiling(bench, 2, told)


def svd(asked: Asked) -> Figures:
    """SVD-XT, 25 frames, 1024x576, 25 steps: the whole pipeline."""
    return _whole(Bench(full.svd(*asked), asked[0]), 25 if asked[0].type == "cuda" else 3)


def sdxl(asked: Asked) -> Figures:
    """SDXL, 1024x1024, 40 steps: the whole pipeline."""
    return _whole(Bench(full.sdxl(*asked), asked[0]), 40 if asked[0].type == "cuda" else 3)


def _whole(bench: Bench, steps: int) -> Figures:
    told = ways(bench, steps, "np")
    told["error against float32"] = truth(bench)
    return told | ceiling(bench, 1, told)


def approximate(asked: Asked) -> Figures:
    """Wan 5B by the approximate ways, 12 steps: random weights, so decibels say little of trained ones."""
    device, toy = asked
    bench = Bench(full.wan(device, True, toy), device)
    steps = 12
    exact = bench.run(EXACT, steps)
    told: Figures = {"exact": exact.figures()}
    for way in WAYS:
        if way.exact:
            continue
        try:
            near = bench.run(way, steps)
        except GreenlightError as refusal:
            told[way.name] = {"not done": str(refusal)}
            continue
        decibels = psnr(near.made, exact.made)
        told[way.name] = near.figures() | {
            "ratio to exact, in all": round(exact.whole_seconds / near.whole_seconds, 3),
            "PSNR of the latents": None if decibels is None else round(decibels, 1),
        }
    return told


def candidates(asked: Asked) -> Figures:
    """Wan 5B, one forward: what else might be quicker, each on its own, beside the exact way."""
    device, toy = asked
    bench = Bench(full.wan(device, True, toy), device)
    forward = bench.forward_of()
    denoiser = bench.subject.denoiser
    told: Figures = {"stock": _timed(bench, forward)}
    bench.change(EXACT)
    told["exact"] = _timed(bench, forward)
    reference = forward()
    for backend in ("_native_cudnn", "_native_flash", "_flash_3", "flash"):
        told[f"attention by {backend}"] = _with(bench, forward, partial(denoiser.set_attention_backend, backend))
    denoiser.set_attention_backend("native")
    told["query, key and value in one product"] = _with(bench, forward, denoiser.fuse_qkv_projections)
    denoiser.unfuse_qkv_projections()
    told["both sides of guidance in one batch, a side"] = _batched(bench)
    for mode in ("default", "max-autotune-no-cudagraphs") if device.type == "cuda" else ():
        told[f"compiled, {mode}"] = _compiled(bench, forward, mode)
    told["difference of the last from exact"] = error(forward(), reference)
    told["attention by FlashAttention 4, compiled"] = _with(bench, forward, partial(_fourth, denoiser))
    told["difference of that from exact"] = error(forward(), reference)
    return told


def _fourth(denoiser: Any) -> None:
    torch.nn.attention.activate_flash_attention_impl("FA4")
    torch.compiler.reset()
    denoiser.set_attention_backend("_native_flash")


def _timed(bench: Bench, job: Callable[[], Any]) -> Figures:
    job()
    return {"seconds": round(seconds_of(bench.device, job, 3), 4)}


def _with(bench: Bench, forward: Callable[[], Any], change: Callable[[], Any]) -> Figures:
    try:
        change()
        return _timed(bench, forward)
    except (RuntimeError, ValueError, ImportError) as error:
        return {"not done": str(error)[:160]}


def _batched(bench: Bench) -> Figures:
    """Half the time of a forward of two."""
    denoiser, caught = bench.subject.denoiser, list[Any]()
    hook = denoiser.register_forward_pre_hook(lambda _, args, named: caught.append(dict(named)), with_kwargs=True)
    bench.run(STOCK, 1)
    hook.remove()
    bench.change(EXACT)
    both = {name: torch.cat([one, one]) if isinstance(one, torch.Tensor) else one for name, one in caught[0].items()}
    with torch.no_grad():
        whole = _timed(bench, lambda: denoiser(**both))["seconds"]
    give_back(bench.device)
    return {"seconds": round(whole / 2, 4)}


def _compiled(bench: Bench, forward: Callable[[], Any], mode: str) -> Figures:
    denoiser = bench.subject.denoiser
    torch.compiler.reset()
    for block in denoiser.blocks:
        block._compiled_call_impl = None
        block.compile(mode=mode, dynamic=False)
    first = seconds_of(bench.device, forward)
    told = _timed(bench, forward)
    return told | {"compile seconds": round(first - told["seconds"], 1)}
