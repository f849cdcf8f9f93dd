"""What may be asked for: every request and setting is checked here, before anything is written.

Says what is wrong with a value, what the limits are, and what to do. Knows the tables of tasks and models, and
nothing of where a project stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from engine import checks, uploads
from engine.configuration import Limits
from engine.decisions import Wish
from engine.errors import PromptError, SettingError, TooManyError
from engine.models.script import OWN
from engine.prompts import Prompt
from engine.settings import SETTINGS, check
from engine.types import ModelProfile, Recipe, Request, Settings, Stage, Task

_INDISPENSABLE = ("scene", "instruction", "transition", "keywords", "end")
"""Fields of a prompt that must say something."""


class Roads(Protocol):
    """The recipes, and the road of a request."""

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """By name."""
        ...

    def task(self, request: Request) -> Task:
        """The road of a request. Raises SettingError."""
        ...


class Rules:
    """Checks what a person asks for against the tables."""

    def __init__(self, roads: Roads, profiles: Callable[[], Sequence[ModelProfile]], limits: Limits) -> None:
        """profiles: says which models can be chosen now."""
        self._roads = roads
        self._profiles = profiles
        self._limits = limits

    def request(self, request: Request) -> None:
        """Raises SettingError, PromptError; ImageError or VideoError for an upload that is missing or not asked for."""
        task = self._roads.task(request)
        self._able(task)
        self.prompt(request.prompt, may_be_empty="prompt" not in task.asks)
        self._uploads(request)
        check("seed", request.seed)
        stages = {stage.name: stage for stage in task.stages}
        for name in (*request.settings, *request.automatic):
            if name not in stages:
                raise checks.wrong("The task has no such stage", name, ", ".join(stages))
        for name, settings in request.settings.items():
            self.settings(stages[name], settings)

    def repeatable(self, request: Request) -> Request:
        """The request with only those settings that a person may choose, and one take of every stage.

        A recipe tells every setting in force; those that the road settles follow from its options.
        """
        stages = {stage.name: stage for stage in self._roads.task(request).stages}
        kept: dict[str, Settings] = {}
        for name, settings in request.settings.items():
            known = SETTINGS.get(stages[name].agent, ()) if name in stages else tuple(settings)
            takes = {"takes": 1} if settings and "takes" in known else {}
            kept[name] = {**{key: value for key, value in settings.items() if key in known}, **takes}
        return replace(request, settings={name: settings for name, settings in kept.items() if settings})

    def prompt(self, text: str, what: str = "The prompt", *, may_be_empty: bool = False) -> None:
        """Raises PromptError for a text that is empty, too long, or no text."""
        if not may_be_empty and not any(character.isprintable() and not character.isspace() for character in text):
            raise PromptError(f"{what} is empty", "Type what you would like to see.")
        if len(text) > self._limits.prompt_characters:
            raise PromptError(
                f"{what} is too long",
                "Say it in fewer words.",
                value=f"{len(text):,} characters",
                limit=f"{self._limits.prompt_characters:,}",
            )
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise PromptError(f"{what} holds half a character", "Type it again without the broken sign.")

    def edited(self, prompt: Prompt) -> None:
        """Raises PromptError when a field is too long, or one that cannot be done without is empty."""
        for name, text in prompt.fields.items():
            what = "What to avoid" if name == "avoid" else f"The {name.replace('_', ' ')}"
            self.prompt(text, what, may_be_empty=name not in _INDISPENSABLE)

    def settings(self, stage: Stage, settings: Settings) -> None:
        """Raises SettingError for a name that the stage does not have, or a value out of its range."""
        known = [name for name in SETTINGS.get(stage.agent, ()) if name not in self._limits.withheld]
        for name, value in settings.items():
            if name not in known:
                raise checks.wrong(f"{stage.title} has no setting {name[:40]}", value, ", ".join(known))
            self._check(stage, settings, name)

    def room(self, waiting: int, projects: int = 0) -> None:
        """Raise TooManyError for a visitor with so many takes in the queue, or so many projects."""
        if self._limits.waiting is not None and waiting >= self._limits.waiting:
            raise TooManyError(
                "You have as many takes in the queue as one visitor may have here",
                "Wait until one is done, or stop one.",
                value=str(waiting),
                limit=str(self._limits.waiting),
            )
        if self._limits.projects is not None and projects >= self._limits.projects:
            raise TooManyError(
                "You have as many projects as one visitor may have here",
                "Remove one under Projects; export it first if you like.",
                value=str(projects),
                limit=str(self._limits.projects),
            )

    def wish(self, stage: Stage, wish: Wish) -> None:
        """Raises SettingError for takes, a seed or settings that cannot be had."""
        if wish.takes is not None:
            checks.whole("The setting takes", wish.takes, (1, self._limits.takes))
        if wish.seed is not None:
            check("seed", wish.seed)
        self.settings(stage, wish.settings or {})

    def profile(self, stage: Stage, settings: Settings) -> ModelProfile:
        """The model that a stage of these settings uses. Raises SettingError for one that is not in the table."""
        name = settings.get("profile", stage.settings.get("profile"))
        rows = self._profiles()
        able = {row.name: row for row in rows if stage.agent in row.jobs}
        able = able or {row.name: row for row in rows if row.frame_counts}  # works for the next stage's
        if not isinstance(name, str) or name not in able:
            raise checks.wrong(f"No model of this name makes {stage.title.lower()}", name, ", ".join(able))
        return able[name]

    def _able(self, task: Task) -> None:
        """Raise SettingError for a task that no model here was trained for."""
        if task.name not in self._roads.recipes:
            able = ", ".join(recipe.title.lower() for recipe in self._roads.recipes.values())
            what = f"No model here has learnt {task.title.lower()}"
            raise SettingError(what, f"Choose one of: {able}.", value=task.name, limit=able)

    def _uploads(self, request: Request) -> None:
        recipe = self._roads.recipes[request.task]
        known = (*recipe.asks, *recipe.takes)
        for name in request.uploads:
            if name not in known:
                raise uploads.surplus(recipe.title, name, known)
        for name in recipe.asks:
            if name != "prompt" and name not in request.uploads:
                raise uploads.missing(recipe.title, name)
        if recipe.either and set(request.uploads) not in map(set, recipe.either):
            raise uploads.unclear(recipe.either, tuple(request.uploads))

    def _check(self, stage: Stage, settings: Settings, name: str) -> None:
        value = settings[name]
        match name:
            case "takes":
                checks.whole("The setting takes", value, (1, self._limits.takes))
            case "frames":
                checks.choice("The setting frames", value, sorted(self.profile(stage, settings).frame_counts))
            case "profile":
                self.profile(stage, settings)
            case _ if name in OWN and name not in (row := self.profile(stage, settings)).defaults:
                raise checks.wrong(f"{row.title} has no setting {name}", value, ", ".join(row.defaults))
            case _:
                check(name, value)
