"""The tiny twins of the model table, shared by all tests of a process."""

from __future__ import annotations

import pytest

from engine.models import profiles
from engine.models.rows.table import ROWS
from tests.models.twins.shelf import Shelf


@pytest.fixture(scope="session")
def shelf_of_twins(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Each twin is built when it is first asked for, and saved once for all tests of a session."""
    return Shelf.below(tmp_path_factory.mktemp("twins"))


@pytest.fixture
def table_of_twins(shelf_of_twins: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model table names the twins."""
    monkeypatch.setattr(profiles, "PROFILES", tuple(shelf_of_twins.twin(one) for one in ROWS))
