"""LoRAs on the tiny twins: their weight counts, they fit or are refused, and a recipe brings the same ones back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from engine.agent import Draft
from engine.agents.filming import planned, shoot
from engine.errors import (
    ModelError,
    SettingError,
    WeightsAlteredError,
    WeightsMissingError,
    WeightsRefusedError,
    WishError,
)
from engine.models import own_rows, profiles
from engine.models.hub.fetching import Hub
from engine.models.hub.kept import Kept
from engine.models.hub.wire import Wire
from engine.models.lease import Lease
from engine.models.loader import load
from engine.models.lora.finding import names
from engine.models.manifest import digest
from engine.models.memory.weights import DENOISERS
from engine.models.profiles import PROFILES
from engine.models.script import Script
from engine.types import ModelProfile, Settings
from tests.agents.twin import Listener
from tests.models.fake_device import FakeDevice
from tests.models.fake_hub import fake_hub
from tests.models.lora import twins
from tests.models.twins.acting import AGENTS, GIVEN, plain
from tests.models.twins.shelf import Shelf, row

pytest.importorskip("peft")
WORN = ("sdxl", "wan2.2-5b", "ltx-0.9.7")
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREENLIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture(autouse=True)
def table(shelf_of_twins: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "PROFILES", tuple(shelf_of_twins.twin(row(one)) for one in (*WORN, "svd-xt")))


def put(
    shelf: Shelf, home: Path, model: str, name: str, *, seed: int = 0, said: Mapping[str, str] | None = None
) -> Path:
    """A LoRA for this model into the home."""
    folder = shelf.root / shelf.twin(row(model)).repository
    return twins.write(home / "loras" / f"{name}.safetensors", folder, seed, said)


def take(lease: Lease, model: str, loras: str = "", **more: float) -> Draft:
    job = row(model).jobs[0] if model in WORN else "image_to_video"
    settings: Settings = {"profile": model, "steps": 2, **({"loras": loras} if loras else {}), **more}
    return AGENTS[job](lease).run(GIVEN[job], 3, settings, Listener())


def pictures(lease: Lease, model: str, loras: str, memory: str) -> NDArray[np.float64]:
    """What a take shows, before any codec."""
    plan = planned(lease, {"profile": model, "steps": 2, "loras": loras, "memory": memory})
    known = {0: plain("red")} if plan.row.frame_counts else {}
    return shoot(lease, plan, Script("a ball", "", known), 3, Listener()).frames.astype(float)


@pytest.mark.parametrize("model", WORN)
def test_a_lora_counts_by_its_weight(shelf_of_twins: Shelf, home: Path, model: str) -> None:
    path = put(shelf_of_twins, home, model, "sketch")
    put(shelf_of_twins, home, model, "ink", seed=1)
    lease = shelf_of_twins.lease
    asked = ("", "sketch@0", "sketch@0.5", "sketch", "ink", "sketch, ink@0.5")
    bare, none, half, whole, ink, both = (take(lease, model, loras) for loras in asked)
    assert none.data == bare.data
    assert len({one.data for one in (bare, half, whole, ink, both)}) == 5
    assert half.settings["loras"] == f"sketch@0.5#{digest(path)}"
    assert str(half.revision).endswith(f" with sketch@0.5#{digest(path)}")
    assert "loras" not in bare.settings
    assert take(lease, model, str(half.settings["loras"])).data == half.data, "as a recipe says it"
    assert take(lease, model).data == bare.data, "and nothing stays on"


@pytest.mark.parametrize("model", WORN)
def test_in_eight_bits_a_lora_is_worn_as_by_weights_that_were_rounded_so(
    shelf_of_twins: Shelf, home: Path, model: str
) -> None:
    """Its own pairs keep their precision."""

    def rounded(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
        pipeline, revision = load(profile, root, device)
        for part in [part for name, part in pipeline.components.items() if name in DENOISERS and part is not None]:
            stored = deepcopy(part)
            stored.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=part.dtype)
            part.load_state_dict({name: tensor.to(part.dtype) for name, tensor in stored.state_dict().items()})
        return pipeline, revision

    put(shelf_of_twins, home, model, "sketch")
    stored, whole = (Lease(FakeDevice(24), how, shelf_of_twins.root) for how in (load, rounded))
    bare, worn = (pictures(stored, model, loras, "fp8") for loras in ("", "sketch@0.5"))
    same = pictures(whole, model, "sketch@0.5", "group offload, tiled")
    assert np.abs(worn - same).max() <= 1
    assert np.abs(worn - bare).mean() > 20 * np.abs(worn - same).mean()
    assert np.array_equal(pictures(stored, model, "", "fp8"), bare), "and nothing stays on"


def test_one_file_is_not_another_of_its_name(shelf_of_twins: Shelf, home: Path) -> None:
    put(shelf_of_twins, home, "sdxl", "sketch")
    first = take(shelf_of_twins.lease, "sdxl", "sketch")
    put(shelf_of_twins, home, "sdxl", "sketch", seed=7)
    assert take(shelf_of_twins.lease, "sdxl", "sketch").data != first.data, "the file is another one now"
    with pytest.raises(WeightsAlteredError, match="sketch"):
        take(shelf_of_twins.lease, "sdxl", str(first.settings["loras"]))


@pytest.mark.parametrize(
    ("model", "other", "said"),
    [("sdxl", "wan2.2-5b", "Wan"), ("wan2.2-5b", "sdxl", "Stable"), ("ltx-0.9.7", "wan2.2-5b", "Wan")],
)
def test_one_for_another_model_is_refused(shelf_of_twins: Shelf, home: Path, model: str, other: str, said: str) -> None:
    put(shelf_of_twins, home, other, "foreign")
    bare = take(shelf_of_twins.lease, model)
    with pytest.raises(WeightsRefusedError, match=f"foreign does not fit .*made for .*{said}"):
        take(shelf_of_twins.lease, model, "foreign")
    assert take(shelf_of_twins.lease, model).data == bare.data, "it went on without a trace"
    put(shelf_of_twins, home, other, "told", said={"modelspec.architecture": "owl-1"})
    with pytest.raises(WeightsRefusedError, match="made for owl-1"):
        take(shelf_of_twins.lease, model, "told")


def test_one_of_another_width_is_refused(shelf_of_twins: Shelf, home: Path) -> None:
    path = put(shelf_of_twins, home, "sdxl", "wide")
    state = load_file(path)
    name = next(name for name in state if name.endswith("lora_A.weight"))
    save_file({**state, name: torch.ones(2, 99)}, path)
    with pytest.raises(WeightsRefusedError, match="not 99"):
        take(shelf_of_twins.lease, "sdxl", "wide")


def test_a_few_step_lora_brings_its_steps(shelf_of_twins: Shelf, home: Path) -> None:
    path = put(shelf_of_twins, home, "sdxl", "quick", said={"greenlight.steps": "3", "greenlight.guidance_scale": "1"})
    agent, given = AGENTS["text_to_image"](shelf_of_twins.lease), GIVEN["text_to_image"]

    def told(loras: str) -> tuple[object, object]:
        settings = agent.run(given, 3, {"profile": "sdxl", "loras": loras}, Listener()).settings
        return settings["steps"], settings["guidance_scale"]

    assert told("quick") == (3, 1.0)
    assert told("quick@0") == (4, 5.0)
    path.with_suffix(".toml").write_text("steps = 2\n")
    assert told("quick") == (2, 1.0)
    for wrong in ("steps = 200", "stepps = 2", "steps = "):
        path.with_suffix(".toml").write_text(wrong)
        with pytest.raises(SettingError, match=r"quick\.toml"):
            told("quick")


def test_a_row_says_what_its_model_wears(shelf_of_twins: Shelf, home: Path, tmp_path: Path) -> None:
    path = put(shelf_of_twins, home, "sdxl", "sketch")
    far = path.rename(tmp_path / "far.safetensors")
    folder = shelf_of_twins.root / row("sdxl").repository
    (tmp_path / "rows").mkdir()
    text = f'repository = "{folder}"\ndriver = "stable-diffusion-xl"\njobs = ["text_to_image"]\nsizes = [[64, 64]]\n'
    file = tmp_path / "rows" / "drawn.toml"
    file.write_text(f'{text}loras = ["{far}@0.5"]\n')
    rows = own_rows.read(file.parent, PROFILES)
    lease = Lease(torch.device("cpu"), root=shelf_of_twins.root, rows=rows)
    draft = take_named(lease, "drawn")
    assert str(draft.revision).endswith(f" with far@0.5#{digest(far)}"), "no path"
    plain = Lease(
        shelf_of_twins.lease._holding.device.place, root=shelf_of_twins.root, rows=[replace(rows[0], loras=())]
    )
    assert take_named(plain, "drawn").data != draft.data
    file.write_text(f'{text}loras = ["{far}@9"]\n')
    with pytest.raises(SettingError, match=r"drawn\.toml: The weight of a LoRA"):
        own_rows.read(file.parent, PROFILES)


def take_named(lease: Lease, name: str) -> Draft:
    settings: Settings = {"profile": name, "steps": 2}
    return AGENTS["text_to_image"](lease).run(GIVEN["text_to_image"], 3, settings, Listener())


def test_what_is_not_here_or_no_safetensors_is_named(shelf_of_twins: Shelf, home: Path) -> None:
    lease = shelf_of_twins.lease
    put(shelf_of_twins, home, "sdxl", "sketch")
    with pytest.raises(WeightsMissingError, match="brush") as caught:
        take(lease, "sdxl", "brush")
    assert "sketch" in caught.value.limit
    assert names(home) == ("sketch",)
    with pytest.raises(WeightsMissingError, match="models fetch"):
        take(lease, "sdxl", "owner/name")
    (home / "loras" / "bad.safetensors").write_bytes(b"\x80\x04 a pickle")
    with pytest.raises(WeightsRefusedError, match=r"bad\.safetensors"):
        take(lease, "sdxl", "bad")


def test_a_model_that_takes_none_says_so(shelf_of_twins: Shelf, home: Path) -> None:
    put(shelf_of_twins, home, "sdxl", "sketch")
    with pytest.raises(WishError, match="takes no LoRA"):
        take(shelf_of_twins.lease, "svd-xt", "sketch")


def test_without_peft_it_says_what_to_install(
    shelf_of_twins: Shelf, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import diffusers.utils

    put(shelf_of_twins, home, "sdxl", "sketch")
    monkeypatch.setattr(diffusers.utils, "USE_PEFT_BACKEND", False)
    with pytest.raises(ModelError, match="pip install peft"):
        take(shelf_of_twins.lease, "sdxl", "sketch")


def test_of_two_experts_a_file_says_by_its_name_whose_it_is(
    shelf_of_twins: Shelf, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "PROFILES", (shelf_of_twins.twin(row("wan2.2-a14b")),))
    made = {take(shelf_of_twins.lease, "wan2.2-a14b").data}
    for name in ("noise_high", "noise_low", "noise"):
        put(shelf_of_twins, home, "wan2.2-a14b", name)
        made.add(take(shelf_of_twins.lease, "wan2.2-a14b", name).data)
    assert len(made) == 4


def test_one_from_a_hub_is_pinned_and_worn_by_its_repositorys_name(shelf_of_twins: Shelf, home: Path) -> None:
    path = put(shelf_of_twins, home, "sdxl", "sketch")
    mine = take(shelf_of_twins.lease, "sdxl", "sketch@0.5")
    with fake_hub() as far:
        far.add("owner/name", {"README.md": b"# Mine", "ink.safetensors": path.read_bytes()})
        near = Hub(Kept(home, home / "cache"), Wire(far.endpoint, "", offline=False), waits_seconds=(0.0,))
        near.fetch(near.plan("owner/name", None), lambda _: None)
        asked = len(far.requests)
        theirs = take(shelf_of_twins.lease, "sdxl", "owner/name@0.5")
        assert len(far.requests) == asked, "wearing asks nobody"
    assert theirs.data == mine.data
    assert theirs.settings["loras"] == f"owner/name@0.5#{digest(path)}"
