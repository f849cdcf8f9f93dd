"""The judges' misses as an edit of the prompt: which field, what comes first, what is turned round; never applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine import proposals
from engine.events import Decided
from engine.panel import JUDGES, Opinion, facts
from engine.proposals import first, stated
from engine.seen import StageView
from engine.tasks import table
from engine.types import Artifact, Request, Stage, Take
from tests.fakes import Desk
from tests.test_panel import judged, made

FIELDS = {
    "scene": "a blue car and a red ball in a meadow", "state": "a red ball", "motion": "the car moves, the ball rolls",
    "instruction": "make the ball blue", "transition": "a ball; then a car", "avoid": "",
}  # fmt: skip
RECIPES = [
    ("text-to-video", (), "motion"),
    ("image-to-video", ("image",), "motion"),
    ("extend", ("video",), "motion"),
    ("edit", ("video",), "instruction"),
    ("connect", ("video", "second_video"), "transition"),
    ("digital-worlds", (), "motion"),
    ("digital-worlds", ("video",), "motion"),
    ("worldgpt", ("image",), "motion"),
]


def seen(stage: Stage) -> StageView:
    return StageView(stage, "waiting", (), None, (), None, None, {}, 0)


def taken(*misses: tuple[str, str]) -> Take:
    said = Opinion(0.2, tuple(miss for miss, _ in misses), says=tuple(says for _, says in misses))
    artifact = Artifact("video", "0" * 64, ".mp4", 1, "fake", facts=facts([(JUDGES[0], said)]))
    return Take("t", "video", 1, artifact, {}, 1.0, "now")


@pytest.mark.parametrize(("recipe", "uploads", "field"), RECIPES)
def test_every_recipe_that_ends_in_a_video_has_its_words_to_edit(
    recipe: str, uploads: tuple[str, ...], field: str
) -> None:
    from engine.crew import JUDGED

    road = table.task(Request(recipe, "a red ball", dict.fromkeys(uploads, "")))
    stages = [stage for stage in road.stages if stage.agent in JUDGED]
    assert stages, "somebody who is judged makes its video"
    found = proposals.proposal(seen(stages[-1]), taken(("Does it?", "motion: the ball bounces")), {"prompt": FIELDS})
    assert found is not None
    assert (found.stage, found.field) == ("prompt", field)
    assert found.after == f"the ball bounces, {FIELDS[field]}"
    assert found.before == FIELDS[field]
    assert found.why == "Not seen: Does it?"


def test_what_is_said_first_already_or_cannot_be_said_is_not_proposed() -> None:
    video = seen(table.task(Request("text-to-video", "a red ball")).stages[-1])
    words = {"prompt": FIELDS}
    assert proposals.proposal(video, taken(), words) is None
    assert proposals.proposal(video, taken(("Is it?", "")), words) is None
    assert proposals.proposal(video, taken(("Does it?", "motion: the car moves")), words) is None
    both = taken(("Does it?", "motion: the car moves"), ("Is it?", "scene: in a meadow"))
    found = proposals.proposal(video, both, words)
    assert found is not None
    assert (found.field, found.after) == ("scene", "in a meadow, a blue car and a red ball")
    assert proposals.proposal(video, both, {}) is None, "there is no approved prompt"


@pytest.mark.parametrize(
    ("statement", "text", "after"),
    [
        ("the ball bounces", "the car moves and the ball bounces", "the ball bounces, the car moves"),
        ("the ball bounces", "the car moves, the ball bounces, so be it", "the ball bounces, the car moves, so be it"),
        ("the ball bounces", "The ball bounces. The car moves.", "The ball bounces. The car moves."),
        ("the ball bounces", "it moves and the ball bounces high, far", "the ball bounces high, it moves, far"),
        ("the ball bounces", "", "the ball bounces"),
        ("a red ball", "a red balloon", "a red ball, a red balloon"),
        ("a b", "x;  y\n and z", "a b, x; y and z"),
    ],
)  # fmt: skip
def test_a_statement_goes_to_the_front_and_the_rest_stays(statement: str, text: str, after: str) -> None:
    assert first(statement, text) == after


@pytest.mark.parametrize(
    ("question", "dimension", "says"),
    [
        ("Does the cat jump over the wall?", "Mechanics", "motion: the cat jumps over the wall"),
        ("Does the girl carry a box?", "Interaction", "motion: the girl carries a box"),
        ("Is the cat black?", "Attribution Correctness", "scene: the cat is black"),
        ("Are the shoes red?", "Attribution Correctness", "scene: the shoes are red"),
        ("Is there a tree in the video?", "Common Sense", "scene: there is a tree"),
        ("Do the ball and the car meet?", "Interaction", "motion: the ball and the car meet"),
        ("Where the two meet, is it dark?", "3d_depth", ""),
        ("Do these happen, in this order: It rises. It lands.", "", ""),
    ],
)
def test_a_question_is_turned_round_where_one_would_say_it_so(question: str, dimension: str, says: str) -> None:
    assert stated(question, dimension) == says


def test_a_proposal_changes_nothing_until_the_person_accepts_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    runner = judged(desk, (0.1, 0.2), (0.1, 0.2), (0.1, 0.2))
    made(desk, runner)
    (project,) = desk.projects.ids()
    view = desk.studio.view(project)
    take = view.stages[2].takes[0]
    before = desk.studio.prompt(project, view.stages[0].takes[0].id).fields
    assert desk.studio.proposal(project, take.id) is None, "these judges say nothing that a prompt could say"
    told = replace(take, artifact=replace(take.artifact, facts=taken(("x", "motion: the ball bounces")).artifact.facts))
    found = proposals.proposal(view.stages[2], told, {"prompt": before})
    assert found is not None
    assert desk.studio.prompt(project, view.stages[0].takes[0].id).fields == before
    assert len(view.stages[0].takes) == 1
    view = desk.studio.edit(project, found.stage, {found.field: found.after}, approve=True)
    assert desk.studio.words(project, "video")["motion"].startswith("the ball bounces, ")
    decided = desk.projects.project(project).entries[-1].event
    assert not isinstance(decided, Decided) or decided.decision.who != "critic"
