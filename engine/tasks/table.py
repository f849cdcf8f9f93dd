"""All recipes by name, in the order in which a page shows them, and the road of one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.errors import SettingError
from engine.tasks import options
from engine.tasks.image_to_video import IMAGE_TO_VIDEO
from engine.tasks.text_to_video import TEXT_TO_VIDEO
from engine.types import Recipe, Request, Task

RECIPES: Mapping[str, Recipe] = {recipe.name: recipe for recipe in (TEXT_TO_VIDEO, IMAGE_TO_VIDEO)}


def task(request: Request) -> Task:
    """The road of a request. Raises SettingError for an unknown recipe or option, or a bad value."""
    recipe = RECIPES.get(request.task)
    if recipe is None:
        known = ", ".join(RECIPES)
        raise SettingError("There is no such task", f"Use {known}.", value=request.task[:60], limit=known)
    return follow(recipe, request)


def follow(recipe: Recipe, request: Request) -> Task:
    """The road that a recipe gives for a request. Raises SettingError as `task` does."""
    stages = recipe.stages(replace(request, options=options.complete(recipe, request)))
    return Task(recipe.name, recipe.title, recipe.purpose, recipe.asks, stages)
