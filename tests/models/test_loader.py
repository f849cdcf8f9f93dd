"""Weights are checked before they are read, and the files say who made them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from engine.errors import ModelError, WeightsAlteredError, WeightsMissingError
from engine.models import loader, manifest
from engine.pocket.pipeline import PocketPipeline
from tests.tiny import tiny_folder, tiny_pipeline

CPU = torch.device("cpu")


def test_a_saved_pipeline_comes_back_with_the_same_weights(tmp_path: Path) -> None:
    profile = tiny_folder(tmp_path)
    pipeline, revision = loader.load(profile, tmp_path, CPU)
    assert isinstance(pipeline, PocketPipeline)
    assert revision == manifest.digest(tmp_path / "twin" / manifest.MANIFEST)
    expected = tiny_pipeline().transformer.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in pipeline.transformer.state_dict().items())


def test_an_altered_file_is_refused_by_name_and_hash(tmp_path: Path) -> None:
    profile = tiny_folder(tmp_path)
    path = tmp_path / "twin" / "vae" / "diffusion_pytorch_model.safetensors"
    before = manifest.digest(path)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(WeightsAlteredError) as caught:
        loader.load(profile, tmp_path, CPU)
    assert "vae/diffusion_pytorch_model.safetensors" in str(caught.value)
    assert before in str(caught.value)
    assert manifest.digest(path) in str(caught.value)


@pytest.mark.parametrize("name", ["transformer/config.json", manifest.MANIFEST])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    profile = tiny_folder(tmp_path)
    (tmp_path / "twin" / name).unlink()
    with pytest.raises(WeightsMissingError, match=name.replace(".", r"\.")):
        loader.load(profile, tmp_path, CPU)


def test_a_class_that_nobody_has_is_an_error(tmp_path: Path) -> None:
    profile = tiny_folder(tmp_path)
    index = tmp_path / "twin" / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "_class_name": "SurelyNotAPipeline"}))
    manifest.write_manifest(tmp_path / "twin")
    with pytest.raises(ModelError, match="SurelyNotAPipeline"):
        loader.load(profile, tmp_path, CPU)
