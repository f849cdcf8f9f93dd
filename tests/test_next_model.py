"""What the next stage needs is read ahead while the person looks, and what nobody uses leaves."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine.configuration import Configuration
from engine.crew import Crew
from engine.errors import SettingError
from engine.house import House, Workshop, build
from engine.models.memory.modes import MODES
from engine.models.profiles import POCKET
from engine.seen import ProjectView
from engine.types import ModelProfile
from engine.walk import model_ahead
from tests.fakes import FakeReporter, InlineQueue
from tests.models.twins.shelf import row
from tests.ui.views import project, stage

WAN = row("wan2.2-5b")


class Ahead:
    """A lease that notes what is asked of it."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.read: list[str] = []
        self.rests = 0

    def read_ahead(self, profile: ModelProfile) -> None:
        self.read.append(profile.name)
        self.asked.set()

    def rest(self) -> None:
        self.rests += 1


def waiting(name: str, model: str) -> ProjectView:
    """A project that waits at a stage, whose video another model will make."""
    view = project(stage("prompt", "approved"), stage(name, "waiting"))
    return replace(view, request=replace(view.request, settings={"video": {"profile": model}}))


def workshop(view: ProjectView, lease: Ahead) -> tuple[Workshop, Crew]:
    crew = Crew(lambda: None, lease=cast(Any, lambda: lease))
    runner = SimpleNamespace(make=lambda *given: None, views=SimpleNamespace(view=lambda name: view))
    nothing = cast(Any, None)
    house = House(Configuration(Path("nowhere")), nothing, nothing, crew, cast(Any, runner), {}, (POCKET, WAN))
    return Workshop(house), crew


def test_the_model_of_the_stage_after_the_open_one() -> None:
    assert model_ahead(waiting("key_frame", "wan2.2-5b")) == "wan2.2-5b"
    assert model_ahead(project(stage("prompt", "waiting"))) == "pocket", "the key frame's"
    last = project(stage("prompt", "approved"), stage("key_frame", "approved"), stage("video", "waiting"))
    assert model_ahead(last) is None, "nothing comes after it"


def test_a_large_model_is_read_ahead_and_the_pocket_one_is_not() -> None:
    lease = Ahead()
    shop, _ = workshop(waiting("key_frame", "wan2.2-5b"), lease)
    shop.make("a project", "a take", FakeReporter())
    assert lease.asked.wait(10)
    assert lease.read == ["wan2.2-5b"]
    other = Ahead()
    shop, crew = workshop(waiting("key_frame", "pocket"), other)
    shop.make("a project", "a take", FakeReporter())
    shop.rest()
    assert (crew.lent(), other.rests) == (None, 0), "no lease was made, and so no torch brought, for this"
    crew.lease()
    shop.rest()
    assert other.rests == 1


def test_how_models_are_held_is_read_once_and_a_wrong_word_is_named(tmp_path: Path) -> None:
    house = build(Configuration(tmp_path, memory="group offload"), InlineQueue())
    assert house.crew.lease()._terms.mode == MODES[2]
    with pytest.raises(SettingError, match="no such way to hold a model"):
        build(Configuration(tmp_path, memory="on the moon"), InlineQueue())
