"""AURORA-Bench: the published file is read, the judge's smaller score counts, probes fall, bad input is named."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.command import aurora as command
from engine.command.arguments import parser
from engine.errors import BenchmarkError, LanguageModelError, SettingError
from engine.evaluate import aurora
from engine.evaluate.cases import Frames

RED, BLUE, GREY = (200, 0, 0), (0, 0, 200), (90, 90, 90)


def entry(task: str, name: str, prompt: str, **more: str) -> dict[str, str]:
    folder = f"data/{task}/images/{name}"
    return {"task": task, "input": f"{folder}/in.png", "output": f"{folder}/out.png", "prompt": prompt, **more}


ENTRIES: list[dict[str, Any]] = [
    entry("kubric", "a", "make it red", pos="leave it", neg="make it blue"),
    entry("kubric", "b", "make it blue", pos="leave it"),
    {"task": "emu", "input": "data/emu/images/1.png", "prompt": "make it anime", "type": "style"},
]


class Eye:
    """A judge that looks at the last picture's colour, and at what else there is to see."""

    name = "eye"

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        wanted = np.array(RED if "make it red" in question else BLUE)
        success = 10 if np.abs(frames[1, 2, 2].astype(int) - wanted).max() < 20 else 0
        minimal = 10 if np.abs(frames[1, -1, -1].astype(int) - GREY).max() < 20 else 1
        return f"[{success}, {minimal}]"


def picture(path: Path, colour: tuple[int, int, int], rest: tuple[int, int, int] = GREY) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((40, 60, 3), rest, np.uint8)
    pixels[:20, :30] = colour
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two edits with their right pictures, and one subset without."""
    (tmp_path / "test.json").write_text(json.dumps(ENTRIES))
    for each, right in zip(ENTRIES, (RED, BLUE), strict=False):
        picture(tmp_path / each["input"], GREY)
        picture(tmp_path / each["output"], right)
    made = tmp_path / "made"
    picture(made / "0.png", RED)
    picture(made / "0-pos.png", GREY)
    picture(made / "0-neg.png", BLUE)
    picture(made / "1.png", BLUE, rest=RED)
    picture(made / "1-pos.png", RED, rest=BLUE)
    return tmp_path


def reported(folder: Path, witness: object, *more: str) -> dict[str, Mapping[str, Mapping[str, float]]]:
    words = ["evaluate", "aurora", "--folder", str(folder), "--output", str(folder / "report"), *more]
    command.show(parser().parse_args(words), io.StringIO(), witness)  # type: ignore[arg-type]
    whole = json.loads((folder / "report" / "report.json").read_text())
    return {name: dict(figures) for name, figures in whole["systems"].items()}


def test_the_file_is_read_as_it_is_published(folder: Path) -> None:
    first, second = aurora.read(folder)
    assert (first.number, first.task, first.prompt) == (0, "kubric", "make it red")
    assert (first.little, first.more) == ("leave it", "make it blue")
    assert second.more == second.prompt
    assert aurora.counts((first, second))["kubric"] == 2


def test_the_smaller_score_counts_and_probes_fall(folder: Path) -> None:
    systems = reported(folder, Eye(), "--made", str(folder / "made"))
    scores = {name: figures["score"]["mean"] for name, figures in systems.items()}
    assert scores == {
        "made": 5.5, "copy": 0, "target": 10, "random action": 0, "random observation": 0, "inverted observation": 0,
    }  # fmt: skip
    assert systems["made"]["edit success"]["mean"] == 10
    assert systems["made"]["minimal edit"]["mean"] == 5.5
    assert systems["target"]["score, kubric"]["cases"] == 2
    assert systems["made"]["DiscEdit, pixels"]["mean"] == 0.5
    assert (folder / "report" / "report.html").exists()


class Silent:
    """A judge that nobody understands, or that is not there."""

    name = "silent"

    def __init__(self, said: str | None) -> None:
        self.said, self.asked = said, 0

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        self.asked += 1
        if self.said is None:
            raise LanguageModelError("Nobody answers", "Start the server.")
        return self.said


@pytest.mark.parametrize("said", ["", "fine", "[11, 3]", "[7]", "[1, 2, 3]"])
def test_what_cannot_be_read_counts_nothing(said: str, folder: Path) -> None:
    figures = reported(folder, Silent(said))["copy"]
    assert figures["score"]["mean"] == figures["readable"]["mean"] == 0


def test_a_run_goes_on_and_failures_are_tried_again(folder: Path) -> None:
    assert reported(folder, Silent(None)) == {}
    answering = Silent("[7, 4.5]")
    assert reported(folder, answering)["target"]["score"]["mean"] == 4.5
    assert answering.asked == 10
    assert reported(folder, answering)
    assert answering.asked == 10


def test_a_missing_picture_is_named_with_what_was_asked(folder: Path) -> None:
    (folder / "made" / "1.png").write_text("no picture")
    (folder / "made" / "0.png").unlink()
    reported(folder, Eye(), "--made", str(folder / "made"))
    told = [each["failure"] for each in json.loads((folder / "report" / "report.json").read_text())["videos"]]
    assert any("0.png" in one and "make it red" in one for one in told)
    assert any("no picture" in one and "make it blue" in one for one in told)


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ("{", "no JSON"),
        ("{}", "no list"),
        ("[1]", "no object"),
        ("[]", "right picture"),
        (json.dumps([{**ENTRIES[0], "task": "cats"}]), "subset"),
        (json.dumps([{**ENTRIES[0], "output": ""}]), "fields"),
        (json.dumps([{**ENTRIES[0], "pos": 3}]), "fields"),
        (json.dumps([{**ENTRIES[0], "input": "../secret.png"}]), "outside"),
        (json.dumps([{**ENTRIES[0], "input": "/etc/secret.png"}]), "outside"),
    ],
)
def test_a_damaged_file_is_named(whole: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "test.json").write_text(whole)
    with pytest.raises(BenchmarkError, match=told):
        aurora.read(tmp_path)


def test_what_is_not_there_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="cannot be read"):
        aurora.read(tmp_path / "nowhere")
    with pytest.raises(SettingError, match="Nobody is named"):
        reported(folder, None)
    with pytest.raises(SettingError, match="--limit"):
        reported(folder, Eye(), "--limit", "0")
