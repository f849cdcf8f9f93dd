"""What a model cannot do, said before anything is loaded: a last frame that it would not look at, a clip it can't see.

Pure functions of a profile and a script; loads at once.
"""

from __future__ import annotations

from engine.errors import WishError
from engine.models.driving.driver import Rules
from engine.models.driving.table import driver_of
from engine.models.script import Sampling, Script
from engine.types import ModelProfile

_OTHER = "Choose another model for this stage."


def check(profile: ModelProfile, script: Script, sampling: Sampling) -> None:
    """Raise WishError for anything in the script that the model would ignore or could not take."""
    rules = driver_of(profile).rules
    _check_shape(profile, rules, sampling)
    _check_source(profile, rules, script)
    _check_known(profile, rules, script, sampling.frames)


def unheard(profile: ModelProfile, script: Script) -> str:
    """A sentence on what words of the script the model does not read; empty where it reads them all."""
    if "prompt" not in profile.honours:
        return f"{profile.title} reads no words: it moves the picture as it likes."
    if script.avoid.strip() and "negative_prompt" not in profile.honours:
        return f"{profile.title} does not read what to avoid."
    return ""


def _check_shape(profile: ModelProfile, rules: Rules, sampling: Sampling) -> None:
    width, height = sampling.width, sampling.height
    if width % rules.multiple or height % rules.multiple or width * height > rules.most_pixels:
        limit = f"multiples of {rules.multiple}, at most {rules.most_pixels:,} pixels"
        raise _refusal(profile, "does not make pictures of this size", f"{width} x {height}", limit)
    if sampling.frames == 1:
        if not rules.stills:
            raise _refusal(profile, "makes videos, no single pictures", "1 frame")
    elif rules.frame_step is None:
        raise _refusal(profile, "makes single pictures, no videos", f"{sampling.frames} frames")
    elif (sampling.frames - 1) % rules.frame_step:
        limit = f"a multiple of {rules.frame_step} and one more"
        raise _refusal(profile, "does not make videos of this length", f"{sampling.frames} frames", limit)


def _check_source(profile: ModelProfile, rules: Rules, script: Script) -> None:
    if script.source is None:
        if not rules.sourceless:
            raise _refusal(profile, "changes a picture, and there is none")
        return
    use = "edit" if script.source.shown else "fill"
    if use not in rules.uses:
        able = {"edit": "edit what is there already", "fill": "fill in a part of what is there already"}
        raise _refusal(profile, f"cannot {able[use]}")
    if rules.needs_mask and script.source.change is None:
        raise _refusal(profile, "changes only what a mask opens, and there is no mask")


def _check_known(profile: ModelProfile, rules: Rules, script: Script, frames: int) -> None:
    if script.known and frames == 1 and not rules.anywhere:
        raise _refusal(profile, "makes a picture from words alone, and cannot begin with one")
    if rules.begins and 0 not in script.known:
        raise _refusal(profile, "must be given the picture that it begins with", "no first frame")
    for run in script.runs:
        at_end, at_begin = run.stop == frames, run.start == 0
        if at_end and not at_begin and "last_image" not in profile.honours:
            raise _refusal(profile, "cannot be told how the video ends", "a last frame")
        if not (at_begin or at_end or rules.anywhere):
            raise _refusal(profile, "takes known frames only at the ends of a clip", f"frame {run.start + 1}")
        if profile.contexts and len(run) not in profile.contexts:
            limit = " or ".join(str(count) for count in sorted(profile.contexts))
            raise _refusal(profile, "cannot go on from so many frames at once", f"{len(run)} frames", limit)


def _refusal(profile: ModelProfile, what: str, value: str = "", limit: str = "") -> WishError:
    return WishError(f"{profile.title} {what}", _OTHER, value=value, limit=limit)
