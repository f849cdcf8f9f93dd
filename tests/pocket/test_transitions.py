"""A transition begins as one clip, ends as the other, and both go on moving meanwhile."""

from __future__ import annotations

import random
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pocket.grammar import join_caption, parse, words
from engine.pocket.render import Renderer, layout
from engine.pocket.transitions import layouts, render, sample_transition, weights
from engine.pocket.vocabulary import WAYS
from engine.pocket.world import is_held_out

indices = st.integers(0, 10**6)


@pytest.mark.parametrize("context", [1, 4])
def test_both_ends_are_the_clips_themselves(renderer: Renderer, context: int) -> None:
    joins = [sample_transition(index, False, styled=0.5) for index in range(4)]
    frames = render(renderer, layouts(joins, 13, context), [join.way for join in joins], context)
    assert frames.shape == (4, 13, 3, 96, 96)
    for join, drawn in zip(joins, frames, strict=True):
        assert torch.equal(drawn[:context], renderer.render(layout([join.first], context, join.start))[0])
        assert torch.equal(drawn[-context:], renderer.render(layout([join.second], context))[0])


@pytest.mark.parametrize("way", WAYS)
def test_a_transition_goes_one_way_in_small_steps(way: str) -> None:
    share = weights([way], 17, 4, 48)[0]
    assert share.shape == (17, 48, 48)
    assert (share[:4] == 0).all()
    assert (share[-4:] == 1).all()
    assert (share.diff(dim=0) >= 0).all()
    assert share.diff(dim=0).mean((1, 2)).max() < 0.2


def test_a_wipe_runs_to_its_side() -> None:
    right, left = weights(["wipe right", "wipe left"], 9, 1, 32)
    assert right[4, 0, 0] > right[4, 0, -1]
    assert torch.equal(right, left.flip(-1))


def test_things_go_on_moving_in_the_middle(renderer: Renderer) -> None:
    joins = [sample_transition(index, False) for index in range(20)]
    for plan in layouts(joins, 17, 4):
        moved = abs(plan.transforms[:, 8] - plan.transforms[:, 7]).max((1, 2))
        assert (moved > 0.001).mean() > 0.6


@given(indices, st.booleans())
@settings(deadline=None)
def test_a_transition_is_its_index_and_stays_on_its_side(index: int, held_out: bool) -> None:
    join = sample_transition(index, held_out)
    assert join == sample_transition(index, held_out)
    assert join.first != join.second
    triples = {is_held_out(t.noun, t.colour, clip.scene) for clip in (join.first, join.second) for t in clip.things}
    assert triples == {held_out}


@given(indices, st.booleans())
@settings(deadline=None)
def test_captions_name_what_was_and_what_comes(index: int, plain: bool) -> None:
    join = sample_transition(index, False)
    text = join_caption((join.first, join.second), join.way, random.Random(index), plain)
    assert set(re.findall(r"[a-z]+", text)) <= set(words())
    assert not re.search(r"[^a-z ,.;:!]|  | [,.;:]|\ba [aeio]", text), text
    nouns = {thing.noun for clip in (join.first, join.second) for thing in clip.things}
    assert {thing.noun for thing in parse(text).things} == nouns
    assert join.way == "dissolve" or "wip" in text


@given(indices)
@settings(deadline=None)
def test_what_lies_before_need_not_be_told(index: int) -> None:
    join = sample_transition(index, False)
    rng = random.Random(index)
    arrival = join_caption((None, join.second), join.way, rng)
    assert {thing.noun for thing in parse(arrival).things} == {thing.noun for thing in join.second.things}
    alone = join_caption((None, None), join.way, rng)
    assert not parse(alone).things
    assert ("wip" in alone) is (join.way != "dissolve")
    assert set(re.findall(r"[a-z]+", f"{arrival} {alone}")) <= set(words())
