"""The background is steadied behind what moves, and left alone where the camera moves: measured on the simulator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.agent import Draft, Input
from engine.agents.background_refiner import MOVING_CAMERA, BackgroundRefiner
from engine.agents.steadying import Shapes, background, camera_moves
from engine.boxes import Boxes, Thing
from engine.errors import DecisionError, MaskError, VideoError
from engine.evaluate import becoming
from engine.media.images import encode_png
from engine.media.masks import encode_masks
from engine.media.videos import Frames, encode_video, read_video
from engine.pocket.render import Renderer, layout
from engine.pocket.world import sample_clip
from tests.fakes import FakeReporter

CLIPS = [sample_clip(index, held_out=False) for index in range(40, 46)]
NOTHING = np.zeros((17, 96, 96), bool)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu", size=96)


def rendered(renderer: Renderer, *cameras: str, count: int) -> tuple[Frames, Shapes]:
    """Some clips with each of these cameras, (clips, 17, 96, 96, 3), and where their things are."""
    plan = layout([replace(clip, camera=camera) for camera in cameras for clip in CLIPS[:count]], 17)
    return renderer.render(plan).permute(0, 1, 3, 4, 2).numpy(), renderer.masks(plan).any(2).numpy()


@pytest.fixture(scope="module")
def steady(renderer: Renderer) -> tuple[Frames, Shapes]:
    return rendered(renderer, "still", count=4)


@pytest.fixture(scope="module")
def moving(renderer: Renderer) -> tuple[Frames, Shapes]:
    return rendered(renderer, "pan left", "pan right", "zoom in", "zoom out", count=1)


def shimmering(frames: Frames, levels: float = 4.0) -> Frames:
    noise = np.random.default_rng(0).normal(0, levels, frames.shape)
    return np.rint(frames + noise).clip(0, 255).astype(np.uint8)


def refined(frames: Frames, **more: Input) -> Draft:
    inputs: dict[str, Input] = {"video": encode_video(frames, 8), **more}
    return BackgroundRefiner().run(inputs, 0, {}, FakeReporter())


def test_a_still_camera_is_told_from_a_moving_one(steady: tuple[Frames, Shapes], moving: tuple[Frames, Shapes]) -> None:
    assert not any(camera_moves(shimmering(clip), thing[0]) for clip, thing in zip(*steady, strict=True))
    assert all(camera_moves(shimmering(clip), thing[0]) for clip, thing in zip(*moving, strict=True))


def test_the_background_comes_near_the_truth_and_things_stay(steady: tuple[Frames, Shapes]) -> None:
    errors, untouched = [], []
    for truth, things in zip(*steady, strict=True):
        noisy = shimmering(truth)
        steadied = background(noisy, NOTHING).behind(noisy)
        behind = ~things
        before = np.abs(noisy[behind].astype(int) - truth[behind]).mean()
        errors.append(np.abs(steadied[behind].astype(int) - truth[behind]).mean() / before)
        untouched.append(np.abs(steadied[things].astype(int) - truth[things]).mean() / before)
    assert np.mean(errors) < 0.5, "the noise behind the things is halved, and more"
    assert np.max(untouched) < 1.6, "no thing is wiped out or smeared"


def test_it_is_measured_and_told(steady: tuple[Frames, Shapes]) -> None:
    draft = refined(shimmering(steady[0][0]))
    frames, fps = read_video(draft.data)
    assert (frames.shape, fps, draft.kind) == ((17, 96, 96, 3), 8, "video")
    before, after = draft.facts["shimmer_before"], draft.facts["shimmer_after"]
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert after < before / 4
    assert "note" not in draft.facts


def test_where_the_camera_moves_it_is_left_and_said(moving: tuple[Frames, Shapes]) -> None:
    data = encode_video(moving[0][0], 8)
    draft = BackgroundRefiner().run({"video": data}, 0, {}, FakeReporter())
    assert draft.data == data
    assert draft.facts["note"] == MOVING_CAMERA


def test_the_masked_places_are_left_alone(steady: tuple[Frames, Shapes]) -> None:
    noisy = shimmering(steady[0][1])
    level = np.zeros((1, 96, 96), np.uint8)
    level[:, :48] = 255
    held = np.repeat(level > 0, 17, axis=0)
    steadied = background(noisy, held).behind(noisy)
    assert (steadied[:, :46] == noisy[:, :46]).all()
    assert (steadied[:, 60:] != noisy[:, 60:]).any()
    whole = BackgroundRefiner().run(
        {"video": encode_video(noisy, 8), "mask": encode_masks(level)}, 0, {}, FakeReporter()
    )
    assert whole.facts["frames"] == 17


@pytest.mark.parametrize("motion", ["right", "fall"])
def test_the_thing_is_followed_and_left_alone_and_all_else_is_refined(motion: str, renderer: Renderer) -> None:
    """With the thing chosen, and with nothing but a mask that has room for its way."""
    row = becoming.behind(1, motion, renderer)
    assert row["background"] > row["background before"] + 3
    assert row["background, mask alone"] > row["background before"] + 3
    assert max(row["thing moved by"], row["thing moved by, mask alone"]) < 1.8, "encoding alone changes it by 1.2"


def test_with_no_thing_chosen_what_a_painted_mask_covers_is_refined(steady: tuple[Frames, Shapes]) -> None:
    noisy = shimmering(steady[0][0])
    found = Boxes(96, 96, (Thing("ball", 0.9, (8, 8, 24, 24)),), ())
    level = np.full((1, 96, 96), 255, np.uint8)
    after = refined(noisy, boxes=found.encode(), mask=encode_masks(level))
    before, steadied = after.facts["shimmer_before"], after.facts["shimmer_after"]
    assert isinstance(before, float)
    assert isinstance(steadied, float)
    assert 0 < steadied < before / 4


def test_the_key_frames_background_is_taken(steady: tuple[Frames, Shapes]) -> None:
    truth, noisy = steady[0][2], shimmering(steady[0][2])
    plain, guided = background(noisy, NOTHING), background(noisy, NOTHING, truth[0])
    behind = ~steady[1][2].any(axis=0)
    assert np.abs(guided.usual[behind].astype(int) - truth[0][behind]).mean() < 0.5
    assert np.abs(plain.usual[behind].astype(int) - truth[0][behind]).mean() > 0.5
    assert refined(noisy, image=encode_png(Image.fromarray(truth[0]))).facts["frames"] == 17


def test_one_frame_is_a_clip_too() -> None:
    assert refined(np.full((1, 32, 32, 3), 90, np.uint8)).facts["shimmer_before"] == 0


def test_the_same_video_gives_the_same_bytes(steady: tuple[Frames, Shapes]) -> None:
    assert refined(steady[0][0]).data == refined(steady[0][0]).data


def test_what_cannot_be_used_is_refused(steady: tuple[Frames, Shapes]) -> None:
    with pytest.raises(VideoError):
        BackgroundRefiner().run({"video": b"no"}, 0, {}, FakeReporter())
    with pytest.raises(DecisionError):
        BackgroundRefiner().run({"video": "no"}, 0, {}, FakeReporter())
    with pytest.raises(DecisionError):
        refined(steady[0][0], boxes="the ball")
    with pytest.raises(MaskError):
        refined(steady[0][0], mask=encode_masks(np.zeros((1, 96, 96), np.uint8)))
