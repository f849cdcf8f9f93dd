"""Values that a person chose, checked: each error says what cannot be, what was given, and what can."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import SettingError
from engine.types import Value


def choice(what: str, value: Value, choices: Sequence[Value]) -> None:
    """Raise SettingError for anything but one of the choices."""
    if value not in choices or isinstance(value, bool):
        raise wrong(f"{what} cannot be that", value, ", ".join(str(one) for one in choices))


def whole(what: str, value: Value, limits: tuple[int, int]) -> None:
    """Raise SettingError for anything but a whole number from the least to the most."""
    if not isinstance(value, int) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
        raise wrong(f"{what} must be a whole number in its range", value, f"{limits[0]} to {limits[1]}")


def number(what: str, value: Value, limits: tuple[float, float]) -> None:
    """Raise SettingError for anything but a number from the least to the most."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
        raise wrong(f"{what} must be a number in its range", value, f"{limits[0]:g} to {limits[1]:g}")


def switch(what: str, value: Value) -> None:
    """Raise SettingError for anything but yes or no."""
    if not isinstance(value, bool):
        raise wrong(f"{what} is on or off", value, "true or false")


def wrong(what: str, value: Value, limit: str) -> SettingError:
    """The error for a value that is none of those that can be."""
    return SettingError(what, f"Use {limit}.", value=str(value)[:60], limit=limit)
