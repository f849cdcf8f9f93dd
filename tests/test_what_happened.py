"""What happened, on fakes: two pictures or a video lead to an answer that nobody has to approve, and to its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ImageError
from engine.types import Request
from tests.fakes import Desk, moving_video, png
from ui.parts.moments import MOST_STILLS, timeline

BOTH = {"image": png(1, (40, 30)), "last_image": png(2, (40, 30))}


def test_two_pictures_are_answered_without_being_asked_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    project = desk.studio.create(Request("what-happened", ""), BOTH)
    desk.work()
    view = desk.studio.view(project)
    assert (view.title, view.finished) == ("What happened?", True)
    take = view.stages[0].takes[0]
    shown = timeline(view, desk.studio.read(project, take.artifact.sha256))
    assert "The ball drops." in shown
    assert "90% sure; else nothing happens (8%)" in shown
    assert shown.count("<img") == 2
    assert "<video" not in shown


def test_a_video_becomes_a_timeline_with_its_own_pictures(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    settings = {"start_seconds": 0.25, "end_seconds": 1.0}
    project = desk.studio.create(Request("what-happened", "", options=settings), {"video": moving_video("a")})
    desk.work()
    view = desk.studio.view(project)
    assert view.stages[0].stage.settings == settings
    shown = timeline(view, desk.studio.read(project, view.stages[0].takes[0].artifact.sha256))
    assert "0.0 to 1.0 s" in shown
    assert "#t=1.00" in shown
    assert MOST_STILLS > 1


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Nothing was brought to look at"),
        (("image",), "does not go together .got picture.*a video, or a picture and a last picture"),
        (("video", "image"), "does not go together"),
    ],
)
def test_too_little_or_too_much_is_named(tmp_path: Path, names: tuple[str, ...], said: str) -> None:
    desk = Desk(tmp_path)
    uploads = {name: moving_video("a") if name == "video" else BOTH["image"] for name in names}
    with pytest.raises(ImageError, match=said):
        desk.studio.create(Request("what-happened", ""), uploads)
    assert not desk.studio.projects()
