"""The pocket critic's class: what it looks at, that packed questions are the plain model's, what it answers in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.pocket import critic, facts
from engine.pocket.critic import Calibration, PocketCritic
from engine.pocket.critic_shape import Shape, build
from engine.pocket.reading_out import Turned, listings, turned
from engine.train.quizzes import tokenizer
from tests.tiny_critic import tiny_critic

EVENTS = ("The ball reaches the ground.", "The car and the ball meet.", "The car has gone round once.")
QUESTIONS = ("Is the ball red?", "Does the camera pan to the left?", "Is there a vehicle in the video?")
FRAMES = np.random.default_rng(0).integers(0, 255, (17, 48, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def small() -> PocketCritic:
    """One that knows nothing."""
    return tiny_critic()


def test_many_questions_at_once_are_answered_as_each_by_itself(small: PocketCritic) -> None:
    seen = small.look(FRAMES)
    together = small.yes(seen, QUESTIONS)
    assert together == pytest.approx([small.yes(seen, [question])[0] for question in QUESTIONS], abs=1e-5)


def test_two_things_are_asked_about_both_ways_round(small: PocketCritic) -> None:
    first, other = (facts.question(("nearer", *two)) for two in (("ball", "red car"), ("red car", "ball")))
    assert turned(f" {first}") == Turned(other, excludes=True)
    assert turned(QUESTIONS[0]) is None
    meet, same = (facts.question(("meet", *two)) for two in (("ball", "car"), ("car", "ball")))
    seen = small.look(FRAMES)
    told = small.yes(seen, [first, QUESTIONS[0], other, meet, same])
    assert told[0] + told[2] <= 1 + 1e-6
    assert told[1] == pytest.approx(small.yes(seen, QUESTIONS[:1])[0], abs=1e-5)
    assert told[3] == pytest.approx(told[4], abs=1e-5)


def test_answers_that_exclude_each_other_by_hand() -> None:
    assert Turned("", excludes=True).settled(0.6, 0.9) == pytest.approx(0.4)
    assert Turned("", excludes=True).settled(0.01, 0.02) == 0.01
    assert Turned("", excludes=False).settled(0.2, 0.6) == pytest.approx(0.4)


@torch.no_grad()
def test_it_is_the_plain_model_of_the_library(small: PocketCritic) -> None:
    words = small.tokenizer
    ids = words(critic.IMAGE * critic.VISUAL + QUESTIONS[1], return_tensors="pt")["input_ids"]
    pixels = critic.to_pixels(torch.from_numpy(FRAMES[critic.chosen(17)]).movedim(-1, -3))[None]
    last = small.model(input_ids=ids, pixel_values=pixels).logits[0, -1]
    plain = (last[words.convert_tokens_to_ids(["yes", "no"])] / 1.5).softmax(-1)[0]
    assert small.yes(small.look(FRAMES), QUESTIONS[1:2]) == pytest.approx([float(plain)], abs=1e-5)


def test_orders_are_letters_each_once_and_their_probabilities_add_up(small: PocketCritic) -> None:
    seen = small.look(FRAMES)
    order = small.order(seen, EVENTS)
    assert len({*order}) == len(order) <= 3
    assert {*order} <= {*"ABC"}
    plain = PocketCritic(small.model, small.tokenizer, Calibration())
    sure = [plain.order_is(seen, EVENTS[:1], said) for said in ("", "A")]
    assert 0 < sum(sure) <= 1


def test_in_which_order_events_are_listed_changes_nothing(small: PocketCritic) -> None:
    seen, turned = small.look(FRAMES), EVENTS[::-1]
    named = [[events["ABC".index(letter)] for letter in small.order(seen, events)] for events in (EVENTS, turned)]
    assert named[0] == named[1]
    assert small.order_is(seen, EVENTS, "BA") == pytest.approx(small.order_is(seen, turned, "BC"), abs=1e-6)
    for count in range(1, 5):
        orders = listings(count)
        assert len({*orders}) == len(orders)
        assert {tuple(order[::-1]) for order in orders} == {*orders}


def test_it_comes_back_from_its_folder(small: PocketCritic, tmp_path: Path) -> None:
    small.save_pretrained(tmp_path)
    again = PocketCritic.from_pretrained(tmp_path)
    assert again.calibration == Calibration(1.5, 2.0)
    assert again.yes(again.look(FRAMES), QUESTIONS) == pytest.approx(small.yes(small.look(FRAMES), QUESTIONS))


def test_the_size_that_ships_is_small_and_looks_at_sixteen_frames_of_any_video() -> None:
    words = tokenizer()
    whole = build(len(words), words.convert_tokens_to_ids(critic.IMAGE), Shape())
    assert 2 * sum(weight.numel() for weight in whole.parameters()) < 2_800_000
    assert [len(critic.chosen(count)) for count in (1, 9, 17, 121)] == [16] * 4
    assert critic.chosen(121)[-1] == 120
