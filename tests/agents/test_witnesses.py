"""Who else says how likely a state is: a model by its words' likelihood, a server by the letters that it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import settings
from engine.agents.witnesses import Witnesses
from engine.errors import LanguageModelAnswerError, LanguageModelError, SettingError
from engine.models.chat import Chat, ChatServer
from engine.models.lease import Lease
from engine.models.profiles import INVERSE
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.imagining import Outlook, Scene
from engine.pocket.worlds.inverse import Told
from engine.types import ModelProfile
from engine.worlds import WITNESS

PICTURES = np.random.default_rng(0).integers(0, 255, (2, 192, 192, 3), np.uint8)
GREEN = Action("recolour", "ring", colour="green")
OTHERS = [Told(Action("left", "boat"), 0.5), Told(GREEN, 0.3), Told(Action("grow", "ring"), 0.1)]
SEEN = Outlook(Scene(PICTURES[1], "a green ring"), 0.3, OTHERS[0], None), "inverse 1"


class Reader:
    """In the place of the inverse model: holds the same actions for likely whatever it is shown."""

    def tell(self, before: object, after: object, most: int) -> list[list[Told]]:
        """As ActionReader.tell."""
        return [OTHERS[:most]]


class Seer:
    """In the place of a vision-language model: sure of the second saying by as much as of all others."""

    def likelihoods(self, before: object, after: object, sayings: Sequence[str]) -> list[float]:
        """As engine.models.witnessing.Witness.likelihoods."""
        rest = 0.5 / (len(sayings) - 1)
        return [rest if place != 1 else 0.5 for place in range(len(sayings))]


class Server(Chat):
    """In the place of a server: answers what a function makes of the question."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        super().__init__(ChatServer("http://localhost/v1", "seer"))
        self._answer = answer

    def look(self, question: str, pictures: Sequence[bytes], deadline: float) -> str:
        """As Chat.look."""
        assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * 2
        return self._answer(question)


def judged(witness: str, chat: Chat | None = None) -> tuple[Outlook, str]:
    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[object, str]:
        return (Reader(), "1") if profile == INVERSE else (Seer(), "0123456789abcdef0")

    lease = Lease(torch.device("cpu"), load=load)
    return Witnesses(lease, chat).judged({WITNESS: witness}, PICTURES[0], GREEN, SEEN)


def listed(question: str, words: str) -> str:
    """The letter before these words."""
    return next(line[0] for line in question.splitlines() if line.endswith(words))


def failing(question: str) -> str:
    raise LanguageModelAnswerError("No words came", "Ask again.")


def test_the_inverse_model_alone_leaves_all_as_it_is() -> None:
    assert judged("inverse model") == SEEN
    assert judged("") == SEEN


def test_a_model_that_sees_weighs_the_action_among_the_others() -> None:
    outlook, revision = judged("tiny/seer")
    assert outlook.likelihood == pytest.approx(0.5 / 3)
    assert outlook.told == Told(Action("left", "boat"), 0.5)
    assert outlook.scene is SEEN[0].scene
    assert revision == "inverse 1 and tiny/seer 0123456789abcdef"


@pytest.mark.parametrize(
    ("answer", "likelihood"),
    [
        (lambda question: f"It is {listed(question, 'the ring turns green')}.", 1.0),
        (lambda question: listed(question, "nothing happens"), 0.0),
        (lambda question: "A", 1 / 3),
        (lambda question: "A or B", 0.0),
        (lambda question: "Maybe.", 0.0),
        (lambda question: "", 0.0),
        (failing, 0.0),
    ],
)
def test_a_server_is_asked_in_other_orders_and_an_echo_has_little_credit(
    answer: Callable[[str], str], likelihood: float
) -> None:
    outlook, revision = judged("language model", Server(answer))
    assert outlook.likelihood == pytest.approx(likelihood)
    assert revision == "inverse 1 and seer"


def test_without_a_server_and_with_a_name_that_is_none_it_says_so() -> None:
    with pytest.raises(LanguageModelError, match="No language model"):
        judged("language model")
    for wrong in ("maybe", "../../etc", "a/b/c", "/far/away"):
        with pytest.raises(SettingError, match="Nobody is called so"):
            settings.check(WITNESS, wrong)
    for right in ("", "inverse model", "language model", "Qwen/Qwen2.5-VL-7B-Instruct"):
        settings.check(WITNESS, right)
