"""Videos made and asked about one by one: figures from the first on, gone on with, failures said; the pocket judge."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.agent import Input
from engine.command.arguments import parser
from engine.command.benchmarking import whole
from engine.command.generating import Agents
from engine.crew import Crew
from engine.errors import OutOfMemoryError, SettingError
from engine.evaluate.cases import Frames
from engine.evaluate.videoverse import asking, benchmark, judge_witness
from engine.evaluate.videoverse.answers import check_question
from engine.evaluate.videoverse.edition import SHIPPED
from engine.evaluate.videoverse.judge_witness import JudgeWitness
from engine.media.videos import encode_video
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES
from engine.types import Settings

ITEMS = benchmark.read(SHIPPED)[0]
GREY = encode_video(np.full((9, 16, 16, 3), 90, np.uint8), 8)


class Filmers(Agents):
    """Make grey clips; of those after the first few they can make none."""

    def __init__(self, able: int = 99) -> None:
        super().__init__(Crew(lambda: None))
        self.made_clips = 0
        self._able = able

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        if agent == "prompt_writer":
            return super().make(agent, inputs, seed, settings)
        if agent == "image_to_video":
            self.made_clips += 1
            if self.made_clips > self._able:
                raise OutOfMemoryError("The device is full", "Take another one.")
        return GREY


class Sure:
    """Says yes to everything, and how sure it is."""

    name = "sure"

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        return "Yes"

    def yes(self, frames: Frames, question: str) -> float | None:
        return 0.75


def gone_through(folder: Path, agents: Agents, *more: str) -> dict[str, Any]:
    given = ["evaluate", "videoverse", "--whole", str(folder / "made"), "--output", str(folder / "out"), *more]
    whole(parser().parse_args([*given, "--limit", "2"]), io.StringIO(), agents, Sure())
    found: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text())
    return found


def test_each_video_is_made_and_asked_about_and_a_second_run_goes_on(tmp_path: Path) -> None:
    agents = Filmers()
    report = gone_through(tmp_path, agents, "--seeds", "2")
    assert agents.made_clips == 4
    assert {(one["measure"], one["number"], one["seed"]) for one in report["videos"]} == {
        (measure, number, seed) for measure in ("official", "strict") for number in (0, 1) for seed in (0, 1)
    }
    checks = 2 * sum(len(item.checks) for item in ITEMS[:2])
    assert report["systems"]["official"]["all"]["cases"] == checks + 2 * sum(len(one.events) for one in ITEMS[:2])
    items, raw = benchmark.read(tmp_path / "out" / "results-strict-seed-1.json")
    assert [check.sure for check in items[0].checks] == [0.75] * len(items[0].checks)
    assert raw[items[0].key]["pocket"], "what else stood there is kept"
    again = Filmers()
    gone_through(tmp_path, again, "--seeds", "2")
    assert again.made_clips == 0
    for seeds, told in (("3", "seeds: 2, now 3"), ("1", "seeds: 2, now nothing")):
        with pytest.raises(SettingError, match=f"measured otherwise.*{told}"):
            gone_through(tmp_path, again, "--seeds", seeds)


def test_a_video_that_cannot_be_made_is_a_row_that_says_why_and_is_tried_again(tmp_path: Path) -> None:
    report = gone_through(tmp_path, Filmers(able=1))
    assert ["The device is full" in one["failure"] for one in report["videos"]] == [False, True, False, True]
    report = gone_through(tmp_path, Filmers())
    assert not any(one["failure"] for one in report["videos"])


@pytest.fixture(scope="module")
def judge() -> JudgeWitness:
    return JudgeWitness(SHIPPED.parents[1] / "judge", "cpu")


def test_the_pocket_judge_is_asked_what_it_can_see_and_nothing_else(judge: JudgeWitness) -> None:
    assert isinstance(judge, asking.Sure)
    assert isinstance(judge, asking.Limited)
    seen = [judge.within(item) for item in ITEMS[:60]]
    dimensions = {check.dimension for item in seen for check in item.checks if check.asked}
    assert dimensions == {
        "Mechanics", "Material Properties", "Camera Control", "Natural Constraints", "Common Sense",
        "Attribution Correctness",
    }  # fmt: skip
    assert not any(item.events for item in seen)
    frames = np.zeros((9, 32, 32, 3), np.uint8)
    question = check_question("Does the camera stand still?")
    likely = judge.yes(frames, question)
    assert likely is not None
    assert judge.answer(frames, 8, question) == ("Yes" if likely >= 0.5 else "No")
    assert judge.yes(frames, check_question("Does the camera stand still?", turned=True)) == likely
    assert judge.answer(frames, 8, check_question("Is the ball large?")) == ""


def test_a_fact_is_as_likely_as_all_of_its_parts() -> None:
    """By hand: a ball is there with 0.8 and rolls with 0.5 + 0.25, to either side: 0.6; it is red with 0.8 x 0.5."""
    seen = {
        "present": torch.zeros(len(NOUNS)),
        "colour": torch.full((len(NOUNS), len(COLOURS)), 0.5),
        "motion": torch.zeros(len(NOUNS), len(MOTIONS) + 1),
        "scene": torch.full((len(SCENES),), 0.1),
        "camera": torch.full((len(CAMERAS),), 0.2),
    }
    ball = NOUNS.index("ball")
    seen["present"][ball] = 0.8
    seen["motion"][ball, MOTIONS.index("roll")] = 0.5
    seen["motion"][ball, -1] = 0.25
    seen["motion"][ball, MOTIONS.index("grow")] = 0.2
    seen["present"][NOUNS.index("car")] = 0.5
    seen["present"][NOUNS.index("boat")] = 0.5
    expected = {
        ("moves", "ball", "roll"): 0.6,
        ("colour", "ball", "red"): 0.4,
        ("material", "ball", "rigid"): 0.8 * 0.8,
        ("kind", "vehicle"): 0.75,
        ("place", "sea"): 0.1,
        ("camera", "still"): 0.2,
    }
    assert {fact: judge_witness.likely(fact, seen) for fact in expected} == pytest.approx(expected)
