from __future__ import annotations

from pathlib import Path

from engine.types import Request
from tests.fakes import Desk


def test_smoke(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    project = desk.studio.create(Request("text-to-video", "a red ball"))
    desk.work()
    view = desk.studio.view(project)
    assert [s.status for s in view.stages] == ["waiting", "locked", "locked"]
    view = desk.studio.approve(project, "prompt", view.stages[0].takes[0].id)
    assert [s.status for s in view.stages] == ["approved", "queued", "locked"]
    desk.work()
    view = desk.studio.view(project)
    assert len(view.stages[1].takes) == 2
    desk.studio.approve(project, "key_frame", view.stages[1].takes[1].id)
    desk.work()
    view = desk.studio.view(project)
    view = desk.studio.approve(project, "video", view.stages[2].takes[0].id)
    assert view.finished
