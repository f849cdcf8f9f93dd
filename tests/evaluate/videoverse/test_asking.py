"""Judges that know the truth, that know nothing, and that answer nonsense: what each has credit for."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.command import videoverse
from engine.command.arguments import parser
from engine.errors import SettingError
from engine.evaluate.cases import Frames
from engine.evaluate.ledger import Ledger
from engine.evaluate.videoverse import asking, benchmark, scoring, session
from engine.evaluate.videoverse.benchmark import Item
from engine.evaluate.videoverse.dimensions import BLANK, CHECKS, OFFICIAL, OTHER, PROTOCOLS, STRICT
from engine.evaluate.videoverse.edition import SHIPPED, build, clip_of, encoded, truth
from engine.media.videos import encode_video
from tests.models.fake_language_server import fails, language_server, says

ITEMS, RAW = benchmark.read(SHIPPED)


class Says:
    """Gives the same answers to everybody."""

    def __init__(self, order: str, check: str) -> None:
        self.name = "fake"
        self._order, self._check = order, check

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        return self._order if "sort them" in question else self._check


class Knows:
    """Knows which clip a video is by its lightness, and what is so in it; sees nothing in black."""

    name = "truth"

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        place = round(float(frames.mean()) / 20) - 1
        if place < 0:
            return "No."
        clip = clip_of(RAW[ITEMS[place].key])
        for entry in RAW.values():
            order, held = truth(entry, clip)
            listed = [one["event_description"] for one in entry["t2v_eval_event_info"]["verification_plan"]]
            if "sort them" in question:
                shown = dict(line.split(": ", 1)[::-1] for line in question.splitlines()[1:])
                if {*shown} == {*listed}:
                    seen = ",".join(shown[listed["ABCD".index(letter)]] for letter in order)
                    return f"<output>{seen}</output>"
            for check, right in zip(entry["verification_checks"], held, strict=True):
                if f"\n{check['question']}\n" in question:
                    return "Yes." if right else "No."
        raise ValueError(question)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos of four prompts, told apart by how light they are."""
    made = tmp_path_factory.mktemp("videos")
    for place, item in enumerate(ITEMS[:4]):
        frames = np.full((9, 16, 16, 3), 20 * (place + 1), np.uint8)
        (made / f"{item.key}.mp4").write_bytes(encode_video(frames, 8))
    return made


def interviewed(folder: Path, output: Path, witness: asking.Witness) -> dict[str, Mapping[str, float]]:
    """Shares of each protocol."""
    asked = session.Benchmark(ITEMS[:4], RAW, folder)
    ledger = Ledger(output, {"judge": witness.name})
    videoverse.run(ledger, asked, witness, PROTOCOLS, io.StringIO())
    report = json.loads((output / "report.json").read_text())
    return {name: {key: one["mean"] for key, one in each.items()} for name, each in report["systems"].items()}


def test_the_shipped_edition_is_what_the_command_makes() -> None:
    assert SHIPPED.read_bytes() == encoded(build())
    assert len(ITEMS) == 300
    assert len({item.prompt for item in ITEMS}) == 300
    asked = [check.dimension for item in ITEMS for check in item.checks]
    assert {name: asked.count(name) for name in CHECKS} == dict.fromkeys(CHECKS, 100)
    assert all(2 <= len(item.events) <= 4 for item in ITEMS)


def test_what_the_edition_asks_for_is_so_in_its_own_clips_and_not_in_others() -> None:
    others = 0
    for place, (item, entry) in enumerate(zip(ITEMS, RAW.values(), strict=True)):
        assert truth(entry, clip_of(entry)) == ("ABCD"[: len(item.events)], (True, True, True))
        others += sum(truth(entry, clip_of(RAW[ITEMS[(place + 150) % 300].key]))[1])
    assert others < 0.3 * 900


