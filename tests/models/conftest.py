"""The tiny twins of the model table, shared by all tests of a process; a fake hub, and a machine that fetches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus as qwen_image

from engine.models import profiles
from engine.models.hub.fetching import Hub
from engine.models.rows.table import ROWS
from tests.models.fake_hub import FakeHub, fake_hub
from tests.models.hub_models import NAME, machine, pipeline
from tests.models.twins.shelf import SIDE, Shelf


@pytest.fixture(scope="session")
def shelf_of_twins(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Each twin is built when it is first asked for, and saved once for all tests of a session."""
    return Shelf.below(tmp_path_factory.mktemp("twins"))


@pytest.fixture
def table_of_twins(shelf_of_twins: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model table names the twins."""
    monkeypatch.setattr(profiles, "PROFILES", tuple(shelf_of_twins.twin(one) for one in ROWS))
    for size in ("VAE_IMAGE_SIZE", "CONDITION_IMAGE_SIZE"):  # it enlarges whatever it is shown to a million pixels
        monkeypatch.setattr(qwen_image, size, SIDE * SIDE)


@pytest.fixture
def far() -> Iterator[FakeHub]:
    """A hub that has one tiny model."""
    with fake_hub() as served:
        served.add(NAME, pipeline())
        yield served


@pytest.fixture
def near(far: FakeHub, tmp_path: Path) -> Hub:
    """A machine that has nothing of it yet."""
    return machine(tmp_path, far)
