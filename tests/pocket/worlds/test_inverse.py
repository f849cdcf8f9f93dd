"""The inverse model: its answers make probabilities of actions, and the likeliest come first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.evaluate.happened import HappenedPlan, measure
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import NOUNS, SCENES
from engine.pocket.worlds.actions import KINDS, Action
from engine.pocket.worlds.inverse import ANSWERS, ActionReader, InverseModel
from engine.train.steps import Steps, answers_of, draw


@pytest.fixture(scope="module")
def reader() -> ActionReader:
    torch.manual_seed(0)
    return ActionReader(InverseModel(view=32, width=16, layers=1))


def pictures(seed: int, count: int = 3) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (count, 40, 40, 3), np.uint8)


def test_the_likeliest_action_is_told_first_and_its_likelihood_is_its_confidence(reader: ActionReader) -> None:
    before, after = pictures(0), pictures(1)
    told = reader.tell(before, after, 5)
    for each in told:
        confidences = [one.confidence for one in each]
        assert confidences == sorted(confidences, reverse=True)
        assert 0 < confidences[-1] <= confidences[0] < 1
    again = reader.likelihood(before, after, [each[0].action for each in told])
    assert again == pytest.approx([each[0].confidence for each in told], rel=1e-4)


def test_an_action_of_many_words_is_never_likelier_than_its_kind(reader: ActionReader) -> None:
    before, after = pictures(2, 1), pictures(3, 1)
    chances = [reader.likelihood(before, after, [Action("scene", scene=scene)])[0] for scene in SCENES]
    waiting = [reader.likelihood(before, after, [Action(kind)])[0] for kind in ("wait",)]
    moves = [reader.likelihood(before, after, [Action(kind, noun)])[0] for kind in KINDS[1:9] for noun in NOUNS]
    assert sum(chances) + sum(waiting) + sum(moves) < 1


def test_no_pairs_are_no_trouble(reader: ActionReader) -> None:
    empty = np.zeros((0, 40, 40, 3), np.uint8)
    assert reader.tell(empty, empty) == []


def test_answers_lead_back_to_their_action() -> None:
    action = Action("appear", "star", colour="blue", position="top")
    ids = dict(zip(ANSWERS, answers_of(action), strict=True))
    assert {name: ANSWERS[name][number] for name, number in ids.items() if number >= 0} == {
        "kind": "appear", "noun": "star", "colour": "blue", "position": "top",
    }  # fmt: skip
    assert answers_of(Action("wait"))[1:] == [-1] * 5


def test_a_lesson_follows_from_its_number_and_shows_the_change(renderer: Renderer) -> None:
    first, again = Steps(6)[3], Steps(6, first=1)[2]
    assert first.number == again.number
    assert (first.answers == again.answers).all()
    shown = draw(first, renderer)
    assert shown.shape == (6, 2, 3, 96, 96)
    still = first.answers[:, 0] == KINDS.index("wait")
    changed = (shown[:, 0] != shown[:, 1]).flatten(1).any(1).numpy()
    assert (changed == ~still).all()


def test_it_is_measured_and_saved_as_it_is(reader: ActionReader, renderer: Renderer, tmp_path: Path) -> None:
    reader.model.save_pretrained(tmp_path)
    again = ActionReader.from_pretrained(tmp_path)
    plan = HappenedPlan(pairs=6, seeds=(0, 1))
    reports = [measure(each, plan, renderer) for each in (reader, again)]
    assert reports[0].action_right == reports[1].action_right
    assert reports[0].pairs == 12
    assert reports[0].action_right <= reports[0].in_three <= 1
    assert 0 < reports[0].half_width < 0.3
