"""Latents of every family as tiny pictures, where a map for them lies beside the weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.models.denoising import denoise
from engine.models.memory.holding import Loaded
from engine.models.preview import FACTORS, Frames, LatentPreview
from engine.models.script import Script, sampling
from engine.pocket.given import Source
from engine.types import ModelProfile
from tests.models.twins.acting import plain
from tests.models.twins.shelf import SIDE, Shelf, row

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
    ("name", "frames"),
    [("z-image-turbo", 1), ("hunyuan-video-1.5", 2), ("i2vgen-xl", 3), ("svd-xt", 3)],
)
def test_a_run_shows_its_latents_after_every_step(
    shelf_of_twins: Shelf, tmp_path: Path, name: str, frames: int
) -> None:
    with shelf_of_twins.lease.borrow(shelf_of_twins.twin(row(name))) as loaded:
        assert shown_lengths(loaded, preview(tmp_path, 4)) == [None, frames, frames, frames, frames]


@pytest.mark.parametrize(
    ("name", "channels", "frames", "rule"),
    [
        *(("flux2-klein-4b", 4, 1, "_unpatchify_latents"), ("qwen-image-edit-2511", 4, 1, "_unpack_latents")),
        *(("ltx-0.9.7", 8, 3, "_unpack_latents"), ("ltx-2", 4, 3, "_unpack_latents")),
    ],
)
def test_a_row_of_patches_is_laid_out_as_the_decoder_gets_it_and_shown(
    shelf_of_twins: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    channels: int,
    frames: int,
    rule: str,
) -> None:
    laid = list[torch.Tensor]()
    with shelf_of_twins.lease.borrow(shelf_of_twins.twin(row(name))) as loaded:
        own = getattr(loaded.pipeline, rule)

        def heard(*given: Any, **named: Any) -> torch.Tensor:
            laid.append(own(*given, **named))
            return laid[-1]

        monkeypatch.setattr(loaded.pipeline, rule, heard)
        assert shown_lengths(loaded, preview(tmp_path, channels)) == [None, frames, frames, frames, frames]
    assert len(laid) == 5, "laid out after each step, and then by the pipeline, to be decoded"
    torch.testing.assert_close(laid[-2], laid[-1])
    assert not torch.equal(laid[0], laid[-1])


def shown_lengths(loaded: Loaded, preview: LatentPreview) -> list[int | None]:
    """How many frames are shown at each report of a run of four steps."""
    seen, twin = list[Frames | None](), loaded.profile
    asked = sampling(twin, {}, next(iter(twin.frame_counts), 1))
    shown = replace(loaded, preview=preview)
    denoise(shown, script(twin), asked, 3, lambda done, steps, latents: seen.append(latents))
    return [None if one is None else len(one) for one in seen]


def script(twin: ModelProfile) -> Script:
    """Something to do: both ends of a clip where its model can be told them, a picture to change, words."""
    if not twin.frame_counts:
        picture = np.full((1, SIDE, SIDE, 3), 90, np.uint8)
        return Script("a ball", "", source=Source(picture) if "image_editor" in twin.jobs else None)
    ends = {0: plain("red"), twin.frame_counts[0] - 1: plain("white")}
    return Script("a ball", "", ends if "last_image" in twin.honours else {0: ends[0]})
