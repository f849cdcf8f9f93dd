"""What stands where at one moment, told and read back; and clips before their beginning and after their end."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pocket.grammar import canonical_scene, canonical_state, end_caption, keywords, parse
from engine.pocket.moment import seen_at
from engine.pocket.motion import moments, trajectories
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import CAMERAS, MOTIONS, SPEEDS
from engine.pocket.world import Clip, Thing, sample_clip

indices = st.integers(0, 10**6)
BALL = Thing("ball", "red", "small", "still", "slow", 0.3, 0.5, 0.5)


def _clip(motion: str, camera: str = "still") -> Clip:
    return Clip((replace(BALL, motion=motion, speed="quick"),), "sea", camera, "flat", 0)


@given(indices)
@settings(deadline=None)
def test_the_first_frame_is_as_the_clip_says(index: int) -> None:
    clip = sample_clip(index, False)
    assert canonical_state(clip) == canonical_scene(clip)


@pytest.mark.parametrize(
    ("motion", "camera", "state"),
    [
        ("right", "still", "a small red ball on the right at sea"),
        ("grow", "still", "a large red ball on the left at sea"),
        ("still", "pan right", "a small red ball on the left at sea"),
        ("still", "pan left", "a small red ball in the middle at sea"),
        ("fall", "still", "a small red ball at the lower left at sea"),
        ("left", "pan right", "nothing at sea"),
        ("still", "zoom in", "a large red ball on the left at sea"),
    ],
)
def test_the_last_frame_is_as_it_has_become(motion: str, camera: str, state: str) -> None:
    assert canonical_state(_clip(motion, camera), 16) == state


@given(indices, st.booleans())
@settings(deadline=None)
def test_an_end_caption_is_true_of_the_end(index: int, held_out: bool) -> None:
    clip = sample_clip(index, False)
    end = {thing.noun: thing for thing in seen_at(clip, 16).things}
    found = parse(end_caption(clip, 17, random.Random(index), held_out))
    for thing in found.things:
        assert thing.colour == end[thing.noun].colour
        assert thing.position in (None, end[thing.noun].position)
        assert thing.size in (None, end[thing.noun].size)
    assert {thing.noun for thing in found.things} == set(end)


def test_the_end_is_where_the_renderer_draws_it(renderer: Renderer) -> None:
    clips = [sample_clip(index, False, things=1) for index in range(30)]
    boxes = renderer.boxes(layout(clips, 1, start=16))[:, 0, 0].float() / 96
    for clip, (left, top, right, bottom) in zip(clips, boxes.tolist(), strict=True):
        for thing in seen_at(clip, 16).things:
            if 0.2 < thing.x < 0.8 and 0.2 < thing.y < 0.8 and thing.motion != "spin":
                assert (left + right) / 2 == pytest.approx(thing.x, abs=0.09)
                assert (top + bottom) / 2 == pytest.approx(thing.y, abs=0.09)


@given(indices)
def test_keywords_name_each_thing_with_its_colour(index: int) -> None:
    clip = sample_clip(index, False)
    found = parse(keywords(clip))
    assert [(thing.noun, thing.colour) for thing in found.things] == [(t.noun, t.colour) for t in clip.things]


@given(st.sampled_from(MOTIONS), st.sampled_from(SPEEDS), st.integers(-9, 30))
def test_a_motion_goes_on_before_and_after_the_clip(motion: str, speed: str, start: int) -> None:
    things = (replace(BALL, motion=motion, speed=speed),)
    assert (
        trajectories(things, moments(5, 8, start)) == trajectories(things, moments(60, 8, -9))[:, start + 9 :][:, :5]
    ).all()
    steps = abs(
        trajectories(things, moments(40, 8, -9))[0, 1:, :2] - trajectories(things, moments(40, 8, -9))[0, :-1, :2]
    )
    assert steps.max() < 0.25


def test_a_later_layout_is_the_rest_of_a_longer_one(renderer: Renderer) -> None:
    clips = [replace(sample_clip(index, False), camera=camera) for index, camera in enumerate(CAMERAS)]
    whole, rest = renderer.render(layout(clips, 7)), renderer.render(layout(clips, 4, start=3))
    assert torch.equal(whole[:, 3:], rest)
