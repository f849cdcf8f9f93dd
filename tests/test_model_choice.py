"""A stage's model is chosen by name: what belongs to another model goes, and what cannot do the job is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.configuration import Limits
from engine.decisions import settings_of
from engine.errors import SettingError
from engine.models.profiles import POCKET
from engine.models.rows.images import SDXL
from engine.models.rows.wan import WAN_5B, WAN_14B
from engine.tasks import parts, table
from engine.tasks.text_to_video import KEY_FRAME, VIDEO
from engine.types import Recipe, Request, Settings, Stage, Task
from engine.validation import Rules
from tests.ui.views import project, stage


class Roads:
    """All of them."""

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        return table.RECIPES

    def task(self, request: Request) -> Task:
        return table.task(request)


RULES = Rules(Roads(), lambda: (POCKET, SDXL, WAN_5B, WAN_14B), Limits())


def in_force(asked: Settings, override: Settings) -> Settings:
    shown = stage("key_frame", "ready")
    view = project(shown)
    request = replace(view.request, settings={"key_frame": asked})
    own = replace(shown, stage=KEY_FRAME)
    return settings_of(replace(view, request=request), own, override)


def test_another_model_brings_its_own_steps() -> None:
    assert in_force({}, {}) == {"profile": "pocket", "takes": 2, "steps": 12}
    assert in_force({}, {"profile": "pocket"})["steps"] == 12
    assert in_force({}, {"profile": "sdxl"}) == {"profile": "sdxl", "takes": 2}
    assert in_force({"profile": "sdxl", "steps": 30}, {}) == {"profile": "sdxl", "takes": 2, "steps": 30}
    assert in_force({"profile": "sdxl", "steps": 30}, {"guidance_scale": 4.0})["steps"] == 30
    assert in_force({"profile": "sdxl", "steps": 30}, {"profile": "pocket"}) == {"profile": "pocket", "takes": 2}


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (KEY_FRAME, "wan2.2-5b"),
        (VIDEO, "sdxl"),
        (replace(VIDEO, agent="extender"), "sdxl"),
        (parts.fitted_video("source", "Source", "video"), "sdxl"),
        (VIDEO, "svd-xt"),
    ],
)
def test_a_model_that_cannot_do_the_job_is_refused(one: Stage, name: str) -> None:
    with pytest.raises(SettingError, match="No model of this name makes") as caught:
        RULES.settings(one, {"profile": name})
    assert "pocket" in caught.value.limit


def test_lengths_are_those_of_the_chosen_model() -> None:
    RULES.settings(VIDEO, {"profile": "wan2.2-5b", "frames": 121})
    RULES.settings(parts.fitted_video("source", "Source", "video"), {"profile": "wan2.2-a14b"})
    with pytest.raises(SettingError, match="49, 81, 121"):
        RULES.settings(VIDEO, {"profile": "wan2.2-5b", "frames": 17})
