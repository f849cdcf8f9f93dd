"""Stages that several roads share, and needs in one word: each a plain value, nothing is looked up.

Deterministic stages are tried once: a second try would give the same.
"""

from __future__ import annotations

from engine.types import Need, Request, Settings, Stage, Value

PROFILE: Settings = {"profile": "pocket"}
SCENE = ("scene", "motion", "avoid")
"""Fields of a prompt for a picture and what moves in it."""
SEEN = ("state", "motion", "avoid")
"""Fields of a prompt for what moves in a picture or video that is there already."""
WHOLE: Settings = {"fit": "letterbox"}
"""For a source that goes into the film: all of its picture is kept, and the bars are cut off again at the end."""


def said(name: str, field: str | None = None) -> Need:
    """A field of the prompt, under its own name or another one."""
    return Need(name, "prompt", field or name)


def brought(name: str, upload: str | None = None) -> Need:
    """What the person brought, under its own name or another one."""
    return Need(name, "request", upload or name)


def prompt(fields: tuple[str, ...] = SCENE, **settings: Value) -> Stage:
    """The writer's words; the settings say which form it should write."""
    return Stage(
        "prompt", "Prompt", "prompt_writer", "prompt", (Need("prompt", "request", "prompt"),), settings, fields
    )


def fitted_picture(name: str, title: str, upload: str) -> Stage:
    """An uploaded picture at the model's size."""
    settings = {**PROFILE, "fit": "crop"}
    return Stage(name, title, "frame_fitter", "image", (brought("image", upload),), settings, tries=1)


def fitted_video(name: str, title: str, upload: str, **settings: Value) -> Stage:
    """An uploaded video at the model's size and rate."""
    settings = {**PROFILE, "fit": "crop", **settings}
    return Stage(name, title, "video_fitter", "video", (brought("video", upload),), settings, tries=1)


def trim(request: Request, prefix: str = "") -> Settings:
    """From where to where an upload is used, as far as the request says."""
    names = (f"{prefix}start_seconds", f"{prefix}end_seconds")
    return {name: request.options[name] for name in names if request.options[name] is not None}


def moving(picture: str, *, motion: str = "motion", scene: str = "scene", name: str = "video") -> Stage:
    """A clip that begins with a picture and does what the prompt says."""
    needs = (Need("image", picture), said("scene", scene), said("motion", motion), said("avoid"))
    title = "Video" if name == "video" else name.replace("_", " ").capitalize()
    return Stage(name, title, "image_to_video", "video", needs, PROFILE)


def moved(**settings: Value) -> Stage:
    """The writer's words on what moves in what the person brought."""
    return prompt(SEEN, form="moving", **settings)


def extended(number: int, clip: str, words: tuple[str, str], anchor: str | None, direction: str) -> Stage:
    """Segment `number`: a clip goes on, or begins earlier, in the colours of its anchor.

    words: the prompt's fields that say what there is, and what moves.
    """
    scene, motion = words
    needs = (Need("clip", clip), said("scene", scene), said("motion", motion), said("avoid"))
    anchored = (Need("anchor", anchor),) if anchor else ()
    settings = {**PROFILE, "direction": direction}
    name, title = f"segment_{number}", f"Segment {number}"
    return Stage(name, title, "extender", "video", (*needs, *anchored), settings)


def returned(request: Request, mask: str | None = None) -> Stage:
    """The made video in the place of its source in the upload, where a mask over time says so."""
    needs = (Need("video", "video"), Need("clip", "source"), brought("upload", "video"))
    masked = (Need("mask", mask),) if mask else ()
    return Stage("film", "Film", "film_returner", "video", (*needs, *masked), trim(request), tries=1)


def film(clips: tuple[str, ...], uploads: tuple[Need, ...] = (), settings: Settings | None = None) -> Stage:
    """All clips as one, in playing order; an upload stands in for the clip that was made from it."""
    needs = tuple(Need(f"clip_{number}", clip) for number, clip in enumerate(clips, 1))
    return Stage("film", "Film", "film_cutter", "video", (*needs, *uploads), settings or {}, tries=1)
