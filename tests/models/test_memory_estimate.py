"""What a run needs, told from the headers of files; and weights that are read ahead."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import OutOfMemoryError, WeightsAlteredError
from engine.models import loader
from engine.models.driving.table import DRIVERS, driver_of
from engine.models.hub.kept import Kept
from engine.models.memory import activations
from engine.models.memory.estimate import GIB, WORKSPACE, Room, choose, estimate
from engine.models.memory.modes import DEVICE, MODES
from engine.models.memory.reading import ReadAhead, available_bytes, files
from engine.models.memory.weights import headers, parts
from engine.models.profiles import DETECTOR, POCKET
from engine.models.rows.table import ROWS
from engine.models.script import Sampling
from engine.models.stock import lines
from engine.types import ModelProfile
from tests.models.fake_device import needing
from tests.models.twins.shelf import Shelf, row


@pytest.fixture
def wan(shelf_of_twins: Shelf) -> ModelProfile:
    return shelf_of_twins.twin(row("wan2.2-a14b"))


@pytest.mark.parametrize("name", ["wan2.2-a14b", "svd-xt", "sdxl-refined"])
def test_every_component_is_as_large_as_it_will_be(shelf_of_twins: Shelf, name: str) -> None:
    twin = shelf_of_twins.twin(row(name))
    pipeline, _ = loader.load(twin, shelf_of_twins.root, torch.device("cpu"))
    base = getattr(pipeline, "base", pipeline)
    found = {part.name: part for part in parts(shelf_of_twins.root / twin.repository, {"default": "float32"})}
    modules = {part: value for part, value in base.components.items() if isinstance(value, torch.nn.Module)}
    assert found.keys() == modules.keys()
    for part, module in modules.items():
        assert found[part].whole_bytes == sum(one.numel() * 4 for one in module.parameters())


def test_blocks_and_eight_bits_are_smaller(shelf_of_twins: Shelf, wan: ModelProfile) -> None:
    found = {part.name: part for part in parts(shelf_of_twins.root / wan.repository, driver_of(wan).dtypes)}
    denoiser, decoder = found["transformer_2"], found["vae"]
    assert denoiser.fp8_group_bytes <= denoiser.fp8_whole_bytes < denoiser.whole_bytes
    assert denoiser.group_bytes == denoiser.whole_bytes, "a twin has two blocks, and two are there at a time"
    assert decoder.fp8_whole_bytes == decoder.whole_bytes > decoder.group_bytes


def test_the_needs_follow_from_weights_and_size(shelf_of_twins: Shelf, wan: ModelProfile) -> None:
    root = shelf_of_twins.root
    short, long = (estimate(wan, root, Sampling(4, 5.0, frames, 832, 480)) for frames in (49, 81))
    assert short.source == "headers"
    assert all(short.needs[mode] < long.needs[mode] for mode in MODES)
    assert long.needs[DEVICE] > long.needs[MODES[1]] > WORKSPACE
    assert long.stays[DEVICE] > 0 == long.stays[MODES[1]]
    assert estimate(wan, root).needs == estimate(wan, root, Sampling(4, 5.0, 9, 64, 64)).needs, "its own size"
    refined = shelf_of_twins.twin(row("sdxl-refined"))
    assert estimate(refined, root).needs[DEVICE] > estimate(shelf_of_twins.twin(row("sdxl")), root).needs[DEVICE]


def test_without_files_the_rows_own_figures_stand(tmp_path: Path) -> None:
    nowhere = replace(row("wan2.2-5b"), repository="nowhere")
    told = estimate(nowhere, tmp_path)
    assert told.source == "table"
    assert {mode.name: need / GIB for mode, need in told.needs.items()} == nowhere.memory_by_mode
    for shipped in (POCKET, DETECTOR):
        assert list(estimate(shipped, tmp_path).needs) == [DEVICE], "small, and never moved about"


def test_a_file_that_is_no_safetensors_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    for data in (b"", b"\xff" * 64, (2).to_bytes(8, "little") + b"[]", (14).to_bytes(8, "little") + b'{"a": {"b": 1}'):
        path.write_bytes(data)
        with pytest.raises(WeightsAlteredError, match=r"model\.safetensors"):
            headers(path)


def test_the_first_mode_that_fits() -> None:
    told = needing((20, 12, 6, 10), MODES[:4])
    assert [choose("It", told, Room(int(free * GIB), 24 * GIB), None).name for free in (20, 19.9, 6, 1)] == [
        "device",
        "model offload",
        "group offload",
        "group offload",
    ]
    assert choose("It", told, Room(GIB, 24 * GIB), MODES[1]) == MODES[1], "it was asked for"
    assert told.below(DEVICE) == (MODES[1], MODES[2])
    assert told.below(MODES[2]) == (), "the last needs more than what has failed"
    with pytest.raises(OutOfMemoryError, match="It needs more memory than the device has"):
        choose("It", told, Room(5 * GIB, 5 * GIB), None)


def test_every_family_has_its_needs() -> None:
    for name in DRIVERS:
        needs = activations.of("a row", name, still=False)
        assert needs.denoise_bytes(100, 2) > 0
        assert needs.decode_bytes(1000, 2, tiled=True) <= needs.decode_bytes(1000, 2, tiled=False)


def test_wan_5b_runs_under_12_gb() -> None:
    needs = activations.of("wan2.2-5b", "wan", still=False)
    pixels, frames = 1280 * 704, 121
    blocks = GIB  # more than two of its 30 blocks of 0.3 GiB, or of its text encoder's 24
    most = max(needs.denoise_bytes(pixels, frames), needs.decode_bytes(pixels, frames, tiled=True))
    assert blocks + most + WORKSPACE < 12e9
    assert activations.of("one's own", "wan", still=False).denoising > needs.denoising, "its size is not known"


# -------------------------------------------------------------------------------------------------------- read ahead


def test_the_files_that_loading_will_read(shelf_of_twins: Shelf, tmp_path: Path) -> None:
    refined = shelf_of_twins.twin(row("sdxl-refined"))
    found = files(refined, shelf_of_twins.root)
    assert all(path.suffix == ".safetensors" for path in found)
    assert {path.parent.name for path in found} == {"text_encoder", "text_encoder_2", "unet", "vae"}
    svd = files(shelf_of_twins.twin(row("svd-xt")), shelf_of_twins.root)
    assert all(".fp16." in path.name for path in svd)
    assert files(replace(refined, repository="nowhere"), tmp_path) == ()


def test_weights_are_read_ahead_once(shelf_of_twins: Shelf, wan: ModelProfile) -> None:
    ahead = ReadAhead(lambda: None)
    ahead.begin(wan, shelf_of_twins.root)
    first = ahead.thread
    assert first is not None
    first.join(10)
    assert ahead.read_bytes == sum(path.stat().st_size for path in files(wan, shelf_of_twins.root))
    ahead.begin(wan, shelf_of_twins.root)
    assert ahead.thread is first


def test_no_more_is_read_ahead_than_memory_holds(shelf_of_twins: Shelf, wan: ModelProfile) -> None:
    ahead = ReadAhead(lambda: 1000)
    ahead.begin(wan, shelf_of_twins.root)
    assert ahead.thread is not None
    ahead.thread.join(10)
    assert 750 <= ahead.read_bytes < sum(path.stat().st_size for path in files(wan, shelf_of_twins.root))


def test_reading_ahead_stops_when_a_job_begins(shelf_of_twins: Shelf, wan: ModelProfile) -> None:
    go_on = threading.Event()

    def available() -> None:
        go_on.wait(10)

    ahead = ReadAhead(available)
    ahead.begin(wan, shelf_of_twins.root)
    ahead.stop()
    go_on.set()
    assert ahead.thread is not None
    ahead.thread.join(10)
    assert ahead.read_bytes == 0


def test_what_the_system_says_is_free(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    assert available_bytes(told) is None
    told.write_text("MemTotal: 100 kB\nMemAvailable:   64 kB\n")
    assert available_bytes(told) == 64 * 1024


def test_a_row_for_every_model_can_be_estimated(tmp_path: Path) -> None:
    assert all(estimate(replace(one, repository="nowhere"), tmp_path).needs[DEVICE] > 0 for one in ROWS)


def test_the_list_of_models_says_how_each_would_be_held(tmp_path: Path) -> None:
    kept = Kept(tmp_path, tmp_path)
    held = {line.name: line.memory for line in lines(kept, tmp_path, 12.0)}
    assert held["wan2.2-5b"] == "32 to 12 GiB, here group offload"
    assert held["wan2.2-a14b"] == "78 to 16 GiB, too large here"
    assert held["pocket"] == ""
    assert {line.name: line.memory for line in lines(kept, tmp_path)}["sdxl"] == "9 to 4 GiB"
