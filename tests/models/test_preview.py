"""Latents of every family as tiny pictures, where a map for them lies beside the weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.models.denoising import denoise
from engine.models.preview import FACTORS, Frames, LatentPreview
from engine.models.script import Script, sampling
from tests.models.twins.acting import plain
from tests.models.twins.shelf import Shelf, row

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
GREY = 0.5


def preview(folder: Path, channels: int) -> LatentPreview:
    """A map that adds up all channels, and some grey."""
    rows = [[1.0, 1.0, 1.0]] * channels + [[GREY] * 3]
    (folder / FACTORS).write_text(json.dumps({"rgb_factors": rows}))
    return LatentPreview(folder)


@pytest.mark.parametrize(
    ("shape", "frames"),
    [((1, 4, 3, 2, 5), 3), ((1, 3, 4, 2, 5), 3), ((1, 4, 2, 5), 1), ((3, 4, 2, 5), 3), ((1, 4, 4, 2, 5), 4)],
)
def test_latents_are_shown_whatever_their_order(tmp_path: Path, shape: tuple[int, ...], frames: int) -> None:
    shown = preview(tmp_path, 4)(torch.zeros(shape))
    assert shown is not None
    assert shown.shape == (frames, 2, 5, 3)
    assert (shown == round((GREY + 1) * 127.5)).all()


@pytest.mark.parametrize("shape", [(1, 10, 16), (1, 5, 3, 2, 5), (1, 3, 2, 5)])
def test_what_cannot_be_shown_is_left_out(tmp_path: Path, shape: tuple[int, ...]) -> None:
    assert preview(tmp_path, 4)(torch.zeros(shape)) is None


def test_a_model_without_a_map_shows_nothing(tmp_path: Path) -> None:
    assert LatentPreview(tmp_path)(torch.zeros(1, 4, 3, 2, 5)) is None


@pytest.mark.parametrize(
    ("name", "channels", "frames"),
    [("z-image-turbo", 4, 1), ("hunyuan-video-1.5", 4, 2), ("i2vgen-xl", 4, 3), ("svd-xt", 4, 3), ("ltx-2", 4, None)],
)
def test_a_run_shows_its_latents_after_every_step(
    shelf_of_twins: Shelf, tmp_path: Path, name: str, channels: int, frames: int | None
) -> None:
    twin, seen = shelf_of_twins.twin(row(name)), list[Frames | None]()
    known = {0: plain("red")} if twin.frame_counts else {}
    asked = sampling(twin, {}, next(iter(twin.frame_counts), 1))
    with shelf_of_twins.lease.borrow(twin) as loaded:
        shown = replace(loaded, preview=preview(tmp_path, channels))
        denoise(shown, Script("a ball", "", known), asked, 3, lambda done, steps, latents: seen.append(latents))
    assert len(seen) == asked.steps + 1
    assert [one is not None and len(one) for one in seen[1:]] == [frames or False] * asked.steps
