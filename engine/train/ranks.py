"""Several processes that train one model, a GPU each: who they are, what they agree on, and their mean gradient.

torchrun starts them (see engine.train.__main__). A process that was started alone is the only one: it agrees with
itself and exchanges nothing.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist


@dataclass(frozen=True)
class Ranks:
    """One of `count` processes; every method must be called by all of them, in the same order."""

    rank: int = 0
    """Its number."""
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this one decides, writes and logs."""
        return self.rank == 0

    def agree(self, value: float) -> float:
        """The first process's value. It travels from CPU to CPU: no GPU is waited for."""
        if self.count == 1:
            return value
        said = torch.tensor(value, dtype=torch.float64)
        dist.broadcast(said, 0)
        return float(said)

    def average(self, parameters: Iterable[torch.Tensor]) -> None:
        """Make every gradient the mean of all processes' gradients: one exchange for each dtype.

        They have gradients for the same parameters, since they take steps of the same kind.
        """
        if self.count == 1:
            return
        alike: dict[torch.dtype, list[torch.Tensor]] = defaultdict(list)
        for parameter in parameters:
            if parameter.grad is not None:
                alike[parameter.grad.dtype].append(parameter.grad)
        for gradients in alike.values():
            flat = torch.cat([gradient.flatten() for gradient in gradients])
            dist.all_reduce(flat)
            means = (flat / self.count).split([gradient.numel() for gradient in gradients])
            torch._foreach_copy_(gradients, [mean.view_as(old) for mean, old in zip(means, gradients, strict=True)])


@contextmanager
def joined(device: str) -> Iterator[tuple[Ranks, torch.device]]:
    """This process among those that torchrun started, and its device: GPU n of the host for process n.

    Gradients meet over NCCL, or over gloo on CPUs; decisions over gloo. Multicast over NVLink stays off: it gains
    nothing for 50 MB, and not every host that shares its GPUs can stand it.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Ranks(), torch.device(device)
        return
    os.environ.setdefault("NCCL_NVLS_ENABLE", "0")
    own = torch.device(device)
    if own.type == "cuda":
        own = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(own)
    dist.init_process_group("cpu:gloo,cuda:nccl" if own.type == "cuda" else "gloo")
    try:
        yield Ranks(dist.get_rank(), count), own
    finally:
        dist.destroy_process_group()
