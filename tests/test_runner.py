"""The runner: one take made once, whatever dies, is cancelled, goes wrong or is called again."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from engine.errors import LanguageModelUnreachableError, StorageError, UnknownProjectError
from engine.events import Cancelled, Decided, Event, Failed, Recorded, Released, Requested, Started
from engine.seen import StageView
from engine.store.journal import NAME
from engine.types import Request
from tests.fakes import STEPS, Desk, FakeReporter, FullDisk

ALL = ("prompt", "key_frame", "video")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def begin(desk: Desk, automatic: tuple[str, ...] = ()) -> str:
    return desk.studio.create(Request("text-to-video", "a red ball", seed=7, automatic=automatic))


def stage(desk: Desk, project: str, name: str = "prompt") -> StageView:
    return next(shown for shown in desk.studio.view(project).stages if shown.stage.name == name)


def pending(desk: Desk, project: str, name: str = "prompt") -> Requested:
    return stage(desk, project, name).pending[0]


def events(desk: Desk, project: str, kind: type[Event]) -> list[Event]:
    return [entry.event for entry in desk.projects.project(project).entries if isinstance(entry.event, kind)]


def make(desk: Desk, project: str, request: Requested, reporter: FakeReporter | None = None) -> None:
    desk.runner.make(project, request.take, reporter or FakeReporter())


def test_a_take_is_begun_made_and_recorded_with_all_that_made_it(desk: Desk) -> None:
    project = begin(desk)
    desk.work()
    view = desk.studio.approve(project, "prompt", stage(desk, project).takes[0].id)
    request = view.stages[1].pending[0]
    make(desk, project, request)
    (take,) = stage(desk, project, "key_frame").takes
    prompt = stage(desk, project).takes[0].artifact
    assert (take.id, take.number, take.inputs) == (request.take, 1, request.inputs)
    assert take.seconds >= 0
    artifact = take.artifact
    assert (artifact.kind, artifact.agent, artifact.seed, artifact.model) == ("image", "text_to_image", 7, "pocket")
    assert artifact.parents == (prompt.sha256,)
    assert artifact.settings == {"profile": "pocket", "steps": 12}
    assert desk.studio.read(project, artifact.sha256)[:4] == b"\x89PNG"
    kinds = [type(entry.event) for entry in desk.projects.project(project).entries]
    assert kinds[-2:] == [Started, Recorded], "the record comes last"


@pytest.mark.parametrize("times", [1, 2, 5])
def test_making_an_ended_take_again_does_nothing(desk: Desk, times: int) -> None:
    project = begin(desk)
    request = pending(desk, project)
    for _ in range(times):
        make(desk, project, request)
    assert len(events(desk, project, Recorded)) == len(events(desk, project, Started)) == 1
    assert desk.orders.runs == [("prompt_writer", 7)]


def test_advancing_again_does_nothing(desk: Desk) -> None:
    project = begin(desk)
    before = desk.studio.view(project).entries
    for _ in range(3):
        desk.runner.advance(project)
    assert desk.studio.view(project).entries == before
    assert len(desk.queue.lined_up) == 1


def test_many_at_once_advance_it_once(desk: Desk, tmp_path: Path) -> None:
    project = begin(desk)
    desk.work()
    take = stage(desk, project).takes[0].id
    desks = [Desk(tmp_path) for _ in range(4)]
    together = threading.Barrier(4)

    def approve(mine: Desk) -> None:
        together.wait(20)
        mine.studio.approve(project, "prompt", take)

    threads = [threading.Thread(target=approve, args=(mine,)) for mine in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(events(desk, project, Decided)) == 1
    assert len(stage(desk, project, "key_frame").pending) == 2


def test_everything_approved_at_once_runs_to_the_end(desk: Desk) -> None:
    project = begin(desk, ALL)
    desk.work()
    assert desk.studio.view(project).finished
    assert [agent for agent, _ in desk.orders.runs] == ["prompt_writer", "text_to_image", "image_to_video"]


def test_a_bad_take_is_tried_again_three_times_then_the_person_is_asked(desk: Desk) -> None:
    desk.inspection.standing_still = True
    project = begin(desk, ALL)
    desk.work()
    shown = stage(desk, project, "video")
    assert (shown.status, shown.tries, len(shown.takes)) == ("waiting", 3, 3)
    assert set(shown.turned_down.values()) == {"Nothing moves in the video."}
    desk.work()
    assert len(stage(desk, project, "video").takes) == 3
    desk.inspection.standing_still = False
    desk.studio.retry(project, "video")
    desk.work()
    assert desk.studio.view(project).finished, "what the person asked for may be approved automatically"


def test_a_blank_picture_is_tried_again(desk: Desk) -> None:
    desk.orders.blank = [7]
    project = begin(desk, ALL)
    desk.work()
    shown = stage(desk, project, "key_frame")
    assert (shown.status, len(shown.takes), shown.tries) == ("approved", 2, 2)
    assert shown.chosen == shown.takes[1]


# ------------------------------------------------------------------------------------- what goes wrong


def test_a_named_failure_is_recorded_with_its_remedy_and_offer(desk: Desk) -> None:
    desk.orders.fail["prompt_writer"] = LanguageModelUnreachableError(
        "No server answers", "Start it.", value="http://x", offer="offline-writer"
    )
    project = begin(desk)
    desk.work()
    shown = stage(desk, project)
    assert shown.status == "failed"
    assert shown.failure == Failed(
        shown.failure.take if shown.failure else "",
        "LanguageModelUnreachableError",
        "No server answers (got http://x).",
        "Start it.",
        "offline-writer",
    )
    desk.orders.fail.clear()
    desk.studio.retry(project, "prompt", settings={"writer": "offline"})
    desk.work()
    assert stage(desk, project).status == "waiting"


@pytest.mark.parametrize(
    ("error", "named"),
    [(ZeroDivisionError("oops"), "ModelError"), (MemoryError(), "OutOfMemoryError"), (OSError("disk"), "ModelError")],
)
def test_an_unknown_failure_is_named_and_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, error: Exception, named: str
) -> None:
    desk.orders.fail["prompt_writer"] = error
    project = begin(desk)
    with caplog.at_level(logging.WARNING):
        desk.work()
    shown = stage(desk, project)
    assert shown.failure is not None
    assert shown.failure.error == named
    assert shown.failure.remedy
    assert "Traceback" not in shown.failure.message
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_a_take_that_kills_its_worker_twice_is_set_aside_and_the_queue_goes_on(desk: Desk) -> None:
    project, other = begin(desk), begin(desk)
    request = pending(desk, project)
    for worker in (1, 2):
        desk.projects.change(project, lambda _, worker=worker: [Started(request.take, worker)])  # type: ignore[misc]
    desk.work()
    shown = stage(desk, project)
    assert shown.failure is not None
    assert shown.failure.error == "WorkerLostError"
    assert desk.orders.runs == [("prompt_writer", 7)], "only the other project's"
    assert stage(desk, other).status == "waiting"


def test_a_take_whose_worker_died_once_is_made(desk: Desk) -> None:
    project = begin(desk)
    request = pending(desk, project)
    desk.projects.change(project, lambda _: [Started(request.take, 1)])
    desk.work()
    assert stage(desk, project).status == "waiting"


def test_a_take_laid_down_in_good_order_loses_no_life(desk: Desk) -> None:
    project = begin(desk)
    request = pending(desk, project)
    for _ in range(5):
        desk.projects.change(project, lambda _: [Started(request.take, 1)])
        desk.runner.release(project, request.take)
        desk.runner.release(project, request.take)
    assert len(events(desk, project, Released)) == 5
    desk.work()
    assert stage(desk, project).status == "waiting"
    desk.runner.release(project, request.take)
    assert len(events(desk, project, Released)) == 5, "an ended take is not laid down"


class Stop(BaseException):
    """What a worker that closes raises from its reporter."""


def test_an_interruption_passes_through_and_leaves_the_take_to_be_laid_down(desk: Desk) -> None:
    class Closing(FakeReporter):
        def report(self, *_: object) -> None:
            raise Stop

    project = begin(desk)
    request = pending(desk, project)
    with pytest.raises(Stop):
        make(desk, project, request, Closing())
    assert stage(desk, project).running == request.take
    assert not events(desk, project, Failed)


# ------------------------------------------------------------------------------------------- cancelling


@pytest.mark.parametrize("step", range(STEPS))
def test_a_take_cancelled_at_any_step_leaves_no_artifact(desk: Desk, step: int) -> None:
    project = begin(desk)
    request = pending(desk, project)
    reporter = FakeReporter(cancel_at=step)
    make(desk, project, request, reporter)
    assert stage(desk, project).status == "cancelled"
    assert events(desk, project, Cancelled) == [Cancelled(request.take)]
    assert reporter.progress[-1].step == step
    assert list((desk.projects.home / "projects" / project / "files").iterdir()) == []


def test_a_waiting_take_is_cancelled_at_once(desk: Desk) -> None:
    project = begin(desk)
    desk.studio.cancel(pending(desk, project).take)
    assert stage(desk, project).status == "cancelled"
    desk.work()
    assert desk.orders.runs == []
    desk.studio.cancel("0" * 12)


def test_a_running_take_is_left_to_its_worker_to_stop(desk: Desk) -> None:
    go_on = desk.orders.hold["prompt_writer"] = threading.Event()
    project = begin(desk)
    request = pending(desk, project)
    worker = threading.Thread(target=desk.work)
    worker.start()
    assert desk.orders.begun.wait(20)
    assert stage(desk, project).status == "running"
    desk.studio.cancel(request.take)
    assert stage(desk, project).status == "running"
    go_on.set()
    worker.join(20)
    assert events(desk, project, Cancelled) == [Cancelled(request.take)]


def test_a_removed_project_is_dropped_by_its_worker(desk: Desk) -> None:
    go_on = desk.orders.hold["prompt_writer"] = threading.Event()
    project = begin(desk)
    worker = threading.Thread(target=desk.work)
    worker.start()
    assert desk.orders.begun.wait(20)
    desk.studio.remove(project)
    go_on.set()
    worker.join(20)
    assert desk.studio.projects() == ()
    assert not (desk.projects.home / "projects" / project).exists()
    desk.studio.restore(project)
    assert stage(desk, project).status == "cancelled"
    with pytest.raises(UnknownProjectError):
        desk.studio.view("f" * 12)


# ------------------------------------------------------------------------- the road moves while it is made


def test_a_take_is_made_from_what_it_was_asked_for(desk: Desk) -> None:
    project = begin(desk)
    desk.work()
    first = stage(desk, project).takes[0]
    desk.studio.approve(project, "prompt", first.id)
    request = pending(desk, project, "key_frame")
    desk.studio.edit(project, "prompt", {"scene": "another scene"}, approve=True)
    make(desk, project, request)
    take = stage(desk, project, "key_frame").takes[0]
    assert take.inputs == request.inputs
    assert take.artifact.parents == (first.artifact.sha256,)
    assert stage(desk, project, "key_frame").status == "queued", "takes of the new scene were asked for as well"


# ------------------------------------------------------------------------------- crashes and full disks


def test_after_a_crash_at_any_journal_line_it_runs_on_to_the_same_end(tmp_path: Path) -> None:
    whole = Desk(tmp_path / "whole")
    project = begin(whole, ALL)
    whole.work()
    lines = (whole.projects.home / "projects" / project / NAME).read_bytes().splitlines(keepends=True)
    ends = [_artifacts(whole, project)]
    for cut in range(1, len(lines)):
        for torn in (b"", lines[cut][: len(lines[cut]) // 2]):
            folder = tmp_path / f"{cut} {len(torn)}" / "projects" / project
            (folder / "files").mkdir(parents=True)
            (folder / NAME).write_bytes(b"".join(lines[:cut]) + torn)
            for file in (whole.projects.home / "projects" / project / "files").iterdir():
                (folder / "files" / file.name).write_bytes(file.read_bytes())
            again = Desk(folder.parents[1])
            again.runner.recover()
            again.work()
            assert again.studio.view(project).finished
            ends.append(_artifacts(again, project))
    assert len(ends) > 20
    assert all(end == ends[0] for end in ends)


def _artifacts(desk: Desk, project: str) -> list[list[str]]:
    return [[take.artifact.sha256 for take in shown.takes] for shown in desk.studio.view(project).stages]


def test_a_full_disk_at_any_write_loses_nothing_and_is_got_over(tmp_path: Path) -> None:
    disk = FullDisk(10**9)
    desk = Desk(tmp_path, disk)
    project = begin(desk, ALL)
    approved: dict[str, str] = {}
    fails_in = 0
    while not desk.studio.view(project).finished:
        disk.fails_at = disk.calls + fails_in
        with suppress(StorageError):
            desk.work()
        approved = _still_approved(Desk(tmp_path), project, approved)
        disk.fails_at = 10**9
        for shown in desk.studio.view(project).stages:
            if shown.failure is not None:  # a disk that takes not even the failure looks like a lost worker
                assert shown.failure.error in ("StorageError", "WorkerLostError")
                desk.studio.retry(project, shown.stage.name)
        desk.queue.lined_up.clear()
        desk.queue.done.clear()
        desk.runner.recover()
        fails_in += 1
    assert fails_in > 5
    assert desk.studio.verify() == ()


def _still_approved(desk: Desk, project: str, before: dict[str, str]) -> dict[str, str]:
    """What another process reads after the failure: whole, and no approval gone."""
    view = desk.studio.view(project)
    now = {shown.stage.name: shown.chosen.id for shown in view.stages if shown.status == "approved" and shown.chosen}
    assert before.items() <= now.items()
    assert desk.studio.verify() == ()
    return now


def test_recovering_passes_over_a_damaged_project(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    damaged, whole = begin(desk), begin(desk)
    (desk.projects.home / "projects" / damaged / NAME).write_bytes(b"rubbish\n")
    desk.queue.lined_up.clear()
    views = desk.runner.recover()
    assert [view.id for view in views] == [whole]
    assert [project for project, _ in desk.queue.lined_up.values()] == [whole]
    assert damaged in caplog.text


def test_a_project_that_cannot_be_read_is_logged_once(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    damaged = begin(desk)
    (desk.projects.home / "projects" / damaged / NAME).write_bytes(b"rubbish\n")
    for _ in range(3):
        assert desk.studio.projects() == ()
    assert caplog.text.count("is left out") == 1


def test_recovering_on_a_full_disk_still_names_what_is_wanted(tmp_path: Path) -> None:
    disk = FullDisk(10**9)
    desk = Desk(tmp_path, disk)
    project = begin(desk, ALL)
    make(desk, project, pending(desk, project))
    lines = (tmp_path / "projects" / project / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / "projects" / project / NAME).write_bytes(
        b"".join(lines[:-2])
    )  # recorded, and the worker died before it was approved
    disk.fails_at = disk.calls
    (view,) = desk.runner.recover()
    assert [shown.status for shown in view.stages] == ["waiting", "locked", "locked"]
    disk.fails_at = 10**9
    (view,) = desk.runner.recover()
    assert [shown.status for shown in view.stages] == ["approved", "queued", "locked"]
