"""Text to video on the product's road: are the things there, in their colours, doing what the words say?"""

from __future__ import annotations

from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.pocket import psnr, score
from engine.evaluate.roads import Road, walk
from engine.evaluate.workbench import Workbench, frames_of, picture_of, stored
from engine.pocket import grammar
from engine.pocket.world import Clip, sample_clip
from engine.prompts import Prompt


def measure(bench: Workbench, number: int, seed: int, things: int) -> Case:
    """What engine.evaluate.pocket.score names, 0 or 1; `first frame`: PSNR against the approved key frame, dB."""
    clip = asked(number, things)
    words = {"scene": grammar.canonical_scene(clip), "motion": grammar.canonical_motion(clip), "avoid": ""}
    typed = f"{words['scene']}. {words['motion']}."
    made = walk(bench, Road("text-to-video", typed, given={"prompt": Prompt(typed, words).encode()}), seed)
    frames = frames_of(made["video"])
    row = {**_row(bench, clip, frames), "first frame": psnr(picture_of(made["key_frame"]), frames[0])}
    return Case(row, typed, {"made": frames})


def on_truth(bench: Workbench, number: int, things: int) -> Row:
    """What the judge sees of it in the clip as the simulator draws it."""
    clip = asked(number, things)
    return _row(bench, clip, stored(bench.truth(clip)))


def asked(number: int, things: int) -> Clip:
    """The number-th held-out clip with so many things."""
    return sample_clip(number, True, things)


def _row(bench: Workbench, clip: Clip, made: Frames) -> dict[str, float]:
    return {name: float(right) for name, right in score(clip, bench.look(made)).items()}
