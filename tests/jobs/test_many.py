"""Several workers on one home: jobs side by side, in order; whoever dies or loses its GPU, the rest goes on."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from engine.errors import NoDeviceError, SettingError
from engine.events import Cancelled, Failed, Recorded, Released, Requested, Started
from engine.jobs.posts import Post, Shift, posts
from engine.jobs.presence import Presence
from engine.jobs.watch import Command, Watcher
from engine.models.device import VISIBLE, gpus
from engine.seen import Job
from tests.jobs.house import SmallHouse, events, finish, started
from tests.jobs.processes import Processes
from tests.waiting import until

TWO = ("GPU-a", "GPU-b")


def hold(house: SmallHouse, words: str, on: bool = True) -> None:
    """Hold the painter of these words at its next step, or let it go on."""
    path = house.home / f"hold painter {words}"
    path.touch() if on else path.unlink()


def painted(house: SmallHouse) -> dict[str, Job]:
    """Project -> its video, where one is being made and has shown a step."""
    jobs = house.queue.view().jobs
    return {job.project: job for job in jobs if job.status == "running" and job.stage == "video" and job.progress}


def worker_of(job: Job) -> int:
    return int(job.device.removesuffix(")").rpartition(" ")[2]) - 1


@pytest.fixture
def two(house: SmallHouse) -> tuple[str, str]:
    """Two projects whose videos will be held at their first step."""
    hold(house, "one")
    hold(house, "two")
    return house.create("one"), house.create("two")


def test_jobs_run_side_by_side_and_when_one_worker_is_killed_the_rest_goes_on(
    house: SmallHouse, processes: Processes, two: tuple[str, str]
) -> None:
    workers = processes.workers(2)
    videos = until(lambda: held if len(held := painted(house)) == 2 else {}, "both videos side by side")
    assert {worker_of(job) for job in videos.values()} == {0, 1}
    assert all(" (worker " in job.device for job in videos.values())
    dead, alive = (next(one for one in two if worker_of(videos[one]) == number) for number in range(2))
    processes.kill(workers[0])
    hold(house, "one" if alive == two[0] else "two", on=False)
    finish(house, alive)
    assert not house.finished(dead)
    processes.worker(0)
    hold(house, "one" if dead == two[0] else "two", on=False)
    finish(house, dead)
    takes = [event for event in events(house, dead) if isinstance(event, Started) and event.take == videos[dead].take]
    assert len(takes) == 2, "taken up again"


@pytest.mark.long
def test_with_fewer_workers_after_a_restart_what_the_others_made_is_taken_up(
    house: SmallHouse, processes: Processes, two: tuple[str, str]
) -> None:
    workers = processes.workers(2)
    until(lambda: len(painted(house)) == 2, "both videos side by side")
    for worker in workers:
        processes.kill(worker)
    for words in ("one", "two"):
        hold(house, words, on=False)
    processes.worker(1)
    finish(house, *two)
    until(lambda: not any((house.home / "live").iterdir()), "the live files to be cleared")


def test_the_jobs_of_a_project_begin_in_the_order_in_which_they_were_asked_for(
    house: SmallHouse, processes: Processes
) -> None:
    project = house.create("many")
    processes.workers(2)
    finish(house, project)
    house.studio.pause()
    house.studio.retry(project, "video", takes=4)
    house.studio.resume()
    until(lambda: house.studio.queue().jobs == (), "all takes")
    history = events(house, project)
    asked = [event.take for event in history if isinstance(event, Requested)]
    begun = [event.take for event in history if isinstance(event, Started)]
    assert all(abs(asked.index(take) - place) <= 1 for place, take in enumerate(begun)), "but for two at one moment"
    assert sorted(event.take.id for event in history if isinstance(event, Recorded)) == sorted(asked)


def test_a_pause_holds_all_workers_and_a_cancel_one_take(
    house: SmallHouse, processes: Processes, two: tuple[str, str]
) -> None:
    processes.workers(2)
    videos = until(lambda: held if len(held := painted(house)) == 2 else {}, "both videos side by side")
    house.studio.pause()
    third = house.create("three")
    unwanted, wanted = two
    house.studio.cancel(videos[unwanted].take)
    until(lambda: Cancelled(videos[unwanted].take) in events(house, unwanted), "the take to be cancelled")
    hold(house, "two", on=False)
    finish(house, wanted)
    until(lambda: {job.status for job in house.queue.view().jobs} == {"queued"}, "what ran to be over")
    assert not any(isinstance(event, Started) for event in events(house, third))
    house.studio.resume()
    finish(house, third)


def test_a_lost_gpu_ends_its_worker_which_comes_back_and_takes_the_take_up_once_more(house: SmallHouse) -> None:
    (house.home / "lose").write_text("3")
    house.watcher.start()
    doomed = house.create("doomed")
    until(lambda: any(isinstance(event, Failed) for event in events(house, doomed)), "the second loss")
    unlucky = house.create("unlucky")
    finish(house, unlucky)
    assert not any(isinstance(event, Released) for event in events(house, doomed)), "each loss cost a life"
    (failure,) = [event for event in events(house, doomed) if isinstance(event, Failed)]
    assert failure.error == "DeviceLostError"
    assert "twice on this take" in failure.message
    assert "Xid 79" in failure.message
    assert [type(event) for event in events(house, unlucky)].count(Started) == 3, "its prompt, and its video twice"


def test_a_shift_starts_watches_and_ends_its_workers(house: SmallHouse, two: tuple[str, str]) -> None:
    shift = Shift(started(house.home), house.home / "queue", posts((), workers=2))
    shift.start()
    try:
        videos = until(lambda: held if len(held := painted(house)) == 2 else {}, "both videos side by side")
        assert (shift.state(), shift.away()) == ("alive", ())
        note = Presence(house.home / "queue", worker_of(videos[two[0]])).note()
        assert note is not None
        os.kill(note.pid, signal.SIGKILL)
        until(lambda: len(shift.away()) == 1, "its absence to be seen")
        assert shift.state() == "alive"
        for words in ("one", "two"):
            hold(house, words, on=False)
        finish(house, *two)
        until(lambda: not shift.away(), "it to be back")
    finally:
        shift.stop()
    assert shift.state() == "stopped"
    assert not any(Presence(house.home / "queue", number).taken() for number in range(2))


def test_a_worker_whose_gpu_is_gone_waits_for_it_and_the_others_go_on(
    house: SmallHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nvidia-smi").write_text(f'#!/bin/sh\n[ "$1" = "--id=$(cat {tmp_path}/gone)" ] && exit 15 || exit 0\n')
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    shift = Shift(started(house.home), house.home / "queue", posts(TWO))
    shift.start()
    try:
        until(lambda: shift.state() == "alive" and not shift.away(), "both workers")
        (tmp_path / "gone").write_text("GPU-b")
        note = Presence(house.home / "queue", 1).note()
        assert note is not None
        os.kill(note.pid, signal.SIGKILL)
        until(lambda: shift.away() == ("lost",), "the loss to be seen")
        projects = house.create("one"), house.create("two")
        finish(house, *projects)
        assert (shift.state(), shift.away()) == ("alive", ("lost",))
    finally:
        shift.stop()


def test_a_gpu_that_is_back_is_worked_on_again_and_a_group_goes_on_with_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nvidia-smi").write_text(f"#!/bin/sh\ntest -e {tmp_path}/there/${{1#--id=}} || exit 6\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    (tmp_path / "there").mkdir()
    script = f"import os; open('seen', 'a').write(os.environ['{VISIBLE}'] + ';'); print('ready')"
    command = Command((sys.executable, "-c", script), tmp_path, gpus=TWO)
    watcher = Watcher(command, Presence(tmp_path), longest_wait_seconds=0.05)
    watcher.start()
    until(lambda: watcher.state == "lost", "both GPUs to be missed")
    assert (tmp_path / "seen").read_text() == "GPU-a,GPU-b;"
    (tmp_path / "there" / "GPU-b").touch()
    until(lambda: (tmp_path / "seen").read_text().startswith("GPU-a,GPU-b;GPU-b;"), "one to be worked on")
    watcher.stop()


@pytest.mark.parametrize(
    ("machine", "workers", "together", "expected"),
    [
        ((), None, 1, [()]),
        ((), 3, 1, [(), (), ()]),
        (("GPU-a",), None, 1, [()]),
        (TWO, None, 1, [("GPU-a",), ("GPU-b",)]),
        (TWO, 1, 1, [("GPU-a",)]),
        (TWO, None, 2, [TWO]),
        ((*TWO, "GPU-c"), None, 2, [TWO]),
    ],
)
def test_a_post_for_each_gpu_or_group_of_them(
    machine: tuple[str, ...], workers: int | None, together: int, expected: list[tuple[str, ...]]
) -> None:
    assert [post.gpus for post in posts(machine, workers, together)] == expected


def test_more_than_there_is_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match=r"GPUs enough .*got 3; limit 2 on 2 GPUs.*GREENLIGHT_WORKERS"):
        posts(TWO, workers=3)
    with pytest.raises(NoDeviceError, match=r"more GPUs than there are .*got 4; limit 2.*GREENLIGHT_GPUS_PER_JOB"):
        posts(TWO, together=4)


def test_each_worker_sees_its_own_gpu_alone(tmp_path: Path) -> None:
    script = f"import os, sys; open(sys.argv[-1], 'w').write(os.environ['{VISIBLE}']); sys.stdin.read()"
    watchers = []
    for post in posts(TWO):
        command = post.command(Command((sys.executable, "-c", script), tmp_path))
        watchers.append(Watcher(command, Presence(tmp_path, post.number)))
        watchers[-1].start()
    until(lambda: all((tmp_path / str(n)).is_file() and (tmp_path / str(n)).read_text() for n in range(2)), "both")
    for watcher in watchers:
        watcher.stop()
    assert [(tmp_path / str(number)).read_text() for number in range(2)] == list(TWO)
    assert Post(0).command(Command(("x",), tmp_path, {"A": "b"})) == Command(
        ("x", "--number", "0"), tmp_path, {"A": "b"}
    )


def test_the_gpus_are_those_that_may_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen, expected in (("0,2", ("0", "2")), ("", ()), ("-1", ()), ("GPU-x", ("GPU-x",)), ("1,-1,0", ("1",))):
        assert gpus({VISIBLE: chosen}) == expected
    program = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    for told, expected in (("GPU-a\\nGPU-b\\n", TWO), ("No devices were found\\n", ())):
        program.write_text(f"#!/bin/sh\nprintf '{told}'\n")
        program.chmod(0o755)
        assert gpus({}) == expected
