"""Two judges: agreed is done, disagreed is the person's; choices become pairs; what was taken back becomes none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine import pairs, panel
from engine.agent import Input
from engine.approval import Automatic, Verdict
from engine.panel import Opinion, Panel
from engine.runner import Runner
from engine.tasks.text_to_video import VIDEO
from engine.types import Artifact, Kind, Request, Take
from tests.fakes import Desk, FakeInspection


class FakeJudge:
    """Always of the same opinion."""

    judges = frozenset[Kind]({"video", "image"})

    def __init__(self, name: str, said: Opinion | None) -> None:
        self.name, self.said = name, said

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        return self.said


def verdict(*opinions: Opinion | None, kind: Kind = "video") -> Verdict:
    judges = [FakeJudge(f"judge {number}", said) for number, said in enumerate(opinions)]
    take = Take("t", "video", 1, Artifact(kind, "0" * 64, ".mp4", 1, "fake"), {}, 1.0, "now")
    return Panel(Automatic(FakeInspection()), judges).judge(VIDEO, take, b"", {"motion": "rolls"})


def test_what_all_like_is_kept_and_what_none_likes_is_turned_down_with_a_proposal() -> None:
    assert verdict(Opinion(0.9), Opinion(0.5)) == Verdict(True)
    bad = verdict(Opinion(0.2, ("Does the ball hop?", "Is it red?")), Opinion(0.1, ("Is it red?",)))
    assert (bad.approved, bad.undecided) == (False, False)
    assert bad.reason == "Not seen: Is it red? Does the ball hop? Say it first in the prompt."


def test_where_they_do_not_agree_the_person_decides() -> None:
    said = verdict(Opinion(0.8), Opinion(0.2))
    assert said.undecided
    assert not said.approved
    assert "judge 0 80%, judge 1 20%" in said.reason


def test_who_can_say_nothing_is_not_counted_and_what_is_broken_is_not_shown_to_them() -> None:
    assert verdict(None, Opinion(0.9)) == Verdict(True)
    assert verdict(Opinion(0.0), kind="prompt") == Verdict(True)
    inspection = FakeInspection()
    inspection.standing_still = True
    broken = Panel(Automatic(inspection), [FakeJudge("a", Opinion(1.0))])
    take = Take("t", "video", 1, Artifact("video", "0" * 64, ".mp4", 1, "fake"), {}, 1.0, "now")
    assert not broken.judge(VIDEO, take, b"", {"motion": "rolls"}).approved


def test_candidates_are_ranked_by_the_mean_the_earlier_first() -> None:
    assert panel.ranked({"a": (0.2, 0.4), "b": (0.9, 0.1), "c": (0.5,)}) == ("b", "c", "a")


def with_panel(desk: Desk, *opinions: Opinion) -> Runner:
    """The desk's runner with judges of these opinions."""
    judges = [FakeJudge(f"judge {number}", said) for number, said in enumerate(opinions)]
    return Runner(
        desk.projects, desk.runner.views.task, desk.runner._agents,
        Panel(Automatic(FakeInspection()), judges), desk.queue,
    )  # fmt: skip


@pytest.mark.parametrize(("second", "status"), [(0.9, "approved"), (0.1, "waiting")])
def test_the_runner_goes_on_or_waits_for_the_person(tmp_path: Path, second: float, status: str) -> None:
    desk = Desk(tmp_path)
    everything = ("prompt", "key_frame", "video")
    project = desk.studio.create(Request("text-to-video", "a red ball", seed=7, automatic=everything))
    runner = with_panel(desk, Opinion(0.9), Opinion(second))
    desk.queue.run_all(runner)
    view = runner.views.view(project)
    assert view.stages[1].status == status
    assert ("key_frame" in view.automatic) == (status == "approved")
    assert len(view.stages[1].takes) == 1, "nothing more is made before the person has decided"


def test_a_choice_is_a_pair_with_every_take_that_was_passed_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    project = desk.studio.create(Request("text-to-video", "a red ball", seed=7))
    desk.work()
    desk.studio.approve(project, "prompt", desk.studio.view(project).stages[0].takes[0].id)
    desk.work()
    desk.studio.retry(project, "key_frame", takes=2)
    desk.work()
    takes = desk.studio.view(project).stages[1].takes
    desk.studio.approve(project, "key_frame", takes[1].id, note="rounder")
    found = [json.loads(line) for line in desk.studio.preferences(project).splitlines()]
    assert [(pair["chosen"][:64], pair["rejected"][:64]) for pair in found] == [
        (takes[1].artifact.sha256, take.artifact.sha256) for take in takes if take.id != takes[1].id
    ]
    assert len(found) >= 2
    assert {(pair["who"], pair["note"], pair["prompt"], pair["stage"]) for pair in found} == {
        ("person", "rounder", "a red ball", "key_frame")
    }
    desk.studio.reject(project, "key_frame")
    assert not tuple(pairs.of(desk.projects.project(project))), "what was taken back is no preference"
