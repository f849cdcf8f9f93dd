"""Videos measured one by one: rows, reasons, resuming, pairs, and the three reports."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.command import viewings
from engine.command.arguments import parser
from engine.command.footage import Showing, run
from engine.command.terminal import Streams, main
from engine.errors import BenchmarkError, SettingError
from engine.evaluate import suites
from engine.evaluate.comparing import differences
from engine.evaluate.ledger import Ledger, place
from engine.evaluate.metrics.features import Frames, Vectors
from engine.evaluate.metrics.recall import remembering
from engine.evaluate.metrics.table import Kit
from engine.evaluate.viewing import FIRST, SECOND, Viewing
from engine.media.videos import encode_video
from engine.types import Request
from tests.evaluate.metrics.fakes import Flows, Known, Means, grey
from tests.fakes import Desk

METRICS = ("subject consistency", "motion smoothness", "dynamic degree", "frame count", "text similarity")


class Greys(Known):
    """Pictures by their lightness."""

    def images(self, frames: Frames) -> Vectors:
        return np.stack([frames.mean((1, 2, 3)), np.full(len(frames), 40.0)], -1)


KIT = Kit(subject=Greys(name="greys"), interpolator=Means(), flow=Flows({}))
IDENTITY = {"what": "files", "metrics": ", ".join(METRICS)}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of four tiny videos; the third in the first one is torn."""
    root = tmp_path_factory.mktemp("clips")
    for system, step in (("a", 10), ("b", 20)):
        (root / system).mkdir()
        for number in range(4):
            frames = grey(*range(0, 5 * step, step), edge=16)
            (root / system / f"clip {number}.mp4").write_bytes(encode_video(frames, 8))
    torn = root / "a" / "clip 2.mp4"
    torn.write_bytes(torn.read_bytes()[:700])
    return root


def chosen(clips: Path, *more: str) -> argparse.Namespace:
    return parser().parse_args(["evaluate", "files", str(clips / "a"), "--output", "out", *more])


def measured(folder: Path, wanted: Sequence[Viewing], kit: Kit = KIT) -> tuple[dict[str, object], str]:
    told = io.StringIO()
    run(Showing("files", wanted, kit, IDENTITY), Ledger(folder, IDENTITY), told)
    return json.loads((folder / "report.json").read_text()), told.getvalue()


def test_a_torn_video_in_the_middle_becomes_a_row_that_says_why(clips: Path, tmp_path: Path) -> None:
    wanted = viewings.of_files(chosen(clips, "--metric", *METRICS))
    report, told = measured(tmp_path, wanted)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text())))
    assert [bool(row["failure"]) for row in rows] == [False, False, True, False]
    assert "clip 2: The video is damaged" in told
    assert float(rows[0]["frame count"]) == 5
    assert "subject consistency, greys" in rows[0]
    systems = report["systems"]
    assert isinstance(systems, dict)
    assert systems[FIRST]["frame count"]["cases"] == 3
    assert report["not_measured"] == {
        "text similarity": "needs CLIP ViT-L/14, which is not here; needs the words that were asked for"
    }


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_that_ends_in_the_middle_is_not_measured_as_far_as_it_goes(share: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (17, 32, 32, 3), np.uint8)
    data = encode_video(noise, 8)
    (tmp_path / "half.mp4").write_bytes(data[: int(share * len(data))])
    report, _ = measured(tmp_path / "out", [Viewing("half", tmp_path / "half.mp4", 0, METRICS)])
    assert report["systems"] == {}


