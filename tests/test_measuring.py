"""Videos measured beside the page: begun, paused, taken up, failed, removed; what a folder tells at every moment."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.configuration import LanguageModel
from engine.errors import BenchmarkError, SettingError, UnknownProjectError
from engine.measured import Course, Measurement
from engine.measuring import Measuring
from tests.waiting import until

FIGURE = {"mean": 0.9, "low": 0.8, "high": 1.0, "cases": 2}
REPORT = {
    "systems": {"first": {"motion smoothness": FIGURE}},
    "differences": {"motion smoothness": {"figure": FIGURE, "says": "no difference shown: 2 pairs are too few"}},
    "videos": [
        {"measure": "first", "name": "a", "failure": "", "row": {"motion smoothness": 0.9}},
        {"measure": "first", "name": "b", "failure": "The file is torn.", "row": {}},
    ],
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


SHARE = {"mean": 0.5, "low": 0.0, "high": 1.0, "cases": 2}
COURSE_REPORT = {
    "identity": {"judge": "made up", "total score, official": "1 of 4", "prompts": "1"},
    "systems": {"official": {"Mechanics": SHARE, "all": SHARE}, "strict": {"Mechanics": SHARE}},
    "differences": {},
    "videos": [{"name": "k", "measure": name, "failure": "", "row": {}} for name in ("official", "strict")],
}
ENTRY = {
    "t2v_following_prompt": {"t2v_prompt": "A ball hops."},
    "verification_checks": [
        {"check_type": "Mechanics", "question": "Does it hop?", "res": "No", "yes": 0.25},
        {"check_type": "Mechanics", "question": "Does it fall?", "res": "yes"},
        {"check_type": "3d_depth", "question": "Is it near?", "check": False},
    ],
    "t2v_eval_event_info": {
        "verification_plan": [{"event_description": "It rises."}, {"event_description": "It lands."}],
        "overall_event_res": "B,A",
        "overall_event_processed_res": "BA",
    },
}
COURSES = f"""
import json, pathlib, sys
words = sys.argv[1:]
folder = pathlib.Path(words[words.index("--output") + 1])
folder.mkdir()
made = folder.parent / "videos"
made.mkdir()
(made / "k.mp4").write_bytes(b"video")
(folder / "words.json").write_text(json.dumps(words))
(folder / "cases.jsonl").write_text("".join(
    json.dumps({{"measure": name, "number": 0, "seed": 0}}) + chr(10) for name in ("official", "strict")))
