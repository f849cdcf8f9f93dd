"""The settings of a stage: which ones each agent's stages have, and what each may be.

What is not here a person cannot set: `form`, `direction` and the like follow from the request's options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine import checks
from engine.decisions import SEEDS
from engine.models.lora.naming import parse
from engine.models.memory import modes
from engine.models.script import OWN
from engine.models.speed import ways
from engine.panel import QUESTIONS
from engine.questionnaire import from_lines
from engine.types import Value
from engine.worlds import (
    ACTION,
    ACTION_CHARACTERS,
    INVERSE_MODEL,
    LANGUAGE_MODEL,
    ONWARD,
    PLAN,
    REMEMBERS,
    WITNESS,
    plan_of,
)

_DRAWN = ("profile", "takes", "seed", "steps", "guidance_scale", "loras", "memory", "sooner", "gpus")
_JUDGED = ("critic", QUESTIONS)
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "prompt_writer": ("writer", "profile", "seed"),
    "text_to_image": _DRAWN,
    "frame_fitter": ("profile", "fit", "seed"),
    "image_to_video": (*_DRAWN, *OWN, "frames", "heading", "speed", *_JUDGED),
    "video_fitter": ("profile", "fit", "seed"),
    "extender": (*_DRAWN, "frames", "context", "match_colour", "heading", "speed", *_JUDGED),
    "connector": (*_DRAWN, "frames", "context", "match_colour", "method", *_JUDGED),
    "detector": ("profile", "seed", "threshold"),
    "mask_maker": ("profile", "seed", "room", "grow", "feather", "invert"),
    "mask_tracker": ("profile", "seed"),
    "inpainter": (*_DRAWN, "feather"),
    "image_editor": (*_DRAWN, "strength"),
    "video_editor": (*_DRAWN, "strength", *_JUDGED),
    "background_refiner": ("profile", "seed"),
    "film_cutter": ("seed",),
    "film_returner": ("seed",),
    "world_stepper": ("profile", "takes", "seed", ACTION, ONWARD, PLAN, REMEMBERS, WITNESS),
    "world_filmer": ("seed",),
    "action_namer": ("seed",),
}
"""Agent -> names of the settings that a stage of it has."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "writer": ("offline", "language model", "as typed"),
    "fit": ("crop", "letterbox"),
    "heading": ("none", "left", "right", "up", "down"),
    "room": ("as said", "none", "left", "right", "up", "down"),
    "speed": ("none", "slow", "quick"),
    "method": ("generated", "cross-fade"),
    "memory": modes.NAMES,
    "sooner": ways.NAMES,
}
"""Setting -> the words that it may be."""
WHOLE: Mapping[str, tuple[int, int]] = {
    "seed": (0, SEEDS - 1),
    "steps": (1, 50),
    "gpus": (1, 64),
    "context": (1, 24),
    "grow": (-32, 64),
    "feather": (0, 32),
    "motion_bucket": (1, 255),
    "decode_chunk": (1, 64),
}
"""Setting -> the whole numbers that it may be, least and most."""
NUMBERS: Mapping[str, tuple[float, float]] = {
    "guidance_scale": (1.0, 12.0),
    "strength": (0.0, 1.0),
    "threshold": (0.1, 0.99),
    "noise_augmentation": (0.0, 1.0),
}
"""Setting -> the numbers that it may be, least and most."""
SWITCHES = ("match_colour", "invert", "critic", REMEMBERS)
"""Settings that are on or off."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WITNESS = re.compile(rf"{INVERSE_MODEL}|{LANGUAGE_MODEL}|[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def check(name: str, value: Value) -> None:
    """Raise SettingError for a value out of its range; nothing for a setting that only a model's profile can judge."""
    what = f"The setting {name}"
    if any("\ud800" <= character <= "\udfff" for character in str(value)):  # which no page could show any more
        raise checks.wrong(f"{what} holds half a character", ascii(value)[:40], "whole characters")
    if name in CHOICES:
        checks.choice(what, value, CHOICES[name])
    elif name in WHOLE:
        checks.whole(what, value, WHOLE[name])
    elif name in NUMBERS:
        checks.number(what, value, NUMBERS[name])
    elif name in SWITCHES:
        checks.switch(what, value)
    elif name == "loras":
        parse(str(value or ""))
    elif name == QUESTIONS and value:
        from_lines(str(value))
    elif name == PLAN and value:
        plan_of(str(value))
    elif name == WITNESS and value and not _WITNESS.fullmatch(str(value)):
        limit = f"{INVERSE_MODEL}, {LANGUAGE_MODEL}, or owner/name of a fetched model that sees"
        raise checks.wrong("Nobody is called so who could say how likely a state is", str(value)[:80], limit)
    elif name == ONWARD and value is not None and not _DIGEST.fullmatch(str(value)):
        raise checks.wrong(
            "The state to go on from has no such name", str(value)[:80], "the digest of one of its files"
        )
    elif name == ACTION and len(str(value or "")) > ACTION_CHARACTERS:
        raise checks.wrong("The action is too long", f"{len(str(value))} characters", f"{ACTION_CHARACTERS} characters")
