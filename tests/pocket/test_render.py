from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.pocket.render import Layout, Renderer, layout
from engine.pocket.vocabulary import COLOURS, NOUNS, SCENES
from engine.pocket.world import Clip, Thing, sample_clip

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
indices = st.integers(0, 10**6)


def _without_things(plan: Layout) -> Layout:
    return replace(plan, sprites=np.full_like(plan.sprites, -1))


def test_a_layout_is_packed_numbers() -> None:
    plan = layout([sample_clip(index, False) for index in range(7)], 17)
    assert plan.sprites.shape == plan.order.shape == (7, 3)
    assert plan.transforms.shape == (7, 17, 3, 4)
    assert plan.cameras.shape == (7, 17, 3)
    assert len(plan) == 7
    assert np.isfinite(plan.transforms).all()
    assert (np.sort(plan.order, axis=1) == [0, 1, 2]).all()


@few
@given(st.lists(indices, min_size=1, max_size=3))
def test_the_same_clips_give_the_same_frames_together_or_alone(renderer: Renderer, numbers: list[int]) -> None:
    clips = [sample_clip(index, False) for index in numbers]
    together = renderer.render(layout(clips, 2))
    assert together.shape == (len(clips), 2, 3, 96, 96)
    assert together.dtype == torch.uint8
    alone = torch.cat([renderer.render(layout([clip], 2)) for clip in clips])
    assert (together.int() - alone.int()).abs().max() <= 1


@few
@given(indices)
def test_masks_tell_where_the_picture_changed(renderer: Renderer, index: int) -> None:
    plan = layout([sample_clip(index, False)], 9)
    changed = (renderer.render(plan).int() - renderer.render(_without_things(plan)).int()).abs().amax(2)
    masks = renderer.masks(plan)
    assert (masks.sum(2) <= 1).all()
    anything = masks.any(2)
    assert (changed[anything] > 6).float().mean() > 0.93
    near = torch.nn.functional.max_pool2d(anything.float(), 11, 1, 5) > 0
    assert (changed[~near] <= 12).all()


@few
@given(indices)
def test_boxes_hold_their_masks_and_the_centre(renderer: Renderer, index: int) -> None:
    clip = sample_clip(index, False, things=1)
    plan = layout([replace(clip, camera="still")], 9)
    masks, boxes = renderer.masks(plan)[0, :, 0], renderer.boxes(plan)[0, :, 0]
    for mask, box, pose in zip(masks, boxes, plan.transforms[0, :, 0], strict=True):
        left, top, right, bottom = (int(edge) for edge in box)
        assert mask[top:bottom, left:right].sum() == mask.sum()
        assert mask[:, left].any()
        assert mask[bottom - 1].any()
        assert abs((left + right) / 2 - pose[0] * 96) < 8 + 14 * pose[2] or left == 0 or right == 96


def test_every_thing_is_seen_at_the_start(renderer: Renderer) -> None:
    clips = [sample_clip(index, held_out) for index in range(40) for held_out in (False, True)]
    seen = renderer.masks(layout(clips, 1))[:, 0].sum((-1, -2))
    for clip, areas in zip(clips, seen, strict=True):
        assert (areas[: len(clip.things)] > 0.006 * 96 * 96).all()
        assert (areas[len(clip.things) :] == 0).all()


@pytest.mark.parametrize("scene", SCENES)
def test_a_thing_shows_its_colour_in_every_scene(renderer: Renderer, scene: str) -> None:
    palette = torch.tensor(list(COLOURS.values()))
    pairs = [(noun, colour) for noun in NOUNS for colour in COLOURS]
    things = [Thing(noun, colour, "large", "still", "slow", 0.5, 0.5, 0.5) for noun, colour in pairs]
    plan = layout([Clip((thing,), scene, "still", "flat", 0) for thing in things], 1)
    frames, masks = renderer.render(plan)[:, 0], renderer.masks(plan)[:, 0, 0]
    for (_, colour), frame, mask in zip(pairs, frames, masks, strict=True):
        pixels = frame.permute(1, 2, 0)[mask].int()
        nearest = (pixels[:, None] - palette).abs().sum(-1)
        close = nearest.amin(1) < 40
        votes = torch.bincount(nearest.argmin(1)[close], minlength=len(COLOURS))
        assert list(COLOURS)[int(votes.argmax())] == colour


def test_the_nearer_thing_hides_the_farther(renderer: Renderer) -> None:
    far = Thing("house", "blue", "large", "still", "slow", 0.5, 0.5, 0.8)
    near = Thing("ball", "red", "small", "still", "slow", 0.5, 0.5, 0.2)
    for things in ((far, near), (near, far)):
        plan = layout([Clip(things, "room", "still", "flat", 0)], 1)
        masks = renderer.masks(plan)[0, 0]
        assert masks[things.index(near), 48, 48]
        assert not masks[things.index(far), 48, 48]


def test_the_camera_moves_the_picture(renderer: Renderer) -> None:
    thing = Thing("ball", "red", "small", "still", "slow", 0.5, 0.5, 0.5)
    moves = {"pan left": 1, "pan right": -1}
    for camera, sign in moves.items():
        boxes = renderer.boxes(layout([Clip((thing,), "sea", camera, "flat", 0)], 17))[0, :, 0]
        assert (boxes[-1, 0] - boxes[0, 0]) * sign > 12
    for camera, sign in {"zoom in": 1, "zoom out": -1}.items():
        boxes = renderer.boxes(layout([Clip((thing,), "sea", camera, "flat", 0)], 17))[0, :, 0]
        widths = boxes[:, 2] - boxes[:, 0]
        assert (widths[-1] - widths[0]) * sign > 4
