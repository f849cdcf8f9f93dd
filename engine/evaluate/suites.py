"""The prompt files of VBench and AIGCBench: what was asked for, which video answers it, and what is measured of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import BenchmarkError
from engine.evaluate.brought import brought
from engine.evaluate.metrics.table import METRICS
from engine.evaluate.naming import LONGEST, is_name

_MEND: Final = "Mend the file, or get the official one again."
VBENCH_DIMENSIONS: Final = (
    "subject_consistency", "background_consistency", "temporal_flickering", "motion_smoothness", "dynamic_degree",
    "aesthetic_quality", "imaging_quality", "object_class", "multiple_objects", "human_action", "color",
    "spatial_relationship", "scene", "appearance_style", "temporal_style", "overall_consistency",
)  # fmt: skip
"""As VBench_full_info.json has them; those that METRICS has under the same words are measured."""
_SAMPLES: Final = 5
"""Videos that VBench asks for of each prompt: `PROMPT-0.mp4` to `PROMPT-4.mp4`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One video that a suite asks for."""

    name: str
    """Of its file, without a suffix."""
    prompt: str
    metrics: tuple[str, ...]
    style: str = ""
    image: str = ""
    """Name of its picture's file."""


def vbench(path: Path) -> tuple[Asked, ...]:
    """What VBench_full_info.json asks for: `[{"prompt_en", "dimension", "auxiliary_info"}]`.

    A prompt that stands there twice, as some do in the official file, is one video with the dimensions of both.
    Source: Huang et al. (arXiv:2311.17982). Raises BenchmarkError.
    """
    asked: dict[str, Asked] = {}
    for entry in _entries(path):
        prompt = _text(entry, "prompt_en")
        dimensions = entry.get("dimension")
        if not isinstance(dimensions, list) or not dimensions:
            raise BenchmarkError("A prompt has not all of its fields", _MEND, value=f"{prompt[:60]}: dimension")
        unknown = [str(name) for name in dimensions if name not in VBENCH_DIMENSIONS]
        if unknown:
            raise BenchmarkError("The file has a dimension that VBench has not", _MEND, value=unknown[0])
        names = tuple(str(name).replace("_", " ") for name in dimensions)
        style = _style(entry)
        metrics = tuple(name for name in names if name in METRICS)
        for sample in range(_SAMPLES):
            name = _name(f"{prompt}-{sample}")
            before = asked.get(name, Asked(name, prompt, ()))
            together = tuple(dict.fromkeys((*before.metrics, *metrics)))
            asked[name] = Asked(name, prompt, together, style or before.style)
    return tuple(one for one in asked.values() if one.metrics)


def aigcbench(path: Path) -> tuple[Asked, ...]:
    """Pictures with their prompts, `[{"image", "prompt"}]`; a video is named as its picture.

    Source: Fan et al. (arXiv:2401.01651). Raises BenchmarkError.
    """
    metrics = tuple(name for name, metric in METRICS.items() if metric.suite == "aigcbench")
    pictures = [(_name(Path(_text(entry, "image")).name), _text(entry, "prompt")) for entry in _entries(path)]
    asked = [Asked(Path(image).stem, prompt, metrics, image=image) for image, prompt in pictures]
    names = [one.name for one in asked]
    if len({*names}) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BenchmarkError("A picture stands twice in the file", _MEND, value=twice)
    return tuple(asked)


def _style(entry: dict[str, Any]) -> str:
    """The words of a style; the official file has them two levels deep: `{NAME: {NAME: "oil painting"}}`."""
    found: Any = entry.get("auxiliary_info")
    while isinstance(found, dict):
        found = found.get("appearance_style")
    return found if isinstance(found, str) else ""


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    try:
        whole = json.loads(brought(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BenchmarkError("The file is no JSON", _MEND, value=str(error)[:120]) from error
    entries: Sequence[Any] = whole if isinstance(whole, list) else ()
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise BenchmarkError("The file holds no list of prompts", _MEND, value=path.name)
    yield from entries


def _name(text: str) -> str:
    """The name of a file in the folder that the person names."""
    if not is_name(text):
        limit = f"{LONGEST} bytes without a slash"
        raise BenchmarkError(
            "A prompt or picture cannot be the name of a file", _MEND, value=ascii(text[:80]), limit=limit
        )
    return text


def _text(entry: dict[str, Any], name: str) -> str:
    text = entry.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BenchmarkError("A prompt has not all of its fields", _MEND, value=name)
    return text
