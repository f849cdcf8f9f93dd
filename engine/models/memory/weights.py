"""How large a model's weights will be on the device, told from the headers of their files; nothing is loaded.

A safetensors file begins with its header's length (8 bytes, little-endian) and the header, JSON: tensor name ->
format, shape, place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.errors import WeightsAlteredError
from engine.models.hub.choice import variant_of
from engine.models.trust import INDEX

DENOISERS: Final = ("transformer", "transformer_2", "unet")
"""Components that run at every step, block by block."""
DECODER: Final = "vae"
_BYTES: Final = {"float32": 4, "float16": 2, "bfloat16": 2}
_HEADER_LIMIT: Final = 100 * 2**20
"""More than any header has: what claims more is no safetensors file."""
_BLOCK: Final = re.compile(r"([^.]+\.\d+)\.")
"""A member of a list of blocks at a component's top, which is what diffusers moves as one."""
_AT_ONCE: Final = 2
"""Blocks on the device at a time: the one that computes, and the one that is on its way."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component's weights, in bytes on the device."""

    name: str
    whole_bytes: int
    """All of it."""
    group_bytes: int
    """The most that is there at once when it is moved block by block (a denoiser), or layer by layer."""
    fp8_whole_bytes: int
    """All of it with eight bits a weight, where it is a denoiser; else as before."""
    fp8_group_bytes: int
    """Its blocks so."""


class Component(NamedTuple):
    """Where one part of a pipeline lies."""

    name: str
    folder: Path
    variant: str | None
    """The precision that its files come in, where they come in several."""


def parts(folder: Path, formats: Mapping[str, str], borrowed: Mapping[str, Path] | None = None) -> tuple[Part, ...]:
    """The components of a pipeline's folder, and those that come from elsewhere. `formats`: component -> its number
    format on the device, and `default`.

    Raises WeightsAlteredError for a file without a header that can be read, OSError where it cannot be opened.
    """
    found = (_part(one, formats.get(one.name, formats["default"])) for one in components(folder, borrowed))
    return tuple(part for part in found if part.whole_bytes)


def components(folder: Path, borrowed: Mapping[str, Path] | None = None) -> Iterator[Component]:
    """A pipeline's parts; borrowed: component -> the folder that it comes from. Raises OSError, ValueError."""
    elsewhere = borrowed or {}
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    variant = variant_of(path.name for path in folder.rglob("*.safetensors"))
    for name, value in index.items():
        if isinstance(value, list) and name not in elsewhere and (folder / name).is_dir():
            yield Component(name, folder / name, variant)
    for name, own in elsewhere.items():
        yield Component(name, own, variant_of(path.name for path in own.glob("*.safetensors")))


def files_of(folder: Path, variant: str | None) -> tuple[Path, ...]:
    """The weights files of one component that are loaded: of a precision where it has one, else the plain ones."""
    every = sorted(folder.glob("*.safetensors"))
    of_variant = [path for path in every if variant is not None and variant in path.name.split(".")]
    plain = [path for path in every if variant_of([path.name]) is None]
    return tuple(of_variant or plain)


def headers(path: Path) -> Mapping[str, Any]:
    """Tensor name -> format, shape and place. Raises WeightsAlteredError for a file that has no such header."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        text = stream.read(length) if 0 < length <= _HEADER_LIMIT else b""
    try:
        found = json.loads(text)
        return {name: told for name, told in found.items() if name != "__metadata__" and told["shape"] is not None}
    except (ValueError, AttributeError, TypeError, KeyError):
        what = "A weights file does not begin as such files do"
        raise WeightsAlteredError(what, "Fetch the model again.", value=path.name) from None


def _part(one: Component, kind: str) -> Part:
    """One component, in a number format."""
    size, denoises = _BYTES[kind], one.name in DENOISERS
    sizes: dict[str, list[int]] = {}
    for name, shape in _shapes(one.folder, one.variant):
        block = _BLOCK.match(name) if denoises else None
        group = block.group(1) if block else "" if denoises else name
        count = math.prod(shape)
        stored = 1 if denoises and len(shape) > 1 else size  # vectors, norms among them, keep their format
        both = sizes.setdefault(group, [0, 0])
        both[0] += count * size
        both[1] += count * stored
    rest = sizes.pop("", [0, 0])
    plain, small = ((rest[at], [both[at] for both in sizes.values()]) for at in (0, 1))
    return Part(one.name, sum(plain[1]) + plain[0], _at_once(*plain), sum(small[1]) + small[0], _at_once(*small))


def _at_once(rest: int, groups: list[int]) -> int:
    """What stays there, and the largest groups."""
    return rest + sum(sorted(groups)[-_AT_ONCE:])


def _shapes(folder: Path, variant: str | None) -> Iterator[tuple[str, list[int]]]:
    """Every tensor's name and shape."""
    for path in files_of(folder, variant):
        for name, told in headers(path).items():
            yield name, told["shape"]
