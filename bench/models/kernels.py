"""Rows that look below a forward: where its time goes, kernel by kernel, and what its parts could reach alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch.nn import attention as choices
from torch.nn.attention import SDPBackend, sdpa_kernel

from bench.models import full
from bench.models.running import Bench, Figures
from bench.models.timing import error, give_back, rate, seconds_of
from engine.models.speed.ways import COMPILED, Way

Asked = tuple[torch.device, bool]
_KINDS = {
    "attention": ("flash", "fmha", "sdpa", "attention", "cudnn_generated"),
    "products": ("gemm", "nvjet", "cutlass", "cublas", "wgmma", "xmma", "matmul", "addmm"),
    "convolutions": ("conv", "implicit"),
}
"""Kinds of kernels, by words of their names; the first that fits."""
_TOP = 14


def kernels(asked: Asked) -> Figures:
    """Wan 5B and SVD, one compiled forward each: milliseconds by kernel."""
    told: Figures = {}
    for name, make in (("wan-5b", partial(full.wan, asked[0], True, asked[1])), ("svd", partial(full.svd, *asked))):
        bench = Bench(make(), asked[0])
        told[name] = _seen(bench, COMPILED)
        del bench
        give_back(asked[0])
        torch.compiler.reset()
    return told


def _seen(bench: Bench, way: Way) -> Figures:
    forward = bench.forward_of()
    if bench.device.type == "cuda":
        bench.change(way)
    forward()
    seconds = seconds_of(bench.device, forward, 3)
    own = torch.profiler.ProfilerActivity.CUDA if bench.device.type == "cuda" else torch.profiler.ProfilerActivity.CPU
    with torch.profiler.profile(activities=[own]) as profiled:
        forward()
    kinds, top = defaultdict[str, float](float), Figures()
    on_gpu = bench.device.type == "cuda"
    events = [event for event in profiled.key_averages() if _microseconds(event, on_gpu)]  # the host's waiting is none
    events.sort(key=lambda event: _microseconds(event, on_gpu), reverse=True)
    for event in events:
        kinds[_kind(event.key)] += _microseconds(event, on_gpu)
        if len(top) < _TOP:
            top[event.key[:90]] = f"{_microseconds(event, on_gpu) / 1000:.2f} ms in {event.count}"
    by_kind = {kind: round(spent / 1000, 2) for kind, spent in kinds.items()}
    return {"seconds": round(seconds, 4), "milliseconds by kind": by_kind, "most": top}


def _microseconds(event: Any, on_gpu: bool) -> float:
    return float(event.self_device_time_total if on_gpu else event.self_cpu_time_total)


def _kind(name: str) -> str:
    low = name.lower()
    return next((kind for kind, words in _KINDS.items() if any(word in low for word in words)), "the rest")


def parts(asked: Asked) -> Figures:
    """Wan 5B's attention and products alone, at their own sizes: TFLOP/s, the bound of what a forward can reach."""
    device, toy = asked
    tokens, width, wide, heads = (256, 48, 96, 2) if toy else (27280, 3072, 14336, 24)
    told: Figures = {"matrix rate (TFLOP/s)": round(rate(device) / 1e12, 1)}
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    x, y = (torch.randn(tokens, one, device=device, dtype=kind) for one in (width, wide))
    for name, into, left, right in (("square", x, width, width), ("up", x, width, wide), ("down", y, wide, width)):
        weight = torch.randn(right, left, device=device, dtype=kind) / left**0.5
        bias = torch.zeros(right, device=device, dtype=kind)
        work = 2 * tokens * left * right
        told[f"product, {name}"] = _rate(device, work, partial(F.linear, into, weight, bias))
        if name == "up":
            told["product, up, then GELU"] = _rate(device, work, partial(_then_gelu, into, weight, bias))
            told["product, up, with GELU"] = _rate(device, work, partial(_with_gelu, into, weight, bias))
    del x, y
    give_back(device)
    query, key, value = (torch.randn(1, heads, tokens, width // heads, device=device, dtype=kind) for _ in range(3))
    work = 4 * tokens**2 * width
    exactly = _exactly(query, key, value)
    for name, run in _attentions().items():
        try:
            job = partial(run, query, key, value)
            near = error(job()[:, :, :64], exactly)
            told[f"attention, {name}"] = _rate(device, work, job) | {"error against float32": near}
        except Exception as refusal:  # what is not installed, or not for this device
            told[f"attention, {name}"] = {"not done": f"{type(refusal).__name__}: {str(refusal)[:200]}"}
    return told


def _rate(device: torch.device, work: int, job: Callable[[], Any]) -> Figures:
    for _ in range(3):
        job()
    each = seconds_of(device, lambda: [job() for _ in range(10)], 3) / 10
    return {"milliseconds": round(each * 1000, 3), "TFLOP/s": round(work / each / 1e12, 1)}


def _then_gelu(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return F.gelu(F.linear(x, weight, bias), approximate="tanh")


def _with_gelu(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch._addmm_activation(bias, x, weight.t(), use_gelu=True)


def _exactly(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Of the first 64 queries, in float32."""
    return F.scaled_dot_product_attention(query[:, :, :64].float(), key.float(), value.float())


def _attentions() -> dict[str, Callable[..., torch.Tensor]]:
    def by(backend: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(query, key, value)

    def fourth(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        if choices.current_flash_attention_impl() != "FA4":
            choices.activate_flash_attention_impl("FA4")
        return by(SDPBackend.FLASH_ATTENTION, query, key, value)

    return {
        "as torch chooses": F.scaled_dot_product_attention,
        "cuDNN": partial(by, SDPBackend.CUDNN_ATTENTION),
        "FlashAttention 2": partial(by, SDPBackend.FLASH_ATTENTION),
        "FlashAttention 4": fourth,
    }