def test_a_video_with_a_damaged_part_is_not_measured_as_the_decoder_makes_it_up(tmp_path: Path) -> None:
    data = bytearray(encode_video(np.random.default_rng(0).integers(0, 255, (17, 64, 64, 3), np.uint8), 8))
    data[len(data) // 2 : len(data) // 2 + 512] = bytes(512)
    (tmp_path / "hit.mp4").write_bytes(data)
    report, told = measured(tmp_path / "out", [Viewing("hit", tmp_path / "hit.mp4", 0, ("frame count",))])
    assert "hit: The video is damaged" in told
    assert report["systems"] == {}


def test_the_page_needs_no_other_file_and_escapes_what_came_from_outside(clips: Path, tmp_path: Path) -> None:
    wanted = [
        replace(one, name="<script>=1</script>") for one in viewings.of_files(chosen(clips, "--metric", *METRICS))[:1]
    ]
    measured(tmp_path, wanted)
    page = (tmp_path / "report.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<svg" in page
    assert "data:image/png;base64," in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_run_goes_on_and_tries_again_what_failed(clips: Path, tmp_path: Path) -> None:
    wanted = viewings.of_files(chosen(clips, "--metric", *METRICS))
    assert measured(tmp_path, wanted[:2])[1].startswith("2 of 2")
    assert measured(tmp_path, wanted)[1].startswith("2 of 4")
    assert measured(tmp_path, wanted)[1].startswith("1 of 4")


def test_a_run_with_other_settings_is_refused_and_the_difference_named(tmp_path: Path) -> None:
    Ledger(tmp_path, IDENTITY)
    with pytest.raises(SettingError, match=r"measured otherwise.*metrics: subject.*now length") as refused:
        Ledger(tmp_path, {**IDENTITY, "metrics": "length", "features: flow": "RAFT"})
    assert "features: flow: nothing, now RAFT" in refused.value.value


def test_two_systems_are_held_against_each_other_by_name(clips: Path, tmp_path: Path) -> None:
    wanted = viewings.of_files(chosen(clips, "--against", str(clips / "b"), "--metric", "motion smoothness"))
    assert [(one.name, one.system) for one in wanted[:2]] == [("clip 0", FIRST), ("clip 0", SECOND)]
    report, _ = measured(tmp_path, wanted)
    between = report["differences"]
    assert isinstance(between, dict)
    (one,) = between.values()
    assert (one["figure"]["cases"], one["says"]) == (3, "no difference shown: 3 pairs are too few")


def test_a_difference_is_shown_only_on_one_side_of_nothing() -> None:
    first = {str(number): {"x": 0.0, "y": 0.0, "z": 1.0} for number in range(8)}
    second = {str(number): {"x": 1.0 + number, "y": (-1.0) ** number, "z": 0.0} for number in range(8)}
    found = differences(first, second)
    assert {name: one.says for name, one in found.items()} == {
        "x": "higher", "y": "no difference shown", "z": "lower",
    }  # fmt: skip
    assert found["x"].figure.mean == 4.5
    three = differences({key: first[key] for key in "012"}, second)
    assert three["x"].figure.mean == 2
    assert three["x"].says == "no difference shown: 3 pairs are too few"
    assert differences(first, {}) == {}


def test_what_is_remembered_is_asked_for_once() -> None:
    class Counting(Known):
        seen: list[int] = []  # noqa: RUF012 - shared on purpose

        def images(self, frames: Frames) -> Vectors:
            self.seen.append(len(frames))
            return super().images(frames)

    known = Counting({1: (1, 0), 2: (0, 1)})
    kit = remembering(Kit(subject=known, looks=known))
    assert kit.subject is kit.looks
    assert kit.subject is not None
    assert kit.subject.name == "known features"
    frames = grey(1, 2, 1)
    np.testing.assert_array_equal(kit.subject.images(frames), known.images(frames))
    kit.subject.images(frames[:2])
    assert Counting.seen == [2, 3]


def test_files_of_one_name_and_folders_of_none_are_refused(clips: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"Two videos have one name.*clip 0"):
        viewings.of_files(parser().parse_args(["evaluate", "files", *(str(clips / d) for d in "ab"), "--output", "o"]))
    with pytest.raises(SettingError, match="no video"):
        viewings.of_files(parser().parse_args(["evaluate", "files", str(tmp_path), "--output", "o"]))
    with pytest.raises(SettingError, match=r"no such metric.*beauty"):
        viewings.of_files(chosen(clips, "--metric", "beauty"))


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', "{"])
def test_prompts_that_are_none_are_refused(text: str, clips: Path, tmp_path: Path) -> None:
    (tmp_path / "prompts.json").write_text(text)
    with pytest.raises(BenchmarkError, match="file of prompts"):
        viewings.of_files(chosen(clips, "--prompts", str(tmp_path / "prompts.json")))


INFO = [
    {"prompt_en": "a cat", "dimension": ["subject_consistency", "object_class"]},
    {
        "prompt_en": "a dog",
        "dimension": ["appearance_style"],
        "auxiliary_info": {"appearance_style": {"appearance_style": "in pencil"}},
    },
    {"prompt_en": "two cups", "dimension": ["multiple_objects"]},
]


def test_vbench_asks_for_five_videos_of_each_prompt_in_its_own_dimensions(tmp_path: Path) -> None:
    path = tmp_path / "info.json"
    path.write_text(json.dumps(INFO))
    asked = suites.vbench(path)
    assert [one.name for one in asked[:5]] == [f"a cat-{number}" for number in range(5)]
    assert asked[0].metrics == ("subject consistency",)
    assert (asked[5].style, len(asked)) == ("in pencil", 10)
    arguments = ["evaluate", "vbench", "--prompts", str(path), "--videos", str(tmp_path), "--output", "o"]
    wanted = viewings.of_vbench(parser().parse_args(arguments))
    report, told = measured(tmp_path / "out", wanted[:1])
    assert "a cat-0: The file cannot be read: No such file" in told
    assert report["systems"] == {}


def test_a_prompt_that_stands_twice_in_vbenchs_file_is_one_video_with_both_dimensions(tmp_path: Path) -> None:
    """The official file has two such."""
    entries = [{"prompt_en": "a cat", "dimension": [name]} for name in ("imaging_quality", "dynamic_degree")]
    (tmp_path / "info.json").write_text(json.dumps(entries))
    asked = suites.vbench(tmp_path / "info.json")
    assert (len(asked), asked[0].metrics) == (5, ("imaging quality", "dynamic degree"))


def test_aigcbench_takes_a_video_by_the_name_of_its_picture(tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps([{"image": "265.png", "prompt": "a panda"}]))
    arguments = ["evaluate", "aigcbench", "--prompts", str(path), "--videos", "v", "--images", "i", "--output", "o"]
    (wanted,) = viewings.of_aigcbench(parser().parse_args(arguments))
    assert (wanted.path, wanted.image, wanted.prompt) == (Path("v/265.mp4"), Path("i/265.png"), "a panda")
    assert "first frame MSE" in wanted.metrics


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("{}", "no list"),
        ('[{"dimension": ["scene"]}]', "prompt_en"),
        ('[{"prompt_en": "a"}]', "a: dimension"),
        ('[{"prompt_en": "a", "dimension": ["beauty"]}]', "beauty"),
        ('[{"prompt_en": "../../a", "dimension": ["color"]}]', r"name of a file.*\.\./\.\./a-0.*without a slash"),
        ('[{"prompt_en": "/a", "dimension": ["color"]}]', "name of a file"),
        (r'[{"prompt_en": "a\u0000b", "dimension": ["color"]}]', "name of a file"),
        (r'[{"prompt_en": "\ud800", "dimension": ["color"]}]', "name of a file"),
        (json.dumps([{"prompt_en": "a" * 249, "dimension": ["color"]}]), "name of a file.*250 bytes"),
    ],
)
def test_what_is_wrong_with_vbenchs_file_is_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "info.json").write_text(text)
    with pytest.raises(BenchmarkError, match=said):
        suites.vbench(tmp_path / "info.json")
    with pytest.raises(BenchmarkError, match="cannot be read"):
        suites.vbench(tmp_path / "none.json")


