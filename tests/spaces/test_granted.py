"""A ZeroGPU Space: each take is made in a call that its GPU is granted to, by the same runner, in the same journal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.configuration import Configuration
from engine.events import Failed, Recorded, Started
from engine.jobs.pace import Pace, PaceHistory
from engine.studio import Studio
from engine.types import Request
from tests.spaces.host import spaces

SECRET = "c" * 64
SMALL = {"key_frame": {"steps": 1, "takes": 1}, "video": {"steps": 1, "frames": 9}}


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv(spaces.LOG, str(tmp_path / "granted"))
    with Studio.open(configuration(tmp_path), grant=spaces.GPU) as opened:
        yield opened


def configuration(folder: Path) -> Configuration:
    space = {"SYSTEM": "spaces", "SPACES_ZERO_GPU": "true", "GREENLIGHT_HOME": str(folder / "home")}
    return Configuration.from_environment(space)


def test_a_road_is_walked_call_by_call_and_only_what_needs_the_device_is_granted_it(
    studio: Studio, tmp_path: Path
) -> None:
    guest = studio.guest(SECRET)
    project = guest.create(Request("text-to-video", "a red ball in the snow", settings=SMALL))
    studio.guest("d" * 64).work()
    assert [job.status for job in guest.queue().jobs] == ["queued"], "another visitor's call makes nothing of theirs"
    for stage, seconds in (("prompt", []), ("key_frame", [60]), ("video", [60, 60])):
        guest.work()
        shown = next(one for one in guest.view(project).stages if one.stage.name == stage)
        assert shown.status == "waiting"
        assert [int(line) for line in _lines(tmp_path / "granted")] == seconds
        guest.approve(project, stage, shown.takes[0].id)
    assert guest.view(project).finished
    assert guest.queue().jobs == ()
    assert studio.world().device == "ZeroGPU"
    guest.work()


def test_the_time_to_ask_for_follows_from_what_such_takes_took(studio: Studio, tmp_path: Path) -> None:
    machine = studio._machine
    guest = studio.guest(SECRET)
    project = guest.create(Request("text-to-video", "a red ball", settings=SMALL, automatic=("prompt",)))
    guest.work()
    (job,) = guest.queue().jobs
    history = PaceHistory(configuration(tmp_path).home / "queue" / "pace.json")
    for pace, seconds in ((Pace(2.0, 4.0), 24), (Pace(500.0, 1.0), 120), (Pace(0.0, 0.0), 15)):
        (configuration(tmp_path).home / "queue" / "pace.json").unlink(missing_ok=True)
        history.learn(machine._workshop.pace_key(project, job.take), pace)  # type: ignore[attr-defined]
        assert machine._seconds(project, job.take) == seconds  # type: ignore[attr-defined]


def test_a_refusal_is_named_and_the_next_call_is_as_good_as_any(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = studio.guest(SECRET)
    project = guest.create(Request("text-to-video", "a red ball", settings=SMALL, automatic=("prompt",)))
    guest.work()
    monkeypatch.setenv(spaces.REFUSAL, "You have exceeded your ZeroGPU quota")
    guest.work()
    failure = guest.view(project).open_stage.failure
    assert failure is not None
    assert (failure.error, "exceeded your ZeroGPU quota" in failure.message) == ("DeviceRefusedError", True)
    assert guest.queue().jobs == ()
    monkeypatch.delenv(spaces.REFUSAL)
    guest.retry(project, "key_frame")
    guest.work()
    assert guest.view(project).open_stage.status == "waiting"


def test_what_was_asked_for_before_a_restart_is_made_after_it(tmp_path: Path) -> None:
    with Studio.open(configuration(tmp_path), grant=spaces.GPU) as before:
        project = before.guest(SECRET).create(Request("text-to-video", "a red ball", settings=SMALL))
    with Studio.open(configuration(tmp_path), grant=spaces.GPU) as after:
        guest = after.guest(SECRET)
        guest.work()
        kinds = [type(entry.event) for entry in guest._projects.project(project).entries]
        assert (kinds.count(Started), kinds.count(Recorded), kinds.count(Failed)) == (1, 1, 0)


def test_a_take_that_is_stopped_or_removed_while_it_waits_is_not_made(studio: Studio, tmp_path: Path) -> None:
    guest = studio.guest(SECRET)
    stopped = guest.create(Request("text-to-video", "a red ball", settings=SMALL))
    guest.cancel(guest.queue().jobs[0].take)
    removed = guest.create(Request("text-to-video", "a blue ball", settings=SMALL))
    guest.remove(removed)
    for _ in range(2):
        guest.work()
    assert guest.view(stopped).open_stage.status == "cancelled"
    assert _lines(tmp_path / "granted") == []
    assert "spaces" not in sys.modules, "imported by app.py, on a ZeroGPU Space"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
