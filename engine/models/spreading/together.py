"""What the processes that compute one model together share: how they meet, what they say, how a denoiser is split.

The sequence of a denoiser's tokens is cut into as many parts as there are devices; attention exchanges heads for tokens
and back (Ulysses: Jacobs et al. 2023, as diffusers' context parallelism has it), so what comes out is the same.
"""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, Final

import torch
import torch.distributed as dist
from diffusers import ContextParallelConfig
from diffusers.hooks.context_parallel import remove_context_parallel

from engine.errors import WishError

_PATIENCE: Final = timedelta(minutes=5)
"""How long a process waits for the others in the middle of something, the reading of weights counted."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a tensor stands in what is said: it is sent by itself."""

    shape: tuple[int, ...]
    dtype: torch.dtype


def meet(rank: int, count: int, address: str, device: torch.device) -> None:
    """Join the others at an address (a file that none of them has made). Waits until all are there."""
    if device.type == "cuda":
        torch.cuda.set_device(device.index or 0)  # it wants a number, and the first process's device has none
    backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
    dist.init_process_group(backend, f"file://{address}", rank=rank, world_size=count, timeout=_PATIENCE)


def why_not(denoiser: Any, count: int) -> str:
    """Why a denoiser cannot be computed by so many devices; empty where it can."""
    if getattr(denoiser, "_cp_plan", None) is None:
        return "the library cannot cut its work into parts"
    heads = getattr(denoiser.config, "num_attention_heads", None)
    if not isinstance(heads, int) or heads % count:
        return f"its {heads} attention heads cannot be dealt out evenly"
    return ""


def split(denoiser: Any, count: int) -> None:
    """Let a denoiser compute its part; all processes do so at once, in the same order."""
    with _counted():
        denoiser.enable_parallelism(config=ContextParallelConfig(ulysses_degree=count))


def unite(denoiser: Any) -> None:
    """Let a denoiser compute all of it again."""
    remove_context_parallel(denoiser, denoiser._cp_plan)
    denoiser._parallel_config = None
    for module in denoiser.modules():
        processor: Any = getattr(module, "processor", None)
        if hasattr(processor, "_parallel_config"):
            processor._parallel_config = None


def compute(denoiser: Any, forward: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """A forward of which every process computes its part.

    Raises WishError, in all of them and before anything is exchanged, where the tokens cannot be dealt out evenly.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # diffusers calls what torch will rename
        try:
            return forward(*args, **named)
        except AssertionError as error:
            count = dist.get_world_size()
            what = f"A clip of this size and length cannot be dealt out evenly among {count} GPUs"
            raise WishError(what, "Choose another size or length, or set the stage's gpus to 1.") from error


def say(told: Any, listeners: Sequence[IO[bytes]], device: torch.device) -> None:
    """Tell the others, each at the other end of a pipe; tensors in it arrive on their devices. Raises OSError when one
    is gone."""
    tensors: list[torch.Tensor] = []
    data = pickle.dumps(_emptied(told, tensors))
    for pipe in listeners:
        pipe.write(len(data).to_bytes(8, "little") + data)
        pipe.flush()
    for tensor in tensors:
        dist.broadcast(tensor.to(device).contiguous(), src=0)


def hear(pipe: IO[bytes], device: torch.device) -> Any:
    """Wait for what the first process says, however long; `None` when it is gone."""
    length = pipe.read(8)
    if len(length) < 8:
        return None
    return _filled(pickle.loads(pipe.read(int.from_bytes(length, "little"))), device)


def _emptied(told: Any, tensors: list[torch.Tensor]) -> Any:
    if isinstance(told, torch.Tensor):
        tensors.append(told)
        return Hole(tuple(told.shape), told.dtype)
    if isinstance(told, tuple | list):
        return type(told)(_emptied(one, tensors) for one in told)
    if isinstance(told, dict):
        return {name: _emptied(one, tensors) for name, one in told.items()}
    return told


def _filled(told: Any, device: torch.device) -> Any:
    if isinstance(told, Hole):
        tensor = torch.empty(told.shape, dtype=told.dtype, device=device)
        dist.broadcast(tensor, src=0)
        return tensor
    if isinstance(told, tuple | list):
        return type(told)(_filled(one, device) for one in told)
    if isinstance(told, dict):
        return {name: _filled(one, device) for name, one in told.items()}
    return told


@contextmanager
def _counted() -> Iterator[None]:
    """On a processor torch counts no accelerator, and diffusers divides by their number."""
    plain = torch.accelerator.device_count
    if not plain():
        torch.accelerator.device_count = lambda: 1
    try:
        yield
    finally:
        torch.accelerator.device_count = plain
