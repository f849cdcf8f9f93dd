"""The exact rewrites on tiny twins: what they make is what the library makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.overrides import TorchFunctionMode

from engine.media.videos import Frames
from engine.models import loader
from engine.models.denoising import denoise
from engine.models.driving.driver import pixels
from engine.models.memory.holding import Loaded
from engine.models.memory.modes import DEVICE, MODES, Mode
from engine.models.memory.placing import place
from engine.models.preview import LatentPreview
from engine.models.script import Script, sampling
from engine.models.speed import rewrites
from engine.models.speed.decoder import LightDecoder, as_bytes
from engine.models.speed.switches import FLAT_CONVOLUTIONS, KEPT_WORDS, LIGHT_DECODER, ONE_TIMESTEP, SINGLE_KEY
from engine.models.speed.unets import FlatConvolutions
from tests.models.twins.shelf import SIDE, Shelf, row

CPU = torch.device("cpu")
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


class Called(TorchFunctionMode):
    """Remembers the names of torch's functions that were called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """See TorchFunctionMode."""
        self.names.append(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))


def held(shelf: Shelf, name: str, mode: Mode = DEVICE) -> Loaded:
    twin = shelf.twin(row(name))
    pipeline, revision = loader.load(twin, shelf.root, CPU)
    place(pipeline, mode, CPU)
    return Loaded(pipeline, revision, CPU, LatentPreview(shelf.root), twin, mode)


def made(loaded: Loaded) -> Frames:
    known = {0: Image.new("RGB", (SIDE, SIDE), "red")}
    wanted = sampling(loaded.profile, {"steps": 2}, loaded.profile.frame_counts[0])
    return denoise(loaded, Script("a ball", "rain", known), wanted, 3, lambda done, steps, latents: None)


def switched(loaded: Loaded, *names: str) -> None:
    """These on, all others off."""
    for one in rewrites.of(loaded.pipeline):
        (one.on if one.name in names else one.off)()


@pytest.mark.parametrize(
    ("name", "switches"),
    [
        ("wan2.2-5b", (ONE_TIMESTEP,)),
        ("wan2.2-5b", (LIGHT_DECODER,)),
        ("wan2.2-a14b", (LIGHT_DECODER, KEPT_WORDS)),
        ("svd-xt", (SINGLE_KEY, FLAT_CONVOLUTIONS)),
    ],
)
def test_a_rewrite_makes_what_the_library_makes(shelf_of_twins: Shelf, name: str, switches: tuple[str, ...]) -> None:
    loaded = held(shelf_of_twins, name)
    assert set(switches) <= {one.name for one in rewrites.of(loaded.pipeline)}
    switched(loaded)
    stock = made(loaded)
    switched(loaded, *switches)
    assert np.abs(made(loaded).astype(int) - stock).max() <= 1, "rounding to 255 levels apart"
    switched(loaded)
    assert np.array_equal(made(loaded), stock)


@pytest.mark.parametrize("mode", [MODES[1], MODES[2], MODES[4]], ids=lambda mode: str(mode.name))
def test_they_are_right_however_the_model_is_held(shelf_of_twins: Shelf, mode: Mode) -> None:
    loaded = held(shelf_of_twins, "wan2.2-5b", mode)
    switched(loaded)
    stock = made(loaded)
    switched(loaded, ONE_TIMESTEP, LIGHT_DECODER, KEPT_WORDS)
    for _ in range(2):
        assert np.abs(made(loaded).astype(int) - stock).max() <= 1


