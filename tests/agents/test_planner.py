"""A goal becomes a plan: parted by the grammar where each part is an action, or written by a language model."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agents import planner
from engine.errors import LanguageModelAnswerError, PromptError
from engine.models.chat import Chat, ChatServer
from engine.pocket.world import NOWHERE
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.hearing import heard
from engine.worlds import PLAN_ACTIONS, plan_of
from tests.models.fake_language_server import language_server, says

GOALS = {
    "the boat moves to the right and night falls": ("the boat moves to the right", "night falls"),
    "the car drives left and turns green. night falls": ("the car drives left", "the car turns green", "night falls"),
    "the ring turns orange, the boat grows, then a star appears": (
        "the ring turns orange",
        "the boat grows",
        "a star appears",
    ),
    "the ball drops and breaks": ("the ball drops and breaks",),
    "a small, red ball appears and then the tree vanishes": ("a small, red ball appears", "the tree vanishes"),
    "make everybody happy and rich": ("make everybody happy and rich",),
    "night falls": ("night falls",),
}


GAPS = {"spaces": " " * 1200, "tabs": "\t" * 1200, "lines": " \n" * 600, "commas": ", " * 600}


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_is_parted_where_each_part_is_an_action(goal: str) -> None:
    assert planner.of(goal) == GOALS[goal]


@given(st.lists(st.sampled_from(["night falls", "the ball drops", "the ring turns green"]), min_size=1, max_size=8))
def test_a_plan_is_its_own_plan(actions: list[str]) -> None:
    assert planner.of("\n".join(actions)) == tuple(actions)
    assert planner.of(" and then ".join(actions)) == tuple(actions)
    assert isinstance(heard(actions[0], NOWHERE), Action)


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS)
def test_a_goal_with_long_gaps_is_read_at_once(gap: str) -> None:
    began = time.process_time()
    with suppress(PromptError):
        planner.of(f"night falls then{gap}the ball drops{gap}slowly")
    assert time.process_time() - began < 1, "each gap was tried from each of its ends"


@pytest.mark.parametrize(
    "text", [" \n ", "\n".join(["night falls"] * (PLAN_ACTIONS + 1)), "the ball " + "drops " * 40], ids=len
)
def test_a_plan_has_limits(text: str) -> None:
    with pytest.raises(PromptError) as caught:
        plan_of(text)
    assert caught.value.remedy


def test_a_language_model_writes_it_knowing_what_is_seen_or_says_what_cannot_be_read() -> None:
    bad = ("no", '{"actions": []}', '{"actions": "night"}', '{"actions": [1]}')
    replies = iter((says('{"actions": ["the ball  drops", "night falls"]}'), *map(says, bad)))
    with language_server(lambda _: next(replies)) as line:
        chat = Chat(ChatServer(line.base_url, "m"))
        assert planner.asked("a quiet night", "a red ball", chat) == ("the ball drops", "night falls")
        assert "a red ball" in json.dumps(line.bodies[0])
        for _ in bad:
            with pytest.raises(LanguageModelAnswerError, match="no plan"):
                planner.asked("a quiet night", "", chat)
