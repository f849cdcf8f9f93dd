"""Prompt writer: what the person typed becomes a scene, a motion and what to avoid, for the models to read.

Two writers, chosen by a setting: one knows the pocket world and works offline, one asks a language model. When the
language model fails the person is told, and offered the other; nothing is switched in silence. A third choice writes
nothing: what was typed is taken as it is, so that what a writer adds can be measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents import language_writer, offline_writer
from engine.agents.choices import one_of
from engine.agents.language_writer import Question
from engine.agents.prompt_forms import wanted
from engine.agents.reporting import text
from engine.agents.writer_rules import POCKET
from engine.errors import LanguageModelError, PromptError, SettingError
from engine.models.chat import OFFER, Chat
from engine.pocket.vocabulary import STYLES
from engine.pocket.wordings import STYLE_PHRASES
from engine.prompts import Prompt
from engine.types import Kind, Settings

OFFLINE: Final = "offline"
LANGUAGE_MODEL: Final = "language model"
AS_TYPED: Final = "as typed"
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
        """A prompt artifact (engine.prompts) with its form's fields. Settings: writer, profile, form, shots, world.

        `writer` is "offline", "language model" (the default where one is configured) or "as typed", which puts what was
        typed into every field; `profile` is the video model that the prompt is for; `form` and `shots` (how many) say
        which fields there are, see engine.agents.prompt_forms; `world` is a style that the scene gets.
        Raises PromptError, SettingError, LanguageModelError and its kinds.
        """
        prompt = _checked(text(inputs["prompt"]))
        world = one_of(settings, "world", ("", *STYLES))
        question = Question(prompt, wanted(settings), str(settings.get("profile", POCKET)))
        writer = str(settings.get("writer") or (LANGUAGE_MODEL if self._chat else OFFLINE))
        written, model = self._written(writer, question, seed, reporter)
        return Draft(
            kind="prompt",
            data=(_in_world(written, world) if world else written).encode(),
            suffix=".json",
            settings={**settings, "writer": writer},
            model=model,
        )

    def _written(self, writer: str, question: Question, seed: int, reporter: Reporter) -> tuple[Prompt, str | None]:
        """The prompt, and the language model that wrote it, if one did."""
        if writer == OFFLINE:
            return offline_writer.write(question.prompt, seed, question.form), None
        if writer == AS_TYPED:
            fields = {name: "" if name == "avoid" else question.prompt.strip() for name in question.form.fields}
            return Prompt(question.prompt, fields), None
        if writer == LANGUAGE_MODEL:
            chat = self._configured()
            reporter.report(Progress("waiting for the model"))
            return language_writer.write(question, seed, chat), chat.server.model
        raise SettingError(
            "There is no such prompt writer", f"Choose {OFFLINE}, {LANGUAGE_MODEL} or {AS_TYPED}.",
            value=writer, limit=f"{OFFLINE}, {LANGUAGE_MODEL}, {AS_TYPED}",
        )  # fmt: skip

    def _configured(self) -> Chat:
        if self._chat is None:
            raise LanguageModelError(
                "No language model is set up",
                "Set GREENLIGHT_LLM_BASE_URL and GREENLIGHT_LLM_MODEL, or fill in the settings page, "
                "or use the offline writer.",
                offer=OFFER,
            )
        return self._chat


def _in_world(written: Prompt, world: str) -> Prompt:
    """With its scene (or what is there already), if it says one, in this style and no other."""
    name = "scene" if "scene" in written.fields else "state"
    scene = written.fields.get(name)
    if not scene:
        return written
    for phrases in STYLE_PHRASES.values():
        scene = scene.removesuffix(f", {phrases[0]}")
    return replace(written, fields={**written.fields, name: f"{scene.rstrip(' .')}, {STYLE_PHRASES[world][0]}"})


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
