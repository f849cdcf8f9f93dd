"""All recipes by name, in the order in which a page shows them, and the road of one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine import checks
from engine.tasks import options
from engine.tasks.connect import CONNECT
from engine.tasks.digital_worlds import DIGITAL_WORLDS
from engine.tasks.edit import EDIT
from engine.tasks.extend import EXTEND
from engine.tasks.image_to_video import IMAGE_TO_VIDEO
from engine.tasks.text_to_video import TEXT_TO_VIDEO
from engine.tasks.what_happened import WHAT_HAPPENED
from engine.tasks.world import WORLD
from engine.tasks.worldgpt import WORLDGPT
from engine.types import ModelProfile, Recipe, Request, Task

RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        *(TEXT_TO_VIDEO, IMAGE_TO_VIDEO, EXTEND, EDIT, CONNECT, DIGITAL_WORLDS, WORLDGPT),
        *(WORLD, WHAT_HAPPENED),
    )
}


def offered(profiles: Sequence[ModelProfile]) -> Mapping[str, Recipe]:
    """The recipes that these models can follow: each job of theirs is somebody's."""
    able = {job for profile in profiles for job in profile.jobs}
    return {name: recipe for name, recipe in RECIPES.items() if able.issuperset(recipe.jobs)}


def task(request: Request, recipes: Mapping[str, Recipe] = RECIPES) -> Task:
    """The road of a request. Raises SettingError for an unknown recipe or option, or a bad value."""
    recipe = recipes.get(request.task)
    if recipe is None:
        raise checks.wrong("There is no such task", request.task, ", ".join(recipes))
    stages = recipe.stages(replace(request, options=options.complete(recipe, request)))
    return Task(recipe.name, recipe.title, recipe.purpose, recipe.asks, stages)
