"""The tiny twin in the place of the pocket model."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.models import profiles
from engine.models.lease import Lease
from engine.types import ModelProfile
from tests.tiny import tiny_folder, tiny_lease


@dataclass(frozen=True)
class Twin:
    """The twin on its lease, and its row in the model table."""

    lease: Lease
    """Keeps the loaded twin from test to test."""
    row: ModelProfile


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Twin:
    """Saved once for all tests of a session."""
    root = tmp_path_factory.mktemp("twin")
    row = tiny_folder(root)
    return Twin(tiny_lease(root), row)


@pytest.fixture
def lease(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Lease:
    """The twin's lease; the model table names the twin for this test."""
    monkeypatch.setattr(profiles, "PROFILES", (twin.row,))
    return twin.lease
