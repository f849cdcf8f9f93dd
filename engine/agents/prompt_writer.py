"""Prompt writer: what the person typed becomes a scene, a motion and what to avoid, for the models to read.

Two writers, chosen by a setting: one knows the pocket world and works offline, one asks a language model. When the
language model fails the person is told, and offered the other; nothing is switched in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.agents import language_writer, offline_writer
from engine.agents.prompt_forms import wanted
from engine.agents.reporting import text
from engine.errors import LanguageModelError, PromptError, SettingError
from engine.models.chat import OFFER, Chat
from engine.types import Draft, Input, Kind, Progress, Reporter, Settings

OFFLINE: Final = "offline"
LANGUAGE_MODEL: Final = "language model"
LONGEST_PROMPT: Final = 2_000
"""Characters."""


class PromptWriter:
    """Proposes a prompt; the person approves it, edits it, or asks for another."""

    name = "prompt_writer"
    needs = frozenset({"prompt"})
    takes = frozenset[str]()
    yields: Kind = "prompt"

    def __init__(self, chat: Chat | None = None) -> None:
        """chat: the language model, where one is configured."""
        self._chat = chat

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A prompt artifact (engine.prompts) with the fields of its form. Settings: writer, profile, form, shots.

        `writer` is "offline" or "language model", by default the latter where one is configured; `profile` is the
        video model that the prompt is for; `form` and `shots` (how many) say which fields there are, see
        engine.agents.prompt_forms. Raises PromptError, SettingError, LanguageModelError and its kinds.
        """
        prompt = _checked(text(inputs["prompt"]))
        form = wanted(settings)
        writer = settings.get("writer") or (LANGUAGE_MODEL if self._chat else OFFLINE)
        profile = str(settings.get("profile", "pocket"))
        if writer == OFFLINE:
            written, model = offline_writer.write(prompt, seed, form), None
        elif writer == LANGUAGE_MODEL:
            chat = self._configured()
            reporter.report(Progress("waiting for the model"))
            question = language_writer.Question(prompt, form, profile)
            written, model = language_writer.write(question, seed, chat), chat.server.model
        else:
            raise SettingError(
                "There is no such prompt writer", f"Choose {OFFLINE} or {LANGUAGE_MODEL}.",
                value=str(writer), limit=f"{OFFLINE}, {LANGUAGE_MODEL}",
            )  # fmt: skip
        return Draft(
            kind="prompt",
            data=written.encode(),
            suffix=".json",
            settings={**settings, "writer": writer},
            model=model,
        )

    def _configured(self) -> Chat:
        if self._chat is None:
            raise LanguageModelError(
                "No language model is set up",
                "Set GREENLIGHT_LLM_BASE_URL and GREENLIGHT_LLM_MODEL, or fill in the settings page, "
                "or use the offline writer.",
                offer=OFFER,
            )
        return self._chat


def _checked(prompt: str) -> str:
    """The prompt, if there is one and it is not too long."""
    if not prompt.strip():
        raise PromptError("The prompt is empty", "Say in a sentence what should be seen and what should move.")
    if len(prompt) > LONGEST_PROMPT:
        raise PromptError(
            "The prompt is too long", "Keep the one sentence that matters.",
            value=f"{len(prompt):,} characters", limit=f"{LONGEST_PROMPT:,} characters",
        )  # fmt: skip
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        raise PromptError("The prompt holds half of a character", "Delete it and type it again.") from error
    return prompt
