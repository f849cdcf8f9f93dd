"""LoRA files on this machine: found by name, hashed, and what they say of themselves. Loads no weights and no torch.

`GREENLIGHT_HOME/loras/NAME.safetensors`, with `NAME.toml` beside it where there is something to say: a few-step LoRA
wants its own `steps` and `guidance_scale`. One from the hub is fetched like a model, pinned to its commit, its file
checked against the hub's hash.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.errors import SettingError, WeightsAlteredError, WeightsMissingError, WeightsRefusedError
from engine.models.hub.kept import Kept
from engine.models.lora.naming import Wanted
from engine.models.manifest import digest
from engine.models.script import GUIDANCE, STEPS
from engine.types import Settings, Value

FOLDER: Final = "loras"
"""Below the settings folder."""
SUFFIX: Final = ".safetensors"
_LIMITS: Final = {"steps": STEPS, "guidance_scale": GUIDANCE}
_LONGEST_HEADER: Final = 100_000_000
_MADE_FOR: Final = ("modelspec.architecture", "ss_base_model_version", "ss_sd_model_name", "base_model")
"""Where trainers write down what they trained on."""


@dataclass(frozen=True)
class Lora:
    """A LoRA that is here."""

    wanted: Wanted
    """As it was asked for, with the hash that its file has."""
    path: Path
    defaults: Settings = field(default_factory=dict[str, Value])
    """What it wants to be run with: steps, guidance_scale; empty where it says nothing."""
    made_for: str = ""
    """The model that it says it was made for, as its trainer wrote it."""

    @property
    def label(self) -> str:
        """Name, weight and hash; no path."""
        name = self.path.stem if self.wanted.name.endswith(SUFFIX) else self.wanted.name
        return str(replace(self.wanted, name=name))


def names(home: Path) -> tuple[str, ...]:
    """What can be named: the files in GREENLIGHT_HOME/loras."""
    return tuple(sorted(path.stem for path in (home / FOLDER).glob(f"*{SUFFIX}") if path.is_file()))


def find(wanted: Sequence[Wanted]) -> tuple[Lora, ...]:
    """The LoRAs of these names.

    Raises WeightsMissingError, WeightsRefusedError for a file that is no LoRA, WeightsAlteredError for one that is not
    what the take was made with, SettingError for a wrong line in the TOML beside it, and what the hub's cache raises.
    """
    kept = Kept.from_environment(os.environ)
    return tuple(_found(one, kept) for one in wanted)


def _found(one: Wanted, kept: Kept) -> Lora:
    path = _path(one.name, kept)
    status = path.stat()
    sha256 = _hashed(path, status.st_size, status.st_mtime_ns)
    if one.sha256 not in ("", sha256):
        what = "The LoRA is not the one that the take was made with"
        remedy = "Put the right file back, or name it without its hash."
        raise WeightsAlteredError(what, remedy, value=f"{one.name}: sha256 {sha256}", limit=f"sha256 {one.sha256}")
    said = _header(path).get("__metadata__", {})
    made_for = next((str(said[key]) for key in _MADE_FOR if said.get(key)), "")
    return Lora(Wanted(one.name, one.weight, sha256), path, _defaults(path, said), made_for)


def _path(name: str, kept: Kept) -> Path:
    """Where a name leads: a file of one's own, or a repository's one file. Raises WeightsMissingError."""
    if name.endswith(SUFFIX) and (path := Path(name).expanduser()).is_absolute():
        found = [path]
    elif "/" in name:
        found = sorted(kept.locate(name).glob(f"*{SUFFIX}"))
    else:
        found = [kept.home / FOLDER / f"{name.removesuffix(SUFFIX)}{SUFFIX}"]
    if len(found) == 1 and found[0].is_file():
        return found[0]
    known = ", ".join(names(kept.home)) or "none"
    what = "No LoRA of this name is here"
    raise WeightsMissingError(what, f"Put {name}{SUFFIX} into the folder {FOLDER}.", value=name, limit=known)


@lru_cache(maxsize=64)
def _hashed(path: Path, size_bytes: int, changed_ns: int) -> str:
    """Sha256 of a file, read again only when its size or time has changed."""
    return digest(path)


def _header(path: Path) -> Mapping[str, Any]:
    """What a safetensors file says before its numbers. Raises WeightsRefusedError for one that is none."""
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(length)) if length <= _LONGEST_HEADER else None
    except (ValueError, OSError):
        header = None
    if not isinstance(header, dict) or not all(isinstance(one, dict) for one in header.values()):
        raise WeightsRefusedError("The file is not in safetensors' format", "Get it again.", value=path.name)
    return header


def _defaults(path: Path, said: Mapping[str, Any]) -> Settings:
    """Steps and guidance as the TOML beside the file says, else as its own metadata does. Raises SettingError."""
    beside = path.with_suffix(".toml")
    given: dict[str, Any] = {}
    for key in _LIMITS:
        try:
            given |= {key: float(said[f"greenlight.{key}"])}
        except (KeyError, ValueError, TypeError):
            continue
    if beside.is_file():
        try:
            given |= tomllib.loads(beside.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _wrong(beside, "The file cannot be read as TOML", str(error), "") from None
    for key, value in given.items():
        if key not in _LIMITS:
            raise _wrong(beside, "A key cannot be that", key, ", ".join(_LIMITS))
        least, most = _LIMITS[key]
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise _wrong(beside, f"{key} is out of range", str(value), f"{least:g} to {most:g}")
    return {key: int(value) if key == "steps" else float(value) for key, value in given.items()}


def _wrong(path: Path, what: str, value: str, limit: str) -> SettingError:
    return SettingError(f"{path.name}: {what}", "Mend the line.", value=value[:80], limit=limit)
