"""Which settings of a stage the page offers, and what is in force where a person says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from engine.seen import ProjectView
from engine.types import ModelProfile, Settings, Stage

_DRAWN = ("profile", "seed", "steps", "guidance_scale", "loras", "sooner")
OWN = ("motion_bucket", "noise_augmentation", "decode_chunk")
"""What only models can be told whose defaults name it."""
_MOTION = ("heading", "speed")
_JUDGED = ("critic", "questions")
_OF_A_MODEL = ("steps", "guidance_scale", "frames", "loras")
"""What a stage says of these it says of its own model; another one has its own."""
SETTINGS: dict[str, tuple[str, ...]] = {
    "prompt_writer": ("writer",),
    "text_to_image": _DRAWN,
    "frame_fitter": ("profile", "fit"),
    "video_fitter": ("profile", "fit"),
    "image_to_video": (*_DRAWN, *OWN, "frames", *_MOTION, *_JUDGED),
    "extender": (*_DRAWN, "match_colour", *_MOTION, *_JUDGED),
    "connector": (*_DRAWN, "frames", "method", "match_colour", *_JUDGED),
    "detector": ("profile",),
    "mask_maker": ("room", "grow", "feather", "invert"),
    "inpainter": _DRAWN,
    "image_editor": (*_DRAWN, "strength"),
    "video_editor": (*_DRAWN, "strength", *_JUDGED),
    "world_stepper": ("seed", "action", "plan", "remembers", "witness"),
}
"""Agent -> the settings of its stages that the page offers."""
DEFAULTS: Settings = {
    "heading": "none",
    "speed": "none",
    "room": "as said",
    "method": "generated",
    "match_colour": True,
    "strength": 1.0,
    "grow": 4,
    "feather": 0,
    "invert": False,
    "loras": "",
    "sooner": "automatic",
    "critic": False,
    "questions": "",
    "action": "",
    "plan": "",
    "remembers": True,
    "witness": "inverse model",
}
"""What a setting is where nothing says otherwise."""


def settings_of(stage: Stage) -> tuple[str, ...]:
    """Names of the settings that a stage's agent understands, as far as the page offers them.

    Room to move is offered where something moves: an edit keeps the motion that its source has.
    """
    moves = any(need.name == "motion" for need in stage.needs)
    return tuple(name for name in SETTINGS.get(stage.agent, ()) if name != "room" or moves)


def models(profiles: Iterable[ModelProfile], stage: Stage) -> list[ModelProfile]:
    """The models that can serve a stage; for one that only fits to the next stage's size, all that make videos."""
    rows = list(profiles)
    fits = stage.agent in ("frame_fitter", "video_fitter")
    return [row for row in rows if (row.frame_counts if fits else stage.agent in row.jobs)]


def profile_of(
    profiles: Iterable[ModelProfile], stage: Stage, asked: Settings = MappingProxyType({})
) -> ModelProfile | None:
    """The model that serves a stage: the one asked for, the one that it names, or the first that can do its job."""
    able = models(profiles, stage)
    names = (asked.get("profile"), stage.settings.get("profile"))
    return next((each for name in names for each in able if each.name == name), next(iter(able), None))


def in_force(view: ProjectView, stage: Stage, profile: ModelProfile | None) -> Settings:
    """The settings that a new take of a stage would get: the model's, the stage's, the request's."""
    lengths = {"frames": profile.frame_counts[0]} if profile and profile.frame_counts else {}
    own = view.request.settings.get(stage.name, {})
    same = profile is None or profile.name == stage.settings.get("profile", profile.name)
    given = {name: value for name, value in stage.settings.items() if same or name not in _OF_A_MODEL}
    named = {"profile": profile.name} if profile else {}
    return {**DEFAULTS, **lengths, **(profile.defaults_for(stage.agent) if profile else {}), **given, **own, **named}


def lengths(profile: ModelProfile | None) -> list[tuple[str, int]]:
    """Clip lengths that a model offers, shortest first: what a person reads, and the frames."""
    if profile is None:
        return []
    fps = profile.fps or 8
    return [(f"{frames / fps:.1f} s", frames) for frames in sorted(profile.frame_counts)]
