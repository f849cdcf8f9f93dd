"""The evaluation as a whole: cases spread and gone on with, the folder, the report, the contact sheets."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.command import evaluation
from engine.command.arguments import parser
from engine.command.evaluation import Evaluation
from engine.errors import SettingError, WeightsMissingError
from engine.evaluate import sheets
from engine.evaluate.aims import MEASURES
from engine.evaluate.cases import Case
from engine.evaluate.ledger import Ledger, Record
from engine.evaluate.printed import as_csv, as_html, as_markdown
from engine.evaluate.report import Run, as_json, lines
from engine.evaluate.shards import Errand, errands, run
from engine.evaluate.table import TABLE
from engine.evaluate.workbench import Workbench
from engine.pocket.render import Renderer
from tests.evaluate.oracles import Oracle, bench, seen

IDENTITY = {"pocket": "a" * 64, "judge": "b" * 64}
RUN = Run("command", "again {}", "a machine", IDENTITY, {"steering": 2}, {"detector": "there is no detector"})


def ledger(folder: Path) -> Ledger:
    return Ledger(folder, IDENTITY)


def record(number: int, seed: int = 0, **row: float) -> Record:
    return Record("steering", number, seed, row, truth={"speed": 1.0} if seed == 0 else {})


def test_every_measure_is_taken_by_somebody() -> None:
    assert MEASURES.keys() == TABLE.keys()


def test_all_measures_go_on_together_and_all_seeds_of_a_case() -> None:
    wanted = errands({"steering": 10, "between": 5}, seeds=3, shown=2)
    assert len(set(wanted)) == 45
    for errand in wanted:
        assert errand.shown == (errand.seed == 0 and errand.number < 2)
    half = wanted[:22]
    assert 13 <= sum(errand.measure == "steering" for errand in half) <= 17
    steering = [errand.key[1:] for errand in wanted if errand.measure == "steering"]
    assert steering == sorted(steering)


@pytest.fixture
def steered(renderer: Renderer) -> Workbench:
    """A workbench whose video is black, and whose judge sees every clip as it should be, steered or true."""
    from engine.evaluate.steering import steered_clip

    black = np.zeros((17, 32, 32, 3), np.uint8)
    answers = [seen(steered_clip(number)) for number in (0, 0, 1, 1)]
    return bench(renderer, answers, image_to_video=Oracle(lambda _, __: black))


def test_a_run_fills_its_folder_and_goes_on_where_it_stopped(tmp_path: Path, steered: Workbench) -> None:
    told = io.StringIO()
    evaluation.measure(Evaluation(replace(RUN, planned={"steering": 1}), 1, 1), lambda: steered, ledger(tmp_path), told)
    assert "Not measured: detection: there is no detector" in told.getvalue()
    evaluation.measure(Evaluation(RUN, 1, 1), lambda: steered, ledger(tmp_path), told)
    assert "1 of 2 cases to measure" in told.getvalue()
    rows = json.loads((tmp_path / "report.json").read_text())["rows"]
    direction = next(row for row in rows if row["what"].endswith("controls: direction"))
    assert (direction["figure"]["mean"], direction["cases"], direction["seeds"]) == (100, 2, 1)
    assert direction["truth"] == "100.0 %"
    text = (tmp_path / "report.md").read_text()
    assert "| 100.0 % (100.0 to 100.0) | yes | 100.0 % | 2 × 1 | `again steering` |" in text
    with Image.open(tmp_path / "sheet-image-to-video.png") as shown:
        assert shown.width > 1000
    page = (tmp_path / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 1
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    row = next(
        row
        for row in csv.reader((tmp_path / "report.csv").read_text().splitlines())
        if row[1].endswith("controls: direction")
    )
    assert row[2:] == ["at least 98 %", "100.0", "100.0", "100.0", "yes", "100.0", "2", "1", ""]


def test_a_page_draws_what_was_made_beside_the_truth_and_escapes_what_it_tells() -> None:
    rows = [replace(record(number, speed=0.5), truth={"speed": 1.0}) for number in range(2)]
    page = as_html(RUN, [*rows, replace(record(2), failure="<script>")], []).decode()
    bars = re.findall(r'<rect class="b(\d)" x="360" y="[\d.]+" width="([\d.]+)"', page)
    assert [(kind, float(width)) for kind, width in bars] == [("0", 210.0), ("1", 420.0)]
    assert "rendered truth" in page
    assert "steering 2, seed 0: &lt;script&gt;" in page
    assert "<script" not in page
    assert "50.0 % (50.0 to 50.0)</td><td>no</td><td>100.0 %" in page
    assert len(list(csv.reader(io.StringIO(as_csv(RUN, rows).decode())))) == 1 + sum(
        len(measure.aims) for measure in MEASURES.values()
    )


def test_what_goes_wrong_is_written_down_and_tried_again(tmp_path: Path, renderer: Renderer) -> None:
    def fail(*_: object) -> bytes:
        raise ZeroDivisionError("why not")

    broken = bench(renderer, image_to_video=Oracle(fail))
    outcome = next(run([Errand("steering", 0, 0)], lambda: broken, 1))
    assert outcome.record.failure == "ZeroDivisionError: why not"
    book = ledger(tmp_path)
    book.add(outcome.record, None)
    assert not book.has(outcome.record.key)
    assert "why not" in as_markdown(RUN, book.records).decode()
    assert json.loads(as_json(RUN, book.records))["failed"][0]["number"] == 0


def test_a_torn_line_is_cut_off_and_other_weights_are_turned_away(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    book.add(record(0, speed=1.0), b"png")
    with (tmp_path / "cases.jsonl").open("a") as stream:
        stream.write('{"measure": "ste')
    again = ledger(tmp_path)
    assert [one.key for one in again.records] == [("steering", 0, 0)]
    again.add(record(1, speed=0.0), None)
    assert len(ledger(tmp_path).records) == 2
    with pytest.raises(SettingError, match="measured otherwise"):
        Ledger(tmp_path, {**IDENTITY, "judge": "c"})


def test_the_interval_takes_the_seeds_of_a_case_together() -> None:
    rows = [record(number, seed, speed=float(number == 0)) for number in range(2) for seed in range(50)]
    line = next(line for line in lines(RUN, rows) if "slow and quick" in line.what)
    assert line.figure is not None
    assert (line.figure.low, line.figure.mean, line.figure.high) == (0, 50, 100)
    assert line.reached is False


def test_what_was_not_measured_says_why() -> None:
    told = {line.what: line.why for line in lines(RUN, [])}
    assert told["detector, three things: mask IoU"] == "there is no detector"
    assert told["heading and speed as controls: direction"] == "no case of it has been measured yet"
    assert told["connect: largest step within"] == "it was not asked for"
    assert told["end key frame by mask: asked state reached, mask of what was found"] == "there is no detector"


def test_a_small_red_thing_on_a_contact_sheet_stays_red() -> None:
    picture = np.random.default_rng(0).integers(90, 256, (130, 130, 3), np.uint8)
    picture[10:14, 10:14] = (214, 32, 40)
    told = Image.open(io.BytesIO(sheets.png(Image.fromarray(picture)))).convert("RGB")
    assert np.abs(np.asarray(told, np.int64)[12, 12] - (214, 32, 40)).max() <= 8


def test_a_difference_is_reached_only_when_all_of_its_interval_is_above() -> None:
    def reached(*gains: float) -> bool | None:
        records = [Record("worldgpt", number, 0, {"motion: gain": gain}) for number, gain in enumerate(gains)]
        return next(line.reached for line in lines(RUN, records) if "motion right: more" in line.what)

    assert reached(1, 1, 1, 1, 0) is True
    assert reached(1, 0, -1, 0, 0) is False


def test_a_sheet_is_small_enough_whatever_it_shows() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2, 64, 64, 3), np.uint8)
    panel = sheets.panel(Case({}, "a " * 90, {"one": noise[:1], "other": noise[:1], "made": noise}))
    data = sheets.png(sheets.sheet([[panel], []]), largest=20_000)
    assert len(data) <= 20_000
    shown = Image.open(io.BytesIO(data))
    assert (shown.format, shown.mode) == ("PNG", "P")


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """Arguments that name folders which look like a generator's and a judge's."""
    for name, files in {"made": {"model_index.json": "{}"}, "judge": {"config.json": "{}"}}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    return [
        *("evaluate", "pocket", "--weights", str(tmp_path / "made"), "--judge", str(tmp_path / "judge")),
        *("--detector", str(tmp_path / "none"), "--output", str(tmp_path / "out"), "--device", "cpu"),
    ]


def test_the_command_line_says_what_cannot_be_measured(folders: list[str], tmp_path: Path) -> None:
    told = io.StringIO()
    path = evaluation.evaluate(parser().parse_args([*folders, "--measure", "editing"]), told)
    assert path == str(tmp_path / "out" / "report.md")
    assert "editing: there are no weights for the detector\n" in told.getvalue()
    assert "edit: asked change done" in Path(path).read_text()
    assert str(tmp_path) not in Path(path).read_text()


@pytest.mark.parametrize("name", ["cases", "seeds", "processes"])
def test_numbers_that_cannot_be_are_turned_down(name: str, folders: list[str]) -> None:
    with pytest.raises(SettingError, match=name):
        evaluation.evaluate(parser().parse_args([*folders, f"--{name}", "0"]), io.StringIO())


def test_a_folder_without_weights_is_turned_down(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "judge" / "config.json").unlink()
    with pytest.raises(WeightsMissingError):
        evaluation.evaluate(parser().parse_args(folders), io.StringIO())


@pytest.mark.long
def test_in_several_processes_comes_out_what_comes_out_in_one() -> None:
    wanted = [Errand("tracking", number, 0) for number in range(2)]
    several = sorted((outcome.record for outcome in run(wanted, Bench(), 2)), key=lambda record: record.key)
    assert several == [outcome.record for outcome in run(wanted, Bench(), 1)]
    assert all(record.row for record in several)


@dataclass(frozen=True)
class Bench:
    """Makes the same workbench in every process."""

    def __call__(self) -> Workbench:
        return bench(Renderer("cpu", 64))
