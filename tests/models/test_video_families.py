"""What is particular to a family of models of videos."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import WishError
from engine.models.denoising import denoise
from engine.models.driving.driver import Order
from engine.models.driving.svd import SVD
from engine.models.script import OWN, Script, sampling
from tests.models.twins.acting import frames_of, plain
from tests.models.twins.shelf import FRAMES, SIDE, Shelf, row

pytestmark = [
    pytest.mark.usefixtures("table_of_twins"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


class Halt(Exception):
    """Ends a run from within."""


def borrowed(shelf: Shelf, name: str) -> Any:
    with shelf.lease.borrow(shelf.twin(row(name))) as loaded:
        return loaded


@pytest.mark.parametrize("name", ["hunyuan-video-1.5", "i2vgen-xl"])
def test_a_pipeline_that_tells_nothing_is_listened_to_for_one_run_alone(shelf_of_twins: Shelf, name: str) -> None:
    loaded = borrowed(shelf_of_twins, name)
    scheduler, told = loaded.pipeline.scheduler, list[int]()

    def halting(done: int, steps: int, latents: object) -> None:
        told.append(done)
        if done == 2:
            raise Halt

    asked = sampling(loaded.profile, {}, FRAMES[loaded.profile.driver])
    with pytest.raises(Halt):
        denoise(loaded, Script("a ball", "", {0: plain("red")}), asked, 3, halting)
    assert told == [0, 1, 2]
    assert "step" not in vars(scheduler), "the next run begins with the scheduler as it was"


def test_a_size_that_the_weights_would_change_is_refused(shelf_of_twins: Shelf) -> None:
    twin = replace(shelf_of_twins.twin(row("hunyuan-video-1.5")), sizes=((128, 64),))
    script, asked = Script("a ball", "", {0: plain("red")}), sampling(twin, {}, 5)
    with shelf_of_twins.lease.borrow(twin) as loaded, pytest.raises(WishError, match="of this size") as caught:
        denoise(loaded, script, asked, 3, lambda done, steps, latents: None)
    assert (caught.value.value, caught.value.limit) == ("128 x 64", "80 x 48")


def test_guidance_is_that_of_the_run(shelf_of_twins: Shelf) -> None:
    twin, script = shelf_of_twins.twin(row("hunyuan-video-1.5")), Script("a ball", "rain", {0: plain("red")})
    made = []
    for scale in (1.0, 9.0, 1.0):
        made.append(
            frames_of(shelf_of_twins, replace(twin, defaults={**twin.defaults, "guidance_scale": scale}), script)
        )
    assert (made[0] == made[2]).all()
    assert (made[0] != made[1]).any()


def test_the_a14b_begins_with_one_model_and_ends_with_another(shelf_of_twins: Shelf) -> None:
    loaded, asked = borrowed(shelf_of_twins, "wan2.2-a14b"), list[str]()
    hooks = [
        getattr(loaded.pipeline, name).register_forward_pre_hook(lambda *_, name=name: asked.append(name))
        for name in ("transformer", "transformer_2")
    ]
    script = Script("a ball", "", {0: plain("red"), 8: plain("white")})
    denoise(loaded, script, sampling(loaded.profile, {}, 9), 3, lambda done, steps, latents: None)
    for hook in hooks:
        hook.remove()
    assert asked == sorted(asked)
    assert set(asked) == {"transformer", "transformer_2"}
    assert len(asked) == 8, "each step asks twice: with the words, and with what to avoid"


def test_known_frames_stand_where_they_are_said_to(shelf_of_twins: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, stood = borrowed(shelf_of_twins, "ltx-2"), list[tuple[float, int]]()
    placing = loaded.pipeline._prepare_keyframe_coords

    def recording(**given: Any) -> Any:
        stood.append((given["pixel_frame_idx"], given["num_pixel_frames"]))
        return placing(**given)

    monkeypatch.setattr(loaded.pipeline, "_prepare_keyframe_coords", recording)
    ends = {index: plain("red") for index in (0, 4, *range(8, 17))}
    denoise(loaded, Script("a ball", "", ends), sampling(loaded.profile, {}, 17), 3, lambda done, steps, latents: None)
    assert stood == [(4, 1), (8, 9)], "a picture alone, and nine frames that end with the last"


def test_sound_is_made_but_not_kept(shelf_of_twins: Shelf) -> None:
    made = frames_of(shelf_of_twins, row("ltx-2"), Script("a ball", ""))
    assert made.shape == (17, SIDE, SIDE, 3)


def test_framepack_makes_whole_windows_each_in_all_its_steps(shelf_of_twins: Shelf) -> None:
    twin = replace(
        shelf_of_twins.twin(row("framepack")), frame_counts=(73,), defaults={"steps": 1, "guidance_scale": 9}
    )
    told = list[tuple[int, int]]()
    script, asked = Script("a ball", "", {0: plain("red"), 72: plain("white")}), sampling(twin, {}, 73)
    with shelf_of_twins.lease.borrow(twin) as loaded:
        made = denoise(loaded, script, asked, 3, lambda done, steps, latents: told.append((done, steps)))
    assert made.shape == (73, SIDE, SIDE, 3), "its pipeline, asked for 73, makes 109"
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_what_only_svd_can_be_told_reaches_it() -> None:
    told: dict[str, Any] = {}

    def pipeline(**given: Any) -> Any:
        told.update(given)
        return SimpleNamespace(frames=[np.zeros((1, SIDE, SIDE, 3))])

    asked = sampling(row("svd-xt"), {"motion_bucket": 200, "noise_augmentation": 0.1}, 25)
    order = Order(Script("", "", {0: plain("red")}), asked, 7, torch.Generator(), lambda *given: given[3])
    SVD.run(pipeline, order)
    assert (told["motion_bucket_id"], told["noise_aug_strength"], told["decode_chunk_size"]) == (200, 0.1, 8)
    assert asked.as_settings() == {
        "steps": 25, "guidance_scale": 3.0, "motion_bucket": 200, "noise_augmentation": 0.1, "decode_chunk": 8,
    }  # fmt: skip
    assert SVD.own == {name: value for name, value in row("svd-xt").defaults.items() if name in OWN}
    assert sampling(row("wan2.2-5b"), {}, 121).own == {}
