"""Many states at once get what the tab would ask for each; memory keeps what nothing was done to; facts are counted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.evaluate import remaining
from engine.evaluate.candidates import Pictures, Trial, note, report
from engine.evaluate.stepping import Stepper, There, untouched, walked
from engine.pocket.given import Source
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import NOUNS, SCENES, STYLES
from engine.pocket.world import Clip, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.asking import HALF
from engine.pocket.worlds.happening import Happening, happen
from engine.pocket.worlds.inverse import ActionReader, InverseModel
from engine.pocket.worlds.steps import walk
from tests.tiny_detector import tiny_detector

BALL = Thing("ball", "red", "small", "still", "slow", 0.3, 0.3, 0.5)
TREE = Thing("tree", "green", "large", "still", "slow", 0.75, 0.6, 0.5)
STATE = Clip((BALL, TREE), SCENES[0], "still", STYLES[0], 0)
ACTIONS = [Action("right", "ball"), Action("recolour", "ball", colour="blue"), Action("wait"), Action("left", "ball")]
EDGE = 64


class Maker:
    """In the place of the pipeline: notes what it is asked, and gives each state back one level brighter."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, float]] = []

    def __call__(self, prompts: Sequence[str], **options: Any) -> SimpleNamespace:
        """As PocketPipeline."""
        sources: list[Source] = options.get("source", [])
        given = [one.frames[0] for one in sources] or [np.asarray(one) for one in options["known"][0]]
        assert len(options["generator"]) == len(given) == len(prompts)
        self.asked += [(prompt, options["num_frames"], options["guidance_scale"]) for prompt in prompts]
        return SimpleNamespace(frames=np.stack(given)[:, None] + 1)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu", EDGE)


def drawn(renderer: Renderer, states: Sequence[Clip]) -> Pictures:
    pixels: Pictures = renderer.render(layout(states, 1))[:, 0].permute(0, 2, 3, 1).contiguous().numpy()
    return pixels


class Seer(Stepper):
    """Sees the things of states that it was told of, in the order in which they come."""

    def __init__(self, truths: Sequence[Sequence[Clip]]) -> None:
        super().__init__(Maker(), tiny_detector())  # type: ignore[arg-type]
        object.__setattr__(self, "truths", iter(truths))

    def beheld(self, pictures: Pictures) -> There:
        """As the truth has it."""
        states: Sequence[Clip] = next(self.truths)  # type: ignore[attr-defined]
        return [state.things for state in states]


def test_each_state_is_asked_for_as_the_tab_does_and_comes_back_in_its_place() -> None:
    maker = Maker()
    stepper = Stepper(maker, tiny_detector(), at_once=2)  # type: ignore[arg-type]
    states = np.arange(4, dtype=np.uint8)[:, None, None, None].repeat(8, 1).repeat(8, 2).repeat(3, 3)
    made = stepper.follow(states, ACTIONS, 0, [STATE.things] * 4)
    assert (made == states + 1).all()
    assert maker.asked == [
        ("the red ball moves to the right quickly and the green tree stays still", HALF, 1.0),
        ("everything stays still", HALF, 1.0),
        ("the red ball moves to the left quickly and the green tree stays still", HALF, 1.0),
        ("make the ball blue", 1, 1.0),
    ]


def test_what_is_seen_comes_picture_by_picture() -> None:
    stepper = Stepper(Maker(), tiny_detector(), at_once=2)  # type: ignore[arg-type]
    assert len(stepper.beheld(np.zeros((3, 32, 32, 3), np.uint8))) == 3


def test_pixels_that_nothing_was_done_to_stay() -> None:
    state, made = np.zeros((1, EDGE, EDGE, 3), np.uint8), np.full((1, EDGE, EDGE, 3), 200, np.uint8)
    same = untouched(state, made, [STATE.things], [Action("recolour", "ball", colour="blue")], [STATE.things])
    assert same[0, round(0.3 * EDGE), round(0.3 * EDGE), 0] == 200
    assert (same[0, -5:, -5:] == 0).all()


@pytest.mark.parametrize("remembers", [True, False])
def test_whoever_draws_the_truth_is_right_at_the_end(renderer: Renderer, remembers: bool) -> None:
    ways = [walk(STATE, 3, random.Random(seed)) for seed in range(2)]
    truths = [[way[0].before for way in ways], *([way[n].after for way in ways] for n in range(3))]

    def choose(number: int, states: Pictures, actions: Sequence[Action], there: There) -> Pictures:
        assert [things[0].noun for things in there] == [clip.things[0].noun for clip in truths[number]]
        return drawn(renderer, truths[number + 1])

    path = walked(Seer(truths), choose, drawn(renderer, truths[0]), ways, remembers)
    assert len(path) == 3
    right = drawn(renderer, truths[-1])
    assert np.abs(path[-1].astype(int) - right).mean() < 1
    assert remaining.scenes(truths[-1], path[-1], renderer) == [clip.scene for clip in truths[-1]]


def test_facts_are_counted_thing_by_thing() -> None:
    seen = (replace(BALL, colour="blue", x=0.35), replace(TREE, noun="house"))
    assert remaining.facts(STATE, SCENES[0], STATE.things) == {
        "there": [True, True], "colour": [True, True], "place": [True, True], "nothing else": [True], "scene": [True],
    }  # fmt: skip
    assert remaining.facts(STATE, SCENES[1], seen) == {
        "there": [True, False], "colour": [False, False], "place": [True, False], "nothing else": [False],
        "scene": [False],
    }  # fmt: skip


def test_waiting_is_right_where_the_picture_stays(renderer: Renderer) -> None:
    steps = [happen(STATE, action) for action in ACTIONS[1:3]]
    before, after = (drawn(renderer, [getattr(step, side) for step in steps]) for side in ("before", "after"))
    found: dict[str, list[float]] = {}
    reader = ActionReader(InverseModel(view=32, width=16, layers=1))
    note(found, reader, Trial(before, [step.action for step in steps], after), [after, 255 - after])
    told = report(found, 2)
    assert (told["stays"], told["recolour"], told["right_of_1"], told["pairs"]) == (1.0, 1.0, 1.0, 2)
    assert Happening(STATE, Action("wait"), STATE) == steps[1]


def test_another_scene_keeps_the_things_that_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper = Stepper(Maker(), tiny_detector())  # type: ignore[arg-type]
    sure = np.zeros((1, len(NOUNS), EDGE, EDGE), np.float32)
    sure[0, 0, 10:30, 10:30] = 0.95
    monkeypatch.setattr(stepper.detector, "look", lambda pictures, told: sure)
    states = np.full((1, EDGE, EDGE, 3), 7, np.uint8)
    made = stepper.follow(states, [Action("scene", scene="night")], 0, [STATE.things])
    assert (made[0, 15:25, 15:25] == 7).all()
    assert (made[0, 40:] == 8).all()
