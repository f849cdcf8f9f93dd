"""The pocket judges' opinions, and the critic as a judge of VideoVerse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.evaluate.judge import Judge, JudgeModel, Seen, SeenThing
from engine.evaluate.opinions import CriticOpinion, JudgeOpinion, LanguageOpinion, held
from engine.evaluate.videoverse.answers import check_question, order_question
from engine.evaluate.videoverse.pocket_witness import PocketWitness
from engine.evaluate.wanted import said, wanted
from engine.models.chat import Chat, ChatServer
from engine.pocket.grammar import parse
from tests.fakes import moving_video
from tests.models.fake_language_server import Reply, language_server, says
from tests.tiny_critic import tiny_critic

FRAMES = np.zeros((9, 32, 32, 3), np.uint8)
EVENTS = ("The ball reaches the ground.", "The car and the ball meet.")


def test_what_the_prompt_says_is_held_against_what_is_seen() -> None:
    seen = Seen((SeenThing("ball", "red", "fall", None, "slow"),), "meadow", "still")
    found = {words: so for words, _, so in held(parse("A red ball rolls in a meadow next to a blue car"), seen)}
    assert found == {
        "The place: meadow": True, "A ball": True, "The ball is red": True, "The ball's motion: roll": False,
        "A car": False, "The car is blue": False,
    }  # fmt: skip


def test_both_have_opinions_of_what_they_understand_and_none_of_the_rest() -> None:
    torch.manual_seed(0)
    judge, critic = JudgeOpinion(Judge(JudgeModel())), CriticOpinion(tiny_critic())
    inputs = {"scene": "A red ball in a meadow.", "motion": "It falls."}
    assert said(inputs) == "A red ball in a meadow. It falls"
    for one in (judge, critic):
        opinion = one.opinion(moving_video("a"), inputs)
        assert opinion is not None
        assert 0 <= opinion.score <= 1
        assert one.opinion(moving_video("a"), {"motion": "qwerty"}) is None


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> PocketWitness:
    folder: Path = tmp_path_factory.mktemp("critic")
    tiny_critic().save_pretrained(folder)
    return PocketWitness(folder, "cpu")


def test_the_witness_is_asked_in_the_scripts_words_and_answers_in_theirs(witness: PocketWitness) -> None:
    answers = {witness.answer(FRAMES, 8, check_question("Is the ball red?", turned)) for turned in (False, True)}
    assert len(answers) == 1, "which word comes first changes nothing"
    assert answers <= {"Yes", "No"}
    order = witness.answer(FRAMES, 8, order_question(EVENTS))
    assert {*order.removeprefix("<output>").removesuffix("</output>")} <= {*"AB,"}
    assert witness.answer(FRAMES, 8, "What do you think?") == ""
    assert witness.name.startswith("pocket critic ")


def test_what_was_asked_for_is_read_by_the_kind_of_words() -> None:
    assert said({"scene": "a red ball.", "motion": "it rolls", "avoid": "fog"}) == "a red ball. it rolls"
    (ball,) = wanted({"instruction": "make the ball blue"}).things
    assert (ball.noun, ball.colour, ball.motion) == ("ball", "blue", None)
    (boat,) = wanted({"instruction": "turn the car into a boat"}).things
    assert boat.noun == "boat"
    assert wanted({"instruction": "remove the tree"}).things == ()
    assert wanted({"instruction": "hurray"}).things == ()
    joined = wanted({"transition": "a red ball in a meadow; then a blue car in a city"})
    assert ({thing.noun for thing in joined.things}, joined.scene) == ({"ball", "car"}, None)


def test_a_miss_comes_with_what_a_prompt_would_say() -> None:
    seen = Seen((), "sea", "still")
    asked = parse("A red ball bounces in a meadow, the camera pans left")
    assert [says for _, says, so in held(asked, seen) if not so] == [
        "scene: in a meadow", "motion: the camera pans left", "scene: a red ball", "scene: a red ball",
        "motion: the red ball bounces",
    ]  # fmt: skip


def test_a_language_model_that_sees_is_asked_of_any_world_and_the_person_asks_their_own_questions() -> None:
    def answer(body: dict[str, Any]) -> Reply:
        content = body["messages"][0]["content"]
        return says("Yes." if "red" in content[-1]["text"] else "No, it does not.")

    asked = {"prompt": "A cat", "questions": "Mechanics: Does the cat jump?\nAttribution Correctness: Is the cat red?"}
    with language_server(answer) as line:
        found = LanguageOpinion(Chat(ChatServer(line.base_url, "tiny"))).opinion(moving_video("x"), asked)
    assert found is not None
    assert (found.score, found.misses) == (0.5, ("Does the cat jump?",))
    assert found.says == ("motion: the cat jumps",)
    assert len(line.bodies) == 2
