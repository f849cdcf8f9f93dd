"""The measurements of real models, at toy size: every row runs, and is written as it ends."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bench.models import around, curve, folders, living, report, timing
from bench.models.__main__ import ROWS, main
from engine.models.denoising import OnStep
from engine.models.preview import Frames

CPU = torch.device("cpu")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_row_is_written_as_it_ends_and_one_that_fails_costs_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(asked: object) -> dict[str, object]:
        """Fails."""
        raise RuntimeError("no such luck")

    def short(asked: object) -> dict[str, object]:
        """Tells."""
        return {"a": {"b": 1.23456, "c": None}, "curves": {"one": [(0.0, 0.0), (1.0, 2.0)]}}

    for name, row in (("svd", broken), ("sdxl", short)):
        monkeypatch.setitem(ROWS, name, row)
    assert main(["svd", "sdxl", "--toy", "--device", "cpu", "--output", str(tmp_path)]) == 1
    assert json.loads((tmp_path / "svd.json").read_text())["figures"] == {"failed": "RuntimeError: no such luck"}
    told = json.loads((tmp_path / "sdxl.json").read_text())
    assert told["command"] == "python -m bench.models sdxl --toy --device cpu"
    assert told["figures"] == {"a": {"b": 1.23456, "c": None}}
    assert "| a: b | 1.235 |\n| a: c | equal |" in (tmp_path / "sdxl.md").read_text()
    assert "1.235" in capsys.readouterr().out
    assert ET.fromstring((tmp_path / "sdxl.svg").read_text()).tag.endswith("svg")


@pytest.mark.long
def test_memory_that_runs_out_is_measured_by_the_same_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "PLACE", tmp_path)
    told = living.failing((CPU, True))
    assert {told[where]["held by afterwards"] for where in ("load", "step 7", "decoder")} == {"model offload"}
    assert set(told["curves"]) == {"load", "step 7", "decoder"}


def test_how_far_apart_two_results_are() -> None:
    one = torch.tensor([0.0, 1.0, 2.0])
    assert timing.psnr(one, one) is None
    assert timing.psnr(one + 0.2, one) == pytest.approx(20.0, abs=1e-4)
    assert timing.error(one * 1.1, one) == pytest.approx(0.1)
    assert timing.flops(lambda: torch.ones(2, 3) @ torch.ones(3, 4)) == 48


def test_a_curve_of_nothing_is_drawn_too() -> None:
    with curve.Watch(CPU) as watch:
        pass
    assert watch.points[0][1] == 0.0
    assert ET.fromstring(curve.plotted({}, "nothing")).tag.endswith("svg")
    assert report.machine(CPU)["torch"] == torch.__version__


def test_what_a_run_reports_is_not_the_pipelines_time() -> None:
    told: list[float] = []
    now = iter([10.0, 11.0, 15.0, 20.0])  # begun; a report begins, and ends four seconds later; done

    def run(loaded: object, script: object, sampling: object, seed: int, on_step: OnStep) -> Frames:
        on_step(1, 1, None)
        return np.zeros((1, 2, 2, 3), np.uint8)

    loaded: Any = None
    around.clocked(run, told.append, lambda: next(now))(loaded, loaded, loaded, 0, lambda *_: None)
    assert told == [6.0]
