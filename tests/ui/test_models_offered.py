"""Which models a stage's card offers, and what is in force when one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.models.profiles import POCKET
from engine.models.rows.images import SDXL
from engine.models.rows.videos import SVD_XT
from engine.models.rows.wan import WAN_14B
from engine.models.speed import ways
from engine.seen import QueueView
from engine.tasks import parts
from engine.types import ModelProfile
from tests.ui.views import TASK, project, stage
from ui import offered
from ui.parts.setting_fields import SOONER
from ui.parts.stage_settings import paint_stage_settings
from ui.place import Place
from ui.scene import Scene

ALL = (POCKET, SDXL, SVD_XT, WAN_14B)
PROMPT, FRAME, VIDEO = TASK.stages


def names(agent: str) -> list[str]:
    one = replace(VIDEO, agent=agent)
    return [row.name for row in offered.models(ALL, one)]


def test_each_stage_offers_those_that_can_do_its_job() -> None:
    assert names("text_to_image") == ["pocket", "sdxl"]
    assert names("image_to_video") == ["pocket", "svd-xt", "wan2.2-a14b"]
    assert names("connector") == ["pocket", "wan2.2-a14b"]
    assert names("video_fitter") == names("frame_fitter") == ["pocket", "svd-xt", "wan2.2-a14b"]
    assert names("prompt_writer") == []


def test_what_is_asked_for_comes_before_what_the_stage_says() -> None:
    made = replace(FRAME, settings={**parts.PROFILE, "steps": 12})
    assert offered.profile_of(ALL, made) == POCKET
    assert offered.profile_of(ALL, made, {"profile": "sdxl"}) == SDXL
    assert offered.profile_of(ALL, made, {"profile": "gone"}) == POCKET


def test_another_model_has_its_own_steps() -> None:
    made = replace(FRAME, settings={**parts.PROFILE, "steps": 12})
    view = project(stage("key_frame", "ready"))
    assert offered.in_force(view, made, POCKET)["steps"] == 12
    force = offered.in_force(view, made, SDXL)
    assert (force["steps"], force["guidance_scale"], force["profile"]) == (40, 5.0, "sdxl")


class Shop:
    """As much of a Studio as a stage's card asks for."""

    def __init__(self, *rows: ModelProfile) -> None:
        self._rows = rows

    def profiles(self) -> tuple[ModelProfile, ...]:
        return self._rows

    def language_model(self) -> None:
        return None

    def loras(self) -> tuple[str, ...]:
        return ("ink", "sketch")


def painted(*rows: ModelProfile, name: str = "profile", at: str = "key_frame") -> Mapping[str, Any]:
    shown = stage(at, "ready")
    view = project(shown)
    studio: Any = Shop(*rows)
    scene = Scene(studio, Place(), QueueView((), True, "alive"), (), view, shown)
    return paint_stage_settings(scene)[name].props


def test_one_model_is_no_choice() -> None:
    assert painted(POCKET, WAN_14B) == {"choices": [], "value": None, "visible": False}
    assert painted(POCKET, SDXL) == {
        "choices": [("Pocket world", "pocket"), ("Stable Diffusion XL", "sdxl")],
        "value": "pocket",
        "visible": True,
    }


def test_ones_own_words_will_do_where_a_model_knows_more_than_the_pocket_world() -> None:
    assert painted(POCKET, name="writer")["choices"] == ["offline", "language model"]
    assert painted(POCKET, SDXL, name="writer")["choices"] == ["offline", "language model", "as typed"]


def test_loras_are_offered_where_a_model_can_wear_them() -> None:
    assert painted(POCKET, name="loras") == {"value": "", "info": "", "visible": False}
    assert painted(POCKET, SDXL, name="loras") == {
        "value": "",
        "info": "With their weights, as ink@0.8. Here: ink, sketch.",
        "visible": True,
    }


def test_what_makes_it_quicker_is_offered_for_models_of_a_gpu() -> None:
    assert painted(POCKET, name="sooner") == {"value": None, "visible": False}
    assert painted(POCKET, SDXL, name="sooner") == {"value": "automatic", "visible": True}
    assert [name for _, name in SOONER] == list(ways.NAMES)
    assert [said.startswith("Approximate") for said, _ in SOONER] == [
        name != "automatic" and not next(way for way in ways.WAYS if way.name == name).exact for name in ways.NAMES
    ]


def test_guidance_is_offered_where_the_model_follows_it() -> None:
    assert painted(SDXL, name="guidance_scale") == {"value": 5.0, "visible": True}
    assert not painted(replace(SDXL, honours=("prompt",)), name="guidance_scale")["visible"]


def test_what_only_svd_can_be_told_is_offered_for_it_alone() -> None:
    assert painted(SVD_XT, name="motion_bucket", at="video") == {"value": 127, "visible": True}
    assert painted(SVD_XT, name="noise_augmentation", at="video") == {"value": 0.02, "visible": True}
    assert painted(SVD_XT, name="decode_chunk", at="video") == {"value": 8, "visible": True}
    assert painted(WAN_14B, name="motion_bucket", at="video") == {"value": None, "visible": False}
    assert not painted(SDXL, name="decode_chunk")["visible"]
