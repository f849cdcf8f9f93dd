"""What a scene of the end leaves open is said with what was found; held against the simulator."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.agents.arrivals import as_found
from engine.boxes import Boxes, Thing
from engine.evaluate.workbench import clip_of
from engine.media.masks import run_lengths
from engine.pocket import grammar
from engine.pocket.finding import box_of
from engine.pocket.moment import seen_at
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import MOTIONS

EDGE = 96
MOTION = "the ball moves to the right quickly"


def pictured(colour: str = "#e02c30") -> np.ndarray:
    """A small disc on the left, on green."""
    image = Image.new("RGB", (EDGE, EDGE), "#8fb880")
    ImageDraw.Draw(image).ellipse((10, 40, 32, 62), fill=colour, outline="black")
    return np.asarray(image)


def found(word: str = "ball", chosen: tuple[int, ...] = (0,)) -> Boxes:
    return Boxes(EDGE, EDGE, (Thing(word, 0.9, (10, 40, 33, 63)),), chosen)


@pytest.mark.parametrize(
    ("scene", "motion", "told"),
    [
        ("a ball", MOTION, "a small red ball on the right"),
        ("a ball", "the ball stays still", "a small red ball on the left"),
        ("a blue ball in a meadow", MOTION, "a small blue ball on the right in a meadow"),
        ("a large red ball at the top", MOTION, "a large red ball at the top"),
        ("a star", "the ball stays still", "a small red star on the left"),
        ("a shiny ball, of course", MOTION, "a shiny ball, of course"),
        ("everything at night", MOTION, "everything at night"),
        ("nothing", MOTION, "nothing"),
    ],
)
def test_what_is_open_is_said_and_what_was_said_stays(scene: str, motion: str, told: str) -> None:
    assert as_found(scene, found(), motion, pictured()) == told


def test_it_agrees_with_the_simulator_for_every_motion() -> None:
    renderer = Renderer("cpu", size=EDGE)
    right = []
    for motion in MOTIONS:
        clip = clip_of(1, (motion,))
        plan, end = layout([clip], 1), seen_at(clip, 16).things
        frame = renderer.render(plan)[0, 0].permute(1, 2, 0).contiguous().numpy()
        shape = renderer.masks(plan)[0, 0, 0].numpy()
        thing = Thing(clip.things[0].noun, 0.9, box_of(shape), run_lengths(shape))
        scene = grammar.articles(f"a {thing.word}")
        told = as_found(scene, Boxes(EDGE, EDGE, (thing,), (0,)), grammar.canonical_motion(clip), frame)
        said = grammar.parse(told).things[0]
        right.append((said.colour, said.size, said.position) == (end[0].colour, end[0].size, end[0].position))
    assert sum(right) >= len(MOTIONS) - 1


def test_a_colour_that_this_world_has_no_name_for_is_not_named() -> None:
    assert as_found("a ball", found(), MOTION, pictured("#3a3a3a")) == "a small ball on the right"


def test_things_that_are_not_chosen_say_nothing() -> None:
    assert as_found("a ball", found(chosen=()), MOTION, pictured()) == "a ball"
