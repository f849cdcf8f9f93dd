"""Videos measured beside the page: begun, paused, taken up, failed, removed; what a folder tells at every moment."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import SettingError, UnknownProjectError
from engine.measuring import Measuring
from engine.seen import Measurement
from tests.waiting import until

FIGURE = {"mean": 0.9, "low": 0.8, "high": 1.0, "cases": 2}
REPORT = {
    "systems": {"first": {"motion smoothness": FIGURE}},
    "differences": {"motion smoothness": {"figure": FIGURE, "says": "no difference shown: 2 pairs are too few"}},
    "videos": [{"name": "a", "failure": ""}, {"name": "b", "failure": "The file is torn."}],
}
MEASURES = f"""
import json, pathlib, sys
words = sys.argv[1:]
folder = pathlib.Path(words[words.index("--output") + 1])
folder.mkdir(exist_ok=True)
with (folder / "cases.jsonl").open("a") as cases:
    cases.write("1\\n")
if "length" in words and "--attached" in words and len((folder / "cases.jsonl").read_text()) < 4:
    sys.stdin.read()
(folder / "cases.jsonl").write_text("1\\n2\\n")
(folder / "report.json").write_text(json.dumps({REPORT!r}))
"""
FAILS = "raise SystemExit('greenlight: the weights were altered')"


Begin = Callable[[str], Measuring]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Measurements of one home, in which a script runs instead of the engine, with the very same words."""
    opened: list[Measuring] = []

    def begun(script: str) -> Measuring:
        opened.append(Measuring(tmp_path / "home", lambda words: (sys.executable, "-c", script, *words)))
        return opened[-1]

    yield begun
    for measuring in opened:
        measuring.close()


def videos(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"video")
    return [folder / name for name in names]


def ended(measuring: Measuring) -> Measurement:
    until(lambda: measuring.view()[0].status != "running", "its end")
    return measuring.view()[0]


def test_what_was_measured_is_told_with_intervals_and_what_could_not_be_read(tmp_path: Path, begin: Begin) -> None:
    measuring = begin(MEASURES)
    name = measuring.of_files(videos(tmp_path, "a.mp4", "b.mp4"), [], ["motion smoothness"])
    found = ended(measuring)
    assert (found.name, found.title, found.status, found.done, found.in_all) == (name, "a.mp4, b.mp4", "done", 2, 2)
    assert [(one.figure, one.system, one.mean, one.cases) for one in found.figures] == [
        ("motion smoothness", "first", 0.9, 2)
    ]
    assert found.differences[0].says.startswith("no difference shown")
    assert found.unread == ("b: The file is torn.",)
    assert json.loads(measuring.report(name, "report.json").read_bytes()) == REPORT
    assert Measuring(tmp_path / "home").view()[0].status == "done", "another page sees the same"
    measuring.remove(name)
    assert measuring.view() == ()


def test_a_pause_keeps_what_was_measured_and_it_is_taken_up_again(tmp_path: Path, begin: Begin) -> None:
    measuring = begin(MEASURES)
    mine, theirs = (videos(tmp_path / side, "a.mp4") for side in ("mine", "theirs"))
    name = measuring.of_files(mine, theirs, ["length"])
    until(lambda: measuring.view()[0].done == 1, "the first video")
    assert measuring.view()[0].status == "running"
    measuring.stop(name)
    assert (measuring.view()[0].status, measuring.view()[0].done) == ("stopped", 1)
    measuring.go_on(name)
    assert ended(measuring).status == "done"


def test_what_goes_wrong_is_said(begin: Begin) -> None:
    measuring = begin(FAILS)
    measuring.of_project("p1", "A red ball", 3, [])
    assert (ended(measuring).status, measuring.view()[0].problem) == ("failed", "greenlight: the weights were altered")


def test_what_cannot_be_measured_is_refused_before_anything_is_written(tmp_path: Path, begin: Begin) -> None:
    measuring = begin(FAILS)
    clip = videos(tmp_path, "a.mp4", "notes.txt")
    for brought, metrics, said in (
        ([], [], "nothing to measure"),
        (clip, [], "no video"),
        ([clip[0], clip[0]], [], "one name"),
        (clip[:1], ["taste"], "no such metric"),
    ):
        with pytest.raises(SettingError, match=said):
            measuring.of_files(brought, [], metrics)
    with pytest.raises(SettingError, match="no video yet"):
        measuring.of_project("p1", "empty", 0, [])
    assert measuring.view() == ()
    for name in ("../x", "abc"):
        with pytest.raises(UnknownProjectError):
            measuring.report(name, "report.json")
