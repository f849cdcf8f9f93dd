"""Lessons that wait on the device: a ring, so that what was costly to draw is learnt from several times."""

from __future__ import annotations

from collections.abc import Mapping

import torch

Rows = Mapping[str, torch.Tensor]
"""Tensors by name, with a row for each lesson."""


class Ring:
    """Rows on one device; the newest take the places of the oldest."""

    def __init__(self, capacity: int) -> None:
        """capacity: lessons that are kept."""
        self._capacity = capacity
        self._kept: dict[str, torch.Tensor] = {}
        self._next = self._held = 0

    def __len__(self) -> int:
        return self._held

    def add(self, rows: Rows) -> None:
        """Keep these rows; all of a ring's have the same names and shapes."""
        count = 0
        for name, values in rows.items():
            if name not in self._kept:
                self._kept[name] = values.new_empty((self._capacity, *values.shape[1:]))
            count = len(values)
            places = (torch.arange(count, device=values.device) + self._next) % self._capacity
            self._kept[name][places] = values
        self._next = (self._next + count) % self._capacity
        self._held = min(self._capacity, self._held + count)

    def pick(self, count: int) -> dict[str, torch.Tensor]:
        """Any rows, so many. Raises ValueError while the ring is empty."""
        if not self._held:
            raise ValueError("the ring is empty: add some rows first")
        device = next(iter(self._kept.values())).device
        places = torch.randint(self._held, (count,), device=device)
        return {name: values[places] for name, values in self._kept.items()}
