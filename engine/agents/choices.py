"""A stage's settings as an agent reads them: each with its default, each checked. SettingError says what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from engine import checks
from engine.models.memory import modes
from engine.models.memory.modes import Mode
from engine.models.speed import ways
from engine.models.speed.ways import Way
from engine.types import Settings


def one_of(settings: Settings, name: str, options: Sequence[str]) -> str:
    """The chosen one of some words; the first where nothing is set. Raises SettingError for anything else."""
    value = options[0] if settings.get(name) is None else settings[name]
    checks.choice(_what(name), value, options)
    return str(value)


def number(settings: Settings, name: str, default: float, limits: tuple[float, float]) -> float:
    """A number from the least to the most. Raises SettingError for anything else."""
    value = default if settings.get(name) is None else settings[name]
    checks.number(_what(name), value, limits)
    return float(value or 0)


def whole(settings: Settings, name: str, default: int, limits: tuple[int, int]) -> int:
    """A whole number from the least to the most. Raises SettingError for anything else."""
    value = default if settings.get(name) is None else settings[name]
    checks.whole(_what(name), value, limits)
    return int(value or 0)


def flag(settings: Settings, name: str, default: bool) -> bool:
    """Yes or no. Raises SettingError for anything else."""
    value = default if settings.get(name) is None else settings[name]
    checks.switch(_what(name), value)
    return bool(value)


def _what(name: str) -> str:
    return f"The setting {name}"


def held_by(settings: Settings) -> Mode | None:
    """The setting `memory`: how the model is held; `None` where the estimate decides. Raises SettingError."""
    return modes.named(str(settings.get("memory") or modes.AUTOMATIC))


def sooner(settings: Settings) -> Way | None:
    """The setting `sooner`: what makes it quicker; `None` where the reckoning decides. Raises SettingError."""
    return ways.named(str(settings.get("sooner") or ways.AUTOMATIC))


def over(settings: Settings) -> int | None:
    """The setting `gpus`: over how many the run is spread; `None`: as many as there are, if it can be."""
    asked = settings.get("gpus")
    return asked if isinstance(asked, int) else None