def test_a_picture_stands_once_in_aigcbenchs_file(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps([{"image": "a.png", "prompt": "x"}] * 2))
    with pytest.raises(BenchmarkError, match="twice"):
        suites.aigcbench(tmp_path / "p.json")
    for image in ("..", "/", "a\0.png", "\ud800.png"):
        (tmp_path / "p.json").write_text(json.dumps([{"image": image, "prompt": "x"}]))
        with pytest.raises(BenchmarkError, match="name of a file"):
            suites.aigcbench(tmp_path / "p.json")


def test_a_link_that_leads_nowhere_is_a_row_that_says_so(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "gone.mp4").symlink_to("nowhere.mp4")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "there.mp4").symlink_to(clips / "a" / "clip 0.mp4")
    given = ["evaluate", "files", str(tmp_path), "--output", "out", "--metric", "frame count"]
    wanted = viewings.of_files(parser().parse_args(given))
    assert [one.name for one in wanted] == ["gone", "there"]
    assert "gone: The file cannot be read: No such file" in measured(tmp_path / "out", wanted)[1]


def test_a_projects_videos_are_measured_with_its_words_and_its_key_frame(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "home", real_videos=True)
    stages = ("prompt", "key_frame", "video")
    project = desk.studio.create(Request("text-to-video", "a red ball rolls", seed=7, automatic=stages), {})
    arguments = parser().parse_args(["evaluate", "project", project, "--output", "o"])
    with pytest.raises(SettingError, match="no video yet"):
        viewings.of_project(arguments, desk.studio)
    desk.work()
    (wanted,) = viewings.of_project(arguments, desk.studio)
    assert (wanted.name, wanted.prompt) == ("video, take 1", "a red ball rolls")
    assert wanted.image is not None
    assert wanted.image.suffix == ".png"
    report, _ = measured(tmp_path / "out", [replace(wanted, metrics=("frame count", "first frame MSE"))])
    systems = report["systems"]
    assert isinstance(systems, dict)
    assert set(systems[FIRST]) == {"frame count", "first frame MSE"}


