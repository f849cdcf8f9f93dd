"""One model for each job, for machines of one size. Data, held against the model table by the tests.

A model fits where its least memory, held in whatever way, does: a card of 16 GB takes Wan 2.2 5B layer by layer. Only
rows of the table are named, and for every job one, if any of them fits; what ships serves where nothing else does.
A preset is proposed, and used when the person says so: see engine.shelf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.models.profiles import POCKET
from engine.types import ModelProfile, Request, Settings, Stage, Task

AS_TYPED: Final = "as typed"
_SLACK_GIB: Final = 0.5
"""What a card of a round size lacks of it, by its driver's count and for the driver's own use."""
_FITTERS: Final = ("frame_fitter", "video_fitter")
"""Agents that bring what was uploaded to the size of the model that makes the road's video."""
_FILMING: Final = ("image_to_video", "extender", "connector", "video_editor")
_SMALL: Final[Mapping[str, str]] = {**dict.fromkeys(POCKET.jobs, POCKET.name), "detector": "grounding-dino-tiny"}
_TO_8: Final[Mapping[str, str]] = {
    **_SMALL,
    "text_to_image": "sdxl",
    "image_editor": "flux2-klein-4b",
    "inpainter": "sdxl-inpainting",
    **dict.fromkeys(("image_to_video", "extender", "connector"), "ltx-0.9.5"),
}
_TO_12: Final[Mapping[str, str]] = {
    **_TO_8,
    "text_to_image": "flux2-klein-4b",
    **dict.fromkeys(("image_to_video", "extender", "connector", "video_editor"), "wan2.1-vace-1.3b"),
}
_TO_16: Final[Mapping[str, str]] = {
    **_TO_12,
    "text_to_image": "z-image-turbo",
    "image_to_video": "wan2.2-5b",
    "extender": "wan2.2-5b",
    "detector": "grounding-dino-base",
}
_TO_48: Final[Mapping[str, str]] = {
    **_TO_16,
    "image_editor": "qwen-image-edit-2511",
    "image_to_video": "wan2.2-a14b",
    "extender": "wan2.2-a14b",
    "connector": "wan2.2-a14b",
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of models for machines of one size."""

    name: str
    """Stable, kept in the settings."""
    title: str
    """What a person reads."""
    gpu_gib: float
    """Memory of the GPU that it is for; 0: none."""
    models: Mapping[str, str]
    """Job -> name of the row."""


PRESETS: Final = (
    Preset("pocket", POCKET.title, 0, _SMALL),
    Preset("8", "8 GB", 8, _TO_8),
    Preset("12", "12 GB", 12, _TO_12),
    Preset("16", "16 GB", 16, _TO_16),
    Preset("24", "24 GB", 24, _TO_16),
    Preset("48", "48 GB", 48, _TO_48),
    Preset("80", "80 GB and more", 80, _TO_48),
)
"""The smallest first."""


def least_gib(row: ModelProfile) -> float:
    """Memory on the device that a row asks for, held in whatever way asks for least."""
    return min((row.memory_gib, *row.memory_by_mode.values()))


def fits(row: ModelProfile, preset: Preset) -> bool:
    """Whether a preset may name a row: without a GPU only what needs none."""
    return not row.gpu or (preset.gpu_gib > 0 and least_gib(row) <= preset.gpu_gib - _SLACK_GIB)


def for_machine(gpu_gib: float | None) -> Preset:
    """The largest preset that a machine's GPU has the memory for."""
    room = (gpu_gib or 0.0) + _SLACK_GIB
    return [preset for preset in PRESETS if preset.gpu_gib <= room][-1]


def named(name: str) -> Preset | None:
    """The preset of this name."""
    return next((preset for preset in PRESETS if preset.name == name), None)


def begun_with(preset: Preset, request: Request, task: Task, choosable: Iterable[ModelProfile]) -> Request:
    """A new request whose stages use a preset's models; unchanged unless all that its road needs can be chosen.

    So no road is begun with half of the models, and none is replaced in silence. What the request says itself stays.
    The prompt is then taken as it was typed, unless the request says who writes: models of the whole world need none
    of the pocket world's words.
    """
    rows = _rows(preset, choosable)
    drawing = [stage for stage in task.stages if stage.agent in preset.models]
    found = {stage.name: _row_for(stage, preset, rows) for stage in drawing}
    chosen = {stage: row for stage, row in found.items() if row is not None and row.name != POCKET.name}
    if not drawing or len(chosen) < len(drawing):
        return request
    film = next((chosen[stage.name] for stage in drawing if stage.agent in _FILMING), None)
    added: dict[str, Settings] = {stage: {"profile": row.name} for stage, row in chosen.items()}
    for stage in task.stages:
        if stage.agent in _FITTERS and film is not None:
            added[stage.name] = {"profile": film.name}
        elif stage.agent == "prompt_writer":
            added[stage.name] = {"writer": AS_TYPED}
    named = dict(request.settings)
    for stage in task.stages:
        given = named.get(stage.name, {})
        if stage.name in added and not given.keys() & added[stage.name].keys():
            named[stage.name] = {**added[stage.name], **_kept(given, chosen.get(stage.name))}
    return replace(request, settings=named)


def _rows(preset: Preset, choosable: Iterable[ModelProfile]) -> Mapping[str, ModelProfile]:
    return {row.name: row for row in choosable if row.name in preset.models.values()}


def _kept(given: Settings, row: ModelProfile | None) -> Settings:
    """What a request says of a stage, without a length that the row does not have."""
    lengths = () if row is None else row.frame_counts
    return {name: value for name, value in given.items() if name != "frames" or not lengths or value in lengths}


def _row_for(stage: Stage, preset: Preset, rows: Mapping[str, ModelProfile]) -> ModelProfile | None:
    """The job's model, or another of the preset's that can, where the stage asks for a last image."""
    arrives = any(need.name == "last_image" for need in stage.needs)
    names: Sequence[str] = (preset.models[stage.agent], *preset.models.values())
    for row in (rows[name] for name in names if name in rows):
        if stage.agent in row.jobs and (not arrives or "last_image" in row.honours):
            return row
    return None
