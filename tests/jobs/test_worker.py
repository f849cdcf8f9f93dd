"""The worker as a process: killed, stopped, refused, paused, cancelled; what was asked for is made, once."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from dbos import DBOSClient

from engine.events import Cancelled, Failed, Recorded, Released, Started
from engine.jobs.pace import PaceHistory, pace_key
from engine.jobs.queue import APPLICATION, WORKFLOW, database_url
from engine.jobs.watch import OCCUPIED_EXIT
from tests.jobs.house import ROOT, SmallHouse, events, finish
from tests.jobs.processes import HOUSE, Processes
from tests.waiting import until


def held_at_a_step(house: SmallHouse, project: str) -> str:
    """Wait until the worker of this moment has shown a step of the project's take; returns the take."""

    def held() -> str | None:
        note = house.presence.note()
        take = house.pending(project)
        if note is None or take is None or Started(take, note.pid) not in events(house, project):
            return None
        return take if house.step(project) > 0 else None

    return until(held, "a take held at a step") or ""


def test_a_killed_worker_s_take_is_made_by_the_next_and_recorded_once(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project = house.create()
    worker = processes.worker()
    take = held_at_a_step(house, project)
    processes.kill(worker)
    assert house.queue.view().jobs[0].status == "running"
    processes.worker()
    finish(house, project)
    assert take in {event.take.id for event in events(house, project) if isinstance(event, Recorded)}


def test_a_take_that_kills_two_workers_is_set_aside_and_the_queue_goes_on(
    house: SmallHouse, processes: Processes
) -> None:
    house.hold(True)
    deadly = house.create("deadly")
    for _ in range(2):
        worker = processes.worker()
        take = held_at_a_step(house, deadly)
        processes.kill(worker)
    other = house.create("harmless")
    processes.worker()
    finish(house, other)
    (failure,) = [event for event in events(house, deadly) if isinstance(event, Failed)]
    assert (failure.take, failure.error) == (take, "WorkerLostError")


def test_a_worker_that_is_asked_to_stop_loses_no_life_and_no_job(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project = house.create()
    for times in range(1, 4):
        worker = processes.worker()
        held_at_a_step(house, project)
        assert processes.kill(worker, signal.SIGTERM) == 0
        assert sum(isinstance(event, Released) for event in events(house, project)) == times
    processes.worker()
    finish(house, project)


def test_a_second_worker_is_refused_and_says_so(processes: Processes, tmp_path: Path) -> None:
    first = processes.worker()
    second = subprocess.run([*HOUSE, "by-hand", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert second.returncode == OCCUPIED_EXIT
    assert second.stdout == ""
    assert f"Another worker (process {first.pid}) serves {tmp_path}" in second.stderr
    assert first.poll() is None


def test_cancelling_a_running_take_stops_it_at_its_step(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project, other = house.create("unwanted"), house.create("wanted")
    processes.worker()
    take = held_at_a_step(house, project)
    house.studio.cancel(take)
    until(lambda: Cancelled(take) in events(house, project), "the take to be cancelled")
    assert house.pending(project) is None
    finish(house, other)
    until(lambda: not any((house.home / "live").iterdir()), "the live files to be cleared")


def test_cancelling_a_waiting_take_takes_it_out(house: SmallHouse, processes: Processes) -> None:
    project, other = house.create("unwanted"), house.create("wanted")
    take = house.pending(project)
    assert take is not None
    house.studio.cancel(take)
    assert [job.project for job in house.queue.view().jobs] == [other]
    processes.worker()
    finish(house, other)
    assert not any(isinstance(event, Recorded) for event in events(house, project))


def test_a_cancel_mark_outlives_the_worker_that_should_have_read_it(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project = house.create()
    worker = processes.worker()
    take = held_at_a_step(house, project)
    processes.kill(worker)
    house.studio.cancel(take)
    processes.worker()
    until(lambda: Cancelled(take) in events(house, project), "the take to be cancelled")
    assert house.pending(project) is None


def test_while_paused_the_running_take_is_finished_and_no_other_begins(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project, other = house.create("running"), house.create("waiting")
    processes.worker()
    held_at_a_step(house, project)
    held_at_a_step(house, other)
    house.studio.pause()
    house.hold(False)
    until(lambda: [job.stage for job in house.queue.view().jobs] == ["video", "video"], "both prompts")
    assert {job.status for job in house.queue.view().jobs} == {"queued"}
    assert house.queue.view().paused
    processes.end()
    processes.worker()
    assert {job.status for job in house.queue.view().jobs} == {"queued"}
    house.studio.resume()
    finish(house, project, other)


def test_a_job_that_was_taken_out_as_the_pause_came_is_held(house: SmallHouse, processes: Processes) -> None:
    project = house.create()
    house.studio.pause()
    client = DBOSClient(system_database_url=database_url(house.home / "queue"), application_name=APPLICATION)
    late = client.retrieve_queue("words")
    assert late is not None
    late.set_worker_concurrency(2)  # of one lane: the queue is paused still, and dbos hands the prompt out
    processes.worker()
    until(lambda: [row.status for row in client.list_workflows(name=WORKFLOW)] == ["PENDING"], "the prompt taken out")
    assert house.queue.view().paused
    assert [(job.status, job.place) for job in house.queue.view().jobs] == [("queued", 1)]
    assert not any(isinstance(event, Started) for event in events(house, project))
    client.destroy()
    house.studio.resume()
    finish(house, project)


def test_a_held_job_can_be_cancelled(house: SmallHouse, processes: Processes) -> None:
    project = house.create()
    house.studio.pause()
    processes.worker()
    take = house.pending(project)
    assert take is not None
    house.live.cancel(take)
    client = DBOSClient(system_database_url=database_url(house.home / "queue"), application_name=APPLICATION)
    late = client.retrieve_queue("words")
    assert late is not None
    late.set_worker_concurrency(2)
    client.destroy()
    until(lambda: Cancelled(take) in events(house, project), "the take to be cancelled")
    assert house.queue.view().paused


def test_words_run_two_at_a_time_and_the_device_one(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    projects = [house.create(f"ball {number}") for number in range(3)]
    processes.worker()
    until(lambda: [job.status for job in house.queue.view().jobs].count("running") == 2, "two running prompts")
    assert [(job.status, job.place) for job in house.queue.view().jobs] == [
        ("running", 0),
        ("running", 0),
        ("queued", 1),
    ]
    finish(house, *projects)


def test_jobs_that_the_queue_lost_are_found_in_the_journals(tmp_path: Path, processes: Processes) -> None:
    before = SmallHouse(tmp_path)
    project = before.create()
    before.close()
    shutil.rmtree(tmp_path / "queue")
    processes.worker()
    after = SmallHouse(tmp_path)
    finish(after, project)
    until(lambda: after.studio.queue().jobs == (), "an empty queue")
    after.close()


def test_a_project_that_was_removed_while_it_waited_is_dropped(house: SmallHouse, processes: Processes) -> None:
    removed, kept = house.create("removed"), house.create("kept")
    house.studio.remove(removed)
    worker = processes.worker()
    finish(house, kept)
    assert worker.poll() is None


def test_an_attached_worker_ends_with_its_app_however_that_ends(house: SmallHouse, processes: Processes) -> None:
    house.hold(True)
    project = house.create()
    app = processes.app()
    held_at_a_step(house, project)
    processes.kill(app)
    until(lambda: not processes.presence.taken(), "the worker to end with its app")
    assert Released in {type(event) for event in events(house, project)}
    house.hold(False)
    assert processes.app().wait(20) == 0
    finish(house, project)


def test_a_finished_take_teaches_the_pace(house: SmallHouse, processes: Processes) -> None:
    project = house.create()
    processes.worker()
    finish(house, project)
    history = PaceHistory(house.home / "queue" / "pace.json")
    until(lambda: history.expect(pace_key("painter", {})), "the history")
