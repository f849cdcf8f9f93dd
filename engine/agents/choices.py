"""A stage's settings as an agent reads them: each with its default, each checked. Every error names what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import SettingError
from engine.types import Settings


def one_of(settings: Settings, name: str, options: Sequence[str]) -> str:
    """The chosen one of some words; the first where nothing is set. Raises SettingError for another word."""
    value = str(settings.get(name) or options[0])
    if value not in options:
        allowed = ", ".join(options)
        raise SettingError(f"There is no such {_plain(name)}", f"Choose one of {allowed}.", value=value, limit=allowed)
    return value


def number(settings: Settings, name: str, default: float, limits: tuple[float, float]) -> float:
    """A number from the lower to the upper limit, both included. Raises SettingError for another, or for no number."""
    value = settings.get(name)
    low, high = limits
    allowed = f"{low:g} to {high:g}"
    try:
        read = default if value is None or value == "" else float(value)
    except ValueError:
        read = float("nan")
    if not low <= read <= high:
        what = f"The {_plain(name)} is out of range"
        raise SettingError(what, f"Use {allowed}.", value=str(value)[:40], limit=allowed)
    return read


def whole(settings: Settings, name: str, default: int, limits: tuple[int, int]) -> int:
    """A whole number within limits, both included. Raises SettingError for another."""
    read = number(settings, name, default, limits)
    if read != int(read):
        raise SettingError(f"The {_plain(name)} must be a whole number", f"Use {int(read)}.", value=f"{read:g}")
    return int(read)


def flag(settings: Settings, name: str, default: bool) -> bool:
    """Yes or no."""
    value = settings.get(name)
    return default if value is None or value == "" else str(value).lower() not in ("false", "0", "no", "off")


def _plain(name: str) -> str:
    """A setting's name as a person reads it: `start_seconds` is `start seconds`."""
    return name.replace("_", " ")
