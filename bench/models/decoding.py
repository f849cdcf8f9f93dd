"""Rows of the table that measure decoders: Wan 5B's 121 frames, and what each of its means is worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKLWan

from bench.models import full
from bench.models.running import Figures
from bench.models.timing import flops, give_back, peak, psnr, rate, seconds_of
from engine.models.driving.driver import pixels
from engine.models.speed.decoder import LightDecoder, as_bytes

HOST = "seconds to bytes on the host, beside"
Job = Callable[[], torch.Tensor]
"""Decodes; gives numbers from -1 to 1 (3, frames, height, width) or bytes (frames, height, width, 3)."""


def wan_5b_decoding(asked: tuple[torch.device, bool]) -> Figures:
    """Wan 2.2 5B's decoder, 1280x704, 121 frames: stock in float32 against the light one."""
    device, toy = asked
    sizes = full.VAE_TOY_22 if toy else full.VAE_22
    vae = full.made(device, torch.float32, lambda: AutoencoderKLWan(**sizes))
    light = LightDecoder(vae)
    latents = torch.randn(1, 48, *((3, 4, 4) if toy else (31, 44, 80)), device=device)
    with torch.no_grad():
        return _measured(vae, light, latents)


def _measured(vae: Any, light: LightDecoder, latents: torch.Tensor) -> Figures:
    device = latents.device
    work, best = _work(vae, latents), rate(device)
    told: Figures = {"matrix rate (TFLOP/s)": round(best / 1e12, 1), "TFLOP": round(work / 1e12, 2)}
    told["stock, float32"], truth = _one(device, lambda: vae.decode(latents, return_dict=False)[0][0])
    truth_bytes = as_bytes(truth)
    postprocessed = seconds_of(device, lambda: _as_the_library_does(truth))
    told["stock, float32"][HOST] = round(postprocessed, 3)
    light.lighten()
    for chunk in (1, 2, 4):
        light.chunk = chunk
        name = f"light, {chunk} at a time"
        told[name], found = _one(device, lambda: _bytes(light, latents))
        fetched = seconds_of(device, found.cpu)
        told[name] |= {HOST: round(fetched, 3)} | _near(found, truth_bytes)
    light.off()
    vae.to(torch.bfloat16 if device.type == "cuda" else torch.float32)
    half = latents.to(vae.dtype)
    told["stock, bfloat16"], found = _one(device, lambda: as_bytes(vae.decode(half, return_dict=False)[0][0]))
    told["stock, bfloat16"] |= _near(found, truth_bytes)
    for figures in (one for one in told.values() if isinstance(one, dict)):
        figures["ratio"] = round(told["stock, float32"]["seconds"] / figures["seconds"], 3)
        if HOST in figures:
            begun = told["stock, float32"]
            whole = (begun["seconds"] + begun[HOST]) / (figures["seconds"] + figures[HOST])
            figures["ratio, to bytes on the host"] = round(whole, 3)
        figures["share of the matrix rate"] = round(work / (figures["seconds"] * best), 3)
    return told


def _work(vae: Any, latents: torch.Tensor) -> int:
    """FLOP of all latent frames: those of three, of which the last is as every other."""
    two, three = (flops(partial(vae.decode, latents[:, :, :count])) for count in (2, 3))
    return two + (three - two) * (latents.shape[2] - 2)


def _one(device: torch.device, job: Job) -> tuple[Figures, torch.Tensor]:
    """The second of two runs."""
    job()
    give_back(device)
    found: list[torch.Tensor] = []
    with peak(device) as most:
        seconds = seconds_of(device, lambda: found.append(job()))
    return {"seconds": round(seconds, 3), "peak memory (GiB)": round(most(), 2)}, found[0]


def _bytes(light: LightDecoder, latents: torch.Tensor) -> torch.Tensor:
    return torch.cat([as_bytes(piece) for piece in light.pieces(latents)])