def test_the_command_measures_with_what_ships_and_says_whose_features_they_are(clips: Path, tmp_path: Path) -> None:
    told, progress = io.StringIO(), io.StringIO()
    metrics = ["subject consistency", "background consistency", "frame count"]
    command = ["evaluate", "files", str(clips / "b" / "clip 0.mp4"), "--features", "offline", "--metric", *metrics]
    assert main([*command, "--output", str(tmp_path)], Streams(io.StringIO(), told, progress)) == 0, progress.getvalue()
    assert told.getvalue().strip() == str(tmp_path / "report.html")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text()))
    assert 0.5 < float(row["subject consistency, pocket judge's features"]) <= 1
    assert 0 <= float(row["background consistency, pocket features"]) <= 1


def test_a_name_that_is_no_utf_8_is_reported_all_the_same(clips: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "videos", tmp_path / "out"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.mp4")).write_bytes((clips / "a" / "clip 0.mp4").read_bytes())
    command = ["evaluate", "files", str(folder), "--features", "offline", "--metric", "frame count"]
    told = io.StringIO()
    assert main([*command, "--output", str(out)], Streams(io.StringIO(), io.StringIO(), told)) == 0, told.getvalue()
    (row,) = json.loads((out / "report.json").read_text())["videos"]
    assert (os.fsencode(row["name"]), row["row"]) == (b"caf\xe9", {"frame count": 5})
    for name in ("report.csv", "report.html"):
        assert "caf\\udce9" in (out / name).read_text()


def test_a_run_with_other_videos_or_prompts_of_the_same_names_is_refused(clips: Path, tmp_path: Path) -> None:
    def ran(folder: Path, out: str, *more: str) -> str:
        told = io.StringIO()
        given = ["evaluate", "files", str(folder), "--features", "offline", "--metric", "frame count", *more]
        code = main([*given, "--output", str(tmp_path / out)], Streams(io.StringIO(), io.StringIO(), told))
        return told.getvalue() if code else ""

    dog, cat = tmp_path / "dog.json", tmp_path / "cat.json"
    dog.write_text('{"clip 0": "a dog"}')
    cat.write_text('{"clip 0": "a cat"}')
    assert not ran(clips / "a", "videos")
    assert not ran(clips / "a", "videos")
    assert re.search(r"measured otherwise.*videos from: \w{8}, a, now \w{8}, b", ran(clips / "b", "videos"))
    assert not ran(clips / "a", "prompts", "--prompts", str(dog))
    assert re.search(r"prompts: \w{16}, now \w{16}", ran(clips / "a", "prompts", "--prompts", str(cat)))
    assert re.search(r"prompts: \w{16}, now nothing", ran(clips / "a", "prompts"))


def test_a_report_may_be_moved_together_with_its_videos(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert place([here / "videos"], here / "out") == place([there / "videos"], there / "out")
    assert place([here / "videos"], here / "out") != place([here / "others"], here / "out")
