"""The end key frame by masked generation: is the asked state reached, and everything outside the mask left alone?

Half of the cases end where a motion leads, the others with another colour or another thing. The road is WorldGPT's, up
to its end frame: once with the thing's true shape in place of what was found, once with what the detector finds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.boxes import Boxes, Thing
from engine.errors import MaskError
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.editing import outside
from engine.evaluate.judge import FRAMES
from engine.evaluate.roads import Road, walk
from engine.evaluate.workbench import Workbench, clip_of, picture_of, png
from engine.media.masks import decode_masks, run_lengths
from engine.pocket import grammar
from engine.pocket.changes import Edit, apply
from engine.pocket.edits import sample_edit
from engine.pocket.finding import box_of
from engine.pocket.moment import seen_at
from engine.pocket.region import regions
from engine.pocket.render import layout
from engine.pocket.vocabulary import MOTIONS
from engine.pocket.world import Clip
from engine.prompts import Prompt

KINDS = ("motion", "recolour", "motion", "replace")
"""What becomes of the picture, in turn."""
MOVES = ("left", "right", "up", "down", "roll", "grow", "shrink", "fall")
"""Motions after which the picture is another one."""


@dataclass(frozen=True)
class Asked:
    """A picture and what it should become."""

    before: Clip
    after: Clip
    """What the last frame shows, as a clip in which nothing moves."""
    edit: Edit | None
    """What is done to the picture; None where it is a motion that changes it."""


def asked(number: int) -> Asked:
    """The number-th case: a held-out clip of one thing, and its end."""
    kind = KINDS[number % len(KINDS)]
    if kind == "motion":
        clip = clip_of(number, MOVES)
        return Asked(clip, seen_at(clip, FRAMES - 1), None)
    clip, rng = clip_of(number, MOTIONS), random.Random(f"ending/{number}")
    edit = next(edit for edit in iter(lambda: sample_edit(clip, rng), None) if edit.kind == kind)
    return Asked(clip, seen_at(apply(edit, clip), 0), edit)


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`reached`, 0 or 1, and `outside`: PSNR outside the mask, dB; with `, found` behind, the same on what the
    detector found, if there is one: where it finds nothing, nothing is reached."""
    case = asked(number)
    start = bench.truth(case.before)[0]
    row: dict[str, float] = {}
    strips = {"key frame": start[None], "truth": wanted(bench, case)[None]}
    for name in ("", ", found") if "detector" in bench.agents else ("",):
        boxes = {} if name else {"boxes": _true_boxes(_region(bench, case), case.before)}
        try:
            made = walk(bench, _road(case, png(start), boxes), seed, until="end_frame")
        except MaskError:
            row[f"reached{name}"] = 0.0
            continue
        frame = picture_of(made["end_frame"])
        height, width = frame.shape[:2]
        kept = decode_masks(made["mask"], (width, height), 1) == 0
        row[f"reached{name}"] = float(reached(bench, case, frame))
        row[f"outside{name}"] = outside(start[None], frame[None], kept)
        strips[f"made{name}"] = frame[None]
    return Case(row, f"becomes: {grammar.canonical_scene(case.after)}", strips)


def on_truth(bench: Workbench, number: int) -> Row:
    """What the judge sees of the end as the simulator draws it."""
    case = asked(number)
    return {"reached": float(reached(bench, case, wanted(bench, case)))}


def wanted(bench: Workbench, case: Asked) -> Frames:
    """The last frame as it should be, (height, width, 3)."""
    frames = bench.truth(case.before) if case.edit is None else bench.truth(apply(case.edit, case.before))
    end: Frames = frames[-1 if case.edit is None else 0]
    return end


def reached(bench: Workbench, case: Asked, frame: Frames) -> bool:
    """Whether the judge sees the asked thing and scene, and the frame is nearer to the asked end than to the start."""
    seen = bench.look(frame)
    there = {(thing.noun, thing.colour) for thing in seen.things} == {(t.noun, t.colour) for t in case.after.things}
    arrived = nearer(frame, wanted(bench, case), bench.truth(case.before)[0])
    return there and seen.scene == case.after.scene and arrived


def nearer(frame: Frames, end: Frames, start: Frames) -> bool:
    """Whether a frame is more like the end than like the start, where the two differ."""
    differ = np.abs(end.astype(int) - start).max(axis=-1) > 24
    to_end, to_start = (np.square(frame[differ].astype(int) - other[differ]).mean() for other in (end, start))
    return bool(to_end < to_start)


def _road(case: Asked, image: bytes, boxes: dict[str, bytes]) -> Road:
    moving = case.before if case.edit is None else seen_at(case.before, 0)
    fields = {
        "keywords": grammar.keywords(case.before),
        "state": grammar.canonical_scene(case.before),
        "end": grammar.canonical_scene(case.after),
        "motion": grammar.canonical_motion(moving),
        "avoid": "",
    }
    return Road("worldgpt", fields["end"], {"image": image}, given={"prompt": Prompt("", fields).encode(), **boxes})


def _region(bench: Workbench, case: Asked) -> NDArray[np.bool_]:
    """The thing in the picture, (height, width); for an edit also what comes of it."""
    if case.edit is None:
        shape = bench.renderer.masks(layout([case.before], FRAMES))[0, 0, 0]
    else:
        shape = regions(bench.renderer, [case.before], [case.edit], 1)[0, 0]
    region: NDArray[np.bool_] = shape.cpu().numpy()
    return region


def _true_boxes(region: NDArray[np.bool_], clip: Clip) -> bytes:
    thing = Thing(grammar.keywords(clip), 1.0, box_of(region), run_lengths(region))
    return Boxes(region.shape[1], region.shape[0], (thing,), (0,)).encode()