def test_timesteps_are_embedded_once_a_latent_frame(shelf_of_twins: Shelf) -> None:
    loaded = held(shelf_of_twins, "wan2.2-5b")
    embedded: list[int] = []
    embedder = loaded.pipeline.transformer.condition_embedder.time_embedder
    embedder.register_forward_pre_hook(lambda module, given: embedded.append(given[0].shape[1]))
    switched(loaded)
    made(loaded)
    switched(loaded, ONE_TIMESTEP)
    made(loaded)
    frames = (loaded.profile.frame_counts[0] - 1) // 4 + 1
    tokens = frames * (SIDE // 8 // 2) ** 2
    assert embedded == [tokens] * 4 + [frames] * 4


def test_tokens_of_a_frame_that_differ_are_each_embedded(shelf_of_twins: Shelf) -> None:
    """No pipeline does so today; one that did would be served as ever."""
    loaded = held(shelf_of_twins, "wan2.2-5b")
    transformer = loaded.pipeline.transformer
    given = {
        "hidden_states": torch.randn(1, 16, 3, 4, 4),
        "timestep": torch.arange(12.0)[None] * 50,
        "encoder_hidden_states": torch.randn(1, 8, transformer.config.text_dim),
        "return_dict": False,
    }
    switched(loaded)
    with torch.no_grad():
        stock = transformer(**given)[0]
        switched(loaded, ONE_TIMESTEP)
        assert torch.equal(transformer(**given)[0], stock)


def decoded(vae: Any, latents: torch.Tensor) -> Frames:
    with torch.no_grad():
        stock = vae.decode(latents, return_dict=False)[0][0]
    return pixels(stock.permute(1, 2, 3, 0).float().mul(0.5).add(0.5).clamp(0, 1).numpy())


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_latent_frames_are_decoded_together(shelf_of_twins: Shelf, chunk: int) -> None:
    vae = held(shelf_of_twins, "wan2.2-5b").pipeline.vae
    latents = torch.randn(1, 16, 6, 4, 4, generator=torch.Generator().manual_seed(1))
    light = LightDecoder(vae)
    stock = decoded(vae, latents)
    light.chunk = chunk
    light.on()
    with torch.no_grad():
        found = torch.cat([as_bytes(piece) for piece in light.pieces(latents)]).numpy()
    assert found.shape == stock.shape == (21, 32, 32, 3)
    assert np.abs(found.astype(int) - stock).max() <= 1


def test_the_light_format_is_near_and_can_be_taken_back(shelf_of_twins: Shelf) -> None:
    vae = held(shelf_of_twins, "wan2.2-5b").pipeline.vae
    latents = torch.randn(1, 16, 2, 4, 4, generator=torch.Generator().manual_seed(1))
    light = LightDecoder(vae)
    stock = decoded(vae, latents)
    light.lighten()
    with torch.no_grad():
        found = torch.cat([as_bytes(piece) for piece in light.pieces(latents)]).numpy()
    assert vae.dtype == torch.float32, "the encoder keeps its format"
    error = np.square(found.astype(float) - stock).mean()
    assert 10 * np.log10(255**2 / max(error, 1e-9)) > 35
    light.off()
    assert np.array_equal(decoded(vae, latents), stock)


def test_a_compiler_sees_a_block_and_a_convolution_whole(shelf_of_twins: Shelf) -> None:
    """A rewrite that a compiler cannot look into costs what compiling gains."""
    loaded = held(shelf_of_twins, "wan2.2-5b")
    switched(loaded, ONE_TIMESTEP)
    block, width = loaded.pipeline.transformer.blocks[0], 24
    given = (torch.randn(1, 12, width), torch.randn(1, 8, width), torch.randn(1, 3, 6, width))
    turned = (torch.randn(1, 12, 1, 12), torch.randn(1, 12, 1, 12))
    whole: Any = torch.compile(block.forward, backend="eager", fullgraph=True)
    with torch.no_grad():
        assert torch.equal(whole(*given, turned), block(*given, turned))
    along = torch.nn.Conv3d(4, 4, (3, 1, 1), padding=(1, 0, 0))
    x = torch.randn(1, 4, 5, 6, 6)
    stock = along(x)
    FlatConvolutions(along).on()
    with Called() as eager:
        assert torch.equal(along(x), stock)
    assert "conv3d" in eager.names
    assert "conv2d" not in eager.names, "as it lies, the library's own is quicker"
    called: list[str] = []

    def backend(graph: Any, _: Any) -> Any:
        called.extend(str(node.target) for node in graph.graph.nodes)
        return graph.forward

    flat: Any = torch.compile(along.forward, backend=backend, fullgraph=True)
    assert torch.allclose(flat(x), stock, atol=1e-6)
    assert any("conv2d" in one for one in called)
    assert not any("conv3d" in one for one in called)
