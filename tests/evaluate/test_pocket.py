"""Scores say what was seen and what was not; the judge reads its own logits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.evaluate.judge import Judge, JudgeModel, Seen, SeenThing, read
from engine.evaluate.pocket import psnr, score
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES
from engine.pocket.world import Clip, sample_clip


def seen_as_it_is(clip: Clip) -> Seen:
    things = tuple(SeenThing(t.noun, t.colour, t.motion, t.direction, t.speed) for t in clip.things)
    return Seen(things, clip.scene, clip.camera)


@pytest.mark.parametrize("index", range(20))
def test_a_clip_seen_as_it_is_scores_everything(index: int) -> None:
    clip = sample_clip(index, held_out=True)
    assert all(score(clip, seen_as_it_is(clip)).values())


def test_each_mistake_costs_its_own_point() -> None:
    clip = sample_clip(3, held_out=True, things=2)
    right = seen_as_it_is(clip)
    first = right.things[0]
    other_colour = next(c for c in COLOURS if c != first.colour)
    wrong = {
        "nouns": replace(right, things=right.things[:1]),
        "nouns and colours": replace(right, things=(replace(first, colour=other_colour), right.things[1])),
        "motions": replace(right, things=(replace(first, motion="moonwalk"), right.things[1])),
        "scene": replace(right, scene="elsewhere"),
        "camera": replace(right, camera="elsewhere"),
    }
    for name, seen in wrong.items():
        assert not score(clip, seen)[name]
    assert score(clip, wrong["scene"])["nouns, colours, motions"]


def test_an_extra_thing_is_a_mistake() -> None:
    clip = sample_clip(3, held_out=True, things=1)
    extra = SeenThing("moose", "red", "still", None, "slow")
    seen = seen_as_it_is(clip)
    assert not score(clip, replace(seen, things=(*seen.things, extra)))["nouns"]


def test_logits_are_read_into_words() -> None:
    logits = {
        "present": torch.full((1, len(NOUNS)), -1.0),
        "colour": torch.zeros(1, len(NOUNS), len(COLOURS)),
        "motion": torch.zeros(1, len(NOUNS), len(MOTIONS) + 1),
        "speed": torch.zeros(1, len(NOUNS), 2),
        "scene": torch.zeros(1, len(SCENES)),
        "camera": torch.zeros(1, len(CAMERAS)),
    }
    logits["present"][0, 2] = 1
    logits["colour"][0, 2, 4] = 1
    logits["motion"][0, 2, len(MOTIONS)] = 1
    logits["scene"][0, 3] = 1
    seen = read(logits)[0]
    assert seen.things == (SeenThing(NOUNS[2], tuple(COLOURS)[4], "roll", "left", "slow"),)
    assert seen.scene == SCENES[3]


def test_the_judge_looks_at_frames_of_any_size() -> None:
    seen = Judge(JudgeModel()).look(np.zeros((2, 17, 48, 64, 3), np.uint8))
    assert len(seen) == 2
    assert seen[0].scene in SCENES


def test_psnr_of_known_errors() -> None:
    black = np.zeros((4, 4, 3), np.uint8)
    assert psnr(black, black) == 99.0
    assert psnr(black, black + 255) == pytest.approx(0.0)
    assert psnr(black, black + 16) == pytest.approx(24.05, abs=0.01)
