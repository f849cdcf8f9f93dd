"""The ring keeps as much as it has room for, the newest in the places of the oldest."""

from __future__ import annotations

import pytest
import torch

from engine.train.ring import Ring


def rows(*numbers: int) -> dict[str, torch.Tensor]:
    values = torch.tensor(numbers)
    return {"number": values, "twice": torch.stack([values, values], 1)}


def test_the_newest_take_the_places_of_the_oldest() -> None:
    ring = Ring(4)
    for some in (rows(1, 2), rows(3), rows(4, 5)):
        ring.add(some)
    assert len(ring) == 4
    picked = ring.pick(64)
    assert set(picked["number"].tolist()) == {2, 3, 4, 5}
    assert torch.equal(picked["twice"], picked["number"][:, None].expand(-1, 2))


def test_an_empty_ring_has_nothing_to_pick() -> None:
    with pytest.raises(ValueError, match="empty"):
        Ring(4).pick(1)
