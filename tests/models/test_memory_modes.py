"""Every way to hold a model, with tiny twins on the CPU: the same is made, or nearly."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import SettingError
from engine.media.videos import Frames
from engine.models import loader
from engine.models.denoising import denoise
from engine.models.memory import modes
from engine.models.memory.holding import Loaded
from engine.models.memory.modes import DEVICE, MODES, Mode
from engine.models.memory.placing import place
from engine.models.preview import LatentPreview
from engine.models.script import Script, sampling
from tests.models.twins.shelf import SIDE, Shelf, row

CPU = torch.device("cpu")
TWINS = ("sdxl-refined", "svd-xt", "wan2.2-a14b")
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def held(shelf: Shelf, name: str, mode: Mode) -> Loaded:
    twin = shelf.twin(row(name))
    pipeline, revision = loader.load(twin, shelf.root, CPU)
    place(pipeline, mode, CPU)
    return Loaded(pipeline, revision, CPU, LatentPreview(shelf.root), twin, mode)


def made(loaded: Loaded) -> Frames:
    counts = loaded.profile.frame_counts
    known = {0: Image.new("RGB", (SIDE, SIDE), "red")} if counts else {}
    wanted = sampling(loaded.profile, {"steps": 4 if loaded.profile.refiner else 2}, counts[0] if counts else 1)
    return denoise(loaded, Script("a ball", "", known), wanted, 3, lambda done, steps, latents: None)


@pytest.fixture(scope="module", params=TWINS)
def whole(request: pytest.FixtureRequest, shelf_of_twins: Shelf) -> tuple[str, Frames]:
    """A twin's name, and what it makes with everything on the device."""
    name: str = request.param
    return name, made(held(shelf_of_twins, name, DEVICE))


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode.exact][1:], ids=lambda mode: str(mode.name))
def test_what_leaves_the_device_between_its_turns_changes_nothing(
    shelf_of_twins: Shelf, whole: tuple[str, Frames], mode: Mode
) -> None:
    name, frames = whole
    loaded = held(shelf_of_twins, name, mode)
    assert np.abs(made(loaded).astype(int) - frames).max() <= 1
    assert np.abs(made(loaded).astype(int) - frames).max() <= 1, "a second run finds everything in its place"


def test_eight_bits_store_the_denoisers_and_nearly_the_same_is_made(
    shelf_of_twins: Shelf, whole: tuple[str, Frames]
) -> None:
    name, frames = whole
    loaded = held(shelf_of_twins, name, MODES[-1])
    base = getattr(loaded.pipeline, "base", loaded.pipeline)
    denoiser = getattr(base, "transformer", None) or base.unet
    kinds = {parameter.dtype for parameter in denoiser.parameters()}
    assert torch.float8_e4m3fn in kinds
    assert {parameter.dtype for parameter in base.vae.parameters()} == {torch.float32}
    again = made(loaded).astype(int)
    if name != "sdxl-refined":  # whose twin is larger than a tile of its decoder
        assert np.abs(again - frames).mean() < 8, "levels of 255; the weights are random, so errors grow as they like"


def test_tiles_are_asked_of_decoders_that_know_them(shelf_of_twins: Shelf) -> None:
    tiled = next(mode for mode in MODES if mode.tiled)
    wan, svd = (held(shelf_of_twins, name, tiled).pipeline.vae for name in ("wan2.2-a14b", "svd-xt"))
    assert wan.use_tiling
    assert not hasattr(svd, "use_tiling")


def test_a_mode_is_called_by_its_name() -> None:
    assert modes.named("automatic") is None
    assert [modes.named(mode.name) for mode in MODES] == list(MODES)
    assert [mode.exact for mode in MODES] == [True, True, True, False, False, False]
    with pytest.raises(SettingError, match="automatic; device; model offload"):
        modes.named("on the moon")
