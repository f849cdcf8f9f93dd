"""Two judges: agreed is done, disagreed is the person's; choices become pairs; what was taken back becomes none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from engine import pairs, panel
from engine.agent import Draft, Input, Reporter
from engine.approval import Automatic, Verdict
from engine.command.walkthrough import unfinished
from engine.errors import WeightsMissingError
from engine.judging import Judged
from engine.panel import Opinion, Panel
from engine.runner import AgentRow, Runner
from engine.seen import StageView
from engine.tasks.text_to_video import VIDEO
from engine.types import Artifact, Kind, Request, Settings, Take, Value
from tests.fakes import Desk, FakeInspection, FakeReporter, moving_video


class FakeJudge:
    """Always of the same opinion."""

    def __init__(self, name: str, said: Opinion | None) -> None:
        self.name, self.said = name, said

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        return self.said


def take_of(*opinions: Opinion) -> Take:
    """A video of which the judges said this when it was made."""
    said = panel.facts(tuple(zip(panel.JUDGES, opinions, strict=False)))
    return Take("t", "video", 1, Artifact("video", "0" * 64, ".mp4", 1, "fake", facts=said), {}, 1.0, "now")


def verdict(*opinions: Opinion, inspection: FakeInspection | None = None) -> Verdict:
    first = Automatic(inspection or FakeInspection())
    return Panel(first).judge(VIDEO, take_of(*opinions), b"", {"motion": "rolls"})


def test_what_all_like_is_kept_and_what_none_likes_is_turned_down_with_a_proposal() -> None:
    assert verdict(Opinion(0.9), Opinion(0.5)) == Verdict(True, who="critic")
    bad = verdict(Opinion(0.2, ("Does the ball hop?", "Is it red?")), Opinion(0.1, ("Is it red?",)))
    assert (bad.approved, bad.undecided) == (False, False)
    assert bad.reason == "Not seen: Is it red? Does the ball hop? Say it first in the prompt."


def test_where_they_do_not_agree_the_person_decides() -> None:
    said = verdict(Opinion(0.8), Opinion(0.2))
    assert said.undecided
    assert not said.approved
    assert "critic 80%, pocket judge 20%" in said.reason


def test_who_can_say_nothing_is_not_counted_and_what_is_broken_stays_so() -> None:
    assert verdict() == Verdict(True)
    assert verdict(Opinion(0.9)) == Verdict(True, who="critic")
    inspection = FakeInspection()
    inspection.standing_still = True
    assert not verdict(Opinion(1.0), inspection=inspection).approved


def test_opinions_come_back_from_facts_and_candidates_are_ranked_by_the_critics() -> None:
    said = Opinion(
        0.25, ("Is it red?", "Does it hop?"), {"mechanics": 0.5}, ("Is it red? 2%",), ("", "motion: it hops")
    )
    facts = take_of(said, Opinion(0.75)).artifact.facts
    assert panel.recorded(facts) == {
        "critic": Opinion(0.25, said.misses, says=said.says), "pocket judge": Opinion(0.75)
    }  # fmt: skip
    assert (facts["critic mechanics"], facts["critic asked"]) == (0.5, "Is it red? 2%")
    assert "25%" in str(facts["judges"])
    assert panel.statements(facts) == [("Does it hop?", "motion: it hops")]
    assert panel.score(replace(take_of(), artifact=replace(take_of().artifact, facts={"language model": 0.5}))) == 0.5
    assert panel.score(take_of(said)) == 0.25 > panel.score(take_of())


class FakeFilmer:
    """Makes the same video always; the judges' opinions of its takes are given one after the other."""

    name, needs, takes = "image_to_video", frozenset({"image", "scene", "motion", "avoid"}), frozenset({"last_image"})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        return Draft("video", moving_video(str(seed)), ".mp4", facts={"frames": 9})


def judged(desk: Desk, *opinions: tuple[float, float]) -> Runner:
    """The desk's runner, whose videos get these two scores, one pair a take."""
    given = iter(opinions)

    def judges(pocket: bool) -> list[FakeJudge]:
        said = (Opinion(score, ("Is it red?",)) for score in next(given))
        return [FakeJudge(name, one) for name, one in zip(panel.JUDGES[:2], said, strict=True)]

    agents = {**desk.runner._agents, "image_to_video": AgentRow(lambda: Judged(FakeFilmer(), judges), "device")}
    return Runner(desk.projects, desk.runner.views.task, agents, Panel(Automatic(FakeInspection())), desk.queue)


EVERYTHING = ("prompt", "key_frame", "video")


def made(desk: Desk, runner: Runner, **settings: Value) -> StageView:
    """The video's stage after everything that can be done without the person."""
    asked = {"video": {"critic": True, **settings}}
    project = desk.studio.create(Request("text-to-video", "a red ball", seed=7, automatic=EVERYTHING, settings=asked))
    desk.queue.run_all(runner)
    return runner.views.view(project).stages[2]


def test_the_runner_goes_on_where_both_like_it_and_tries_again_where_neither_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    shown = made(desk, judged(desk, (0.1, 0.2), (0.9, 0.8)))
    assert shown.status == "approved"
    assert shown.chosen == shown.takes[1]
    assert list(shown.turned_down.values()) == ["Not seen: Is it red? Say it first in the prompt."]


def test_where_they_differ_it_waits_for_the_person_and_nothing_more_is_made(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    runner = judged(desk, (0.9, 0.1))
    shown = made(desk, runner)
    assert (shown.status, len(shown.takes)) == ("waiting", 1)
    (project,) = desk.projects.ids()
    assert "video" not in runner.views.view(project).automatic
    assert "you decide" in str(shown.takes[0].artifact.facts["judges"])
    assert "you decide" in str(unfinished(runner.views.view(project)))


def test_without_the_switch_nobody_looks_and_without_a_critic_it_is_said_before_anything_is_drawn(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    assert "critic" not in made(desk, judged(desk), critic=False).takes[0].artifact.facts

    def missing(pocket: bool) -> list[FakeJudge]:
        raise WeightsMissingError("No pocket critic has been trained yet", "Train one.")

    with pytest.raises(WeightsMissingError):
        Judged(FakeFilmer(), missing).run({}, 0, {"critic": True}, FakeReporter())
    other = Judged(FakeFilmer(), lambda pocket: [FakeJudge("critic", Opinion(1.0))] if pocket else [])
    draft = other.run({}, 0, {"critic": True, "profile": "wan-5b"}, FakeReporter())
    assert "critic" not in draft.facts, "the judges know the pocket world alone"
    assert "no opinion" in str(draft.facts["judges"])


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


def test_of_two_takes_that_were_judged_the_better_score_is_preferred_and_an_edit_to_what_it_replaces(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    made(desk, judged(desk, (0.1, 0.2), (0.9, 0.8)))
    (project,) = desk.projects.ids()
    found = [pair for pair in pairs.of(desk.projects.project(project)) if pair.stage == "video"]
    worse, better = (take.artifact.sha256 for take in desk.studio.view(project).stages[2].takes)
    assert {(pair.chosen[:64], pair.rejected[:64], pair.who) for pair in found} == {(better, worse, "critic")}
    assert any("critic 10%, pocket judge 20%" in pair.note for pair in found)
    desk.studio.edit(project, "prompt", {"motion": "the ball hops"}, approve=True)
    written = [pair for pair in pairs.of(desk.projects.project(project)) if pair.stage == "prompt"]
    assert [pair.who for pair in written] == ["person"]
