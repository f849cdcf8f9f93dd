"""From a hub to a pipeline: a row's twin, fetched over HTTP and loaded by the loader that loads the row itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.errors import WeightsAlteredError, WeightsMissingError
from engine.models import loader, profiles, stock
from engine.models.memory import reading
from engine.models.memory.estimate import estimate
from engine.models.memory.modes import MODES
from engine.models.sources import sources_of
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


def test_parts_that_are_borrowed_come_from_their_own_repositories_each_pinned(
    shelf_of_twins: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    pack, device = row("framepack"), torch.device("cpu")
    shelf_of_twins.twin(pack)
    sources = sources_of(pack)
    assert [source.repository.partition("/")[0] for source in sources] == [
        "hunyuanvideo-community",
        *["lllyasviel"] * 2,
    ]
    assert not profiles.here(tmp_path, [pack])
    with fake_hub() as far:
        for number, source in enumerate(sources, 1):
            built = shelf_of_twins.root / source.repository
            files = {one.relative_to(built).as_posix(): one.read_bytes() for one in built.rglob("*") if one.is_file()}
            if source.without:
                files["transformer/config.json"] = b"{}"
                files["transformer/diffusion_pytorch_model.safetensors"] = b"of nobody's use here"
            far.add(source.repository, files, number)
        near = machine(tmp_path, far)
        folders = [near.fetch(near.plan(*source), lambda _: None) for source in sources]
    assert not (folders[0] / "transformer").exists()
    assert profiles.here(tmp_path, [pack]) == (pack,)
    pipeline, revision = loader.load(pack, tmp_path, device)
    assert revision == " and ".join(commit_of(number) for number in (1, 2, 3))
    assert type(pipeline.transformer).__name__ == "HunyuanVideoFramepackTransformer3DModel"
    read = {path.parent.name for path in reading.files(pack, tmp_path)}
    assert read == {"text_encoder", "text_encoder_2", "vae", folders[1].name, "image_encoder"}
    told = estimate(pack, tmp_path)
    assert (told.source, len(told.needs)) == ("headers", len(MODES))
    assert stock.line(pack, near.kept, tmp_path).here == "here"
    weights = next(folders[1].glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(WeightsAlteredError, match=weights.name):
        loader.load(pack, tmp_path, device)
