"""LoRAs as they are named: `sketch`, `sketch@0.8, owner/name@1`, and with the hash that a take was made with.

A name is a file's in GREENLIGHT_HOME/loras, without its `.safetensors`, or a repository's in the hub's cache; a row of
the table may also say a path. What comes from a page is never a path. Loads at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from engine.errors import SettingError

WEIGHTS: Final = (-2.0, 2.0)
"""The least and the most that a LoRA can count."""
MOST: Final = 4
"""LoRAs that one model wears."""
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,119}(/[A-Za-z0-9][\w.-]{0,119})?", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_FORM: Final = "NAME@WEIGHT, NAME@WEIGHT"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One LoRA as it was asked for."""

    name: str
    """Of a file, a repository, or a path where a row says so."""
    weight: float = 1.0
    """How much it counts; 0: not at all."""
    sha256: str = ""
    """What its file must be; empty: whatever is there."""

    def __str__(self) -> str:
        return f"{self.name}@{self.weight:g}{self.sha256 and '#'}{self.sha256}"


def parse(text: str, *, paths: bool = False) -> tuple[Wanted, ...]:
    """The LoRAs that a setting names; none for an empty one.

    paths: whether a path may stand for a name. Raises SettingError for anything else, a weight out of its range, one
    that is named twice, and more than MOST.
    """
    found = tuple(_one(part.strip(), paths) for part in text.split(",") if part.strip())
    names = [one.name for one in found]
    if len(set(names)) < len(names) or len(names) > MOST:
        limit = f"each once, at most {MOST}"
        raise SettingError("These LoRAs cannot be worn together", "Name fewer.", value=text[:120], limit=limit)
    return found


def _one(text: str, paths: bool) -> Wanted:
    """Raises SettingError."""
    rest, _, sha256 = text.partition("#")
    name, at, number = rest.rpartition("@")
    name, number = (name, number) if at else (rest, "1")
    named = _NAME.fullmatch(name) or (paths and name.endswith(".safetensors"))
    if not named or not (sha256 == "" or _HASH.fullmatch(sha256)):
        raise SettingError(
            "This names no LoRA", f"Use {_FORM}.", value=text[:120], limit="a file in loras, or owner/name"
        )
    try:
        weight = float(number)
    except ValueError:
        weight = float("nan")
    if not WEIGHTS[0] <= weight <= WEIGHTS[1]:
        limit = f"{WEIGHTS[0]:g} to {WEIGHTS[1]:g}"
        raise SettingError("The weight of a LoRA is out of range", f"Use {limit}.", value=text[:120], limit=limit)
    return Wanted(name, weight, sha256)
