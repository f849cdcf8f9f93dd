"""The tiny twin in the place of the pocket model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.models import profiles
from engine.models.lease import Lease
from engine.types import ModelProfile
from tests.tiny import tiny_folder, tiny_lease


@dataclass(frozen=True)
class Twin:
    """The twin's weights on the disk, and its row in the model table."""

    root: Path
    row: ModelProfile


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Twin:
    """Saved once for all tests of a session."""
    root = tmp_path_factory.mktemp("twin")
    return Twin(root, tiny_folder(root))


@pytest.fixture
def lease(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Lease:
    """A lease of the twin; the model table names it for this test."""
    monkeypatch.setattr(profiles, "PROFILES", (twin.row,))
    return tiny_lease(twin.root)
