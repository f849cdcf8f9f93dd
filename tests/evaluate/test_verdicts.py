"""Critic beside judge: what the judge can tell, how often both say the same, and which candidate is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.evaluate import verdicts
from engine.evaluate.judge import Seen, SeenThing
from engine.evaluate.pocket import Made
from engine.evaluate.verdicts import Candidates
from engine.pocket import facts, quiz
from engine.pocket.critic import PocketCritic
from engine.pocket.world import Clip, sample_clip
from tests.tiny_critic import tiny_critic


@pytest.fixture(scope="module")
def critic() -> PocketCritic:
    """One that knows nothing."""
    return tiny_critic()


def seen_as_asked(clip: Clip) -> Seen:
    """What a judge sees that finds everything as the words say."""
    things = tuple(SeenThing(one.noun, one.colour, one.motion, one.direction, one.speed) for one in clip.things)
    return Seen(things, clip.scene, clip.camera)


def made(clip: Clip, level: int) -> Made:
    """A clip of one grey."""
    return Made(clip, np.zeros((8, 8, 3), np.uint8), np.full((17, 48, 48, 3), level, np.uint8))


def test_what_the_judge_sees_answers_as_the_simulator_where_it_sees_what_is_there() -> None:
    for index in range(20):
        clip, rng = quiz.clip_of(index, held_out=True)
        seen = seen_as_asked(clip)
        told = [fact for fact in (*quiz.true_of(clip), *quiz.false_of(clip, rng)) if fact[0] in verdicts.TOLD]
        for fact in told:
            assert verdicts.holds(fact, seen) == facts.holds(fact, clip), fact
        assert not verdicts.holds(("moves", clip.things[0].noun, "fall"), replace(seen, things=()))


def test_critic_and_judge_agree_or_not_and_each_is_held_against_the_words(critic: PocketCritic) -> None:
    clip = sample_clip(4, True, 2)
    other = replace(seen_as_asked(clip), scene="space" if clip.scene != "space" else "sea")
    every = [Candidates([made(clip, 0)], [seen]) for seen in (seen_as_asked(clip), other)]
    found = verdicts.agreement(critic, every)
    assert found["judge does"]["mean"] < 1
    assert 0 < found["same"]["mean"] < 1
    assert found["same"]["cases"] == found["judge does"]["cases"]
    assert found[verdicts.UNLIKE]["cases"] <= found["same"]["cases"] / 2


def test_the_candidate_that_is_liked_most_is_kept(critic: PocketCritic) -> None:
    clips = [sample_clip(index, True, 2) for index in range(3)]
    right, wrong = [seen_as_asked(clip) for clip in clips], Seen((), "sea", "still")
    levels = [[made(clip, level) for level in (40, 200)] for clip in clips]
    liked = [[verdicts.liking(critic, one) for one in each] for each in levels]
    kept = [each.index(max(each)) for each in liked]
    seen = [[right[n] if place == kept[n] else wrong for place in (0, 1)] for n in range(3)]
    found = verdicts.best(critic, [Candidates(*each) for each in zip(levels, seen, strict=True)])
    assert found["the critic's"]["mean"] == found["any"]["mean"] == 1
    assert found["first"]["mean"] == round(sum(place == 0 for place in kept) / 3, 4)
    assert found["gain"]["mean"] == round(sum(place == 1 for place in kept) / 3, 4)
