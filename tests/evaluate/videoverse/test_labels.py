"""Labels go out and come back; a teacher's result file becomes labels; a line that cannot be used is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import BenchmarkError
from engine.evaluate.videoverse import labels
from engine.evaluate.videoverse.benchmark import Check, Item
from engine.evaluate.videoverse.dimensions import EVENTS
from engine.evaluate.videoverse.labels import Label

GOOD = {
    "video_path": "a.mp4",
    "t2v_prompt": "a ball",
    "dimension": "Mechanics",
    "question": "Falls it?",
    "target": "no",
}
ORDER = {"video_path": "a.mp4", "t2v_prompt": "a ball", "dimension": EVENTS, "events": ["x", "y"], "target": "BA"}


def test_a_teachers_results_become_labels_that_come_back(tmp_path: Path) -> None:
    checks = (
        Check("Mechanics", "Does it fall?", answer="Yes"),
        Check("Camera Control", "Does it pan?", answer="wrong"),
        Check("2d_layout", "Is it left?", asked=False, answer="no"),
    )
    item = Item("one", "a ball falls", ("first", "second"), checks, "B", "<output>B</output>")
    found = tuple(labels.of_results([item], tmp_path / "videos"))
    assert [(one.dimension, one.target) for one in found] == [("Mechanics", "yes"), (EVENTS, "B")]
    (tmp_path / "labels.jsonl").write_bytes(labels.encoded(found, tmp_path))
    assert labels.read(tmp_path / "labels.jsonl") == found
    assert '"video_path": "videos/one.mp4"' in (tmp_path / "labels.jsonl").read_text()


def test_paths_begin_at_the_files_folder_and_case_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps({**GOOD, "target": " No "}) + "\n\n" + json.dumps(ORDER) + "\n")
    assert labels.read(path) == (
        Label(tmp_path / "a.mp4", "a ball", "Mechanics", "Falls it?", "no"),
        Label(tmp_path / "a.mp4", "a ball", EVENTS, "", "BA", ("x", "y")),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ("[]", "no object"),
        (json.dumps({**GOOD, "target": "maybe"}), "neither yes nor no"),
        (json.dumps({**GOOD, "target": "不"}), "neither yes nor no"),
        (json.dumps({**GOOD, "target": ""}), "target"),
        (json.dumps({**GOOD, "question": 3}), "question"),
        (json.dumps({**GOOD, "dimension": "Taste"}), "Taste"),
        (json.dumps({**ORDER, "target": "AA"}), "no order"),
        (json.dumps({**ORDER, "target": "C"}), "no order"),
        (json.dumps({**ORDER, "events": []}), "one to eight"),
        (json.dumps({**ORDER, "events": ["x", ""]}), "no text"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n{line}\n")
    with pytest.raises(BenchmarkError, match=said):
        labels.read(path)


def test_no_file_and_an_empty_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="cannot be read"):
        labels.read(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(BenchmarkError, match="no labels"):
        labels.read(tmp_path / "empty.jsonl")
