"""LoRA of models of 7 B at full size, random weights made on the device: samples a second, memory, GPUs against one.

    python -m bench.lora critic             Qwen2.5-VL 7B taught by engine.train.adapting's Adapter
    python -m bench.lora forward            the forward model with Qwen2.5 7B in its middle, by LargeForwardTrainer
    torchrun --standalone --nproc-per-node 2 -m bench.lora critic       on two GPUs, the same work for each
    python -m bench.lora critic --toy --device cpu                      to see that it runs

Prints a line of JSON after the first warm steps, and the measurement. A sample of the critic is a video of 16 frames
at VideoVerse's bound with a question; one of the forward model a transition in all modalities, with one remembered.
Lessons are made on the host meanwhile, as in training; only the reading of files is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from bench import sizes

Step = Callable[[], object]
WARM = 2


@dataclass(frozen=True)
class Work:
    """What is measured."""

    step: Step
    """One step of the optimizer in this process."""
    samples: int
    """Of a step, in each process."""
    device: torch.device
    facts: dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.lora", description=__doc__.partition("\n")[0])
    made.add_argument("what", choices=("critic", "forward"))
    made.add_argument("--device", choices=("cuda", "cpu"), default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--rank", type=int, default=16)
    made.add_argument("--batch", type=int, default=32, help="transitions a step in each process (forward)")
    made.add_argument("--seconds", type=float, default=8.0, help="of measured steps")
    made.add_argument("--toy", action="store_true", help="a thousandth of the size")
    return made


def critic(chosen: argparse.Namespace) -> Work:
    """Steps of the large critic."""
    from engine.train.adapting import Adapter, LoraPreset, gathering
    from engine.train.ahead import made_ahead

    preset = LoraPreset(rank=chosen.rank, gathered=2 if chosen.toy else LoraPreset().gathered)
    accelerator = gathering(chosen.device, preset.gathered)
    base = sizes.seeing(accelerator.device, chosen.toy)
    adapter = Adapter(base, preset, accelerator)
    height, width = (56, 56) if chosen.toy else (320, 472)
    frames = np.random.default_rng(0).integers(0, 255, (16, height, width, 3), np.uint8)
    question = "does the red ball fall down before the blue car stops"
    lessons = made_ahead(lambda _: adapter.told(frames, 8.0, question, "yes"), repeat(None))
    tokens = adapter.told(frames, 8.0, question, "yes")["input_ids"].shape[1]
    facts = {"base": base.name, "tokens a sample": tokens, **weighed(adapter.inner)}
    return Work(lambda: adapter.step(lessons, 1.0), preset.gathered, accelerator.device, facts)


def forward(chosen: argparse.Namespace, ranks: Any, device: torch.device) -> Work:
    """Steps of the large forward model, all modalities in and out."""
    from engine.pocket.worlds.forward import MODALITIES
    from engine.train.budget import Budget
    from engine.train.components import autoencoder
    from engine.train.enlarging import PRESET, LargeForwardTrainer
    from engine.train.futures import futures
    from engine.train.reminders import Lesson

    preset = replace(PRESET, batch=2 if chosen.toy else chosen.batch)
    trainer = LargeForwardTrainer(preset, autoencoder(), device, 0, ranks)
    base, name = sizes.speaking(device, chosen.toy)
    trainer.enlarge(base, chosen.rank)
    first = ranks.rank * preset.batch
    lesson = Lesson.of(trainer.rows(futures(range(first, first + preset.batch))))
    budget = Budget(steps=10**6)

    def step() -> None:
        trainer.learner.step(trainer.loss(lesson, (MODALITIES, MODALITIES), 2), budget, 1.0)

    facts = {"base": name, "samples a step in each process": preset.batch, **weighed(trainer.model)}
    return Work(step, preset.batch, device, facts)


def weighed(model: torch.nn.Module) -> dict[str, Any]:
    """How many parameters there are, and how many learn."""
    sized = [(each.numel(), each.requires_grad) for each in model.parameters()]
    learn = sum(count for count, learns in sized if learns)
    return {"parameters, billions": round(sum(count for count, _ in sized) / 1e9, 3), "that learn": learn}


def seconds_of(work: Work, steps: int) -> float:
    """The longest that any process takes for so many steps that begin together."""
    agreed(0.0)
    finished(work.device)
    began = time.perf_counter()
    for _ in range(steps):
        work.step()
    finished(work.device)
    return agreed(time.perf_counter() - began)


def finished(device: torch.device) -> None:
    """Wait until the device has done all that it was asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def agreed(value: float) -> float:
    """The largest of all processes' values; they meet here."""
    if not dist.is_initialized():
        return value
    where = "cpu" if "gloo" in str(dist.get_backend_config()) else torch.device("cuda", torch.cuda.current_device())
    said = torch.tensor(value, dtype=torch.float64, device=where)
    dist.all_reduce(said, dist.ReduceOp.MAX)
    return float(said)


def measured(work: Work, seconds: float) -> Iterator[dict[str, Any]]:
    """The figures of a step that is warm, then of as many as fit into the seconds."""
    for _ in range(WARM):
        work.step()
    steps, taken = 1, seconds_of(work, 1)
    yield figures(work, steps, taken)
    steps = max(2, min(50, round(seconds / taken)))
    yield figures(work, steps, seconds_of(work, steps))


def figures(work: Work, steps: int, taken: float) -> dict[str, Any]:
    """What so many steps in so many seconds come to."""
    count = dist.get_world_size() if dist.is_initialized() else 1
    cuda = work.device.type == "cuda"
    peak = torch.cuda.max_memory_allocated(work.device) / 2**30 if cuda else 0.0
    return {
        "processes": count, "steps": steps, "samples a second": round(count * work.samples * steps / taken, 3),
        "seconds a step": round(taken / steps, 4), "samples a step": count * work.samples,
        "peak GiB of a process": round(agreed(peak), 2), **work.facts,
        "device": torch.cuda.get_device_name(work.device) if cuda else "cpu", "torch": torch.__version__,
    }  # fmt: skip


def report(work: Work, chosen: argparse.Namespace) -> None:
    """Print each measurement as soon as it is there, once for all processes."""
    for found in measured(work, 0.5 if chosen.toy else chosen.seconds):
        if not dist.is_initialized() or dist.get_rank() == 0:
            print(json.dumps({"what": chosen.what, **found}), flush=True)


def main(argv: list[str]) -> int:
    """Measure as the command line says."""
    from engine.train.ranks import joined

    chosen = parser().parse_args(argv)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    if chosen.what == "critic":
        report(critic(chosen), chosen)
        if dist.is_initialized():
            dist.destroy_process_group()
        return 0
    with joined(chosen.device) as (ranks, device):
        report(forward(chosen, ranks, device), chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
