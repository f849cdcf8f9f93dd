"""What is released tells nothing of the machine it was made on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.train.budget import Budget, write_record
from engine.train.release import forget_paths


def test_a_config_forgets_where_it_was_loaded_from(tmp_path: Path) -> None:
    config = tmp_path / "vae" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"width": 3, "_name_or_path": "/home/somebody/vae"}))
    forget_paths(tmp_path)
    assert json.loads(config.read_text()) == {"width": 3}


def test_a_record_names_folders_without_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["train", "judge", "--start", "/home/somebody/judge", "--minutes", "7"])
    write_record(tmp_path, Budget(steps=1), {})
    record = json.loads((tmp_path / "training.json").read_text())
    assert record["command"] == "python -m engine.train judge --start judge --minutes 7"


def test_the_shipped_files_name_no_machines_folder() -> None:
    assets = Path(__file__).resolve().parents[2] / "assets"
    for path in assets.rglob("*.json"):
        assert not any(place in path.read_text() for place in ("/tmp/", "/home/", "/root/", "/work/")), path
