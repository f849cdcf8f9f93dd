"""Each family runs in the number formats that it has on a GPU, here on the CPU."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.models import loader
from engine.models.denoising import denoise
from engine.models.driving.table import driver_of
from engine.models.script import Script, sampling
from engine.pocket.given import Source
from tests.models.twins.acting import plain
from tests.models.twins.shelf import SIDE, Shelf, row

pytestmark = [
    pytest.mark.usefixtures("table_of_twins"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
GPU = torch.device("cuda")


@pytest.mark.parametrize(
    "name", ["z-image-turbo", "flux2-klein-4b", "qwen-image-edit-2511", "hunyuan-video-1.5", "ltx-2", "i2vgen-xl"]
)
def test_a_family_runs_in_its_own_formats(shelf_of_twins: Shelf, name: str) -> None:
    twin = shelf_of_twins.twin(row(name))
    rules, formats = driver_of(twin).rules, loader.formats(driver_of(twin), GPU)
    pipeline, _ = loader.load(twin, shelf_of_twins.root, GPU)
    source = None if rules.sourceless else Source(np.full((1, SIDE, SIDE, 3), 200, np.uint8))
    script = Script("a ball", "rain", {0: plain("red")} if twin.frame_counts else {}, source)
    asked = sampling(twin, {"steps": 2}, next(iter(twin.frame_counts), 1))
    with shelf_of_twins.lease.borrow(twin) as loaded:
        made = denoise(replace(loaded, pipeline=pipeline), script, asked, 3, lambda done, steps, latents: None)
    assert {part.dtype for part in (pipeline.vae, pipeline.text_encoder)} == {formats["default"]}
    assert made.shape == (asked.frames, SIDE, SIDE, 3)
