"""What may be asked for: every request and setting is checked here, before anything is written.

Says what is wrong with a value, what the limits are, and what to do. Knows the tables of tasks and models, and
nothing of where a project stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.configuration import Limits
from engine.decisions import SEEDS, Wish
from engine.errors import ImageError, PromptError, SettingError
from engine.prompts import Prompt
from engine.types import ModelProfile, Request, Settings, Stage, Task, Value

STEPS = (1, 50)
"""Denoising steps, fewest and most."""
GUIDANCE = (1.0, 12.0)
"""Guidance scale, least and most."""
WRITERS = ("offline", "language model")
FITS = ("crop", "letterbox")
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "prompt_writer": ("writer", "profile", "seed"),
    "text_to_image": ("profile", "takes", "seed", "steps", "guidance_scale"),
    "frame_fitter": ("profile", "fit", "seed"),
    "image_to_video": ("profile", "takes", "seed", "frames", "steps", "guidance_scale"),
}
"""Agent -> names of the settings that a stage of it has."""
_ABLE = ("text_to_image", "image_to_video")
"""Agents that need a model which can do their job; the others work for whichever model comes after them."""


class Rules:
    """Checks what a person asks for against the tables."""

    def __init__(self, tasks: Mapping[str, Task], profiles: Sequence[ModelProfile], limits: Limits) -> None:
        self._tasks = tasks
        self._profiles = {profile.name: profile for profile in profiles}
        self._limits = limits

    def task(self, name: str) -> Task:
        """The task of that name. Raises SettingError when there is none."""
        if name not in self._tasks:
            raise _wrong("There is no such task", name, ", ".join(self._tasks))
        return self._tasks[name]

    def request(self, request: Request, *, with_image: bool) -> None:
        """Raises SettingError, PromptError, or ImageError for a picture that is missing or not asked for."""
        task = self.task(request.task)
        self.prompt(request.prompt)
        if with_image != ("image" in task.asks):
            what = "takes no picture" if with_image else "needs a picture"
            remedy = "Choose image to video." if with_image else "Upload the picture that the video should begin with."
            raise ImageError(f"{task.title} {what}", remedy)
        _whole("seed", request.seed, (0, SEEDS - 1))
        stages = {stage.name: stage for stage in task.stages}
        for name in (*request.settings, *request.automatic):
            if name not in stages:
                raise _wrong("The task has no such stage", name, ", ".join(stages))
        for name, settings in request.settings.items():
            self.settings(stages[name], settings)

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
        """Raises PromptError when a field is too long, or no scene is left."""
        self.prompt(prompt.scene, "The scene")
        self.prompt(prompt.motion, "The motion", may_be_empty=True)
        self.prompt(prompt.avoid, "What to avoid", may_be_empty=True)

    def settings(self, stage: Stage, settings: Settings) -> None:
        """Raises SettingError for a name that the stage does not have, or a value out of its range."""
        known = SETTINGS.get(stage.agent, ())
        for name, value in settings.items():
            if name not in known:
                raise _wrong(f"{stage.title} has no setting {name[:40]}", value, ", ".join(known))
            self._check(stage, settings, name)

    def wish(self, stage: Stage, wish: Wish) -> None:
        """Raises SettingError for takes, a seed or settings that cannot be had."""
        if wish.takes is not None:
            _whole("takes", wish.takes, (1, self._limits.takes))
        if wish.seed is not None:
            _whole("seed", wish.seed, (0, SEEDS - 1))
        self.settings(stage, wish.settings or {})

    def profile(self, stage: Stage, settings: Settings) -> ModelProfile:
        """The model that a stage of these settings uses. Raises SettingError for one that is not in the table."""
        name = settings.get("profile", stage.settings.get("profile"))
        able = [row.name for row in self._profiles.values() if stage.agent in row.jobs or stage.agent not in _ABLE]
        if not isinstance(name, str) or name not in able:
            raise _wrong(f"No model of this name makes {stage.title.lower()}", name, ", ".join(able))
        return self._profiles[name]

    def _check(self, stage: Stage, settings: Settings, name: str) -> None:
        value = settings[name]
        match name:
            case "writer":
                _choice(name, value, WRITERS)
            case "fit":
                _choice(name, value, FITS)
            case "takes":
                _whole(name, value, (1, self._limits.takes))
            case "seed":
                _whole(name, value, (0, SEEDS - 1))
            case "steps":
                _whole(name, value, STEPS)
            case "guidance_scale":
                _number(name, value, GUIDANCE)
            case "frames":
                _choice(name, value, sorted(self.profile(stage, settings).frame_counts))
            case _:
                self.profile(stage, settings)


def _choice(name: str, value: Value, choices: Sequence[Value]) -> None:
    if value not in choices or isinstance(value, bool):
        raise _wrong(f"The setting {name} cannot be that", value, ", ".join(str(one) for one in choices))


def _whole(name: str, value: Value, limits: tuple[int, int]) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
        raise _wrong(f"The setting {name} must be a whole number in its range", value, f"{limits[0]} to {limits[1]}")


def _number(name: str, value: Value, limits: tuple[float, float]) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
        raise _wrong(f"The setting {name} must be a number in its range", value, f"{limits[0]:g} to {limits[1]:g}")


def _wrong(what: str, value: Value, limit: str) -> SettingError:
    return SettingError(what, f"Use {limit}.", value=str(value)[:60], limit=limit)
