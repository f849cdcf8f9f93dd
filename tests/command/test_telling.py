"""`happened`: a line for each moment, or JSON; a file that cannot be read is named."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents import action_namer
from engine.command.terminal import Streams, main
from engine.types import Settings

MOMENT = {
    "begins": 0.0,
    "ends": 1.5,
    "told": [
        {"text": "the ball drops", "confidence": 0.81},
        {"text": "the ball moves down", "confidence": 0.15},
        {"text": "nothing happens", "confidence": 0.01},
    ],
}


class Namer:
    """In the place of the agent: always the same moment, with a note of what it was given."""

    def __init__(self, lease: object) -> None:
        """Needs no lease."""

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """As ActionNamer.run."""
        reporter.report(Progress("looking", 0, 2))
        reporter.report(Progress("looking", 1, 2))
        return Draft("state", json.dumps({"moments": [MOMENT]}).encode(), ".json", facts={"note": " ".join(inputs)})


@pytest.fixture(autouse=True)
def namer(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is needed for what is printed."""
    monkeypatch.setattr(action_namer, "ActionNamer", Namer)


def happened(*words: object) -> tuple[int, str, str]:
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO())
    code = main(["happened", *map(str, words)], streams)
    return code, streams.results.getvalue(), streams.progress.getvalue()  # type: ignore[attr-defined]


def test_a_video_is_told_moment_by_moment_and_two_pictures_as_one(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(b"x")
    line = "the ball drops (81%); else the ball moves down (15%)\n"
    assert happened(file) == (0, f"  0.00 to   1.50 s  {line}video\n", "looking\n")
    assert happened(file, file)[1] == f"{line}image last_image\n"
    assert json.loads(happened(file, "--json")[1]) == {"moments": [MOMENT], "note": "video"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, printed, told = happened(tmp_path / "gone.mp4")
    assert (code, printed) == (2, "")
    assert "cannot be read" in told
