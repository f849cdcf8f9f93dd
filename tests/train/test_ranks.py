"""Two processes on the CPU learn as one would that has both of their batches, and end with the same weights."""

from __future__ import annotations

from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import pytest
import torch
import torch.distributed as dist

from engine.train.budget import Budget
from engine.train.learner import Learner
from engine.train.muon import BatchedMuon
from engine.train.ranks import Ranks, joined

PATIENCE = 240.0
"""Seconds for which one process waits for the other."""


class Part(Protocol):
    """What one of the processes does; its results go to the folder."""

    def __call__(self, ranks: Ranks, folder: Path) -> None: ...


def two(part: Part, folder: Path) -> list[list[torch.Tensor]]:
    """What each of two processes saved: this one, and one that it starts."""
    other = get_context("spawn").Process(target=_meet, args=(part, 1, folder))
    other.start()
    _meet(part, 0, folder)
    other.join(PATIENCE)
    assert other.exitcode == 0
    return [torch.load(folder / f"{rank}.pt") for rank in (0, 1)]


def _meet(part: Part, rank: int, folder: Path) -> None:
    meeting = f"file://{folder / 'meeting'}"
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=2, timeout=timedelta(seconds=PATIENCE))
    try:
        part(Ranks(rank, 2), folder)
    finally:
        dist.destroy_process_group()


def learned(ranks: Ranks, rows: slice) -> list[torch.Tensor]:
    """Weights and their average after some steps on these rows of the data; gradients are long enough to be clipped."""
    torch.manual_seed(0)
    inputs, wanted = torch.randn(8, 6), 30 * torch.randn(8, 4)
    first, second = torch.nn.Linear(6, 5), torch.nn.Linear(5, 4).double()
    weights = [*first.parameters(), *second.parameters()]
    optimizers = [BatchedMuon([first.weight], 0.1, 0.01), torch.optim.AdamW([first.bias, *second.parameters()], 0.1)]
    learner, budget = Learner(weights, optimizers, ranks=ranks), Budget(steps=5)
    while ranks.agree(budget.fraction if ranks.leads else 0.0) < 1:
        made = second(first(inputs[rows]).double())
        learner.step((made - wanted[rows]).pow(2).mean(), budget, 0.5)
    return [*learner.parameters, *learner.average]


def learn_a_half(ranks: Ranks, folder: Path) -> None:
    torch.save(learned(ranks, slice(ranks.rank, None, 2)), folder / f"{ranks.rank}.pt")


def train_a_generator(ranks: Ranks, folder: Path) -> None:
    from dataclasses import replace

    from diffusers import AutoencoderKL

    from engine.train import toys
    from engine.train.generator import GeneratorTrainer

    preset = replace(toys.GENERATOR, layers=1, text_layers=1)
    vae = AutoencoderKL.from_pretrained(folder)
    trainer = GeneratorTrainer(preset, vae, torch.device("cpu"), ranks)
    trainer.run(Budget(steps=3) if ranks.leads else Budget(minutes=1e-9), folder / "checkpoint.pt", 0)
    torch.save([*trainer.learner.parameters, torch.rand(3)], folder / f"{ranks.rank}.pt")


def test_the_mean_gradient_of_two_teaches_what_both_batches_teach_one(tmp_path: Path) -> None:
    first, second = two(learn_a_half, tmp_path)
    alone = learned(Ranks(), slice(None))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert all(torch.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(first, alone, strict=True))
    half = learned(Ranks(), slice(0, None, 2))
    assert not torch.allclose(first[0], half[0], rtol=1e-3, atol=1e-4), "the other half counts"


def test_who_is_alone_agrees_with_itself() -> None:
    with joined("cpu") as (ranks, device):
        assert ranks == Ranks()
        assert ranks.leads
        assert ranks.agree(0.25) == 0.25
        assert device == torch.device("cpu")


@pytest.mark.long
def test_two_processes_train_one_generator(tmp_path: Path) -> None:
    from engine.train import components

    components.autoencoder().save_pretrained(tmp_path)
    first, second = two(train_a_generator, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(first[:-1], second[:-1], strict=True))
    assert not torch.equal(first[-1], second[-1]), "each has noise of its own"
    assert torch.load(tmp_path / "checkpoint.pt")["step"] == 3


def train_an_autoencoder(ranks: Ranks, folder: Path) -> None:
    from engine.train import toys
    from engine.train.autoencoder import AutoencoderTrainer

    trainer = AutoencoderTrainer(toys.AUTOENCODER, torch.device("cpu"), 0, folder, ranks)
    trainer.run(Budget(steps=2) if ranks.leads else Budget(minutes=1e-9))
    torch.save([*trainer.learner.parameters, torch.rand(3)], folder / f"{ranks.rank}.pt")


@pytest.mark.long
def test_two_processes_train_one_autoencoder(tmp_path: Path) -> None:
    from engine.train import components

    components.autoencoder().save_pretrained(tmp_path)
    first, second = two(train_an_autoencoder, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(first[:-1], second[:-1], strict=True))
    assert not torch.equal(first[-1], second[-1]), "each has crops and noise of its own"
