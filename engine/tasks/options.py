"""Choices about a whole road, checked: which values an option may have, and what to say about any other.

Pure; the recipes say which options they know, and the defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.errors import SettingError
from engine.types import Recipe, Request, Settings, Value

Check = Callable[[str, Value], None]
"""Name and value -> SettingError when it cannot be that."""


def complete(recipe: Recipe, request: Request) -> Settings:
    """The request's options with the recipe's defaults. Raises SettingError for an unknown name or a bad value."""
    for name, value in request.options.items():
        if name not in recipe.options:
            known = ", ".join(recipe.options) or "none"
            raise SettingError(
                f"{recipe.title} has no option {name[:40]}", f"Use {known}.", value=str(value)[:60], limit=known
            )
        CHECKS[name](name, value)
    return {**recipe.options, **request.options}


def _whole(least: int, most: int) -> Check:
    def check(name: str, value: Value) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise SettingError(
                f"The option {name} must be a whole number in its range",
                f"Use {least} to {most}.",
                value=str(value)[:60],
                limit=f"{least} to {most}",
            )

    return check


def _number(least: float, most: float) -> Check:
    def check(name: str, value: Value) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise SettingError(
                f"The option {name} must be a number in its range",
                f"Use {least:g} to {most:g}.",
                value=str(value)[:60],
                limit=f"{least:g} to {most:g}",
            )

    return check


def _choice(*choices: str) -> Check:
    def check(name: str, value: Value) -> None:
        if value not in choices:
            known = ", ".join(choices)
            raise SettingError(f"The option {name} cannot be that", f"Use {known}.", value=str(value)[:60], limit=known)

    return check


def _switch(name: str, value: Value) -> None:
    if not isinstance(value, bool):
        raise SettingError(f"The option {name} is on or off", "Use true or false.", value=str(value)[:60])


DIRECTIONS = ("forwards", "backwards")
WORLDS = ("voxel", "low-poly", "neon", "pixel art")
SEGMENTS = (1, 20)
"""Fewest and most segments of one film."""
SECONDS = (0.5, 30.0)
"""Least and most that a video is extended by."""
CHECKS: Mapping[str, Check] = {
    "segments": _whole(*SEGMENTS),
    "seconds": _number(*SECONDS),
    "direction": _choice(*DIRECTIONS),
    "world": _choice(*WORLDS),
    "strength": _number(0.0, 1.0),
    "enhancer": _switch,
    "mask": _switch,
    "end_frame": _switch,
}
"""Every option that some recipe has."""