def _as_the_library_does(made: torch.Tensor) -> np.ndarray[Any, Any]:
    """diffusers' postprocessing and the drivers' rounding, on the host."""
    numbers = (made * 0.5 + 0.5).clamp(0, 1).permute(1, 0, 2, 3).cpu().permute(0, 2, 3, 1).float().numpy()
    return pixels(numbers)


def _near(found: torch.Tensor, truth: torch.Tensor) -> Figures:
    decibels = psnr(found, truth, 255.0)
    apart = (found.int() - truth.int()).abs()
    return {
        "PSNR against float32 (dB)": None if decibels is None else round(decibels, 1),
        "pixels that differ": round(float((apart > 0).float().mean()), 4),
        "levels apart at most": int(apart.max()),
    }


def convolutions(asked: tuple[torch.device, bool]) -> Figures:
    """One layer, several ways: SVD's convolution along time, and Wan's in three dimensions."""
    device, toy = asked
    told: Figures = {}
    for channels, places in ((32, 64),) if toy else ((320, 9216), (640, 2304), (1280, 576)):
        told[f"along time, {channels} channels"] = _along_time(device, channels, places)
    for channels, height, width in ((16, 8, 8),) if toy else ((1024, 88, 160), (512, 176, 320), (256, 352, 640)):
        told[f"in three dimensions, {channels} channels"] = _cube(device, (channels, height, width))
    return told


def _along_time(device: torch.device, channels: int, places: int) -> Figures:
    kind = torch.float16 if device.type == "cuda" else torch.float32
    x = torch.randn(2, channels, 25, places // 8, 8, device=device, dtype=kind)
    weight = torch.randn(channels, channels, 3, 1, 1, device=device, dtype=kind)
    flat = torch.nn.functional
    last = x.flatten(3).contiguous(memory_format=torch.channels_last)
    return {
        "conv3d": _time(device, lambda: flat.conv3d(x, weight, padding=(1, 0, 0))),
        "conv2d": _time(device, lambda: flat.conv2d(x.flatten(3), weight.squeeze(-1), padding=(1, 0))),
        "conv2d, channels last": _time(device, lambda: flat.conv2d(last, weight.squeeze(-1), padding=(1, 0))),
    }


def _cube(device: torch.device, size: tuple[int, int, int]) -> Figures:
    channels, height, width = size
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    frames = 4 if height > 100 else 2
    x = torch.randn(1, channels, frames + 2, height, width, device=device, dtype=kind)
    weight = torch.randn(channels, channels, 3, 3, 3, device=device, dtype=kind)
    last, heavy = (one.contiguous(memory_format=torch.channels_last_3d) for one in (x, weight))
    flat = torch.nn.functional
    wide = weight.permute(0, 2, 1, 3, 4).flatten(1, 2).contiguous(memory_format=torch.channels_last)

    def as_pictures() -> torch.Tensor:
        """Three frames side by side in the channels: one two-dimensional convolution."""
        pictures = last[0].movedim(1, 0)
        threes = torch.cat([pictures[at : at + frames] for at in range(3)], dim=1)
        return flat.conv2d(threes.contiguous(memory_format=torch.channels_last), wide, padding=1)

    return {
        "conv3d": _time(device, lambda: flat.conv3d(x, weight, padding=(0, 1, 1))),
        "conv3d, channels last": _time(device, lambda: flat.conv3d(last, heavy, padding=(0, 1, 1))),
        "as pictures of three frames": _time(device, as_pictures),
    }


def _time(device: torch.device, job: Callable[[], Any]) -> Figures:
    """Untuned, then with cuDNN's own search."""
    told: Figures = {}
    for name, tuned in (("seconds", False), ("seconds, tuned", True)):
        torch.backends.cudnn.benchmark = tuned
        job()
        told[name] = round(seconds_of(device, lambda: [job() for _ in range(5)], 3) / 5, 6)
    torch.backends.cudnn.benchmark = False
    return told
