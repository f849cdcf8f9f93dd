"""A judge of this machine on a tiny twin of Qwen2.5-VL: it loads, it looks at all frames, it says the same twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import ModelError, WeightsRefusedError
from engine.evaluate.videoverse.local import Local
from tests.evaluate.extractors import twins
from tests.evaluate.videoverse.large_twin import qwen


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole of it in a folder."""
    return qwen(tmp_path_factory.mktemp("qwen"))


def test_it_answers_the_same_twice_and_looks_at_every_frame(twin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Local(str(twin), twin, "cpu")
    frames = np.random.default_rng(0).integers(0, 255, (8, 56, 56, 3), np.uint8)
    said = judge.answer(frames, 8.0, "is the ball red")
    assert said == judge.answer(frames, 8.0, "is the ball red")
    seen: list[torch.Tensor] = []
    whole = judge.model.generate

    def watched(**given: torch.Tensor) -> torch.Tensor:
        seen.append(given["video_grid_thw"])
        made: torch.Tensor = whole(**given)
        return made

    monkeypatch.setattr(judge.model, "generate", watched)
    judge.answer(frames, 8.0, "is the ball red")
    assert seen[0][0, 0] == 4


def test_what_takes_no_videos_or_brings_code_is_refused(twin: Path, tmp_path: Path) -> None:
    twins.save(tmp_path / "clip", twins.clip)
    with pytest.raises(ModelError, match="does not look at videos"):
        Local(str(tmp_path / "clip"), tmp_path, "cpu")
    (tmp_path / "clip" / "modeling.py").write_text("")
    with pytest.raises(WeightsRefusedError, match="modeling"):
        Local(str(tmp_path / "clip"), tmp_path, "cpu")
