"""The command line on fakes: what it prints, asks, writes and returns."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from engine.approval import Automatic
from engine.command.terminal import Streams, main
from engine.configuration import Configuration
from engine.crew import Crew
from engine.errors import LanguageModelUnreachableError
from engine.events import Requested
from engine.house import House
from engine.jobs.presence import Presence
from engine.media import recipes
from engine.runner import Runner
from engine.store.preferences import Preferences
from engine.store.projects import ProjectStore
from engine.studio import Studio
from engine.tasks import table
from tests.fakes import FakeInspection, FakeMachine, InlineQueue, Orders, fake_agents, mask_png, moving_video, png

ROOT = Path(__file__).resolve().parents[2]


class Everything(list[int]):
    """A list of all seeds."""

    def __contains__(self, seed: object) -> bool:
        return True


class Bureau:
    """A home on fakes whose queue is worked off in a thread, and a terminal on it."""

    def __init__(self, home: Path) -> None:
        self.orders = Orders(real_videos=True)
        self.queue = InlineQueue()
        self._stopping = threading.Event()
        self.projects = projects = ProjectStore(home)
        self.runner = Runner(projects, table.task, fake_agents(self.orders), Automatic(FakeInspection()), self.queue)
        house = House(Configuration(home), projects, Preferences(home), Crew(lambda: None), self.runner, table.RECIPES)
        self.studio = Studio(house, FakeMachine(self.queue))
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopping.wait(0.01):
            self.queue.run_all(self.runner)

    def __call__(self, *arguments: str, answers: Sequence[str] = ()) -> Said:
        given = io.StringIO("".join(f"{answer}\n" for answer in answers))
        results, progress = io.StringIO(), io.StringIO()
        code = main(arguments, Streams(given, results, progress), lambda worker: self.studio)
        return Said(code, results.getvalue(), progress.getvalue())


@dataclass(frozen=True)
class Said:
    code: int
    results: str
    progress: str


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    opened = Bureau(tmp_path / "home")
    yield opened
    opened.close()


RUN = ("run", "text-to-video", "--prompt", "a red ball")
AUTOMATIC = (*RUN, "--auto-approve", "--seed", "7", "--json")


def test_run_prints_one_json_object_about_whole_files(bureau: Bureau, tmp_path: Path) -> None:
    said = bureau(*AUTOMATIC, "--output", str(tmp_path / "out"))
    assert said.code == 0
    told = json.loads(said.results)
    assert told["finished"] is True
    assert (told["prompt"], told["seed"]) == ("a red ball", 7)
    assert set(told["timings"]) == {"prompt", "key_frame", "video", "total"}
    assert [(one["stage"], one["kind"], Path(one["path"]).name) for one in told["artifacts"]] == [
        ("prompt", "prompt", "prompt.json"),
        ("key_frame", "image", "key_frame.png"),
        ("video", "video", "video.mp4"),
        ("video", "recipe", "video.json"),
    ]
    for one in told["artifacts"]:
        assert sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"prompt.json", "key_frame.png", "video.mp4", "video.json"}


def test_the_video_carries_the_recipe_that_lies_beside_it(bureau: Bureau, tmp_path: Path) -> None:
    bureau(*AUTOMATIC, "--output", str(tmp_path))
    inside = recipes.extract((tmp_path / "video.mp4").read_bytes())
    assert inside == json.loads((tmp_path / "video.json").read_bytes())


def test_without_json_the_files_are_listed(bureau: Bureau, tmp_path: Path) -> None:
    said = bureau(*RUN, "--auto-approve", "--output", str(tmp_path))
    assert [line.split()[-1] for line in said.results.splitlines()] == [
        str(tmp_path / name) for name in ("prompt.json", "key_frame.png", "video.mp4", "video.json")
    ]


def test_the_person_is_asked_at_every_stage(bureau: Bureau, tmp_path: Path) -> None:
    answers = ["", "1", "a"]
    said = bureau(*RUN, "--takes", "2", "--output", str(tmp_path), "--json", answers=answers)
    assert said.code == 0
    told = json.loads(said.results)
    stages = bureau.studio.view(told["project"]).stages
    assert [shown.chosen.number for shown in stages if shown.chosen is not None] == [1, 1, 1]
    assert len(stages[1].takes) == 2
    assert "A note." in said.progress


def test_the_person_can_edit_make_another_and_bring_a_picture(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_bytes(png(5, (64, 64)))
    answers = ["e", "a blue ball on the beach", "", "", "", "r", "e", str(tmp_path / "mine.png"), "a", "a"]
    said = bureau(*RUN, "--takes", "1", "--output", str(tmp_path / "out"), "--json", answers=answers)
    assert said.code == 0
    prompt = json.loads((tmp_path / "out" / "prompt.json").read_bytes())
    assert (prompt["original"], prompt["fields"]["scene"]) == ("a red ball", "a blue ball on the beach")
    stages = bureau.studio.view(json.loads(said.results)["project"]).stages
    assert [take.artifact.agent for take in stages[1].takes] == ["text_to_image", "text_to_image", "person"]
    assert stages[1].chosen == stages[1].takes[2]


def test_an_answer_that_is_none_and_a_picture_that_is_none_are_asked_again(bureau: Bureau, tmp_path: Path) -> None:
    answers = ["what?", "99", "", "e", str(tmp_path / "nothing.png"), "q"]
    said = bureau(*RUN, "--output", str(tmp_path / "out"), answers=answers)
    assert said.code == 0
    assert said.progress.count("That is none of the answers.") == 2
    assert "The picture cannot be read" in said.progress


@pytest.mark.parametrize("answers", [["", "q"], [""]])
def test_what_is_left_waits_and_can_be_continued(bureau: Bureau, tmp_path: Path, answers: list[str]) -> None:
    said = bureau(*RUN, "--output", str(tmp_path), "--json", answers=answers)
    assert said.code == 0
    told = json.loads(said.results)
    assert told["finished"] is False
    assert [one["stage"] for one in told["artifacts"]] == ["prompt"]
    command = said.progress.rstrip().rpartition("It waits for you: python -m engine ")[2]
    assert shlex.split(command) == ["continue", told["project"], "--output", str(tmp_path)]
    went_on = bureau(*shlex.split(command), "--auto-approve", "--json")
    assert json.loads(went_on.results)["finished"] is True


def test_what_became_stale_can_be_kept_or_made_again(bureau: Bureau, tmp_path: Path) -> None:
    project = json.loads(bureau(*AUTOMATIC, "--output", str(tmp_path)).results)["project"]
    bureau.studio.approve_automatically(project, [])
    bureau.studio.edit(project, "prompt", {"motion": "it jumps"}, approve=True)
    went_on = ("continue", project, "--output", str(tmp_path), "--json")
    kept = json.loads(bureau(*went_on, answers=["a"]).results)
    assert kept["finished"] is True
    assert len(bureau.studio.view(project).stages[2].takes) == 1
    bureau.studio.edit(project, "prompt", {"motion": "it flies"}, approve=True)
    assert json.loads(bureau(*went_on, answers=["r", "a"]).results)["finished"] is True
    assert len(bureau.studio.view(project).stages[2].takes) == 2


def test_image_to_video_takes_the_picture(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "ball.png").write_bytes(png(1, (40, 30)))
    image = ("--image", str(tmp_path / "ball.png"), "--fit", "letterbox")
    said = bureau("run", "image-to-video", "--prompt", "it rolls", *image, "--auto-approve", "--output", str(tmp_path))
    assert said.code == 0
    (project,) = bureau.studio.projects()
    assert bureau.studio.view(project.id).request.settings == {"key_frame": {"fit": "letterbox"}}


@pytest.fixture
def clips(tmp_path: Path) -> tuple[str, str]:
    """Paths of two small videos."""
    paths = (tmp_path / "a.mp4", tmp_path / "b.mp4")
    for path in paths:
        path.write_bytes(moving_video(path.name))
    return str(paths[0]), str(paths[1])


def stages(said: Said) -> list[str]:
    """The stages that gave a file, without the recipes beside videos."""
    assert said.code == 0, said.progress
    return [one["stage"] for one in json.loads(said.results)["artifacts"] if one["kind"] != "recipe"]


def test_a_film_of_segments_is_told_shot_by_shot(bureau: Bureau, tmp_path: Path) -> None:
    said = bureau(*AUTOMATIC, "--segments", "2", "--output", str(tmp_path / "out"))
    assert stages(said) == ["prompt", "key_frame", "segment_1", "segment_2", "film"]
    words = json.loads((tmp_path / "out" / "prompt.json").read_bytes())["fields"]
    assert list(words) == ["scene", "shot_1", "shot_2", "avoid"]


def test_a_video_is_extended_backwards(bureau: Bureau, tmp_path: Path, clips: tuple[str, str]) -> None:
    run = ("run", "extend", "--prompt", "it rolls", "--video", clips[0], "--seconds", "3", "--direction", "backwards")
    trimmed = ("--start-seconds", "0.5", "--speed", "quick", "--auto-approve", "--json")
    said = bureau(*run, *trimmed, "--output", str(tmp_path / "out"))
    assert stages(said) == ["source", "prompt", "segment_1", "segment_2", "film"]
    view = bureau.studio.view(json.loads(said.results)["project"])
    assert view.request.options == {"seconds": 3.0, "direction": "backwards", "start_seconds": 0.5}
    assert view.request.settings == {"segment_1": {"speed": "quick"}, "segment_2": {"speed": "quick"}}


def test_two_videos_are_connected(bureau: Bureau, tmp_path: Path, clips: tuple[str, str]) -> None:
    run = ("run", "connect", "--prompt", "it rolls", "--video", clips[0], "--video", clips[1])
    said = bureau(*run, "--method", "cross-fade", "--auto-approve", "--json", "--output", str(tmp_path / "out"))
    assert stages(said) == ["source", "second_source", "prompt", "transition", "film"]


def test_things_are_chosen_and_a_mask_is_brought_and_what_is_offered_is_asked_for(
    bureau: Bureau, tmp_path: Path
) -> None:
    (tmp_path / "mask.png").write_bytes(mask_png(size=(192, 192)))
    (tmp_path / "ball.png").write_bytes(png(1, (40, 30)))
    run = ("run", "worldgpt", "--prompt", "it turns into a star", "--image", str(tmp_path / "ball.png"))
    things = ["e", "9", "e", "1, 2", "a"]
    mask = ["e", str(tmp_path / "mask.png"), "a"]
    answers = ["a", "a", *things, *mask, "a", "a", "m", "a"]
    said = bureau(*run, "--output", str(tmp_path / "out"), "--json", answers=answers)
    project = json.loads(said.results)["project"]
    assert stages(said) == ["key_frame", "prompt", "boxes", "mask", "end_frame", "video", "refined"]
    assert "1* keywords: it turns into a star (90%), 2 ball (40%)" in said.progress
    assert "There is no such thing in the picture" in said.progress
    view = bureau.studio.view(project)
    chosen = view.stages[2].chosen
    assert chosen is not None
    assert bureau.studio.boxes(project, chosen.id).chosen == (0, 1)
    assert [take.artifact.agent for take in view.stages[3].takes] == ["mask_maker", "person"]


def test_a_part_of_worldgpt_is_left_out(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "ball.png").write_bytes(png(1, (40, 30)))
    run = ("run", "worldgpt", "--prompt", "it grows", "--image", str(tmp_path / "ball.png"), "--no-mask")
    said = bureau(*run, "--no-enhancer", "--auto-approve", "--json", "--output", str(tmp_path / "out"))
    assert stages(said) == ["key_frame", "prompt", "end_frame", "video"]
    (row,) = bureau.studio.projects()
    assert bureau.studio.view(row.id).request.options == {"mask": False, "enhancer": False}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "text-to-video", "--prompt", "a ball", "--segments", "50"), "segments"),
        (("run", "text-to-video", "--prompt", "a ball", "--world", "neon"), "no option world"),
        (("run", "text-to-video", "--prompt", "a ball", "--method", "cross-fade"), "no stage with method"),
        (("run", "text-to-video", "--prompt", "a ball", "--video", __file__), "takes no video"),
        (("run", "extend", "--prompt", "a ball"), "needs a video"),
        (("run", "extend", "--prompt", "a ball", "--video", "/nowhere.mp4"), "The video cannot be read"),
        (("run", "extend", "--prompt", "a ball", "--video", __file__), "cannot be used as a video"),
        (("run", "connect", "--prompt", "a ball", *("--video", __file__) * 3), "too many videos"),
        (("run", "text-to-video", "--prompt", "  "), "The prompt is empty"),
        (("run", "text-to-video", "--prompt", "x" * 10_000), "The prompt is too long"),
        (("run", "text-to-video", "--prompt", "a ball", "--frames", "1000"), "The setting frames cannot be that"),
        (("run", "text-to-video", "--prompt", "a ball", "--seed", "-1"), "seed"),
        (("run", "image-to-video", "--prompt", "a ball"), "needs a picture"),
        (("run", "image-to-video", "--prompt", "a ball", "--image", "/nowhere.png"), "The picture cannot be read"),
        (("run", "image-to-video", "--prompt", "a ball", "--image", __file__), "picture"),
        (("continue", "../../etc"), "There is no such project"),
    ],
)
def test_bad_input_is_one_line_with_its_remedy_and_code_2(
    bureau: Bureau, tmp_path: Path, arguments: Sequence[str], message: str
) -> None:
    said = bureau(*arguments, "--auto-approve", "--output", str(tmp_path / "out"), "--json")
    assert (said.code, said.results) == (2, "")
    (line,) = said.progress.splitlines()
    assert line.startswith("greenlight: ")
    assert message in line
    assert not (tmp_path / "out").exists()


def test_a_failed_take_is_one_line_and_code_1(bureau: Bureau, tmp_path: Path) -> None:
    bureau.orders.fail["text_to_image"] = RuntimeError("boom")
    said = bureau(*AUTOMATIC, "--output", str(tmp_path))
    assert (said.code, said.results) == (1, "")
    assert "RuntimeError: boom" in said.progress.splitlines()[-1]
    assert "Traceback" not in said.progress


def test_when_the_language_model_is_down_the_offline_writer_is_offered(bureau: Bureau, tmp_path: Path) -> None:
    down = LanguageModelUnreachableError("Nothing answers", "Start it.", offer="offline-writer")
    bureau.orders.fail["prompt_writer"] = down
    said = bureau(*RUN, "--output", str(tmp_path), answers=["o", "q"])
    assert "o uses the offline writer" in said.progress
    (project,) = bureau.studio.projects()
    asked = [entry.event for entry in bureau.projects.project(project.id).entries]
    writers = [event.settings.get("writer") for event in asked if isinstance(event, Requested)]
    assert writers == [None, "offline"]


def test_three_blank_pictures_are_left_to_the_person(bureau: Bureau, tmp_path: Path) -> None:
    bureau.orders.blank = Everything()
    said = bureau(*AUTOMATIC, "--output", str(tmp_path))
    assert (said.code, said.results) == (1, "")
    (project,) = bureau.studio.projects()
    last = said.progress.splitlines()[-1]
    assert last.startswith("greenlight: Key frame was tried 3 times")
    assert last.endswith(f"python -m engine continue {project.id} --output DIR")


def test_a_folder_that_cannot_be_written_is_named(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"in the way")
    said = bureau(*AUTOMATIC, "--output", str(tmp_path / "out"))
    assert said.code == 1
    assert "The files cannot be written" in said.progress


def test_projects_are_listed_newest_first_and_verified(bureau: Bureau, tmp_path: Path) -> None:
    bureau(*RUN, "--auto-approve", "--output", str(tmp_path))
    bureau("run", "text-to-video", "--prompt", "a blue bird", "--output", str(tmp_path))
    listed = bureau("projects").results.splitlines()
    assert ["blue bird" in line for line in listed] == [True, False]
    assert [row["title"] for row in json.loads(bureau("projects", "--json").results)] == ["a blue bird", "a red ball"]
    assert bureau("projects", "--verify").code == 0


def test_verify_names_what_was_altered_and_returns_1(bureau: Bureau, tmp_path: Path) -> None:
    bureau(*RUN, "--auto-approve", "--output", str(tmp_path))
    (project,) = bureau.studio.projects()
    assert project.cover is not None
    path = bureau.studio.path(project.id, project.cover)
    path.chmod(0o600)
    path.write_bytes(b"something else")
    said = bureau("projects", "--verify")
    assert said.code == 1
    assert project.cover in said.results
    assert json.loads(bureau("projects", "--verify", "--json").results)["problems"]


def test_show_tells_stages_and_takes(bureau: Bureau, tmp_path: Path) -> None:
    bureau(*RUN, "--auto-approve", "--seed", "7", "--output", str(tmp_path))
    (project,) = bureau.studio.projects()
    lines = bureau("show", project.id).results.splitlines()
    assert lines[0] == "a red ball (Text to video, seed 7)"
    assert lines[1::2] == ["Prompt: approved", "Key frame: approved", "Video: approved"]
    told = json.loads(bureau("show", project.id, "--json").results)
    assert [len(stage["takes"]) for stage in told["stages"]] == [1, 1, 1]


def test_a_project_goes_out_and_comes_back(bureau: Bureau, tmp_path: Path) -> None:
    bureau(*RUN, "--auto-approve", "--output", str(tmp_path))
    (project,) = bureau.studio.projects()
    packed = tmp_path / "project.zip"
    assert bureau("export", project.id, str(packed)).code == 0
    said = bureau("import", str(packed))
    assert said.code == 0
    assert bureau.studio.view(said.results.strip()).finished
    (tmp_path / "no.zip").write_bytes(b"no zip")
    assert bureau("import", str(tmp_path / "no.zip")).code == 2


def test_the_queue_is_shown(bureau: Bureau) -> None:
    said = bureau("queue")
    assert (said.code, said.results, said.progress) == (0, "", "Worker: alive\n")
    assert json.loads(bureau("queue", "--json").results) == {
        "jobs": [],
        "paused": False,
        "worker": "alive",
        "away": 0,
        "lost": 0,
    }


@pytest.mark.parametrize("command", [(), ("run",), ("projects",), ("show",), ("worker",)])
def test_every_help_page_says_what_for(capsys: pytest.CaptureFixture[str], command: Sequence[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"], Streams(io.StringIO(), io.StringIO(), io.StringIO()))
    assert left.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_an_unknown_option_is_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*RUN, "--nonsense"], Streams(io.StringIO(), io.StringIO(), io.StringIO()))
    assert left.value.code == 2


def test_ctrl_c_is_code_130_and_something_unforeseen_is_one_line(tmp_path: Path) -> None:
    progress = io.StringIO()
    streams = Streams(io.StringIO(), io.StringIO(), progress)

    def interrupted(worker: bool) -> Studio:
        raise KeyboardInterrupt

    def broken(worker: bool) -> Studio:
        raise ZeroDivisionError("by chance")

    assert main(["projects"], streams, interrupted) == 130
    assert main(["projects"], streams, broken) == 1
    assert "ZeroDivisionError: by chance" in progress.getvalue().splitlines()[-1]
    assert "Traceback" not in progress.getvalue()


def test_looking_at_projects_imports_nothing_heavy(tmp_path: Path) -> None:
    script = """
import sys
from engine.command.terminal import Streams, main
code = main(["projects"], Streams(sys.stdin, sys.stdout, sys.stderr))
print(code, {"torch", "diffusers", "transformers", "gradio"} & set(sys.modules))
"""
    environment = {**os.environ, "GREENLIGHT_HOME": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert told.stdout == b"0 set()\n"


def test_ctrl_c_keeps_the_project_and_leaves_no_process(tmp_path: Path) -> None:
    environment = {**os.environ, "GREENLIGHT_HOME": str(tmp_path / "home")}
    arguments = [sys.executable, "-m", "engine", *RUN, "--output", str(tmp_path / "out")]
    process = subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )
    with process:
        assert process.stderr is not None
        heard = b""
        while b"q leaves it waiting" not in heard:
            part = os.read(process.stderr.fileno(), 4096)
            assert part, heard
            heard += part
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(20) == 130
    assert b"Traceback" not in heard + rest
    assert not Presence(tmp_path / "home" / "queue").taken()
    with Studio.open(Configuration(tmp_path / "home"), worker=False) as studio:
        (project,) = studio.projects()
        assert (project.open_stage, project.status) == ("prompt", "waiting")
