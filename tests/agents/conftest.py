"""The tiny twin in the place of the pocket model."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.models import profiles
from engine.models.lease import Lease
from tests.tiny import tiny_folder, tiny_lease


@pytest.fixture(scope="session")
def twin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the twin's weights lie, for all tests of a session."""
    return tmp_path_factory.mktemp("twin")


@pytest.fixture
def lease(twin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Lease:
    """A lease of the twin; the model table names it for this test."""
    monkeypatch.setattr(profiles, "PROFILES", (tiny_folder(twin_folder),))
    return tiny_lease(twin_folder)
