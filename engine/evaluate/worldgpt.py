"""WorldGPT against plain image to video, on the same pictures and prompts: what do its parts add?

The recipe's own switches leave out its enhancer, its mask, or its end frame; without an end frame it is plain image to
video. The paper's claim (arXiv:2403.07944) is that motion and end come out right more often with all of them.
"""

from __future__ import annotations

from engine.errors import MaskError
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.ending import MOVES, nearer
from engine.evaluate.metrics.adjacent_frames import adjacent_frames
from engine.evaluate.metrics.features import Footage
from engine.evaluate.pocket import score
from engine.evaluate.roads import Road, walk
from engine.evaluate.workbench import Workbench, clip_of, frames_of, png, stored
from engine.pocket import grammar
from engine.pocket.world import FPS, Clip
from engine.types import Settings

PLAIN = "no end frame"
WAYS: dict[str, Settings] = {
    "all on": {},
    "no enhancer": {"enhancer": False},
    "no mask": {"mask": False},
    PLAIN: {"end_frame": False},
}


def asked(number: int) -> Clip:
    """The number-th held-out clip in which one thing's motion makes another picture in the end."""
    return clip_of(number, MOVES)


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`motion: …` and `end: …`, 0 or 1, for every way that the agents here can go; `motion: gain` and `end: gain`: by
    how much the whole recipe is better than plain image to video, -1, 0 or 1; `consistency: …`, how alike neighbouring
    frames are, -1..1, with the bench's features.

    Where a mask stays empty, the road ends there, and neither is right.
    """
    clip = asked(number)
    truth = bench.truth(clip)
    typed = f"{grammar.canonical_scene(clip)}. {grammar.canonical_motion(clip)}."
    row: dict[str, float] = {}
    strips = {"truth": truth}
    for way, options in WAYS.items():
        if way == "no mask" and "image_editor" not in bench.agents:
            continue
        try:
            made = frames_of(walk(bench, Road("worldgpt", typed, {"image": png(truth[0])}, options), seed)["video"])
        except MaskError:
            row |= {f"motion: {way}": 0.0, f"end: {way}": 0.0}
            continue
        row |= {f"{name}: {way}": right for name, right in _right(bench, clip, made).items()}
        if bench.encoder is not None:
            row[f"consistency: {way}"] = adjacent_frames(Footage(made, FPS), bench.encoder)
        strips[way] = made
    for name in ("motion", "end"):
        row[f"{name}: gain"] = row[f"{name}: all on"] - row[f"{name}: {PLAIN}"]
    return Case(row, typed, strips)


def on_truth(bench: Workbench, number: int) -> Row:
    """What the judge sees of it in the clip as the simulator draws it."""
    clip = asked(number)
    right = _right(bench, clip, stored(bench.truth(clip)))
    return {f"{name}: {way}": value for way in WAYS for name, value in right.items()}


def _right(bench: Workbench, clip: Clip, made: Frames) -> dict[str, float]:
    """Whether the thing moves as asked; and whether the last frame shows it, in its colour and scene, arrived."""
    last, truth = bench.look(made[-1]), bench.truth(clip)
    there = [(thing.noun, thing.colour) for thing in last.things] == [(t.noun, t.colour) for t in clip.things]
    arrived = there and last.scene == clip.scene and nearer(made[-1], truth[-1], truth[0])
    return {"motion": float(score(clip, bench.look(made))["motions"]), "end": float(arrived)}
