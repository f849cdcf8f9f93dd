"""Pairs are found where something moves, are named, chosen kind by kind, and learnt from beside labelled ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import SCENES, STYLES
from engine.pocket.world import Clip, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.inverse import ActionReader, InverseModel, Told
from engine.train import toys
from engine.train.bootstrapping import Named, in_rounds, named, rows
from engine.train.forward import ForwardTrainer
from engine.train.futures import futures
from engine.train.reminders import Lesson
from engine.train.unlabelled import GAP, film, motion, pairs
from tests.tiny_worlds import tiny_autoencoder

BALL = Thing("ball", "red", "small", "still", "slow", 0.3, 0.5, 0.5)
STATE = Clip((BALL,), SCENES[0], "still", STYLES[0], 0)


@pytest.fixture(scope="module")
def trainer() -> ForwardTrainer:
    preset = replace(toys.FORWARD, layers=1, width=32, size=192)
    return ForwardTrainer(preset, tiny_autoencoder(), torch.device("cpu"), 0)


def told(kind: str, confidence: float) -> Named:
    return Named(STATE, STATE, Told(Action(kind, "ball"), confidence))


def test_a_film_begins_and_ends_an_action_in_states_and_shows_travel_on_the_way() -> None:
    frames = film(0)
    assert len(frames) % 24 == 0
    assert any(one != other for one, other in pairwise(frames))
    assert frames == film(0)


def test_motion_is_where_something_moves() -> None:
    states = [STATE] * 3 + [replace(STATE, things=(replace(BALL, x=0.4),))] * 2
    moved = motion(Renderer("cpu", 48).render(layout(states, 1))[:, 0])
    assert moved.argmax() == 3
    assert moved[[0, 1, 2, 4]].tolist() == [0, 0, 0, 0]


def test_pairs_span_the_most_motion_and_begin_a_gap_apart() -> None:
    moved = torch.zeros(100)
    moved[30], moved[32], moved[70] = 2.0, 1.0, 4.0
    chosen = pairs(moved)
    assert all(last - first == GAP for first, last in chosen)
    assert any(first < 30 and last >= 32 for first, last in chosen)
    assert any(first < 70 <= last for first, last in chosen)
    starts = [first for first, _ in chosen]
    assert all(later - earlier >= GAP for earlier, later in pairwise(starts))
    assert len(pairs(moved, most=1)) == 1
    assert pairs(torch.zeros(100)) == []
    assert pairs(moved[:GAP]) == []


def test_each_round_takes_the_likeliest_of_each_kind() -> None:
    found = [told("left", 0.9), told("left", 0.99), told("left", 0.8), told("grow", 0.3)]
    chosen = in_rounds(found, 3)
    assert [(one.told.action.kind, one.told.confidence) for one in chosen] == [
        ("left", 0.99), ("grow", 0.3), ("left", 0.9),
    ]  # fmt: skip
    assert in_rounds([], 3) == []
    assert len(in_rounds(found, 9)) == 4


def test_named_pairs_are_learnt_from_beside_labelled_ones(trainer: ForwardTrainer) -> None:
    labelled, own = trainer.rows(futures(range(2))), rows(trainer, [told("left", 1.0), told("grow", 1.0)])
    assert {name: (value.dtype, value.shape) for name, value in own.items()} == {
        name: (value.dtype, value.shape) for name, value in labelled.items()
    }
    both = Lesson.of({name: torch.cat([labelled[name], own[name]]) for name in own})
    assert torch.isfinite(trainer.loss(both, (("picture",), ("picture",)), 0))


def test_the_inverse_model_names_what_moves_in_a_film(trainer: ForwardTrainer, tmp_path: Path) -> None:
    InverseModel(view=32, width=16, layers=1).save_pretrained(tmp_path)
    moving = [STATE] * GAP + [replace(STATE, things=(replace(BALL, x=0.6),))] * GAP
    found = named(trainer, ActionReader.from_pretrained(tmp_path), [moving])
    assert [(one.before, one.after) for one in found[:1]] == [(STATE, moving[-1])]
    assert 0 <= found[0].told.confidence <= 1
