"""What is in each visual token: of two things in one place, the nearer is seen there and the other hidden."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch

from engine.pocket.critic import FRAMES, VIEW, VISUAL
from engine.pocket.critic_shape import TUBELET
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import NOUNS
from engine.pocket.world import Clip, Thing
from engine.train import patches
from engine.train.quizzes import Quiz

BACK = Thing("cube", "red", "large", "still", "slow", 0.5, 0.5, 0.8)
FRONT = Thing("ball", "blue", "small", "still", "slow", 0.5, 0.5, 0.2)
EDGE = VIEW // TUBELET[1]


def lesson(*clips: Clip, nothing: bool = False) -> Quiz:
    """Clips without questions."""
    empty = np.zeros((len(clips), 1, 1), np.int16)
    return Quiz(layout(clips, FRAMES + 1), empty, empty, np.full(len(clips), nothing))


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """At the size that the critic looks at."""
    return Renderer("cpu", VIEW)


def test_what_is_in_front_is_seen_and_what_it_covers_is_hidden(renderer: Renderer) -> None:
    quiz = lesson(Clip((BACK, FRONT), "meadow", "still", "flat", 1))
    found = patches.shown(renderer, quiz)
    assert found.shape == (1, VISUAL, patches.KINDS, 3)
    named = patches.targets(found, torch.from_numpy(quiz.layout.nouns.astype(np.int64)))[0]
    at = named.view(FRAMES // TUBELET[0], EDGE, EDGE, patches.KINDS, len(NOUNS))
    cube, ball, middle = NOUNS.index("cube"), NOUNS.index("ball"), at[:, EDGE // 2, EDGE // 2]
    assert (middle[:, 0, ball] == 1).all()
    assert (middle[:, 1, cube] == 1).all()
    assert not at[..., 1, ball].any(), "nothing is before the ball"
    assert at[..., 0, cube].any(), "the cube is larger than what covers it"
    assert at[:, 0, 0].sum() == 0
    assert {*at.flatten(0, 2).sum(0).nonzero()[:, 1].tolist()} == {cube, ball}


def test_where_nothing_is_shown_nothing_is_told(renderer: Renderer) -> None:
    assert not patches.shown(renderer, lesson(Clip((BACK,), "sea", "still", "flat", 1), nothing=True)).any()


def test_the_loss_by_hand() -> None:
    wanted = torch.zeros(1, 2, 2 * len(NOUNS))
    wanted[0, 0, 3] = 1
    told = torch.full_like(wanted, -50.0)
    told[0, 0, 3], told[0, 1, 5] = 0.0, 0.0
    assert float(patches.loss(told, wanted)) == pytest.approx((2 * log(2) + 0) / 2, abs=1e-6)
