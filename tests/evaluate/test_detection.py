"""The detector's figures: one that sees nothing, one that sees everything, and one that knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.boxes import Boxes, Thing
from engine.evaluate import detecting, detection, tracking
from engine.evaluate.detection import DetectionPlan, Exam, exams
from engine.media.masks import run_lengths
from engine.pocket.finding import box_of
from engine.pocket.render import Renderer
from engine.pocket.world import sample_clip
from tests.evaluate.oracles import Oracle, bench

PLAN = DetectionPlan(frames=2, seeds=(0, 1))


class Seer:
    """Gives an answer for every phrase."""

    def __init__(self, known: Sequence[Exam] = (), always: float = 0.0) -> None:
        self._known = known
        self._always = always

    def look(self, frames: NDArray[np.uint8], phrases: Sequence[str]) -> NDArray[np.float32]:
        """As PocketDetector.look."""
        sure = np.full((1, len(phrases), *frames.shape[1:3]), self._always, np.float32)
        for exam in self._known:
            if np.array_equal(exam.frame, frames[0]):
                for number, (_, mask) in enumerate(exam.named):
                    sure[0, number] = mask
        return sure


def figures(seer: Any, renderer: Renderer) -> detection.DetectionReport:
    return detection.look(seer, PLAN, renderer)


def test_who_knows_is_right(renderer: Renderer) -> None:
    known = [exam for seed in PLAN.seeds for exam in exams(PLAN, seed, renderer)]
    report = figures(Seer(known), renderer)
    assert (report.box_found, report.mask_iou, report.false_alarms) == (1.0, 1.0, 0.0)
    assert report.named == sum(len(exam.named) for exam in known) > 8


def test_who_sees_nothing_finds_nothing(renderer: Renderer) -> None:
    report = figures(Seer(), renderer)
    assert (report.box_found, report.mask_iou, report.alarm_absent, report.alarm_colour) == (0, 0, 0, 0)


def test_who_sees_everything_raises_every_alarm(renderer: Renderer) -> None:
    report = figures(Seer(always=0.9), renderer)
    assert report.false_alarms == 1.0
    assert report.mask_iou < 0.3


def test_the_questions_are_fair(renderer: Renderer) -> None:
    for exam in exams(PLAN, 0, renderer):
        nouns = {phrase.split()[-1] for phrase, _ in exam.named}
        assert exam.absent.split()[-1] not in nouns
        assert exam.recoloured not in {phrase for phrase, _ in exam.named}


def test_a_mask_over_time_is_measured_by_motion(renderer: Renderer) -> None:
    clips = [tracking.moving_clip(number, 0) for number in range(12)]
    assert len({clip.things[0].motion for clip in clips}) == len(clips) == 12
    assert tracking.overlap(sample_clip(1, True, 1), 0, renderer) > 0.8


def test_the_agent_is_asked_in_keywords_and_measured_by_the_same_rules(renderer: Renderer) -> None:
    exam = next(exams(DetectionPlan(frames=1), 0, renderer))
    things = tuple(
        Thing(phrase.removeprefix("the "), 0.9, box_of(mask), run_lengths(mask)) for phrase, mask in exam.named
    )
    wrong = Thing(exam.absent.removeprefix("the "), 0.8, (0, 0, 8, 8), run_lengths(np.ones((64, 64), bool)))

    def answer(*found: Thing) -> Oracle:
        def look(inputs: Any, settings: Any) -> bytes:
            assert inputs["words"].split(", ") == [phrase.removeprefix("the ") for phrase in exam.phrases]
            return Boxes(64, 64, found, ()).encode()

        return Oracle(look, "boxes")

    right = detecting.measure(bench(renderer, detector=answer(*things)), 0, 0).row
    assert right == {"box found": 1, "mask overlap": 1, "false alarm": 0}
    poor = detecting.measure(bench(renderer, detector=answer(*things[1:], wrong)), 0, 0).row
    assert poor["box found"] == poor["mask overlap"] == (len(things) - 1) / len(things)
    assert poor["false alarm"] == 0.5


def test_a_mask_that_is_followed_is_measured_small_and_grown(renderer: Renderer) -> None:
    row = tracking.measure(bench(renderer), 0, 0).row
    assert min(row["overlap"], row["overlap, grown"]) > 0.8
