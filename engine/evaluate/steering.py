"""Headings and speeds as controls beside the words: does the thing go there, and as fast?"""

from __future__ import annotations

from engine.agent import Input
from engine.evaluate.cases import Case, Row
from engine.evaluate.judge import Seen
from engine.evaluate.workbench import Workbench, clip_of, png, stored
from engine.pocket import grammar
from engine.pocket.steering import HEADINGS
from engine.pocket.world import Clip
from engine.types import Settings


def steered_clip(number: int) -> Clip:
    """A held-out clip in which one thing goes straight and has room for it, the headings in turn."""
    return clip_of(number, (HEADINGS[number % len(HEADINGS)],))


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`direction` and `speed`, 0 or 1. The words say nothing of either: they stand in the settings alone."""
    clip = steered_clip(number)
    thing = clip.things[0]
    start = bench.truth(clip)[0]
    words = f"the {thing.colour} {thing.noun} moves"
    inputs: dict[str, Input] = {
        "image": png(start),
        "scene": grammar.canonical_scene(clip),
        "motion": words,
        "avoid": "",
    }
    settings: Settings = {"heading": thing.motion, "speed": thing.speed}
    made = bench.film("image_to_video", inputs, seed, settings)
    asked = f"heading {thing.motion}, speed {thing.speed}: {words}"
    return Case(_row(clip, bench.look(made)), asked, {"key frame": start[None], "made": made})


def on_truth(bench: Workbench, number: int) -> Row:
    """What the judge sees of it in the clip as the simulator draws it."""
    clip = steered_clip(number)
    return _row(clip, bench.look(stored(bench.truth(clip))))


def _row(clip: Clip, seen: Seen) -> Row:
    wanted = clip.things[0]
    found = next((thing for thing in seen.things if thing.noun == wanted.noun), None)
    return {
        "direction": float(found is not None and found.motion == wanted.motion),
        "speed": float(found is not None and found.speed == wanted.speed),
    }
