"""A world on fakes: act, branch, go back, close the house half way, film the way, take the transitions along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ImageError, PromptError, SettingError
from engine.seen import ProjectView, StageView
from engine.types import Request
from engine.worlds import Node, path, tree, unpacked
from tests.fakes import Desk, png
from ui.parts import plan, world_tree
from ui.place import Place, Screen
from ui.scene import Visit


def states(view: ProjectView) -> StageView:
    return next(shown for shown in view.stages if shown.stage.name == "state")


def begun(home: Path) -> tuple[Desk, str]:
    """A world whose first four states are there."""
    desk = Desk(home)
    project = desk.studio.create(Request("world", "the ball drops"), {"image": png(1, (40, 30))})
    desk.work()
    desk.studio.approve(project, "key_frame", desk.studio.view(project).stages[0].takes[0].id)
    desk.work()
    return desk, project


def act(desk: Desk, project: str, state: str, action: str) -> Node:
    """One more state that follows from that one."""
    desk.studio.retry(project, "state", settings={"action": action, "onward": state})
    desk.work()
    return tree(desk.studio.view(project))[-1]


def test_four_states_follow_from_the_beginning_and_one_is_gone_on_from(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    first = tree(desk.studio.view(project))
    assert [(node.depth, node.action) for node in first] == [(1, "the ball drops")] * 4
    assert len({node.state for node in first}) == 4
    onward = act(desk, project, first[2].state, "night falls")
    assert (onward.parent, onward.depth) == (first[2].state, 2)
    other = act(desk, project, first[0].state, "the ball grows")
    assert (other.parent, other.depth) == (first[0].state, 2)


def test_a_tree_outlives_the_house_and_travels_in_an_archive(tmp_path: Path) -> None:
    desk, project = begun(tmp_path / "here")
    desk.studio.retry(
        project, "state", settings={"action": "night falls", "onward": tree(desk.studio.view(project))[0].state}
    )
    again = Desk(tmp_path / "here")
    again.runner.recover()
    again.work()
    nodes = tree(again.studio.view(project))
    assert [node.depth for node in nodes] == [1, 1, 1, 1, 2]
    again.studio.export_project(project, tmp_path / "world.zip")
    there = Desk(tmp_path / "there").studio
    assert tree(there.view(there.import_project(tmp_path / "world.zip"))) == nodes


def test_the_way_to_the_picked_state_is_filmed_and_another_pick_films_another(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    deep = act(desk, project, tree(desk.studio.view(project))[1].state, "night falls")
    for wanted in (deep, tree(desk.studio.view(project))[0]):
        desk.studio.approve(project, "state", wanted.take.id)
        desk.work()
        film = desk.studio.view(project).open_stage
        assert (film.stage.name, film.status) == ("film", "waiting")
    assert len(film.takes) == 2
    assert len({take.artifact.sha256 for take in film.takes}) == 2


def test_all_transitions_are_taken_along_with_their_files(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    deep = act(desk, project, tree(desk.studio.view(project))[1].state, "night falls")
    rows = unpacked(desk.studio.transitions(project))
    assert [row.action for row in rows] == ["the ball drops"] * 4 + ["night falls"]
    assert rows[4].before == rows[1].after == desk.studio.read(project, deep.parent)
    assert len(path(tree(desk.studio.view(project)), deep.state)) == 2
    assert json.loads(desk.studio.transitions(project))[0]["state0"]["audio"] == ""


def test_a_deeper_state_is_made_again_from_its_recipe_with_the_state_that_it_went_on_from(tmp_path: Path) -> None:
    desk, project = begun(tmp_path / "here")
    deep = act(desk, project, tree(desk.studio.view(project))[1].state, "night falls")
    recipe = desk.studio.recipe(project, deep.take.id)
    again = desk.studio.create_from_recipe(recipe)
    desk.work()
    desk.studio.approve(again, "key_frame", desk.studio.view(again).stages[0].takes[0].id)
    desk.work()
    view = desk.studio.view(again)
    assert states(view).failure is None
    assert [(node.state, node.depth) for node in tree(view)] == [(deep.parent, 1), (deep.state, 2)]
    assert tree(view)[0].action == "the ball drops"
    assert desk.studio.read(again, deep.parent) == desk.studio.read(project, deep.parent)
    there = Desk(tmp_path / "there").studio
    with pytest.raises(ImageError, match="nowhere to be found"):
        there.create_from_recipe(recipe, {"image": png(1, (40, 30))})
    assert not there.projects()


def test_a_state_that_the_person_painted_can_be_gone_on_from_and_is_no_transition(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    desk.studio.edit(project, "state", png(7, (192, 192)))
    painted = tree(desk.studio.view(project))[-1]
    assert (painted.action, painted.depth) == ("", 1)
    onward = act(desk, project, painted.state, "night falls")
    assert onward.parent == painted.state
    assert len(unpacked(desk.studio.transitions(project))) == 5
    desk.studio.approve(project, "state", onward.take.id)
    desk.work()
    assert desk.studio.view(project).open_stage.status == "waiting"


def test_a_state_that_is_not_there_fails_by_name_and_the_tree_stays(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    desk.studio.retry(project, "state", settings={"action": "night falls", "onward": "f" * 64})
    desk.work()
    view = desk.studio.view(project)
    assert len(tree(view)) == 4
    assert states(view).failure is not None


def test_half_a_character_in_an_action_is_refused_before_a_page_has_to_show_it(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    for name in ("action", "plan"):
        with pytest.raises(SettingError, match=r"half a character.*ud800.*whole characters"):
            desk.studio.retry(project, "state", settings={name: "night \ud800 falls"})
    assert len(tree(desk.studio.view(project))) == 4


@pytest.mark.parametrize(
    "settings", [{"onward": "../../etc"}, {"onward": "f" * 63}, {"action": "a" * 201}, {"remembers": "often"}]
)
def test_what_cannot_be_asked_for_is_refused(tmp_path: Path, settings: dict[str, str]) -> None:
    desk, project = begun(tmp_path)
    with pytest.raises(SettingError):
        desk.studio.retry(project, "state", settings=settings)


def test_a_plan_is_done_line_by_line_and_what_is_left_stays_with_each_state(tmp_path: Path) -> None:
    desk, project = begun(tmp_path)
    first = tree(desk.studio.view(project))[1]
    visit = Visit(desk.studio, Place(project=project), Screen(project=project, stage="state", take=first.take.id))
    owner, written = plan.make_plan(visit, "the ball grows and turns green, then night falls").plan
    assert (owner, written) == (f"{project} {first.take.id}", "the ball grows\nthe ball turns green\nnight falls")
    plan.do_first(visit, written)
    desk.work()
    grown = tree(Desk(tmp_path).studio.view(project))[-1]
    assert (grown.action, grown.parent) == ("the ball grows", first.state)
    assert grown.take.artifact.settings["plan"] == "the ball turns green\nnight falls"
    there = Visit(desk.studio, Place(project=project), Screen(project=project, stage="state", take=grown.take.id))
    world_tree.happen(there, {"take": grown.take.id, "action": "the ball drops"})
    desk.work()
    between = tree(desk.studio.view(project))[-1]
    assert between.take.artifact.settings["plan"] == "the ball turns green\nnight falls", "the plan goes on after it"
    plan.do_first(there, "night falls")
    desk.work()
    last = tree(desk.studio.view(project))[-1]
    assert (last.action, last.parent) == ("night falls", grown.state)
    assert "plan" not in last.take.artifact.settings
    with pytest.raises(PromptError, match="no action"):
        plan.do_first(there, " \n")
