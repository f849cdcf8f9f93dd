"""The batched Muon does what torch's does."""

from __future__ import annotations

import torch

from engine.train.muon import BatchedMuon, orthogonalise


def test_it_follows_torchs_own_step_for_step() -> None:
    torch.manual_seed(0)
    shapes = [(8, 8), (4, 12), (12, 4), (8, 8)]
    ours = [torch.randn(shape, requires_grad=True) for shape in shapes]
    theirs = [matrix.detach().clone().requires_grad_() for matrix in ours]
    batched = BatchedMuon(ours, lr=0.02, weight_decay=0.1)
    single = torch.optim.Muon(theirs, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(4):
        for mine, its in zip(ours, theirs, strict=True):
            mine.grad = torch.randn_like(mine)
            its.grad = mine.grad.clone()
        batched.step()
        single.step()  # type: ignore[no-untyped-call]
    for mine, its in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, its, atol=2e-3, rtol=2e-2)


def test_singular_values_are_pushed_towards_one() -> None:
    values = torch.linalg.svdvals(orthogonalise(torch.randn(3, 6, 16)).float())
    assert values.min() > 0.4
    assert values.max() < 1.4
