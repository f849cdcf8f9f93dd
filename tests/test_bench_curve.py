"""The curve of labels: a line a figure, wrong labels apart, one that was never asked in the table alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bench import curve
from bench.models.curve import plotted
from bench.plot import Axis

SCORES = {"right": 0.75, "worst": 0.5, "order, strict": 0.9}


def trained(folder: Path, name: str, **scores: float) -> None:
    (folder / name).mkdir()
    (folder / name / "training.json").write_text(json.dumps({"scores": {**SCORES, **scores}}))


def test_trainings_are_a_table_and_a_drawing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, right in (("0-0", 0.5), ("20000-0", 0.95), ("200-0", 0.6), ("20000-0.3", 0.9)):
        trained(tmp_path, name, right=right)
    assert curve.main([str(tmp_path), "--output", str(tmp_path / "labels.svg")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| 0", "| 200", "| 20,000", "| 20,000"]
    assert "| 20,000 | 30% | 90.0% | 50.0% | 90.0% |" in lines
    drawing = (tmp_path / "labels.svg").read_text()
    assert len(re.findall("<circle", drawing)) == 3 * 2 + 1
    assert "30% wrong: right" in drawing
    whole = [{"labels": 200, "wrong": 0.0, **SCORES}]
    (tmp_path / "curve.json").write_text(json.dumps(whole))
    assert curve.read(tmp_path / "curve.json") == whole
    rows = [{"labels": 200, "wrong": wrong, **SCORES} for wrong in (0.0, 0.1, 0.3)]
    names = re.findall(r'<text x="([\d.]+)" y="312" [^>]*>([^<]*)<', curve.plot(rows))
    assert len(names) == 5
    assert all(float(x) + 7 * len(name) < 720 for x, name in names), "a name leaves the drawing"
    with pytest.raises(ValueError, match="no training on labels"):
        curve.plot([{"labels": 0, "wrong": 0.0, **SCORES}])


def test_ten_times_as_many_are_as_far_anywhere() -> None:
    axis = Axis(200, 20_000, {}, doubling=True)
    assert [axis.share(value) for value in (200, 2_000, 20_000)] == pytest.approx([0, 0.5, 1])
    assert Axis(0.5, 1.0, {}).share(0.75) == pytest.approx(0.5)


def test_memory_is_drawn_by_the_same() -> None:
    drawing = plotted({"a": [(0.0, 0.0), (10.0, 2.0)]}, "GiB on the <device>")
    assert 'points="48.0,272.0 672.0,48.0"' in drawing
    assert "10 s" in drawing
    assert "2.0 GiB" in drawing
    assert "&lt;device&gt;" in drawing
