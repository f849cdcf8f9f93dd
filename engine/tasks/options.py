"""Choices about a whole road, checked: which values an option may have.

Pure; the recipes say which options they know, and the defaults. `None` stands for "not chosen" where it is the default.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine import checks
from engine.errors import SettingError
from engine.types import Recipe, Request, Settings, Value

CHOICES: Mapping[str, tuple[str, ...]] = {
    "direction": ("forwards", "backwards"),
    "world": ("voxel", "low-poly", "neon", "pixel art", "film 1920s", "pencil"),
}
"""Option -> the words that it may be."""
SEGMENTS = (1, 20)
"""Fewest and most segments of one film."""
_VIDEO = (0.0, 600.0)
NUMBERS: Mapping[str, tuple[float, float]] = {
    "strength": (0.0, 1.0),
    "seconds": (0.5, 30.0),
    "start_seconds": _VIDEO,
    "end_seconds": _VIDEO,
    "second_start_seconds": _VIDEO,
    "second_end_seconds": _VIDEO,
}
"""Option -> the numbers that it may be, least and most."""
SWITCHES = ("enhancer", "mask", "end_frame")
"""Options that are on or off."""


def complete(recipe: Recipe, request: Request) -> Settings:
    """The request's options with the recipe's defaults. Raises SettingError for an unknown name or a bad value."""
    for name, value in request.options.items():
        if name not in recipe.options:
            known = ", ".join(recipe.options) or "none"
            raise checks.wrong(f"{recipe.title} has no option {name[:40]}", value, known)
        if value is not None or recipe.options[name] is not None:
            _check(name, value)
    chosen = {**recipe.options, **request.options}
    for prefix in ("", "second_"):
        _check_span(chosen.get(f"{prefix}start_seconds"), chosen.get(f"{prefix}end_seconds"))
    return chosen


def _check(name: str, value: Value) -> None:
    what = f"The option {name}"
    if name == "segments":
        checks.whole(what, value, SEGMENTS)
    elif name in CHOICES:
        checks.choice(what, value, CHOICES[name])
    elif name in SWITCHES:
        checks.switch(what, value)
    else:
        checks.number(what, value, NUMBERS[name])


def _check_span(start: Value, end: Value) -> None:
    if isinstance(start, int | float) and isinstance(end, int | float) and end <= start:
        raise SettingError(
            "The video would end before it begins", "Choose a later end.", value=f"{start:g} to {end:g} seconds"
        )