def test_a_judge_that_knows_has_it_all_and_nothing_for_the_controls(folder: Path, tmp_path: Path) -> None:
    shares = interviewed(folder, tmp_path, Knows())
    assert shares[OFFICIAL]["all"] == shares[STRICT]["all"] == 1
    assert shares[BLANK]["all"] == 0
    assert shares[OTHER]["all"] < 0.6
    items, raw = benchmark.read(tmp_path / "results-strict.json")
    assert scoring.official(items)["overall_summary"]["total_videos_processed"] == 4
    assert scoring.shares(items)["all"].mean == 1
    assert raw[ITEMS[0].key]["pocket"] == RAW[ITEMS[0].key]["pocket"]
    assert (tmp_path / "results-strict-blank-video.json").is_file()
    page = (tmp_path / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 1
    assert 'class="b3"' in page
    assert 'class="shape series-3"' in page, "the radar has every way to ask"
    identity = json.loads((tmp_path / "report.json").read_text())["identity"]
    most = sum(len(item.events) + len(item.checks) for item in ITEMS[:4])
    assert identity["total score, strict"] == f"{most} of {most}"


def test_an_echo_has_full_marks_officially_and_none_strictly(folder: Path, tmp_path: Path) -> None:
    shares = interviewed(folder, tmp_path, Says("<output>A,B,C,D</output>", "I do not know"))
    assert shares[OFFICIAL]["Event Following"] == 1
    assert shares[STRICT]["Event Following"] == 0
    assert shares[STRICT]["static"] == 0


@pytest.mark.parametrize("said", ["maybe", "", "是的", "Yes and no."])
def test_what_cannot_be_read_counts_nothing(said: str, folder: Path, tmp_path: Path) -> None:
    shares = interviewed(folder, tmp_path, Says(said, said))
    assert shares[STRICT]["all"] == 0
    records = (tmp_path / "cases.jsonl").read_text().splitlines()
    assert json.loads(records[1])["notes"]["answer 1"] == "wrong"


def test_half_a_character_in_an_answer_keeps_no_report_from_being_written(folder: Path, tmp_path: Path) -> None:
    shares = interviewed(folder, tmp_path, Says("<output>\ud83d</output>", "Yes \ud83d"))
    assert shares[OFFICIAL]["static"] == 1
    assert benchmark.read(tmp_path / "results-official.json")[0][0].order_said == "\ud83d"


def test_a_missing_video_is_a_row_that_says_why(tmp_path: Path) -> None:
    asked = session.Benchmark(ITEMS[:1], RAW, tmp_path)
    (record,) = session.run(Ledger(tmp_path / "out", {}), asked, Says("", ""), [OFFICIAL])
    assert "No such file" in record.failure
    assert record.name == ITEMS[0].key


def test_frames_are_shown_at_eight_a_second_and_not_too_large() -> None:
    showing = asking.shown(np.zeros((48, 720, 1280, 3), np.uint8), 24.0)
    assert showing.fps == 8
    assert len(showing.frames) == 16
    assert 0.98 * 360 * 420 < showing.frames.shape[1] * showing.frames.shape[2] <= 360 * 420
    assert asking.shown(np.zeros((5, 16, 16, 3), np.uint8), 4.0).frames.shape == (5, 16, 16, 3)


def arguments(folder: Path, output: Path, url: str) -> list[str]:
    given = ["--server", url, "--model", "tiny", "--limit", "1", "--protocol", OFFICIAL]
    return ["evaluate", "videoverse", "--videos", str(folder), "--output", str(output), *given]


def test_a_server_that_fails_is_asked_again_by_the_next_run(folder: Path, tmp_path: Path) -> None:
    told = io.StringIO()
    with language_server(lambda _: fails(500)) as line:
        videoverse.interview(parser().parse_args(arguments(folder, tmp_path, line.base_url)), told)
    assert "The language model's server failed" in told.getvalue()
    with language_server(lambda _: says("")) as line:
        videoverse.interview(parser().parse_args(arguments(folder, tmp_path, line.base_url)), told)
        assert "1 of 1 interviews" in told.getvalue()
    body = line.bodies[0]
    assert (body["temperature"], body["max_tokens"]) == (0, 128)
    content = body["messages"][0]["content"]
    assert content[0]["image_url"]["url"].startswith("data:image/png;base64,")
    assert len(content) == 10
    assert "8 a second" in content[-1]["text"]
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    assert report["systems"][OFFICIAL]["all"]["mean"] == 0
    with language_server(lambda _: says("yes")) as line:
        other = [*arguments(folder, tmp_path, line.base_url), "--prompts", str(SHIPPED)]
        other[other.index("tiny")] = "other"
        with pytest.raises(SettingError, match=r"judge: tiny, now other"):
            videoverse.interview(parser().parse_args(other), told)
        elsewhere = parser().parse_args(arguments(tmp_path, tmp_path, line.base_url))
        with pytest.raises(SettingError, match=r"videos from: "):
            videoverse.interview(elsewhere, told)


@pytest.mark.parametrize("name", ["limit", "seeds"])
def test_numbers_that_cannot_be_are_turned_down(name: str, folder: Path) -> None:
    given = ["evaluate", "videoverse", "--videos", str(folder), f"--{name}", "0"]
    with pytest.raises(SettingError, match=f"--{name} has to be 1 or more"):
        list(videoverse.videoverse(parser().parse_args(given), io.StringIO()))


def test_nobody_to_ask_is_said(folder: Path) -> None:
    with pytest.raises(SettingError, match="Nobody is named"):
        videoverse.interview(parser().parse_args(["evaluate", "videoverse", "--videos", str(folder)]), io.StringIO())


def test_an_item_without_events_or_checks_can_be_asked() -> None:
    item, said = asking.ask(
        Item("a", "x", (), ()), asking.Showing(np.zeros((1, 4, 4, 3), np.uint8), 8), Knows(), STRICT
    )
    assert (item.order, said, asking.figures(item)["of"]) == ("", {}, 0)
