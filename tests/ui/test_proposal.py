"""What the judges missed, on the page: before and after, accepted or left; questions written, and kept to be edited."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import PromptError
from engine.events import Recorded
from engine.questionnaire import from_lines
from engine.seen import Proposal
from tests.fakes import Desk
from tests.test_panel import judged, made
from tests.test_proposals import taken
from ui.parts import proposal
from ui.parts.stage_settings import write_questions
from ui.place import Place, Screen
from ui.scene import Visit


def test_the_edit_is_shown_before_and_after_and_is_no_markup() -> None:
    shown = proposal.drawn(Proposal("prompt", "motion", "<i>it rolls", "it bounces, it rolls", "Not seen: it"), "t1")
    assert "&lt;i&gt;it rolls" in shown
    assert "<ins>it bounces, it rolls</ins>" in shown
    assert 'data-do="proposal-accept" data-take="t1"' in shown
    assert 'data-do="proposal-decline"' in shown


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """At a take whose judges missed that the ball bounces."""
    desk = Desk(tmp_path)
    made(desk, judged(desk, (0.1, 0.9)))
    (project,) = desk.projects.ids()
    take = desk.studio.view(project).stages[2].takes[0]
    missed = replace(
        take,
        id="abcabcabcabc",
        artifact=replace(take.artifact, facts=taken(("x", "motion: the ball bounces")).artifact.facts),
    )
    desk.projects.change(project, lambda _: [Recorded(missed)])
    place = Place(project=project, stage="video", take=missed.id)
    return Visit(desk.studio, place, Screen(project=project, stage="video", take=missed.id))


def test_declined_it_is_a_choice_of_the_persons_and_not_shown_again(visit: Visit) -> None:
    project, take, studio = visit.place.project, visit.place.take, visit.studio
    found = studio.proposal(project, take)
    assert found is not None
    proposal.decline(visit, {"take": take})
    prompt = studio.view(project).stages[0]
    assert len(prompt.takes) == 1, "nothing was edited"
    assert studio.proposal(project, take) is None
    pairs = [json.loads(line) for line in studio.preferences(project).splitlines()]
    (pair,) = [one for one in pairs if one["proposed"]]
    assert prompt.chosen is not None
    assert pair["chosen"].startswith(prompt.chosen.artifact.sha256)
    assert (pair["rejected"], pair["who"], pair["proposed"]) == ("", "person", found.told)
    assert found.told.startswith("motion: the ball bounces, ")
    entries = studio.view(project).entries
    proposal.decline(visit, {"take": take})
    assert studio.view(project).entries == entries, "twice is once"
    studio.edit(project, "prompt", {"motion": "it spins"}, approve=True)
    assert studio.proposal(project, take) is not None, "of another prompt nothing was declined"


def test_accepted_it_is_the_persons_edit(visit: Visit) -> None:
    project, take = visit.place.project, visit.place.take
    proposal.accept(visit, {"take": take})
    prompt = visit.studio.view(project).stages[0]
    assert prompt.chosen is not None
    assert prompt.chosen.artifact.agent == "person"
    assert visit.studio.prompt(project, prompt.chosen.id).fields["motion"].startswith("the ball bounces")
    assert proposal.accept(visit, {"take": take}).notice is None, "it says so first already"


def test_questions_are_written_from_the_words_of_the_stage(visit: Visit) -> None:
    owner, written = write_questions(visit).questions
    assert owner == f"{visit.place.project} video"
    assert from_lines(written).checks
    with pytest.raises(PromptError):
        from_lines("Beauty: Is it nice?")
