"""What is measured, and what it should come to: the rows of the report, in its order. Standard library only.

The aims are for the pocket world's held-out prompts and scenes. How each measure is taken stands in its own file
(engine.evaluate.table says which).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Sense = Literal["at least", "at most", "above"]
"""`above`: the whole interval has to lie above."""

STYLES: Final = "styles"
"""What a judge must tell apart to judge digital worlds; stands among the agents' names in `needs`."""
_DRAW: Final = ("text_to_image", "image_to_video")
_ENDED: Final = ("detector", "mask_maker", "inpainter")


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure of a measure, and what it should come to."""

    figure: str
    """Its name in engine.evaluate.workbench.Row."""
    what: str
    """The same for a reader."""
    unit: str
    """`%` of what is a share from 0 to 1; `dB`; `/255`; `x`, so many times as much; "" for a plain share."""
    aim: float | None = None
    """In that unit; None where the figure only explains others."""
    sense: Sense = "at least"
    needs: tuple[str, ...] = ()
    """What it needs beside what its measure does."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: how much of it is usual, and what comes out."""

    title: str
    """What is measured, for a reader."""
    cases: int
    """Held-out cases, each made with every seed: as many as fit eight minutes of one GPU together with the others."""
    needs: tuple[str, ...]
    """Agents that somebody must be able to be; or STYLES."""
    aims: tuple[Aim, ...]
    recipe: str = ""
    """On whose contact sheet its first cases are shown; "": on none."""


MEASURES: Final[dict[str, Measure]] = {
    "one-thing": Measure(
        "text to video, one thing", 100, _DRAW,
        (
            Aim("nouns and colours", "noun and colour", "%", 97), Aim("motions", "motion", "%", 97),
            Aim("scene", "scene", "%", 99), Aim("first frame", "first frame against key frame", "dB"),
        ),
        "text-to-video",
    ),
    "two-things": Measure(
        "text to video, two things", 100, _DRAW,
        (
            Aim("nouns, colours, motions", "all right", "%", 85), Aim("nouns and colours", "nouns and colours", "%"),
            Aim("motions", "motions", "%"), Aim("scene", "scene", "%"),
        ),
        "text-to-video",
    ),
    "filming": Measure(
        "text to video, four segments", 12, (*_DRAW, "extender", "film_cutter"),
        (
            Aim("noun, colour, scene", "noun, colour, scene in the last segment", "%", 95),
            Aim("drift", "drift of the mean colour a segment", "/255", 2, "at most"),
            Aim("seams", "steps across the seams against those inside", "x"),
        ),
        "text-to-video",
    ),
    "steering": Measure(
        "heading and speed as controls", 64, _DRAW[1:],
        (Aim("direction", "direction", "%", 98), Aim("speed", "slow and quick told apart", "%", 95)),
        "image-to-video",
    ),
    "detection": Measure(
        "detector, three things", 100, ("detector",),
        (
            Aim("box found", "box overlaps by half or more", "%", 95), Aim("mask overlap", "mask IoU", "", 0.85),
            Aim("false alarm", "false alarm", "%", 3, "at most"),
        ),
    ),
    "tracking": Measure(
        "a mask over time", 24, (),
        (Aim("overlap", "IoU with the thing's own mask", ""), Aim("overlap, grown", "with one grown by 4 pixels", "")),
    ),
    "editing": Measure(
        "edit", 64, ("detector", "mask_maker", "mask_tracker", "image_editor", "video_editor"),
        (
            Aim("done", "asked change done", "%", 92), Aim("outside", "PSNR outside the changed region", "dB", 30),
            Aim("motion kept", "motion of the source kept", "%", 92), Aim("done: recolour", "of them: recolour", "%"),
            Aim("done: replace", "replace", "%"), Aim("done: scene", "scene", "%"),
            Aim("done: remove", "remove", "%"),
        ),
        "edit",
    ),
    "ending": Measure(
        "end key frame by mask", 60, _ENDED[1:],
        (
            Aim("reached", "asked state reached, true mask", "%", 90),
            Aim("outside", "PSNR outside the true mask", "dB", 35),
            Aim("reached, found", "asked state reached, mask of what was found", "%", 90, needs=("detector",)),
            Aim("outside, found", "PSNR outside the mask of what was found", "dB", 35, needs=("detector",)),
        ),
        "worldgpt",
    ),
    "between": Measure(
        "first and last frame", 40, _DRAW[1:],
        (
            Aim("first frame", "PSNR of the first", "dB", 30), Aim("last frame", "PSNR of the last", "dB", 30),
            Aim("middle", "middle frames against the truth", "dB", 26),
        ),
        "image-to-video",
    ),
    "worldgpt": Measure(
        "worldgpt", 40, ("prompt_writer", *_ENDED, *_DRAW[1:]),
        (
            Aim("motion: gain", "motion right: more than plain image to video", "%", 0, "above"),
            Aim("end: gain", "end state right: more than plain image to video", "%", 0, "above"),
            Aim("motion: all on", "motion right, all on", "%"), Aim("end: all on", "end state right, all on", "%"),
            Aim("motion: no enhancer", "motion right, no enhancer", "%"),
            Aim("end: no enhancer", "end state right, no enhancer", "%"),
            Aim("motion: no mask", "motion right, no mask", "%", needs=("image_editor",)),
            Aim("end: no mask", "end state right, no mask", "%", needs=("image_editor",)),
            Aim("motion: no end frame", "motion right, no end frame (plain)", "%"),
            Aim("end: no end frame", "end state right, no end frame (plain)", "%"),
            Aim("consistency: all on", "neighbouring frames alike (pocket judge's features), all on", ""),
            Aim("consistency: no end frame", "neighbouring frames alike, no end frame (plain)", ""),
        ),
        "worldgpt",
    ),
    "extending": Measure(
        "extend to four times the length", 24, ("extender",),
        (
            Aim("noun, colour, scene", "noun, colour, scene in the last segment", "%", 95),
            Aim("drift", "drift of the mean colour a segment", "/255", 2, "at most"),
            Aim("seams", "steps across the seams against those inside", "x"),
        ),
        "extend",
    ),
    "connecting": Measure(
        "connect", 32, ("connector",),
        (
            Aim("seam", "step across the seams against those inside", "x", 1.5, "at most"),
            Aim("cross-fade seam", "the same of a cross-fade", "x"), Aim("largest step", "largest step within", "x"),
        ),
        "connect",
    ),
    "styling": Measure(
        "digital worlds", 48, ("image_editor", "video_editor", STYLES),
        (
            Aim("style", "judge sees the style", "%", 95),
            Aim("things and motion", "things and motion kept", "%", 92),
        ),
        "digital-worlds",
    ),
}  # fmt: skip
