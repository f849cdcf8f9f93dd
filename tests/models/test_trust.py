"""Safetensors and plain settings are loaded; pickles, code and other kinds of models are refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import WeightsMissingError, WeightsRefusedError
from engine.models import trust
from engine.models.driving.stable_diffusion import SDXL
from engine.models.driving.wan import WAN

INDEX: dict[str, Any] = {
    "_class_name": "WanPipeline",
    "transformer": ["diffusers", "WanTransformer3DModel"],
    "transformer_2": [None, None],
    "boundary_ratio": 0.9,
}


def folder(path: Path, **changes: Any) -> Path:
    (path / "vae").mkdir()
    (path / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"\x00")
    (path / "model_index.json").write_text(json.dumps({**INDEX, **changes}))
    return path


def test_a_plain_folder_is_taken(tmp_path: Path) -> None:
    trust.check_files(folder(tmp_path))
    trust.check(tmp_path, WAN.pipelines)


@pytest.mark.parametrize("name", ["vae/diffusion_pytorch_model.bin", "unet/Model.CKPT", "a.pt", "b.pkl"])
def test_pickles_are_refused_by_name(tmp_path: Path, name: str) -> None:
    path = folder(tmp_path) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsRefusedError, match="pickle") as caught:
        trust.check_files(tmp_path)
    assert caught.value.value == name


@pytest.mark.parametrize("name", ["pipeline.py", "transformer/my_model.py"])
def test_code_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = folder(tmp_path) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemExit")
    with pytest.raises(WeightsRefusedError, match="code of its own") as caught:
        trust.check_files(tmp_path)
    assert caught.value.value == name


def test_a_part_from_elsewhere_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WeightsRefusedError, match="transformer"):
        trust.check(folder(tmp_path, transformer=["my_model", "Custom"]), WAN.pipelines)


def test_a_pipeline_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsRefusedError, match="another kind of model"):
        trust.check(folder(tmp_path, _class_name=["pipeline", "MyPipeline"]), WAN.pipelines)


def test_another_familys_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsRefusedError, match="StableDiffusionXLPipeline"):
        trust.check(folder(tmp_path), SDXL.pipelines)


def test_a_folder_without_an_index_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="model_index"):
        trust.check(tmp_path, WAN.pipelines)
    (tmp_path / "model_index.json").write_text("{")
    with pytest.raises(WeightsRefusedError, match="cannot be read"):
        trust.check(tmp_path, WAN.pipelines)
