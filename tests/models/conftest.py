"""The tiny twins of the model table, shared by all tests of a process."""

from __future__ import annotations

import pytest
from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus as qwen_image

from engine.models import profiles
from engine.models.rows.table import ROWS
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
