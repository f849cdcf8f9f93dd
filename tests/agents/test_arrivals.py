"""What a scene of the end leaves open is said with what was found; held against the simulator."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.agents.arrivals import as_found
from engine.boxes import Boxes, Thing

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


def test_a_colour_that_this_world_has_no_name_for_is_not_named() -> None:
    assert as_found("a ball", found(), MOTION, pictured("#3a3a3a")) == "a small ball on the right"


def test_things_that_are_not_chosen_say_nothing() -> None:
    assert as_found("a ball", found(chosen=()), MOTION, pictured()) == "a ball"
