"""Digital worlds: a clip drawn anew in another style, with its things and its motion kept."""

from __future__ import annotations

import random
from dataclasses import replace

from engine.agent import Input
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.workbench import Workbench, mp4, png, stored
from engine.pocket.changes import Edit
from engine.pocket.edits import instruction
from engine.pocket.world import Clip, sample_clip

WORLDS = ("voxel", "low-poly", "neon", "pixel art")


def asked(number: int) -> tuple[Clip, str]:
    """The number-th held-out clip, with one thing or two, and the world that it should become, in turn."""
    return sample_clip(number, held_out=True, things=1 + number % 2), WORLDS[number % len(WORLDS)]


def restyled(bench: Workbench, clip: Clip, world: str, seed: int) -> Frames:
    """The clip after the studio's road: its first frame in the other style, then all of it."""
    source = bench.truth(clip)
    words = instruction(Edit("style", style=world), clip, random.Random(0), plain=True)
    told: dict[str, Input] = {"instruction": words, "avoid": ""}
    first = bench.make("image_editor", {"image": png(source[0]), **told}, seed, {})
    return bench.film("video_editor", {"video": mp4(source), "image": first, **told}, seed, {})


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`style` and `things and motion`, 0 or 1."""
    clip, world = asked(number)
    made = restyled(bench, clip, world, seed)
    return Case(_row(bench, number, made), f"in {world} style", {"source": bench.truth(clip), "made": made})


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the clip as the simulator draws it in that style."""
    clip, world = asked(number)
    return _row(bench, number, stored(bench.truth(replace(clip, style=world))))


def _row(bench: Workbench, number: int, made: Frames) -> Row:
    clip, world = asked(number)
    seen = bench.look(made)
    things = {(thing.noun, thing.colour, thing.motion) for thing in seen.things}
    return {
        "style": float(seen.style == world),
        "things and motion": float(things == {(t.noun, t.colour, t.motion) for t in clip.things}),
    }
