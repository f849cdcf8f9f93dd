"""A stage's settings as an agent reads them: each with its default, each checked. SettingError says what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from engine import checks
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
