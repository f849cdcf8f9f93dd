"""The critic's agent: questions by the grammar, by the person or by a language model; a score a dimension."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.agent import Draft, Input
from engine.agents import question_writer
from engine.agents.critic import Critic
from engine.errors import LanguageModelAnswerError, LanguageModelError, PromptError, SettingError, WeightsMissingError
from engine.models.chat import Chat, ChatServer
from engine.models.lease import Lease
from engine.questionnaire import Check, Criticism, Questionnaire, decode, from_lines, lines
from engine.types import Settings
from tests.fakes import FakeReporter, moving_video
from tests.models.fake_language_server import language_server, says
from tests.tiny_critic import critic_lease

PROMPT = "A small red ball falls on the left in a meadow, the camera pans left"


@pytest.fixture(scope="module")
def lease(tmp_path_factory: pytest.TempPathFactory) -> Lease:
    return critic_lease(tmp_path_factory.mktemp("root"))


def judged(lease: Lease, settings: Settings | None = None, **more: Input) -> Draft:
    inputs: Mapping[str, Input] = {"video": moving_video("a"), "prompt": PROMPT, **more}
    return Critic(lease).run(inputs, 0, settings or {}, FakeReporter())


def test_a_video_gets_a_score_in_each_dimension_that_its_prompt_speaks_of(lease: Lease) -> None:
    draft = judged(lease)
    told: dict[str, Any] = json.loads(draft.data)
    assert (draft.kind, draft.suffix, draft.model) == ("score", ".json", "pocket-critic")
    assert {*told["scores"]} == {
        "event_following", "mechanics", "camera_control", "natural_constraints", "attribution_correctness",
        "material_properties", "2d_layout",
    }  # fmt: skip
    assert all(0 <= score <= 1 for score in told["scores"].values())
    assert {check["question"] for check in told["checks"]} >= {"Is the ball red?", "Does the camera pan to the left?"}
    assert len(told["frames"]) == 16
    assert draft.facts["mechanics"] == told["scores"]["mechanics"]


def test_the_persons_questions_are_asked_instead(lease: Lease) -> None:
    asked = Questionnaire((Check("Common Sense", "Is there a plant in the video?"),))
    told = json.loads(judged(lease, questions=asked.encode()).data)
    assert {*told["scores"]} == {"common_sense"}
    assert told["in_order"] is None


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (b"{", "no JSON"),
        (b"[]", "no object"),
        (b"{}", "nothing to ask"),
        (b'{"checks": [{"dimension": "Taste", "question": "Sweet?"}]}', "Taste"),
        (b'{"checks": [{"dimension": "Mechanics", "question": ""}]}', "a question"),
        (b'{"checks": "many"}', "no list"),
        (json.dumps({"events": ["it lands"] * 9}).encode(), "too many"),
        (json.dumps({"events": ["x" * 301]}).encode(), "too long"),
    ],
)
def test_questions_that_cannot_be_asked_are_named(questions: bytes, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        decode(questions)


def test_without_words_of_this_world_a_model_or_a_language_model_it_says_so(lease: Lease, tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="nothing"):
        judged(lease, prompt="qwerty")
    with pytest.raises(LanguageModelError, match="No language model"):
        judged(lease, {"writer": "language model"})
    with pytest.raises(SettingError):
        judged(lease, {"writer": "nobody"})
    with pytest.raises(WeightsMissingError, match="critic is not here"):
        judged(Lease(root=tmp_path))


def test_a_language_models_questions_are_read_or_refused() -> None:
    good = {"checks": [{"dimension": "Mechanics", "question": "Does it fall?"}], "events": ["It lands."]}
    replies = iter((says(json.dumps(good)), says("maybe")))
    with language_server(lambda _: next(replies)) as line:
        chat = Chat(ChatServer(line.base_url, "m"))
        asked = question_writer.asked("a ball falls", 0, chat)
        assert asked == Questionnaire((Check("Mechanics", "Does it fall?"),), ("It lands.",))
        with pytest.raises(LanguageModelAnswerError, match="no questions"):
            question_writer.asked("a ball falls", 0, chat)


def test_what_fails_is_named_the_surest_miss_first() -> None:
    checks = (Check("Mechanics", "Falls it?"), Check("Mechanics", "Turns it?"), Check("2d_layout", "Left?"))
    said = Criticism(Questionnaire(checks, ("It lands.",)), (0.4, 0.1, 0.9), 0.3, (), ())
    assert said.scores == {"event_following": 0.3, "mechanics": 0.25, "2d_layout": 0.9}
    assert said.overall == pytest.approx((0.3 + 0.25 + 0.9) / 3)
    assert [question[:9] for question in said.failing()] == ["Turns it?", "Do these ", "Falls it?"]


def test_questions_are_lines_for_a_person_and_come_back_as_they_were() -> None:
    asked = Questionnaire(
        (Check("Mechanics", "Does it hop?"), Check("3d_depth", "Is it near: yes or no?")),
        ("It rises.", "It lands."),
    )
    text = lines(asked)
    assert text == "Mechanics: Does it hop?\n3d_depth: Is it near: yes or no?\n1. It rises.\n2. It lands."
    assert from_lines(f"\n {text} \n") == asked
    assert from_lines("mechanics: Does it hop?").checks[0].dimension == "Mechanics"
    for wrong in ("Does it hop?", "Beauty: Is it?", "Mechanics:", ""):
        with pytest.raises(PromptError):
            from_lines(wrong)
