"""The folder of an evaluation: a full disk leaves no half of a file, and a damaged one is named."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.errors import DiskFullError, SettingError, StorageError
from engine.evaluate.ledger import Ledger, Record
from tests.fakes import FullDisk

IDENTITY = {"what": "files"}
RECORD = Record("first", 0, 0, {"length": 2.0}, name="clip", notes={"why": "so"})
RECORD_LINE = json.dumps(asdict(RECORD)).encode() + b"\n"


def filled(folder: Path, fails_at: int) -> int:
    """Two cases with pictures and a report, on a disk that is full at that call; returns how many it let pass."""
    disk = FullDisk(fails_at)
    ledger = Ledger(folder, IDENTITY, disk)
    ledger.add(RECORD, b"picture" * 9)
    ledger.add(Record("first", 1, 0, {"length": 3.0}), b"picture" * 9)
    ledger.write("report.json", b"{}" * 9)
    return disk.calls


def test_a_full_disk_leaves_no_half_of_anything_and_the_next_run_goes_on(tmp_path: Path) -> None:
    for fails_at in range(filled(tmp_path / "whole", 99)):
        folder = tmp_path / str(fails_at)
        with pytest.raises(DiskFullError, match="Free some space"):
            filled(folder, fails_at)
        for path in folder.rglob("*.*"):
            assert path.read_bytes() == (tmp_path / "whole" / path.relative_to(folder)).read_bytes() or (
                path.name == "cases.jsonl" and path.read_bytes() in (b"", RECORD_LINE)
            ), path
        filled(folder, 99)
        assert len(Ledger(folder, IDENTITY).records) == 2


def test_what_is_made_for_others_has_the_rights_that_files_have_here(tmp_path: Path) -> None:
    filled(tmp_path / "folder", 99)
    (tmp_path / "plain").touch()
    rights = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "folder").rglob("*.*")}
    assert rights == dict.fromkeys(rights, oct((tmp_path / "plain").stat().st_mode & 0o777))
    assert len(rights) == 5


@pytest.mark.parametrize("data", [b"", b'{"what": ', b"[]", b"\xff", b"[" * 9999], ids=ascii)
def test_a_run_that_cannot_be_read_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(data)
    with pytest.raises(SettingError, match=r"run.json is damaged.*new folder"):
        Ledger(tmp_path, IDENTITY)
    assert (tmp_path / "run.json").read_bytes() == data


@pytest.mark.parametrize(
    "line",
    [
        b"garbage", b"", b"\xe9", b"[1]", b"\0" * 9, b"{}", b'{"measure": "first", "number": "1", "seed": 0}',
        b'{"measure": "first", "number": 1, "seed": 0, "row": "x"}',
        b'{"measure": "first", "number": 1, "seed": 0, "row": {"x": "y"}}',
        b'{"measure": "first", "number": 1, "seed": 0, "unknown": 1}',
    ],
    ids=ascii,
)  # fmt: skip
def test_a_damaged_case_is_named_by_its_line(line: bytes, tmp_path: Path) -> None:
    Ledger(tmp_path, IDENTITY).add(RECORD, None)
    with (tmp_path / "cases.jsonl").open("ab") as stream:
        stream.write(line + b"\n" + RECORD_LINE)
    with pytest.raises(StorageError, match=r"Line 2 .*damaged.*Remove that line"):
        Ledger(tmp_path, IDENTITY)
