"""Requests for every combination of every recipe's options."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from engine.tasks.table import RECIPES
from engine.types import Recipe, Request, Value

CHOICES: Mapping[str, Sequence[Value]] = {
    "segments": (1, 2, 20),
    "seconds": (0.5, 1.5, 4, 30.0),
    "direction": ("forwards", "backwards"),
    "world": ("voxel", "pixel art"),
    "strength": (0, 0.5, 1.0),
    "enhancer": (True, False),
    "mask": (True, False),
    "end_frame": (True, False),
    "start_seconds": (None, 1),
    "end_seconds": (None, 2.5),
    "second_start_seconds": (None, 0.0),
    "second_end_seconds": (None, 600.0),
}


def requests() -> Iterator[Request]:
    """One for every combination of options and of uploads that go together."""
    for recipe in RECIPES.values():
        for extra in _extras(recipe):
            uploads = {name: "" for name in (*recipe.asks, *extra) if name != "prompt"}
            for values in itertools.product(*(CHOICES[name] for name in recipe.options)):
                options = dict(zip(recipe.options, values, strict=True))
                yield Request(recipe.name, "a red ball rolls", uploads, options)


def _extras(recipe: Recipe) -> Sequence[tuple[str, ...]]:
    return recipe.either or [(), *((name,) for name in recipe.takes)]
