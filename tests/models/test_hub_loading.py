"""From a hub to a pipeline: a row's twin, fetched over HTTP and loaded by the loader that loads the row itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.errors import WeightsAlteredError, WeightsMissingError
from engine.models import loader
from tests.models.fake_hub import commit_of, fake_hub
from tests.models.hub_models import machine
from tests.models.twins.shelf import Shelf, row


def test_what_was_fetched_is_what_is_loaded(
    shelf_of_twins: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    svd, device = row("svd-xt"), torch.device("cpu")
    shelf_of_twins.twin(svd)
    built = shelf_of_twins.root / svd.repository
    files = {path.relative_to(built).as_posix(): path.read_bytes() for path in built.rglob("*") if path.is_file()}
    with pytest.raises(WeightsMissingError, match="models fetch"):
        loader.load(svd, tmp_path, device)
    with fake_hub() as far:
        far.add(svd.repository, files)
        near = machine(tmp_path, far)
        folder = near.fetch(near.plan(svd.repository, svd.revision), lambda _: None)
        asked = len(far.requests)
        pipeline, revision = loader.load(svd, tmp_path, device)
        assert (type(pipeline).__name__, revision) == ("StableVideoDiffusionPipeline", commit_of(1))
        assert len(far.requests) == asked, "loading asks nobody"
    weights = next(folder.glob("unet/*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(WeightsAlteredError, match=f"unet/{weights.name}"):
        loader.load(svd, tmp_path, device)
