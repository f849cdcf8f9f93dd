"""One walk a task, on fakes: created, approved stage by stage, taken up again by another process, changed, finished."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.events import Recorded
from engine.seen import ProjectView
from engine.types import Request
from tests.fakes import Desk, png


def reopened(home: Path) -> Desk:
    """The same home in a fresh process: nothing but the disk is shared."""
    desk = Desk(home)
    desk.runner.recover()
    return desk


def statuses(view: ProjectView) -> list[str]:
    return [shown.status for shown in view.stages]


def approve_open(desk: Desk, project: str) -> ProjectView:
    desk.work()
    shown = desk.studio.view(project).open_stage
    assert shown.status == "waiting"
    return desk.studio.approve(project, shown.stage.name, shown.takes[-1].id)


def runs(desks: Sequence[Desk]) -> int:
    return sum(len(desk.orders.runs) for desk in desks)


@pytest.mark.parametrize(
    ("task", "uploads", "candidates"),
    [("text-to-video", {}, 2), ("image-to-video", {"image": png(3, (40, 30))}, 1)],
)
def test_a_task_from_its_first_word_to_its_last_approval(
    tmp_path: Path, task: str, uploads: dict[str, bytes], candidates: int
) -> None:
    first = Desk(tmp_path)
    project = first.studio.create(Request(task, "a red ball rolls", seed=7), uploads)
    approve_open(first, project)
    approve_open(first, project)
    assert statuses(first.studio.view(project)) == ["approved", "approved", "queued"]

    second = reopened(tmp_path)  # the first one died with a video in its queue
    assert statuses(second.studio.view(project)) == ["approved", "approved", "queued"]
    finished = approve_open(second, project)
    assert finished.finished
    assert runs([first, second]) == 1 + candidates + 1, "nothing was made twice"

    third = reopened(tmp_path)
    view = third.studio.edit(project, "prompt", {"motion": "it bounces"}, approve=True)
    assert statuses(view) == ["approved", "approved", "stale"]
    assert view.stages[2].stale_because == ("prompt",)
    view = third.studio.approve(project, "video", finished.stages[2].takes[0].id)
    assert view.finished, "the stale video may be kept"

    view = third.studio.retry(project, "key_frame")
    assert statuses(view) == ["approved"] * 3, "an approval stands while another take is made"
    third.work()
    another = third.studio.view(project).stages[1].takes[-1]
    third.studio.approve(project, "key_frame", another.id)
    fourth = reopened(tmp_path)
    changed = another.artifact.sha256 != finished.stages[1].takes[-1].artifact.sha256
    if changed:
        assert statuses(fourth.studio.view(project)) == ["approved", "approved", "stale"]
        fourth.studio.retry(project, "video", settings={"frames": 9})
        view = approve_open(fourth, project)
        assert view.stages[2].takes[-1].artifact.settings["frames"] == 9
    assert fourth.studio.view(project).finished

    view = fourth.studio.approve(project, "key_frame", finished.stages[1].takes[-1].id)
    view = fourth.studio.approve(project, "prompt", finished.stages[0].takes[0].id)
    assert view.finished, "back at the first takes, everything below is fresh again"
    assert view.stages[2].chosen == finished.stages[2].chosen
    assert fourth.queue.view().jobs == ()
    recorded = [e.event.take.id for e in fourth.projects.project(project).entries if isinstance(e.event, Recorded)]
    assert len(recorded) == len(set(recorded))
    assert fourth.studio.verify() == ()
