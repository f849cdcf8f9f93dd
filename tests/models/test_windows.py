"""A tower that looks at all windows together sees what it saw one by one, and a large model's loss is of its answer."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from bench import sizes
from engine.models.windows import attend, look_together


@pytest.mark.parametrize("edges", [[0, 4, 8, 12], [0, 5, 6, 12], [0, 12]])
def test_each_window_is_attended_to_by_itself(edges: list[int]) -> None:
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 1, 2, 12, 8).unbind(0)
    longest = max(after - before for before, after in pairwise(edges))
    told = {"cu_seq_lens_q": torch.tensor(edges, dtype=torch.int32), "max_length_q": longest, "scaling": 0.3}
    found, _ = attend(None, query, key, value, None, **told)
    alone = [
        torch.nn.functional.scaled_dot_product_attention(query[:, :, a:b], key[:, :, a:b], value[:, :, a:b], scale=0.3)
        for a, b in pairwise(edges)
    ]
    assert torch.allclose(found, torch.cat(alone, 2).transpose(1, 2), atol=1e-6)


def test_a_tower_sees_the_same() -> None:
    torch.manual_seed(0)
    model = sizes.seeing(torch.device("cpu"), toy=True).model
    tower = model.model.visual.eval()
    grid = torch.tensor([[2, 6, 10]])
    pixels = torch.randn(2 * 6 * 10, 3 * 2 * 14 * 14)
    with torch.no_grad():
        together = tower(pixels, grid_thw=grid).pooler_output
        tower.config._attn_implementation = "sdpa"
        one_by_one = tower(pixels, grid_thw=grid).pooler_output
    assert torch.allclose(together, one_by_one, atol=1e-4)


def test_a_model_without_such_a_tower_is_left_alone() -> None:
    plain = torch.nn.Linear(1, 1)
    before = dict(vars(plain))
    look_together(plain)
    assert dict(vars(plain)) == before
