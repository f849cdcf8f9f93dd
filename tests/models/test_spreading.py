"""One job over several devices: two processes on the CPU make the same frames as one, and say it when one is gone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.agents.image_to_video import ImageToVideo
from engine.errors import DeviceLostError, WishError
from engine.media.videos import Frames
from engine.models import loader
from engine.models.denoising import denoise
from engine.models.lease import Lease
from engine.models.memory.holding import Loaded
from engine.models.preview import LatentPreview
from engine.models.script import Script, sampling
from engine.models.spreading import spread
from engine.types import Settings
from tests.agents.twin import Listener
from tests.models.twins.acting import GIVEN
from tests.models.twins.shelf import SIDE, Shelf, row

CPU = torch.device("cpu")
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has two devices."""
    monkeypatch.setattr(spread, "device_count", lambda device: 2)


def loaded(shelf: Shelf, name: str) -> Loaded:
    twin = shelf.twin(row(name))
    pipeline, revision = loader.load(twin, shelf.root, CPU)
    return Loaded(pipeline, revision, CPU, LatentPreview(shelf.root), twin)


def made(model: Loaded, size: tuple[int, int] = (SIDE, SIDE)) -> Frames:
    known = {0: Image.new("RGB", size, "red")}
    wanted = sampling(model.profile, {"steps": 2}, model.profile.frame_counts[0])
    script = Script("a ball", "", known)
    return denoise(model, script, wanted, 3, lambda done, steps, latents: None)


@pytest.mark.long
def test_two_processes_make_what_one_makes_and_say_it_when_one_is_killed(shelf_of_twins: Shelf, two: None) -> None:
    wan = loaded(shelf_of_twins, "wan2.2-5b")
    whole = made(wan)
    wan.spread.over(wan.spread.chosen(None, worn=False))
    assert wan.spread.count == 2
    assert np.abs(made(wan).astype(int) - whole).max() <= 1
    uneven = {
        "hidden_states": torch.zeros(1, 16, 3, 6, 6),
        "timestep": torch.tensor([500]),
        "encoder_hidden_states": torch.zeros(1, 7, wan.pipeline.transformer.config.text_dim),
    }
    with pytest.raises(WishError, match="dealt out evenly among 2 GPUs"), torch.no_grad():
        wan.pipeline.transformer(**uneven)
    assert np.abs(made(wan).astype(int) - whole).max() <= 1, "they go on"
    troupe = wan.spread._troupe
    assert troupe is not None
    troupe._others[0].kill()
    with pytest.raises(DeviceLostError, match=r"make this take together stopped answering .*code -9"):
        made(wan)
    wan.spread.over(1)
    assert (made(wan) == whole).all(), "whole again"


@pytest.mark.long
def test_two_denoisers_are_both_spread_and_one_model_at_a_time(shelf_of_twins: Shelf, two: None) -> None:
    before = loaded(shelf_of_twins, "wan2.2-5b")
    before.spread.over(2)
    wan = loaded(shelf_of_twins, "wan2.2-a14b")
    whole = made(wan)
    wan.spread.over(2)
    assert before.spread.count == 1
    del before
    assert np.abs(made(wan).astype(int) - whole).max() <= 1
    wan.spread.close()


def test_a_model_that_cannot_be_spread_is_refused_by_name(shelf_of_twins: Shelf, two: None) -> None:
    svd = loaded(shelf_of_twins, "svd-xt").spread
    assert svd.chosen(None, worn=False) == 1, "left as it is where nobody asked"
    with pytest.raises(WishError, match=r"Stable Video Diffusion.* cannot be spread over 2 GPUs.*limit 1.*gpus to 1"):
        svd.chosen(2, worn=False)
    wan = loaded(shelf_of_twins, "wan2.2-5b")
    for count, worn, reason in ((4, False, "attention heads"), (2, True, "wears LoRAs")):
        with pytest.raises(WishError, match=reason):
            wan.spread.chosen(count, worn)
    parted = spread.Spread("Wan", wan.pipeline, CPU, whole=False)
    assert parted.chosen(None, worn=False) == 1
    with pytest.raises(WishError, match="does not fit on one whole"):
        parted.chosen(2, worn=False)


def test_more_devices_than_there_are_is_refused_by_name(shelf_of_twins: Shelf) -> None:
    with pytest.raises(WishError, match="over 2 GPUs: there are 1"):
        loaded(shelf_of_twins, "wan2.2-5b").spread.chosen(2, worn=False)


@pytest.mark.long
def test_a_take_says_over_how_many_it_was_spread(shelf_of_twins: Shelf, two: None) -> None:
    lease = Lease(CPU, root=shelf_of_twins.root, rows=[shelf_of_twins.twin(row("wan2.2-5b"))])
    agent = ImageToVideo(lease)
    for gpus, told in ((None, 2), (1, None)):
        settings: Settings = {"profile": "wan2.2-5b", "steps": 1, **({"gpus": gpus} if gpus else {})}
        draft = agent.run(GIVEN["image_to_video"], 3, settings, Listener(None))
        assert draft.facts.get("gpus") == told