(folder / "results-official.json").write_text(json.dumps({{"k": {ENTRY!r}}}))
(folder / "report.json").write_text(json.dumps({COURSE_REPORT!r}))
"""


def test_a_course_makes_videos_asks_about_them_and_says_what_stands_behind_each_figure(
    tmp_path: Path, begin: Begin
) -> None:
    measuring = begin(COURSES)
    name = measuring.of_course(Course(1, 1, "pocket", "judge"))
    found = ended(measuring)
    assert (found.status, found.done, found.in_all) == ("done", 1, 1)
    assert {(one.figure, one.kind) for one in found.figures} == {("Mechanics", "dimension"), ("all", "summary")}
    assert found.facts == ("judge: made up", "total score, official: 1 of 4")
    (one,) = measuring.looked(name, "official", "Mechanics")
    assert (one.value, one.prompt, one.file) == (0.5, "A ball hops.", "videos/k.mp4")
    assert [(each.said, each.sure) for each in one.answers] == [("no", 0.25), ("yes", None)]
    (whole,) = measuring.looked(name, "official", "all")
    assert whole.value == (1 + 0 + 1) / 4, "an order of two counts twice, and half of it is right"
    assert whole.answers[0].said == "seen: 2, 1"
    assert measuring.looked(name, "strict", "Mechanics") == (), "no such file yet"
    assert measuring.video(name, one.file).read_bytes() == b"video"
    for address in ("wish.json", "videos/../wish.json", "figures/report.json", "videos/none.mp4"):
        with pytest.raises(UnknownProjectError):
            measuring.video(name, address)
    words = json.loads((tmp_path / "home" / "evaluations" / name / "figures" / "words.json").read_text())
    assert words[0] == "videoverse"
    assert words[3:10] == ["--limit", "1", "--seeds", "1", "--profile", "pocket", "--pocket-judge"]


def test_a_result_file_is_scored_and_read_and_another_file_is_refused(tmp_path: Path, begin: Begin) -> None:
    (tmp_path / "res.json").write_text(json.dumps({"k": ENTRY}))
    measuring = begin(MEASURES)
    name = measuring.of_results(tmp_path / "res.json")
    assert ended(measuring).title == "res.json"
    assert measuring.looked(name, "results", "Mechanics")[0].answers[0].question == "Does it hop?"
    unanswered = {**ENTRY, "verification_checks": [{"check_type": "Mechanics", "question": "x?"}]}
    (tmp_path / "asked.json").write_text(json.dumps({"k": {**unanswered, "t2v_eval_event_info": {}}}))
    with pytest.raises(BenchmarkError, match="Nothing is answered"):
        measuring.of_results(tmp_path / "asked.json")


def test_who_can_be_asked_is_who_is_here_and_what_is_missing_is_said(tmp_path: Path) -> None:
    model = LanguageModel("http://localhost:8000/v1", "qwen")
    measuring = Measuring(tmp_path, language_model=lambda: model, root=tmp_path)
    assert [one.name for one in measuring.questioners.all] == ["language model"]
    assert "--server" in measuring.questioners.words("language model")
    assert "train critic" in measuring.questioners.missing
    (tmp_path / "assets" / "critic").mkdir(parents=True)
    assert [one.name for one in measuring.questioners.all] == ["critic", "language model"]
    assert measuring.questioners.missing == ""
    nobody = Measuring(tmp_path, root=tmp_path / "elsewhere")
    assert nobody.questioners.missing.startswith("Nobody is here")
    for wrong in (Course(0, 1, "pocket", "critic"), Course(1, 99, "pocket", "critic"), Course(1, 1, "pocket", "me")):
        with pytest.raises(SettingError):
            measuring.of_course(wrong)
    assert measuring.view() == ()


WISH = {"title": "t", "metrics": [], "videos": 1, "at": "2026"}
DEEP = "[" * 100_000


@pytest.mark.parametrize("wish", ["", "[]", "null", DEEP, '{"title": "t", "metrics": [], "videos": "1"}'], ids=len)
def test_a_measurement_whose_wish_is_damaged_is_left_out_and_no_other(wish: str, tmp_path: Path) -> None:
    for name, text in (("damaged", wish), ("whole", json.dumps(WISH))):
        (tmp_path / "evaluations" / name).mkdir(parents=True)
        (tmp_path / "evaluations" / name / "wish.json").write_text(text)
    assert [one.name for one in Measuring(tmp_path).view()] == ["whole"]


@pytest.mark.parametrize(
    "report",
    [
        {}, [], None, DEEP, {**REPORT, "videos": None}, {**REPORT, "videos": [{"measure": "first"}]},
        {**REPORT, "systems": []}, {**REPORT, "systems": {"first": 3}}, {**REPORT, "systems": {"first": {"x": {}}}},
        {**REPORT, "differences": {"x": {"figure": {}, "says": ""}}},
    ],
    ids=lambda report: repr(report)[:60],
)  # fmt: skip
def test_a_damaged_report_counts_for_nothing(report: object, tmp_path: Path) -> None:
    folder = tmp_path / "evaluations" / "a"
    (folder / "figures").mkdir(parents=True)
    (folder / "wish.json").write_text(json.dumps(WISH))
    (folder / "figures" / "report.json").write_text(DEEP if report is DEEP else json.dumps(report))
    (seen,) = Measuring(tmp_path).view()
    assert (seen.status, seen.figures) == ("stopped", ())
    assert Measuring(tmp_path).looked("a", "first", "motion smoothness") == ()


def test_a_name_longer_than_any_is_no_measurements(tmp_path: Path) -> None:
    with pytest.raises(UnknownProjectError, match="no such measurement"):
        Measuring(tmp_path).report("a" * 300, "report.html")
