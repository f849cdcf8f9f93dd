"""What no model here has learnt is not offered, and said so when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.configuration import Limits
from engine.errors import SettingError
from engine.models.profiles import DETECTOR, INVERSE, POCKET, choosable, here
from engine.tasks import table
from engine.types import Recipe, Request, Task
from engine.validation import Rules


class FewRoads:
    """Only text to video is offered; the others are known."""

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        return {"text-to-video": table.RECIPES["text-to-video"]}

    def task(self, request: Request) -> Task:
        return table.task(request)


def test_a_task_that_no_model_can_do_is_named_with_those_that_can() -> None:
    rules = Rules(FewRoads(), lambda: (POCKET,), Limits())
    rules.request(Request("text-to-video", "a ball"))
    with pytest.raises(SettingError, match="No model here has learnt edit") as caught:
        rules.request(Request("edit", "make it night", {"video": "0.mp4"}))
    assert caught.value.remedy == "Choose one of: text to video."


def test_a_detector_without_weights_is_not_here(tmp_path: Path) -> None:
    (tmp_path / POCKET.repository).mkdir(parents=True)
    assert here(tmp_path) == (POCKET,)
    (tmp_path / DETECTOR.repository).mkdir(parents=True)
    assert here(tmp_path) == (POCKET, DETECTOR)


def test_worlds_go_by_the_pocket_worlds_name_once_somebody_can_tell_what_happened(tmp_path: Path) -> None:
    for row in (POCKET, INVERSE):
        (tmp_path / row.repository).mkdir(parents=True)
    assert here(tmp_path) == (POCKET, INVERSE)
    (row,) = choosable(here(tmp_path))
    assert (row.name, row.jobs) == (POCKET.name, (*POCKET.jobs, *INVERSE.jobs))


def test_the_recipes_of_the_page_are_those_of_the_models_that_ship() -> None:
    root = Path(__file__).resolve().parents[1]
    offered: dict[str, Recipe] = dict(table.offered(here(root)))
    assert offered.keys() == table.RECIPES.keys()
