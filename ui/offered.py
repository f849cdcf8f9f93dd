"""Which settings of a stage the page offers, and what is in force where a person says nothing."""

from __future__ import annotations

from collections.abc import Iterable

from engine.seen import ProjectView
from engine.types import ModelProfile, Settings, Stage

_DRAWN = ("seed", "steps", "guidance_scale")
_MOTION = ("heading", "speed")
SETTINGS: dict[str, tuple[str, ...]] = {
    "prompt_writer": ("writer",),
    "text_to_image": _DRAWN,
    "frame_fitter": ("fit",),
    "video_fitter": ("fit",),
    "image_to_video": (*_DRAWN, "frames", *_MOTION),
    "extender": (*_DRAWN, "match_colour", *_MOTION),
    "connector": (*_DRAWN, "frames", "method", "match_colour"),
    "mask_maker": ("grow", "feather", "invert"),
    "inpainter": _DRAWN,
    "image_editor": (*_DRAWN, "strength"),
    "video_editor": (*_DRAWN, "strength"),
}
"""Agent -> the settings of its stages that the page offers."""
DEFAULTS: Settings = {
    "heading": "none",
    "speed": "none",
    "method": "generated",
    "match_colour": True,
    "strength": 1.0,
    "grow": 4,
    "feather": 0,
    "invert": False,
}
"""What a setting is where nothing says otherwise."""


def settings_of(stage: Stage) -> tuple[str, ...]:
    """Names of the settings that a stage's agent understands, as far as the page offers them."""
    return SETTINGS.get(stage.agent, ())


def profile_of(profiles: Iterable[ModelProfile], stage: Stage) -> ModelProfile | None:
    """The model that serves a stage: the one that it names, else the first that can do its job."""
    able = [profile for profile in profiles if stage.agent in profile.jobs]
    return next((each for each in able if each.name == stage.settings.get("profile")), next(iter(able), None))


def in_force(view: ProjectView, stage: Stage, profile: ModelProfile | None) -> Settings:
    """The settings that a new take of a stage would get: the model's, the stage's, the request's."""
    lengths = {"frames": profile.frame_counts[0]} if profile and profile.frame_counts else {}
    own = view.request.settings.get(stage.name, {})
    return {**DEFAULTS, **lengths, **(profile.defaults if profile else {}), **stage.settings, **own}


def lengths(profile: ModelProfile | None) -> list[tuple[str, int]]:
    """Clip lengths that a model offers, shortest first: what a person reads, and the frames."""
    if profile is None:
        return []
    fps = profile.fps or 8
    return [(f"{frames / fps:.1f} s", frames) for frames in sorted(profile.frame_counts)]
