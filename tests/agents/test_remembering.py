"""What a memory makes of a picture: one of this world's own model is mended, another one stays; and its facts."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agents.remembering import Memory, forgetful
from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.keeping import Shown

BALL = Thing("ball", "red", "small", "still", "slow", 0.25, 0.5, 0.5)
GREEN = Thing("ball", "green", "small", "still", "slow", 0.25, 0.5, 0.5)
STATE, MADE = (np.full((32, 32, 3), level, np.uint8) for level in (50, 200))


@pytest.mark.parametrize(("ours", "corner"), [(True, 50), (False, 200)])
def test_only_what_this_worlds_own_model_made_is_mended(ours: bool, corner: int) -> None:
    memory = Memory((BALL,), {"recalled": "the ball drops"}, (Shown(STATE, (BALL,)),))
    picture, things, facts = memory.settled(MADE, Action("wait"), (GREEN,), ours)
    assert picture[0, 31, 0] == corner
    assert things == (BALL,)
    assert facts == {
        "recalled": "the ball drops",
        "corrected": "the ball is red, as it was, though it was seen as green",
    }


def test_who_remembers_nothing_takes_everything_as_it_is_seen() -> None:
    nothing = forgetful([BALL])
    picture, things, facts = nothing.settled(MADE, Action("wait"), [GREEN], True)
    assert (picture is MADE, things, facts, nothing.written(things)) == (True, (GREEN,), {}, "")
