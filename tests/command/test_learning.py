"""`train labels` writes a teacher's answers as labels; `preferences` writes what was preferred to what."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pytest

from engine.command.terminal import Streams, main
from engine.evaluate.videoverse import benchmark, labels
from engine.evaluate.videoverse.edition import SHIPPED
from engine.types import Request
from tests.fakes import Desk


def said(*arguments: str, desk: Desk | None = None) -> str:
    """What a command writes; it must succeed."""
    results = io.StringIO()
    streams = Streams(io.StringIO(), results, io.StringIO())
    opening = None if desk is None else lambda worker: desk.studio
    assert main(arguments, streams, opening) == 0
    return results.getvalue()


def test_a_teachers_result_file_becomes_labels_and_the_training_says_how_it_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # its own level, and the root's again in the end
    logging.getLogger().setLevel(logging.WARNING)
    (tmp_path / "made").mkdir()
    (item, *_), raw = benchmark.read(SHIPPED)
    entry = raw[item.key]
    for check in entry["verification_checks"]:
        check["res"] = "no"
    entry["t2v_eval_event_info"] |= {"overall_event_res": "<output>A</output>", "overall_event_processed_res": "A"}
    (tmp_path / "results.json").write_text(json.dumps({item.key: entry}))
    results, videos = str(tmp_path / "results.json"), str(tmp_path / "made")
    said("train", "labels", "--results", results, "--videos", videos, "--output", str(tmp_path / "out"))
    assert "done: 0 steps" in caplog.text
    found = labels.read(tmp_path / "out" / "labels.jsonl")
    assert [label.target for label in found] == ["no"] * len(item.checks) + ["A"]
    assert {label.video for label in found} == {tmp_path / "made" / f"{item.key}.mp4"}


@pytest.mark.parametrize("named", [True, False])
def test_preferences_are_lines_of_one_project_or_of_all(tmp_path: Path, named: bool) -> None:
    desk = Desk(tmp_path)
    project = desk.studio.create(Request("text-to-video", "a red ball", seed=7))
    desk.work()
    desk.studio.retry(project, "prompt")
    desk.work()
    takes = desk.studio.view(project).stages[0].takes
    desk.studio.approve(project, "prompt", takes[-1].id)
    lines = said("preferences", *([project] if named else []), desk=desk).splitlines()
    assert len(lines) == len(takes) - 1
    assert json.loads(lines[0])["chosen"].startswith(takes[-1].artifact.sha256)
