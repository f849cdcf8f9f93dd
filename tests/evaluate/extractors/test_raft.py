"""RAFT: torchvision's answer for what is padded, tensors alone, the published file or none, and the figures' name."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.models.optical_flow import raft_large

from engine.errors import WeightsAlteredError
from engine.evaluate.extractors import pocket, raft
from engine.evaluate.extractors.raft import Raft
from engine.evaluate.extractors.table import equip
from engine.evaluate.metrics.features import Footage
from engine.evaluate.metrics.table import measure
from engine.models.manifest import digest
from tests.evaluate.extractors.test_offline import clouds
from tests.evaluate.metrics.fakes import Known


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights that nobody trained, called after their own hash as torchvision's files are."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("torch") / "raft.pth"
    torch.save(raft_large().state_dict(), path)
    return path.rename(path.with_name(f"raft_large-{digest(path)[:8]}.pth"))


@torch.inference_mode()
def test_a_frame_of_any_size_has_the_librarys_flow_of_it_padded(weights: Path) -> None:
    before, after = (np.tile(each, (3, 1, 1))[:129, :60] for each in (clouds(), clouds(shift=3)))
    found = Raft(weights).flow(before, after)
    assert found.shape == (129, 60, 2)
    model = raft_large().eval()
    model.load_state_dict(torch.load(weights, weights_only=True))
    padded = (np.pad(each, ((3, 4), (34, 34), (0, 0)), mode="edge") for each in (before, after))
    one, other = (torch.from_numpy(each).permute(2, 0, 1)[None].float() / 255 * 2 - 1 for each in padded)
    expected = model(one, other, num_flow_updates=20)[-1][0, :, 3:132, 34:94].permute(1, 2, 0)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_another_file_than_the_published_one_is_refused(weights: Path, tmp_path: Path) -> None:
    assert raft.revision(weights).startswith(weights.stem[-8:])
    other = tmp_path / raft.FILE
    other.write_bytes(b"something else")
    with pytest.raises(WeightsAlteredError, match=r"22a6c225.*fetch it again|fetch it again.*22a6c225"):
        raft.revision(other)


def test_code_in_the_file_is_not_run(tmp_path: Path) -> None:
    class Code:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "ran",)

    torch.save({"weight": Code()}, tmp_path / "raft.pth")
    with pytest.raises(pickle.UnpicklingError):
        Raft(tmp_path / "raft.pth")
    assert not (tmp_path / "ran").exists()


def test_where_it_was_fetched_flow_has_the_published_name(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shipped(_: Path) -> tuple[Any, ...]:
        return *(Known(name=name) for name in ("latents", "judge", "words")), "revision"

    monkeypatch.setattr(pocket, "load", shipped)
    monkeypatch.setattr(raft, "kept", lambda: tmp_path / "nothing.pth")
    assert equip(True, tmp_path, ()).kit.names()["flow"] == "Farnebäck flow"
    monkeypatch.setattr(raft, "kept", lambda: weights)
    assert equip(False, tmp_path, ()).kit.names()["flow"] == "Farnebäck flow"
    equipped = equip(True, tmp_path, ())
    assert equipped.weights["RAFT"] == digest(weights)
    row, _ = measure(Footage(np.stack([clouds(), clouds(shift=9)]), 8.0), equipped.kit, ("dynamic degree",))
    assert set(row) == {"dynamic degree"}


def test_it_is_looked_for_where_torch_keeps_what_it_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert raft.kept() == tmp_path / "hub" / "checkpoints" / "raft_large_C_T_V1-22a6c225.pth"
