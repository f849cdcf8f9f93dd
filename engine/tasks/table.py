"""All tasks by name, in the order in which a page shows them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.tasks.image_to_video import IMAGE_TO_VIDEO
from engine.tasks.text_to_video import TEXT_TO_VIDEO
from engine.types import Task

TASKS: Mapping[str, Task] = {task.name: task for task in (TEXT_TO_VIDEO, IMAGE_TO_VIDEO)}
