"""Critic: looks at a video and says, dimension by dimension, how likely it is what was asked for.

The questions are the person's where there are some; else the grammar writes them, or a language model. What is said
is the calibrated probability of yes, beside each question and the frames that were looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine import questionnaire
from engine.agent import Draft, Input, Progress, Reporter
from engine.agents import question_writer
from engine.agents.choices import one_of
from engine.agents.criticism import criticise
from engine.agents.reporting import clip, text
from engine.errors import LanguageModelError
from engine.models.chat import OFFER, Chat
from engine.models.lease import Lease
from engine.questionnaire import Questionnaire
from engine.types import Kind, Settings

OFFLINE: Final = "offline"
LANGUAGE_MODEL: Final = "language model"


class Critic:
    """Judges a video by the questions of its prompt."""

    name = "critic"
    needs = frozenset({"video", "prompt"})
    takes = frozenset({"questions"})
    yields: Kind = "score"

    def __init__(self, lease: Lease, chat: Chat | None = None) -> None:
        """chat: the language model, where one is configured."""
        self._lease = lease
        self._chat = chat

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A criticism (engine.questionnaire). Settings: writer, who writes the questions where none are given:
        "offline" (the grammar, the default) or "language model".

        Raises PromptError for questions that cannot be read or where there is nothing to ask, VideoError, SettingError,
        LanguageModelError and its kinds, WeightsMissingError where no critic is here.
        """
        writer = one_of(settings, "writer", (OFFLINE, LANGUAGE_MODEL))
        frames = clip(inputs["video"])
        given = inputs.get("questions")
        asked = self._written(text(inputs["prompt"]), seed, writer) if given is None else questionnaire.decode(given)
        row = self._lease.critic()
        reporter.report(Progress("waiting for the model"))
        with self._lease.borrow(row) as loaded:
            reporter.report(Progress("looking"))
            said = criticise(loaded.pipeline, frames, asked)
            revision = loaded.revision
        return Draft(
            kind="score",
            data=said.encode(),
            suffix=".json",
            settings={**settings, "writer": writer},
            model=row.name,
            revision=revision,
            facts={"overall": round(said.overall, 4), **said.scores},
        )

    def _written(self, prompt: str, seed: int, writer: str) -> Questionnaire:
        if writer == OFFLINE:
            return question_writer.offline(prompt)
        if self._chat is None:
            remedy = "Set one up on the settings page, or let the grammar write the questions."
            raise LanguageModelError("No language model is set up", remedy, offer=OFFER)
        return question_writer.asked(prompt, seed, self._chat)
