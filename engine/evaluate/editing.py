"""Editing by instruction: the asked change done, everything else left alone, the source's motion carried over.

The road is the studio's: the detector finds what the instruction names, its mask follows the thing through the clip,
the first frame is edited, then the clip. An instruction that names no thing ("make it night") lets all of it change.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from engine.agent import Input
from engine.errors import MaskError
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.judge import Seen
from engine.evaluate.workbench import Workbench, mp4, png, stored
from engine.pocket.changes import Edit, apply
from engine.pocket.edits import instruction, sample_edit
from engine.pocket.region import regions
from engine.pocket.world import Clip, sample_clip

KINDS = ("recolour", "replace", "scene", "remove")
"""What is asked for, in turn: "make the ball green", "turn the car into a boat", "make it night", "remove the star"."""
_WHOLE = ("scene", "style")
_WORST = 255.0**2


def asked(number: int) -> tuple[Clip, Edit]:
    """The number-th held-out clip (two things, so that something is left to keep) and an edit of its kind."""
    clip = sample_clip(number, held_out=True, things=2)
    rng = random.Random(f"asked/{number}")
    kind = KINDS[number % len(KINDS)]
    while True:
        edit = sample_edit(clip, rng)
        if edit.kind == kind:
            return clip, edit


def edited(bench: Workbench, clip: Clip, edit: Edit, seed: int) -> Frames:
    """The clip after the studio's road."""
    source = bench.truth(clip)
    words = instruction(edit, clip, random.Random(0), plain=True)
    image, video = png(source[0]), mp4(source)
    boxes = bench.make("detector", {"image": image, "words": words}, seed, {})
    mask = bench.make("mask_maker", {"boxes": boxes}, seed, {})
    track = bench.make("mask_tracker", {"video": video, "mask": mask}, seed, {})
    told: dict[str, Input] = {"instruction": words, "avoid": ""}
    first = bench.make("image_editor", {"image": image, "mask": mask, **told}, seed, {})
    return bench.film("video_editor", {"video": video, "image": first, "mask": track, **told}, seed, {})


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`done` and `motion kept`, 0 or 1; `outside`: PSNR where nothing should change, dB (not for a whole picture).

    Where the detector finds nothing, nothing is done and the other two are not there.
    """
    clip, edit = asked(number)
    words = instruction(edit, clip, random.Random(0), plain=True)
    try:
        made = edited(bench, clip, edit, seed)
    except MaskError:
        return Case({"done": 0.0, f"done: {edit.kind}": 0.0}, f"{words}: not found", {"source": bench.truth(clip)})
    return Case(_row(bench, number, made), words, {"source": bench.truth(clip), "made": made})


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the edited clip as the simulator draws it."""
    clip, edit = asked(number)
    return _row(bench, number, stored(bench.truth(apply(edit, clip))))


def _row(bench: Workbench, number: int, made: Frames) -> Row:
    clip, edit = asked(number)
    wanted = apply(edit, clip)
    seen = bench.look(made)
    done = float(_facts(seen) == {(t.noun, t.colour) for t in wanted.things} and seen.scene == wanted.scene)
    kept = float(_motions(seen) >= {(t.noun, t.motion) for t in wanted.things})
    row = {"done": done, "motion kept": kept, f"done: {edit.kind}": done}
    if edit.kind not in _WHOLE:
        still = ~regions(bench.renderer, [clip], [edit], len(made))[0].cpu().numpy()
        row["outside"] = outside(bench.truth(clip), made, still)
    return row


def outside(before: Frames, made: Frames, still: NDArray[np.bool_]) -> float:
    """PSNR of what was made against the source in the places `still` (frames, height, width), dB."""
    error = np.square(made[still].astype(np.float64) - before[still])
    return float(10 * np.log10(_WORST / max(float(error.mean()), 1e-6)))


def _facts(seen: Seen) -> set[tuple[str, str]]:
    return {(thing.noun, thing.colour) for thing in seen.things}


def _motions(seen: Seen) -> set[tuple[str, str]]:
    return {(thing.noun, thing.motion) for thing in seen.things}
